"""Twins of home and search, which are of no one thing."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from finance.figures.reading import KnownFigures
from portal.about.office import office_of
from portal.api.figures import OF_ROWS, told_totals
from portal.api.notes import notes_on
from portal.api.twins.things import figures_told
from portal.kit.dates import asked_dates, asked_known
from portal.kit.files.about import About, address_of, warn_in_files
from portal.kit.files.markdown import MARKDOWN, escaped, link, page_text
from portal.kit.formatting import day
from portal.kit.kept_dates import dated
from portal.kit.web.asked import refuse_unknown_names
from portal.kit.web.places import heavy
from portal.public.list_tables import FundTable
from portal.public.views.home import Front, front
from portal.search.everything import Found
from portal.search.everything import search as search_everything
from portal.search.hits import Group
from portal.search.pages import asked_words
from portal.search.words import unmarked

# Lists that the navigation leads to.
_LISTS = (
    "project-list", "fund-list", "contributor-list", "organization-list", "country-list",
    "voucher-list",
)  # fmt: skip
# Those that are of today, and refuse dates.
_OF_TODAY = ("document-list", "load-list")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What all came to, which funds, what needs attention, what is new, and where all lists are."""
    refuse_unknown_names(request)
    office, shown = office_of(request), front(KnownFigures(asked_known(request)))
    dates = asked_dates(request).query()
    told = told_totals(shown.totals, reverse("home"), dates, OF_ROWS)
    tables = [FundTable(shown.funds, title=_("Where the money went"))]
    pieces = [
        *figures_told(told), *_lists(dates), *_attention(shown, dates), *_news(shown, dates),
    ]  # fmt: skip
    warn_in_files(request, *notes_on([told]))
    about = About.of(request, office.portal_name)
    words = [office.introduction, shown.together]
    page = settings.SITE_URL + dated(reverse("home"), dates)
    text = page_text(about, page, tables, words, pieces)
    return HttpResponse(text, content_type=MARKDOWN)


def _lists(dates: str) -> Iterator[str]:
    of_then = (dated(_twin(name), dates) for name in _LISTS)
    twins = (*of_then, *map(_twin, _OF_TODAY))
    yield from _section(_("Pages as text"), (settings.SITE_URL + twin for twin in twins))


def _twin(name: str) -> str:
    return f"{reverse(name)[:-1]}.md"


def _attention(shown: Front, dates: str) -> Iterator[str]:
    items = (
        " · ".join(
            (link(str(one["label"]), dated(one["url"], dates)), escaped(one.get("count", "")))
        )
        for one in shown.attention["presets"]
    )
    yield from _section(_("Projects that need attention"), items)


def _news(shown: Front, dates: str) -> Iterator[str]:
    loads = (
        f"{link(one.file_name, dated(one.get_absolute_url(), dates))}"
        f" · {escaped(one.get_kind_display())}"
        f" · {escaped(str(one.source))} · {day(one.released_at)}"
        for one in shown.loads
    )
    yield from _section(_("Latest source files"), loads)
    documents = (
        f"{link(one.title, dated(one.get_absolute_url(), dates))} · {escaped(str(one.type))}"
        for one in shown.documents
    )
    yield from _section(_("Latest documents"), documents)


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}\n" for item in items]
    if lines:
        yield f"\n## {escaped(title)}\n\n"
        yield from lines


@heavy
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the search finds, with addresses."""
    refuse_unknown_names(request, ("q",))
    query = asked_words(request)
    found = search_everything(query)
    words = [*_said(found, query), _("Search covers current information only.")]
    pieces: list[str] = []
    for group in found.groups:
        pieces += _section(group.title, map(_hit, _hits(group)))
    inside = (f"{link(p.document.title, p.url)} · {escaped(unmarked(p.text))}"
              for p in found.passages)  # fmt: skip
    pieces += _section(_("Inside documents"), inside)
    about = About.of(request, f"{_('Search')}: {query}" if query else _("Search"))
    page = address_of(reverse("search"), request.GET)
    text = page_text(about, page, (), words, pieces)
    return HttpResponse(text, content_type=MARKDOWN)


def _said(found: Found, query: str) -> Iterator[str]:
    """What the page says of how something was found, and that nothing was."""
    if found.instead:
        told = {"unknown": "”, “".join(found.unknown), "instead": found.instead}
        yield _("Nothing here is spelt “%(unknown)s”. Searched for “%(instead)s” instead.") % told
    if found.has_most:
        yield _("Nothing has all of these words. These have most of them.")
    if query and not found.groups and not found.passages:
        text = _(
            "Nothing was found for “%(query)s”. Try fewer or shorter words, or the number alone."
        )
        yield text % {"query": query}


def _hits(group: Group) -> Iterator[tuple[str, str, list[str]]]:
    for hit in group.hits:
        yield unmarked(hit.name), hit.url, hit.told
        for label, url in hit.pages:
            yield str(label), url, []


def _hit(hit: tuple[Any, str, list[str]]) -> str:
    name, url, told = hit
    return " · ".join((link(name, url), *map(escaped, told)))
