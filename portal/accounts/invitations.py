"""Invitations: a link that works once and for some days; and the page that it leads to."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.kit import formatting
from portal.kit.web.languages import language_for, speaking
from portal.models import Invitation
from projects.letters import letter
from projects.models import Office, Organization, User

VALID = timedelta(days=7)
# Of the first administrator's, which is printed at the server and not mailed.
VALID_AT_ONCE = timedelta(hours=1)


@transaction.atomic
def invite(
    *, email: str, by: User, organization: Organization | None = None, role: str = ""
) -> Invitation:
    """Make the account, without a password, and mail the link. Raises ValidationError.

    `role` is the name of a group, for staff; without one the person is a gateway user.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("There is an account with this address already.")})
    user = User(email=User.objects.normalize_email(email), organization=organization)
    user.set_unusable_password()
    user.is_staff = bool(role)
    user.full_clean(exclude=["password"])
    user.save()
    if role:
        user.groups.add(Group.objects.get(name=role))
    return send_invitation(user=user, by=by)


@transaction.atomic
def send_invitation(*, user: User, by: User) -> Invitation:
    """Mail a new link; links sent before work no more. Raises ValidationError."""
    invitation, url = _new_link(user=user, by=by, valid=VALID)
    _mail(user, url, invitation)
    return invitation


@transaction.atomic
def first_administrator(email: str) -> str:
    """The link by which the first administrator sets up an account. Raises ValidationError.

    Made again, it takes the place of the one before, as long as that was not used. Whoever runs
    the server is believed; once somebody administers the portal, people are invited by them.
    """
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    if any(user.has_usable_password() for user in administrators):
        raise ValidationError(
            _("There is an administrator already, who can invite others at “People”.")
        )
    user = User.objects.filter(email__iexact=email).first()
    user = user or User(email=User.objects.normalize_email(email))
    user.is_staff = user.is_superuser = True
    if user.pk is None:
        user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    _invitation, url = _new_link(user=user, by=None, valid=VALID_AT_ONCE)
    return url


def _new_link(*, user: User, by: User | None, valid: timedelta) -> tuple[Invitation, str]:
    """A link of its own; those sent before work no more. Raises ValidationError."""
    if user.has_usable_password():
        raise ValidationError(_("This person has accepted an invitation already."))
    Invitation.objects.filter(user=user, accepted_at=None).update(expires_at=timezone.now())
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + valid
    invitation = Invitation(user=user, by=by, digest=_digest(token), expires_at=expires_at)
    invitation.save()
    with speaking(language_for(user, Office.current())):
        return invitation, settings.SITE_URL + reverse("invitation", args=[token])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(user: User, url: str, invitation: Invitation) -> None:
    office = Office.current()
    with speaking(language_for(user, office)):
        said = {"name": office.portal_name, "url": url}
        said["day"] = formatting.moment(invitation.expires_at)
        text = (
            _(
                "You are invited to %(name)s. Choose a password here:\n\n%(url)s\n\n"
                "The link works once, until %(day)s."
            )
            % said
        )
        letter(user.email, _("your invitation"), [text]).send()


class AcceptForm(forms.Form):
    """Name and password of whoever accepts, and what may be shown of them."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters."),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        """Long and uncommon enough."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password; the link is used up by that, and the person signed in."""
    invitation = Invitation.objects.standing().filter(digest=_digest(token)).first()
    context: dict[str, Any] = {"title": _("Welcome")}
    if invitation is None or not invitation.user.is_active:
        return render(request, "accounts/invitation_over.html", context, status=410)
    form = AcceptForm(request.POST or None, user=invitation.user)
    if request.method == "POST" and form.is_valid():
        user = _accepted(invitation, form.cleaned_data)
        if user is None:
            return render(request, "accounts/invitation_over.html", context, status=410)
        # The password was chosen this minute: it is not asked for at once again.
        record_authentication(request, user, "password", email=user.email)
        return perform_login(request, user, email_verification="none")
    return render(request, "accounts/invitation.html", {**context, "form": form})


@transaction.atomic
def _accepted(invitation: Invitation, data: dict[str, Any]) -> User | None:
    # Of two clicks at once only one may find it standing.
    standing = Invitation.objects.standing().filter(pk=invitation.pk)
    if not standing.update(accepted_at=timezone.now()):
        return None
    user: User = invitation.user
    user.first_name, user.last_name = data["first_name"], data["last_name"]
    user.language = get_language() or ""
    user.set_password(data["password"])
    user.save(update_fields=["first_name", "last_name", "language", "password"])
    return user
