"""Forms of the second factor, in words that need no training."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def kinds_of(user: Any) -> set[str]:
    """The kinds of second factors that a person has set up."""
    return set(Authenticator.objects.filter(user=user.pk).values_list("type", flat=True))


class _Code:
    """Asks for what the person has, and for nothing else."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        this: Any = self
        kinds = kinds_of(this.user)
        self.has_app = Authenticator.Type.TOTP in kinds
        self.has_passkey = Authenticator.Type.WEBAUTHN in kinds
        field = this.fields["code"]
        field.label = _("Code of your authenticator app") if self.has_app else _("Recovery code")
        if self.has_app:
            field.help_text = _("Or one of your recovery codes.")
        field.widget.attrs.pop("placeholder", None)


class CodeForm(_Code, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Code, ReauthenticateForm):
    """The code once more, before something that matters."""


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, which suffices by itself unless its maker says otherwise."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["name"].label = gettext_lazy("Name")
        fields["name"].help_text = gettext_lazy("To tell your passkeys apart: “Telephone”.")
        fields["passwordless"].initial = True
        fields["passwordless"].label = gettext_lazy("Sign in with it alone, without the password")
        fields["passwordless"].help_text = gettext_lazy(
            "The device then asks for finger, face or PIN. Untick it for a simple security key."
        )
