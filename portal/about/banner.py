"""The banner of a page about the past: what it shows, in words, and the way back to today."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.dates import NAMES, Dates, asked_dates, goes_by_dates
from portal.kit.files.about import remarks_of_then
from portal.kit.formatting import day


def banner(request: HttpRequest) -> dict[str, Any] | None:
    """What the page shows; None for today, and for pages that know nothing of dates."""
    if not goes_by_dates(request):
        return None
    dates = asked_dates(request)
    if not dates.query() and not dates.wrong:
        return None
    return {
        "text": in_words(dates),
        "wrong": dates.wrong,
        "remarks": remarks_of_then(request, dates),
        "today_url": _today(request),
    }


def without_dates(request: HttpRequest) -> dict[str, Any] | None:
    """The words of a page that is asked for dates and knows nothing of them, else None."""
    if goes_by_dates(request) or not any(request.GET.get(name) for name in NAMES):
        return None
    return {"wrong": [_("This page knows no dates: it is of today.")]}


def other_dates(request: HttpRequest) -> dict[str, Any] | None:
    """The form at the foot of a page that asks for other dates; None where none can be asked."""
    if not goes_by_dates(request):
        return None
    kept = [
        (name, text)
        for name, texts in request.GET.lists()
        if name not in {*NAMES, "page", "format"}
        for text in texts
    ]
    return {"asked": asked_dates(request), "today": timezone.localdate(), "kept": kept}


def in_words(dates: Dates) -> str:
    """ "Up to 31 Dec 2024, as known on 31 May 2025"; "" for today."""
    if dates.until and dates.as_of:
        return _("Up to %(until)s, as known on %(as_of)s") % {
            "until": day(dates.until),
            "as_of": day(dates.as_of),
        }
    if dates.until:
        return _("Up to %(until)s, as known today") % {"until": day(dates.until)}
    if dates.as_of:
        return _("As known on %(as_of)s") % {"as_of": day(dates.as_of)}
    return ""


def _today(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in (*NAMES, "page"):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
