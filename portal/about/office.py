"""The office whose portal it is, as each request has it."""

from datetime import datetime

from django.http import HttpRequest

from projects.models import Office


def office_of(request: HttpRequest) -> Office:
    """The office, which the middleware has read."""
    return request.office  # type: ignore[attr-defined]


def first_release(request: HttpRequest) -> datetime | None:
    """When the portal's memory begins; None before that, and without a database."""
    return getattr(getattr(request, "office", None), "first_release", None)


def last_release(request: HttpRequest) -> datetime | None:
    """When the newest load was released; None where `first_release` is."""
    return getattr(getattr(request, "office", None), "last_release", None)
