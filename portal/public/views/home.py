"""The home page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Document
from finance.figures.reading import TODAYS, KnownFigures, known_loads
from finance.figures.sums import Totals, YearSum, sums_by_year
from finance.figures.totals import (
    country_rows,
    listed_funds,
    net_country_sums,
    rows_of_countries,
    totals_of_all,
)
from finance.models import Load
from finance.reports.charts import bars_by_year
from finance.reports.key_facts import key_facts
from portal.about.office import office_of
from portal.about.versions import counted_once
from portal.kit.currency import told_in_base
from portal.kit.dates import TODAY, Known, asked_known
from portal.kit.files.pictures import NAME as PICTURE
from portal.kit.files.pictures import picture_response, with_links, with_links_of
from portal.kit.formatting import money, percent
from portal.kit.tables.paging import COUNTED
from portal.kit.together import Shaped, read_together
from portal.kit.web.asked import refuse_unknown_names
from portal.public.list_tables import FundTable
from portal.public.maps.world import world_map
from portal.public.views.presets import counted_presets, counts_of_presets, preset_links
from portal.reporting.due_reports import AT_A_GLANCE, reports_due, waiting_at_a_glance
from projects.models import Fund, Project


def home(request: HttpRequest) -> HttpResponse:
    """What all came to, where it went, what needs attention; then what is new."""
    known = asked_known(request)
    refuse_unknown_names(request, (PICTURE,))
    figures = KnownFigures(known)
    if PICTURE in request.GET:
        by_year, _totals, _size = _added_up_once(figures)
        return picture_response(request, bars_by_year(by_year), _("All funds together"))
    shown = front(figures)
    context: dict[str, Any] = {
        "introduction": office_of(request).introduction,
        "key_facts": key_facts(shown.totals, reverse("home")),
        "together": shown.together,
        "chart": with_links(bars_by_year(shown.by_year), request),
        "table": FundTable(shown.funds, orderable=False, id="funds-table"),
        "loads": shown.loads,
        **shown.attention,
        **by_country(request, figures, shown.size),
        "documents": shown.documents,
    }
    return render(request, "home.html", context)


@dataclass(frozen=True)
class Front:
    """What home shows, whatever it is drawn as; `size`: how many projects there are, as far as
    counted."""

    by_year: list[YearSum]
    totals: Totals
    size: int
    funds: list[Fund]
    loads: list[Load]
    documents: list[Document]
    attention: dict[str, Any]

    @property
    def together(self) -> str:
        """What the figures mean together, in one sentence."""
        return together(self.totals)


def front(figures: KnownFigures) -> Front:
    """All of it, as known then."""
    known = figures.known
    by_year, totals, size = _added_up_once(figures)
    lists: list[Any] = [each.of() for each in _NEWEST] if known == TODAY else _newest(figures)
    read_together(*lists)
    funds, loads, documents = map(list, lists)
    attention = needing_attention(known, size)
    return Front(by_year, totals, size, funds, loads, documents, attention)


def _newest(figures: KnownFigures) -> list[QuerySet[Any]]:
    """The largest funds, the newest loads and documents."""
    known = figures.known
    funds = listed_funds(figures).order_by("-net_funded", "pk")[:8]
    loads = known_loads(known).with_reversed_at(known.as_of).select_related("source")
    documents = Document.objects.public().known_at(known.as_of)
    return [funds, loads[:5], documents.select_related("type", "project", "fund")[:5]]


# The same of today, each put together once.
_NEWEST = tuple(Shaped(lambda place=place: _newest(TODAYS)[place]) for place in range(3))


def _added_up_once(figures: KnownFigures) -> tuple[list[YearSum], Totals, int]:
    return counted_once(("home", figures.known), lambda: _added_up(figures))


def _added_up(figures: KnownFigures) -> tuple[list[YearSum], Totals, int]:
    """What all came to, by year and in all, and how many projects there are, as far as counted."""
    size = Project.objects.order_by()[: COUNTED + 1].count()
    return sums_by_year(figures.of_all()), totals_of_all(figures), size


def needing_attention(known: Known, size: int) -> dict[str, Any]:
    """The lists of projects that somebody should look at, with their numbers where counting them
    takes no longer than the rest of the page; `size` is how many projects there are."""
    counts = None
    if size <= COUNTED:
        counts = counted_once(("attention", known), lambda: _needing_attention(known))
    return {"presets": preset_links()} if counts is None else counted_presets(counts)


def _needing_attention(known: Known) -> dict[str, int] | None:
    waiting = waiting_at_a_glance(known, Project.objects.values("pk"))
    if waiting is None:
        return None
    return counts_of_presets(known, reports_due(known, waiting=waiting))


def by_country(request: HttpRequest, figures: KnownFigures, size: int) -> dict[str, Any]:
    """The map: of today from kept sums, added up once for many visitors; of a past day only where
    adding up countries takes no longer than the rest of the page. Else its page is named."""
    if figures.known.is_past:
        if size > AT_A_GLANCE:
            return {"has_map_elsewhere": True}
        rows = country_rows(figures)
    else:
        rows = rows_of_countries(counted_once(("map", figures.known), net_country_sums))
    return {"world": with_links_of(world_map(rows), request, reverse("country-list"))}


def together(totals: Totals) -> str:
    """What the figures mean together, in one sentence; "" where they do not tell."""
    is_whole = totals.states_funding and not totals.unconverted_on_the_way
    is_plain = 0 < totals.net_funded <= totals.approved and totals.expenditure >= 0
    if not is_whole or not is_plain or totals.balance < 0:
        return ""
    # Who received it need not be whose budget it was, nor who reports.
    sentence = _(
        "What organizations received and kept comes to %(passed)s of what was approved. What is "
        "reported as spent comes to %(spent)s of it, which leaves %(currency)s %(left)s."
    )
    return told_in_base(
        sentence,
        passed=percent(totals.net_funded * 100 / totals.approved),
        spent=percent(totals.delivery_rate),
        left=money(totals.balance),
    )
