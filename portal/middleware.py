"""The office of a request, its time zone, and what is said while the database is away."""

from collections.abc import Callable
from contextlib import suppress
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from finance.models import Seal
from portal.pages import is_outage, maintenance
from projects.models import Office


class OfficeMiddleware:
    """Sets `request.office`, `request.seal`, the time zone, and `noindex` while the data is a sample.

    Placed before WhiteNoise, it marks static files of a sample site too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One query at most; without a database only static files are served."""
        office = SimpleLazyObject(Office.current)
        request.office = office  # type: ignore[attr-defined]
        request.seal = SimpleLazyObject(Seal.objects.newest)  # type: ignore[attr-defined]
        try:
            sample = office.sample
            use_time_zone(office.time_zone)
        except Error as error:
            if not is_outage(error):
                raise
            sample = True
            if not request.path.startswith(settings.STATIC_URL):
                return maintenance(request)
        response = self.get_response(request)
        if sample:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A database that goes away within a request is no fault of the page."""
        return maintenance(request) if is_outage(error) else None


def use_time_zone(name: str) -> None:
    """Show times in the named zone from here on; in the site's own if there is none such."""
    # Each request sets it anew: what streams after a response's start still needs it.
    timezone.deactivate()
    with suppress(KeyError, ValueError, OSError):
        timezone.activate(ZoneInfo(name))
