"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from documents.models import Document
from finance.figures.reading import KnownFigures, known_loads
from finance.figures.sums import figures_by_year, totals_of
from finance.figures.totals import listed_funds
from finance.reports.charts import bars_by_year
from finance.reports.key_facts import key_facts
from portal.about.office import office_of
from portal.kit.dates import asked_known
from portal.kit.web.asked import refuse_unknown_names
from portal.public.list_tables import FundTable
from portal.public.views.presets import preset_links


def home(request: HttpRequest) -> HttpResponse:
    """What this is, totals, largest funds, latest loads and documents."""
    known = asked_known(request)
    refuse_unknown_names(request)
    figures = KnownFigures(known)
    funds = listed_funds(figures).order_by("-net_funded", "pk")[:8]
    loads = known_loads(known).with_reversed_at(known.as_of).select_related("source")
    documents = Document.objects.public().known_at(known.as_of)
    context = {
        "introduction": office_of(request).introduction,
        "key_facts": key_facts(totals_of(figures.all()), reverse("home")),
        "chart": bars_by_year(figures_by_year(figures.all())),
        "table": FundTable(list(funds), orderable=False, id="funds-table"),
        "loads": loads[:5],
        "presets": preset_links(),
        "documents": documents.select_related("type", "project", "fund")[:5],
    }
    return render(request, "home.html", context)
