"""Staff go nowhere without a second factor, whatever door they came in by."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.kit.web.kept_forms import way_on
from projects.models import User

_FREE = ("/accounts/", settings.STATIC_URL)


class SecondFactorMiddleware:
    """Leads members of the staff whose session has no second factor to where they get one.

    Placed after allauth's own. Whoever has none sets one up; whoever has one gives it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """No query for the public, who send no cookie of a session."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and not request.path_info.startswith(_FREE):
            user = request.user
            if user.is_authenticated and user.is_staff and not has_passed(request):
                return _led_on(request)
        return self.get_response(request)


def has_passed(request: HttpRequest) -> bool:
    """Whether this session has given a second factor, or set one up."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def kinds_of(user: User | AnonymousUser) -> set[str]:
    """The kinds of second factors that a person has set up."""
    return set(Authenticator.objects.filter(user=user.pk).values_list("type", flat=True))


def _led_on(request: HttpRequest) -> HttpResponse:
    if kinds := kinds_of(request.user):
        # Whoever has passkeys only is not asked for a code.
        has_app = Authenticator.Type.TOTP in kinds
        door = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
        return redirect(f"{reverse(door)}?{urlencode({'next': way_on(request)})}")
    messages.warning(
        request,
        _("Staff need a second factor: set up an authenticator app or a passkey to go on."),
    )
    return redirect("mfa_index")


def note_new_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Whoever has just set up a second factor in this session has given it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", type=authenticator.type)
