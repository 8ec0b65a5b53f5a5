"""The home page and the search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from documents.models import Document
from finance.figures.reading import KnownFigures, known_loads
from finance.figures.sums import figures_by_year, totals_of
from finance.figures.totals import listed_funds
from finance.reports.charts import bars_by_year
from finance.reports.key_facts import key_facts
from portal.about.office import office_of
from portal.kit.dates import asked_known
from portal.public.list_filters import named_like, ranked
from portal.public.list_tables import FundTable
from portal.public.views.presets import preset_links
from projects.models import Country, Fund, Organization, Project

HITS = 8


def home(request: HttpRequest) -> HttpResponse:
    """What this is, totals, largest funds, latest loads and documents."""
    known = asked_known(request)
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


def search(request: HttpRequest) -> HttpResponse:
    """Projects, funds, organizations and countries by words, beginnings or numbers."""
    query = request.GET.get("q", "").strip()[:200]
    groups = _groups(query) if query else []
    return render(
        request, "search.html", {"query": query, "groups": [g for g in groups if g["hits"]]}
    )


def _groups(query: str) -> list[dict]:
    wanted = urlencode({"q": query})
    found = (
        (_("Projects"), ranked(Project.objects.shown(), query), "project-list"),
        (_("Funds"), named_like(Fund.objects.all(), query), "fund-list"),
        (_("Organizations"), named_like(Organization.objects.all(), query), "organization-list"),
        (_("Countries"), named_like(Country.objects.all(), query), "country-list"),
    )
    groups = []
    for title, rows, url in found:
        hits = list(rows[: HITS + 1])
        groups.append(
            {
                "title": title,
                "hits": [_hit(row) for row in hits[:HITS]],
                "more": len(hits) > HITS,
                "url": f"{reverse(url)}?{wanted}",
            }
        )
    return groups


def _hit(row: Project | Fund | Organization | Country) -> dict[str, str]:
    if isinstance(row, Project):
        return {"name": row.title, "code": row.number, "url": row.get_absolute_url()}
    return {"name": row.name, "code": row.code, "url": row.get_absolute_url()}
