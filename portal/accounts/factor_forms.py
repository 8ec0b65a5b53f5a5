"""Forms of the second factor, in words that need no training."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.second_factor import kinds_of

LONGEST_CREDENTIAL = 20_000
_UNREADABLE = (
    AttributeError,
    IndexError,
    InvalidSignature,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


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


class CredentialField(forms.JSONField):
    """What a browser says of a passkey, in JSON of a kind that browsers write."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """An object of limited size and depth. Raises ValidationError."""
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code")
        with _refused():
            found = super().to_python(value)
        if found is not None and not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found


@contextmanager
def _refused() -> Iterator[None]:
    """What the library cannot read, or what is signed wrongly, is a wrong passkey and no fault."""
    try:
        yield
    except _UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _Known:
    """A passkey that is given."""

    def clean_credential(self) -> Any:
        """The authenticator. Raises ValidationError."""
        this: Any = super()
        with _refused():
            return this.clean_credential()


class PasskeyLoginForm(_Known, LoginWebAuthnForm):
    """Signing in with a passkey alone."""

    credential = CredentialField()


class PasskeyCodeForm(_Known, AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""

    credential = CredentialField()


class PasskeyAgainForm(_Known, ReauthenticateWebAuthnForm):
    """The passkey once more, before something that matters."""

    credential = CredentialField()


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, which suffices by itself unless its maker says otherwise."""

    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        """As it was made for this page, a moment ago. Raises ValidationError."""
        with _refused():
            return super().clean()

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
