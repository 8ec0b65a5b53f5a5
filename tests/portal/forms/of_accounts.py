"""Forms of one's own account, and of the way in."""

import re

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse as at

from portal.accounts.invitations import invite
from portal.models import InboxStop, Invitation, OutgoingMail
from projects.models import User
from tests.portal.forms.people import PASSWORD, World
from tests.portal.forms.table import Place, form

NEW = "another horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@form("account", User, by="keeper", sent={"first_name": "Ana"}, typed="first_name",
      says="Saved.", told="Somebody else saved this meanwhile")  # fmt: skip
def _ones_own_account(_world: World) -> Place:
    return Place(at("account"))


@form(
    "inbox-mails", InboxStop, by="admin", says="Saved.", told="Somebody else saved this meanwhile"
)
def _the_daily_mail(_world: World) -> Place:
    return Place(at("inbox-mails"), sent={"kinds": []})


@form("invitation", User, Invitation, by="", says="", told="works no more",
      sent={"first_name": "Ana", "last_name": "Lo", "password": PASSWORD})  # fmt: skip
def _accepting_an_invitation(world: World) -> Place:
    invite(by=world.people["admin"], email="new@x.org")
    text = bytes(OutgoingMail.objects.latest("pk").content).decode()
    found = re.search(r"(/accounts/invitation/\S+)", text.replace("=\n", ""))
    assert found
    return Place(found[1])


@form("account_reset_password", by="", sent={"email": "keeper@x.org"}, mails=1,
      says="e-mail")  # fmt: skip
def _a_forgotten_password(_world: World) -> Place:
    return Place(at("account_reset_password"))


@form("account_change_password", User, by="keeper", fresh=True, mails=1,
      sent={"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
      told="Sign in")  # fmt: skip
def _another_password(_world: World) -> Place:
    return Place(at("account_change_password"))


@form("session-end", UserSession, by="keeper", says="That browser is signed out.",
      told="That browser is signed out already")  # fmt: skip
def _another_browser(world: World) -> Place:
    other = Client()
    other.post(at("account_login"), {"login": "keeper@x.org", "password": PASSWORD})
    session = UserSession.objects.get(user=world.people["keeper"])
    return Place(at("usersessions_list"), at("session-end", args=[session.pk]))


@form("mfa_deactivate_totp", Authenticator, by="keeper", fresh=True, mails=1,
      told="There is no page at this address")  # fmt: skip
def _the_second_factor_no_more(world: World) -> Place:
    TOTP.activate(world.people["keeper"], SECRET)
    return Place(at("mfa_deactivate_totp"))


@form("mfa_generate_recovery_codes", Authenticator, by="keeper", fresh=True, mails=1)
def _new_recovery_codes(world: World) -> Place:
    TOTP.activate(world.people["keeper"], SECRET)
    RecoveryCodes.activate(world.people["keeper"])
    return Place(at("mfa_generate_recovery_codes"))
