"""How allauth behaves here: no signing up, secrets encrypted, everybody led to their room."""

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.access import is_keeper
from portal.accounts.security_log import refused
from projects.letters import sender, words
from projects.models import Office, User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to their room, keepers of documents to their gateway."""
        return home_of(request.user)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """As the office greets and closes, with the site's address."""
        name = Office.current().portal_name
        site = {"name": name, "domain": urlsplit(settings.SITE_URL).netloc}
        office = {"words": words(), "office_url": settings.SITE_URL, "current_site": site}
        super().send_mail(template_prefix, email, {**context, **office})

    def get_from_email(self) -> str:
        """Under the portal's name."""
        return sender()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the site's own address: what a request calls itself is anybody's word."""
        asked = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{asked.path}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Whoever is kept waiting after many failures is noted."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            refused("sign-in refused after many failures", request)
            raise

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the one address that an account has here."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever signed in minutes ago is not asked for the same again."""
        request = context.request
        records = get_authentication_records(request, request.user)
        newest = max((record.get("at", 0) for record in records), default=0)
        if time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **options)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, whose secrets lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        """Under a key made of the site's secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Also what was encrypted under the secret before this one."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a passkey is called until its owner knows better."""
        count = Authenticator.objects.filter(user=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The portal's name, as the browser shows it beside its address."""
        entity = super().get_public_key_credential_rp_entity()
        return entity | {"name": self.get_totp_issuer()}

    def get_totp_issuer(self) -> str:
        """The portal's name, as authenticator apps show it."""
        return Office.current().portal_name or super().get_totp_issuer()


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factor:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def home_of(user: User | AnonymousUser) -> str:
    """Where a person begins after signing in."""
    if user.is_staff:
        is_new = not Office.current().is_set_up and user.has_perm("projects.change_office")
        return reverse("staff-office" if is_new else "staff")
    return reverse("gateway") if is_keeper(user) else reverse("home")
