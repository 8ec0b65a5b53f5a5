"""The home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Document
from finance.figures.reading import KnownFigures, known_loads
from finance.figures.sums import Totals, sums_by_year
from finance.figures.totals import country_rows, listed_funds, totals_of_all
from finance.reports.charts import bars_by_year
from finance.reports.key_facts import key_facts
from portal.about.office import office_of
from portal.kit.currency import told_in_base
from portal.kit.dates import Known, asked_known
from portal.kit.files.pictures import NAME as PICTURE
from portal.kit.files.pictures import picture_response, with_links
from portal.kit.formatting import money, percent
from portal.kit.web.asked import refuse_unknown_names
from portal.models import OVERDUE
from portal.public.list_tables import FundTable
from portal.public.maps.world import world_map
from portal.public.views.presets import counted_presets, preset_links
from portal.reporting.due_reports import AT_A_GLANCE, reports_due, take_long
from projects.models import Project


def home(request: HttpRequest) -> HttpResponse:
    """What all came to, where it went, what needs attention; then what is new."""
    known = asked_known(request)
    refuse_unknown_names(request, (PICTURE,))
    figures = KnownFigures(known)
    by_year = sums_by_year(figures.of_all())
    chart = bars_by_year(by_year)
    if PICTURE in request.GET:
        return picture_response(request, chart, _("All funds together"))
    funds = listed_funds(figures).order_by("-net_funded", "pk")[:8]
    loads = known_loads(known).with_reversed_at(known.as_of).select_related("source")
    documents = Document.objects.public().known_at(known.as_of)
    totals = totals_of_all(figures)
    context: dict[str, Any] = {
        "introduction": office_of(request).introduction,
        "key_facts": key_facts(totals, reverse("home")),
        "together": together(totals),
        "chart": with_links(chart, request),
        "table": FundTable(list(funds), orderable=False, id="funds-table"),
        "loads": loads[:5],
        **needing_attention(known),
        **by_country(figures),
        "documents": documents.select_related("type", "project", "fund")[:5],
    }
    return render(request, "home.html", context)


def needing_attention(known: Known) -> dict[str, Any]:
    """The lists of projects that somebody should look at, with their numbers where counting them
    takes no longer than the rest of the page."""
    if take_long(known, Project.objects.values("pk")):
        return {"presets": preset_links()}
    overdue = reports_due(known).filter(state__in=OVERDUE, project__withheld_on__isnull=True)
    return {"presets": counted_presets(known), "overdue": money(overdue.count())}


def by_country(figures: KnownFigures) -> dict[str, Any]:
    """The map, where adding up countries takes no longer than the rest of the page."""
    if Project.objects.all().are_more_than(AT_A_GLANCE):
        return {}
    return {"world": world_map(country_rows(figures))}


def together(totals: Totals) -> str:
    """What the figures mean together, in one sentence; "" where they do not tell."""
    is_whole = totals.states_funding and not totals.unconverted_on_the_way
    if not is_whole or totals.approved <= 0 or totals.net_funded <= 0 or totals.balance < 0:
        return ""
    sentence = _(
        "%(passed)s of what was approved has been passed on to organizations. They report "
        "%(spent)s of it as spent, and the rest, %(currency)s %(left)s, is still with them."
    )
    return told_in_base(
        sentence,
        passed=percent(totals.net_funded * 100 / totals.approved),
        spent=percent(totals.delivery_rate),
        left=money(totals.balance),
    )
