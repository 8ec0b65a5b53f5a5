"""What a request may hold, its office and time zone, the dates it asks for, and what is said
while the database is away."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import Error, connection, transaction
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from finance.models import Load, Seal
from portal.about.context_processors import CLOSED
from portal.about.pages import (
    bad_request,
    disk_full,
    is_disk_full,
    is_outage,
    is_too_slow,
    maintenance,
    too_many,
    too_slow,
)
from portal.api.limits import PREFIXES
from portal.kit.dates import WrongQuery, asked_dates, goes_by_dates
from portal.kit.files.exports import refused_file
from portal.kit.files.later import MadeLater
from portal.kit.kept_dates import keep_dates
from portal.kit.together import Together
from portal.kit.web.asked import ignored_names
from portal.kit.web.languages import keep_to_office
from portal.kit.web.places import (
    NoPlaceFree,
    bound_statements,
    is_heavy,
    is_streamed,
    take_place,
)
from portal.kit.web.raw_input import has_nul, without_nul
from portal.kit.web.twins import prefers_twin, twin_of
from portal.work.page_files import file_or_progress
from projects.models import Office

FORM_BYTES = 1_000_000
# What any page knows; that one of them is not for a page, the page says itself.
_METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")


class RawInputMiddleware:
    """Lets no NUL through, which no text of the database can hold, and no unknown method.

    An address that has one leads nowhere, in a query it is left out, a form is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """405 for TRACE and the like."""
        if request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        request.GET = without_nul(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Raises Http404 or BadRequest."""
        if "\0" in request.path_info:
            raise Http404
        # A greater form brings a file, which is taken in only after a look at who sends it.
        is_small = int(request.META.get("CONTENT_LENGTH") or 0) <= FORM_BYTES
        if request.method == "POST" and is_small and has_nul(request.POST):
            raise BadRequest("A field holds a NUL character.")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """400 for a key that is no number where the administration's own fields look it up."""
        of_admin = request.method == "POST" and request.path_info.startswith("/admin/")
        if of_admin and isinstance(error, ValueError) and "expected a number" in str(error):
            return bad_request(request)
        return None


class TwinMiddleware:
    """Answers with the Markdown of a page whoever prefers it to HTML; placed before what keeps
    pages, which goes by the address that leads to the twin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The same address has both, so caches have to know by what they differ."""
        is_reading = request.method in ("GET", "HEAD")
        is_page = request.path_info.endswith("/") and not request.path_info.startswith(CLOSED)
        if not is_reading or not is_page or "format=" in request.META.get("QUERY_STRING", ""):
            return self.get_response(request)
        if prefers_twin(request):
            request.path_info = twin_of(request.path_info) or request.path_info
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept",))
        return response


class OfficeMiddleware:
    """Sets `request.office` and `request.seal`, the time zone, and `noindex` for a sample.

    Placed before WhiteNoise, it marks static files of a sample site too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One query at most; without a database only static files are served."""
        both = SimpleLazyObject(_office_and_seal)
        office = SimpleLazyObject(lambda: both[0])
        request.office = office  # type: ignore[attr-defined]
        request.seal = SimpleLazyObject(lambda: both[1])  # type: ignore[attr-defined]
        try:
            sample = office.sample
            use_time_zone(office.time_zone)
            elsewhere = keep_to_office(request, office)
            office.use_currency()
        except Error as error:
            if not is_outage(error):
                raise
            sample = True
            if not request.path.startswith(settings.STATIC_URL):
                return maintenance(request)
            elsewhere = None
        response = elsewhere or self.get_response(request)
        if sample:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A database that goes away within a request is no fault of the page."""
        return maintenance(request) if is_outage(error) else None


def _office_and_seal() -> tuple[Office, Seal | None]:
    """The office, when the portal's memory begins and ends, and the newest seal, at one go."""
    offices, seals = _of_each_page().read()
    return next(iter(offices), None) or Office(pk=1), next(iter(seals), None)


@cache
def _of_each_page() -> Together:
    oldest = Load.objects.released().order_by("released_at").values("released_at")
    offices = Office.objects.filter(pk=1).annotate(
        first_release=Subquery(oldest[:1]), last_release=Subquery(oldest.reverse()[:1])
    )
    seals = Seal.objects.only("number", "hash", "sealed_at").order_by("-number")[:1]
    return Together(offices, seals)


class ReadingMiddleware:
    """What is only read is read in one transaction, drawing included; placed last.

    So all of a page is of one moment, no statement holds a connection for ever, and cursors of
    the database need no connection of their own behind a pooler. What is streamed goes on after
    it, and opens its own. What costs much holds a place meanwhile (`portal/kit/web/places.py`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Without a savepoint where one is open already: nothing is undone by itself here."""
        if request.method not in ("GET", "HEAD") or is_streamed(request):
            return self.get_response(request)
        outermost = not connection.in_atomic_block
        is_public = not request.path_info.startswith(CLOSED)
        in_background = getattr(request, "in_background", False)
        request.draws_later = is_public and not in_background  # type: ignore[attr-defined]
        with transaction.atomic(savepoint=False):
            if outermost:
                bound_statements(of_one_moment=is_public)
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """429 where no place is free; what was kept of a page never comes so far."""
        is_reading = request.method in ("GET", "HEAD") and not is_streamed(request)
        try:
            if is_reading and is_heavy(request, view):
                take_place(request)
        except NoPlaceFree:
            return too_many()
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> Any:
        """A statement that took too long is ended, a file had no room; a page says so."""
        if isinstance(error, MadeLater):
            return file_or_progress(request)
        if isinstance(error, NoPlaceFree):
            return too_many()
        if request.method in ("GET", "HEAD") and is_disk_full(error):
            return disk_full()
        return too_slow() if is_too_slow(error) else None


class KeptDatesMiddleware:
    """A page that was asked for with dates links on with them; placed after the office's.

    A file that goes by nothing of what its address asks for is refused in words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only pages change; files have dates inside."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page and (ignored := _ignored(request, response)):
            # Only what it would have streamed: `close` would end the request.
            for close in getattr(response, "_resource_closers", ()):
                close()
            return refused_file(ignored)
        if is_page and not response.streaming and (dates := asked_dates(request)).query():
            is_of_then = goes_by_dates(request)
            response.content = keep_dates(response.text, dates, is_of_then=is_of_then).encode()
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What cannot be read is told, in place of a page or file."""
        if not isinstance(error, WrongQuery):
            return None
        if request.GET.get("format"):
            return refused_file(error.args)
        context = {
            "title": _("This address has a mistake in it"),
            "wrong": error.args,
            "page_url": request.path,
            "then": None,
        }
        return render(request, "kit/wrong.html", context, status=400)


def _ignored(request: HttpRequest, response: HttpResponse) -> list[str]:
    """What the address of a public file asks for in vain, but for the interface for programs."""
    is_file = request.method in ("GET", "HEAD") and response.status_code in (200, 206)
    if not is_file or request.path_info.startswith((*CLOSED, *PREFIXES)):
        return []
    return ignored_names(request)


def use_time_zone(name: str) -> None:
    """Show times in the named zone from here on; in the site's own if there is none such."""
    # Each request sets it anew: what streams after a response's start still needs it.
    timezone.deactivate()
    with suppress(KeyError, ValueError, OSError):
        timezone.activate(ZoneInfo(name))
