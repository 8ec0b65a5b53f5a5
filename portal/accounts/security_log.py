"""The log of who signed in, failed to, and was refused: lines of the logger “portal.security”.

Persons are named by their number, visitors by their network address, pages by the name of their
pattern: a log is read by more people than the database.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from portal.accounts.sessions import SEEN
from portal.kit.web.visitors import client_address
from projects.models import User

log = logging.getLogger("portal.security")


def note(
    what: str,
    request: HttpRequest | None,
    user: User | AnonymousUser | None = None,
    level: int = logging.INFO,
) -> None:
    """A line: what happened, to whom, from where."""
    person = getattr(user, "pk", None)
    where = "the command line"
    if request is not None:
        where = client_address(request) if settings.LOG_ADDRESSES else "the web"
    log.log(level, "%s: %s, from %s", what, f"person {person}" if person else "nobody", where)


def refused(what: str, request: HttpRequest) -> None:
    """A page that was not for this person."""
    match = getattr(request, "resolver_match", None)
    page = getattr(match, "view_name", "") or "no page"
    note(f"{what} at {page}", request, getattr(request, "user", None), logging.WARNING)


# --- What Django and allauth tell


def signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """A session begins."""
    request.session[SEEN] = int(time.time())
    note("signed in", request, user)


def signed_out(request: HttpRequest, user: User, **_more: Any) -> None:
    """A session was ended."""
    note("signed out", request, user)


def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    """A wrong password, or an address that nobody has."""
    email = str(credentials.get("email") or credentials.get("username") or "")[:254]
    user = User.objects.filter(email__iexact=email).first() if email else None
    note("sign-in failed", request, user, logging.WARNING)


def factor_failed(user: User, request: HttpRequest | None = None, **_more: Any) -> None:
    """A wrong code or passkey."""
    note("second factor failed", request, user, logging.WARNING)


def account_changed(what: str) -> Callable[..., None]:
    """A receiver that notes a change of an account's password or factors."""

    def changed(request: HttpRequest, user: User, **_more: Any) -> None:
        note(what, request, user)

    return changed
