"""Pages of an organization, a country and a voucher, with their projects."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finance.figures.reading import KnownFigures
from finance.figures.sums import Totals, totals_of
from finance.figures.totals import (
    SEVERAL,
    listed_projects,
    projects_in,
    several_projects,
    several_totals,
    shared_totals,
    totals_of_organizations,
)
from finance.models import Voucher
from finance.reports.charts import bars_of_totals
from finance.reports.country import SharesTable, shares_tables, years_moved
from finance.reports.key_facts import key_facts
from finance.reports.money_tables import VoucherProjectTable
from finance.reports.organization import LABELS, REPORTS, OrganizationMoney
from finance.reports.sources_and_uses import counted_notes
from finance.reports.sources_and_uses import years_moved as years_of_sums
from portal.kit.dates import Known, asked_known
from portal.kit.files.about import warn_in_files
from portal.kit.files.exports import requested_format, table_response
from portal.kit.files.links import export_links
from portal.kit.filters import described_filters, wrong_filters
from portal.kit.formatting import money
from portal.kit.language.place_names import shown_name
from portal.kit.tables.base import COLUMN, Table, any_interim
from portal.kit.tables.paging import counted
from portal.kit.views import TableView
from portal.kit.web.asked import one_of, refuse_unknown_names
from portal.public.list_filters import ProjectFilter
from portal.public.list_tables import ProjectTable
from portal.public.organization_facts import organization_facts
from portal.public.sections import passed_on_by
from portal.reporting.due_pages import report_section
from portal.withholding.lists import withheld_row
from projects.models import Country, Organization, Project
from projects.models.projects import ProjectQuerySet
from projects.withheld import refuse_withheld_organization


class EntityPage(TableView):
    """An entity's page: its facts, its totals, and its projects in a list."""

    template_name = "entities/page.html"
    table_class = ProjectTable
    filterset_class = ProjectFilter
    kicker: Any = ""
    list_title: Any = ""
    list_url = ""
    url_name = ""
    # Under what name it is set beside others of its kind; none where it is not.
    beside = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.entity = self.get_entity(kwargs["code"])
        self.figures = KnownFigures(self.known)

    def get_entity(self, code: str) -> Any:
        """The entity of the page. Raises Http404."""
        raise NotImplementedError

    def get_projects(self) -> ProjectQuerySet:
        """Its projects."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        return listed_projects(self.get_projects(), self.figures)

    def get_filter_options(self) -> dict[str, Any]:
        whole = (self.page, self.known)
        return {"figures": self.figures, "projects": self.get_projects(), "whole": whole}

    def get_table_options(self) -> dict[str, Any]:
        return withheld_row(self, self.get_projects(), self.figures.all())

    def get_title(self) -> str:
        return shown_name(self.entity)

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": self.list_title, "url": reverse(self.list_url)},
            {"label": self.get_title()},
        ]

    def get_totals(self) -> Totals:
        """Totals of its projects."""
        return totals_of(self.figures.all().filter(project__in=self.get_projects()))

    def get_facts(self) -> list[dict[str, Any]]:
        """Facts for the two columns."""
        return []

    def get_key_facts(self) -> list[dict[str, Any]]:
        """The figures with which the page begins."""
        return key_facts(self.totals, self.page)

    def get_picture(self) -> dict[str, Any] | None:
        return bars_of_totals(self.totals, self.page)

    def get_notes(self) -> tuple[str, ...]:
        """What the page says of its sums, and its files say of those of each project."""
        return ()

    @cached_property
    def totals(self) -> Totals:
        """Totals of its projects, read once."""
        return self.get_totals()

    @property
    def page(self) -> str:
        """Its own address."""
        return reverse(self.url_name, args=[self.kwargs["code"]])

    @staticmethod
    def _count_words(count: int, *, has_more: bool) -> str:
        if has_more:
            return _("more than %(count)s") % {"count": money(count)}
        return money(count)

    def is_list_asked_for(self) -> bool:
        """Whether the address is about the list of projects."""
        return any(self.request.GET.get(name) for name in ("page", "sort", COLUMN)) or bool(
            described_filters(self.filterset) or wrong_filters(self.filterset)
        )

    def export(self, fmt: str) -> HttpResponseBase:
        # Paper has what the page says.
        if fmt not in ("pdf", "print"):
            warn_in_files(self.request, *self.get_notes())
        return super().export(fmt)

    def get_common_context(self) -> dict[str, Any]:
        return {
            **super().get_common_context(),
            "entity": self.entity,
            "notes_of_sums": self.get_notes(),
            "count_words": self._count_words(**counted(self.table)),
            "kicker": self.kicker,
            "facts": self.get_facts(),
            "key_facts": self.get_key_facts(),
            "is_list_open": self.is_list_asked_for(),
        }


def get_by_code_or_404(entities: QuerySet, code: str) -> Any:
    """The entity with this code, whatever its case; where case alone tells two, that one.

    Raises Http404.
    """
    found = list(entities.filter(code__iexact=code))
    if not found and entities.model is Organization:
        refuse_withheld_organization(code)
    if not found:
        raise Http404(_("There is nothing under the code “%(code)s”.") % {"code": code[:100]})
    return next((entity for entity in found if entity.code == code), found[0])


def entity_crumbs(page: type[EntityPage], entity: Any, code: str) -> list[dict[str, Any]]:
    """The way to what stands below the page of an entity."""
    return [
        {"label": page.list_title, "url": reverse(page.list_url)},
        {"label": shown_name(entity), "url": reverse(page.url_name, args=[code])},
    ]


def get_organization_or_404(code: str) -> Organization:
    """The organization with this code. Raises Http404."""
    return get_by_code_or_404(Organization.objects.all(), code)


def get_country_or_404(code: str) -> Any:
    """The country with this code, or the words for several. Raises Http404."""
    if code == SEVERAL:
        return _("Several countries")
    return get_by_code_or_404(Country.objects.all(), code)


def projects_of_country(country: Any, known: Known) -> ProjectQuerySet:
    """The projects in a country, or in several without shares."""
    return several_projects(known) if isinstance(country, str) else projects_in(country, known)


_OWN_PART = gettext_lazy(
    "All figures count only this organization’s own part of projects that it carries out with "
    "others. The list shows whole projects."
)


_FEW = 5000


class OrganizationPage(EntityPage):
    """An organization."""

    template_name = "organizations/page.html"
    kicker = gettext_lazy("Organization")
    list_title = gettext_lazy("Organizations")
    list_url = "organization-list"
    url_name = "organization"
    beside = "organizations"

    def get_entity(self, code: str) -> Organization:
        organization = get_organization_or_404(code)
        self.money = OrganizationMoney(organization, self.known)
        return organization

    def get_projects(self) -> ProjectQuerySet:
        parts = Exists(self.entity.participations.filter(project=OuterRef("pk")))
        if len(self.only_told) > _FEW:
            return Project.objects.filter(parts | Q(pk__in=self.money.own.values("project")))
        return Project.objects.filter(parts | Q(pk__in=self.only_told) if self.only_told else parts)

    @cached_property
    def only_told(self) -> list[int]:
        """Projects of which figures tell that it had a part, though nothing else does; looked for
        once: asked for together with those it takes part in, they cost as much each time."""
        parts = self.entity.participations.filter(project=OuterRef("project"))
        found = self.money.own.filter(~Exists(parts)).order_by().values_list("project", flat=True)
        return list(found.distinct()[: _FEW + 1])

    def get_totals(self) -> Totals:
        return totals_of_organizations(self.figures, [pk := self.entity.pk]).get(pk, Totals())

    def get_common_context(self) -> dict[str, Any]:
        parts = self.entity.participations.participating().values_list("project", flat=True)
        reports = report_section(self.known, parts, self.entity)
        reports_of = self.money.reports
        own = [reports_of.by_fund(), reports_of.by_year()]
        return {
            **super().get_common_context(),
            "reports": reports,
            "own_tables": own,
            "own_interim": any_interim(own),
            "note": _OWN_PART,
            "passed_on": passed_on_by(
                self.entity, self.known, self.totals.net_funded, self.totals.parts("net_funded")
            ),
            "report_url": reverse("organization-report", args=[self.entity.code]),
        }

    def get_facts(self) -> list[dict[str, Any]]:
        return organization_facts(self.entity, self.known)

    def get_notes(self) -> tuple[str, ...]:
        return counted_notes(years_of_sums(self.money.by_funds), self.known)


class OrganizationReport(TableView):
    """An organization's own figures by fund, project or year, whole."""

    asks = ("report_by",)
    template_name = "organizations/report.html"
    paginate_by = 50

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.entity = get_organization_or_404(kwargs["code"])
        self.report_by = one_of(request.GET, "report_by", REPORTS, next(iter(REPORTS)))

    def get_queryset(self) -> list:
        return []

    def get_table(self) -> Table:
        return REPORTS[self.report_by](OrganizationMoney(self.entity, self.known).reports)

    def get_title(self) -> str:
        title = _("By %(what)s") % {"what": LABELS[self.report_by]}
        return f"{title} – {self.entity}"

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            *entity_crumbs(OrganizationPage, self.entity, self.entity.code),
            {"label": _("Reports")},
        ]

    def get_common_context(self) -> dict[str, Any]:
        address = reverse("organization-report", args=[self.entity.code])
        tabs = [
            {
                "label": label,
                "url": f"{address}?report_by={name}",
                "current": name == self.report_by,
            }
            for name, label in LABELS.items()
        ]
        return {**super().get_common_context(), "tabs": tabs}


_SHARES = gettext_lazy(
    "Totals count only this country’s share of each project: all of one that works nowhere else, "
    "and nothing where a project states no share for it. The list shows whole projects."
)
_REST = gettext_lazy(
    "Totals count of each project what it does not state as the share of a country. The list "
    "shows whole projects."
)


class CountryPage(EntityPage):
    """A country, a region, a placeholder, or the projects in several countries."""

    template_name = "countries/page.html"
    kicker = gettext_lazy("Country")
    list_title = gettext_lazy("Countries")
    list_url = "country-list"
    url_name = "country"

    def get_entity(self, code: str) -> Any:
        return get_country_or_404(code)

    def get_projects(self) -> ProjectQuerySet:
        return projects_of_country(self.entity, self.known)

    def get_totals(self) -> Totals:
        if isinstance(self.entity, str):
            return several_totals(self.figures)
        return shared_totals(self.figures, self.entity).get(self.entity.pk, Totals())

    @cached_property
    def own_tables(self) -> list[SharesTable]:
        """Its part by fund, organization and year, added up once."""
        return shares_tables(self.figures, self.entity)

    def get_notes(self) -> tuple[str, ...]:
        return counted_notes(years_moved(self.own_tables[-1]), self.known)

    def get_common_context(self) -> dict[str, Any]:
        own = self.own_tables
        return {
            **super().get_common_context(),
            "own_tables": own,
            "own_interim": any_interim(own),
            "note": _SHARES if isinstance(self.entity, Country) else _REST,
        }


def voucher(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A voucher with all projects that it paid."""
    found = get_object_or_404(Voucher.objects.select_related("payee", "fund", "source"), pk=pk)
    known = asked_known(request)
    refuse_unknown_names(request)
    lines = (
        found.lines.known_at(known.as_of)
        .up_to(known.until)
        .select_related("project", "organization", "voucher", "load")
    )
    if not lines:
        raise Http404(
            _("This voucher has no lines then.")
            if known.is_past
            else _("This voucher has no lines any more: its source withdrew them.")
        )
    table = VoucherProjectTable(lines.order_by("pk"), id="lines")
    fmt = requested_format(request)
    title = _("Voucher %(number)s") % {"number": found}
    as_file: dict[str, Any] = {"fmt": fmt, "title": title, "file_name": f"voucher-{pk}"}
    amounts = [line.base_amount for line in lines]
    left_out = amounts.count(None)
    if fmt in {"xlsx", "csv", "json", "pdf"} and left_out:
        warn_in_files(
            request,
            ngettext(
                "%(count)s line has no known rate of exchange and is left out",
                "%(count)s lines have no known rate of exchange and are left out",
                left_out,
            )
            % {"count": left_out},
        )
    if fmt in {"xlsx", "csv", "json"}:
        return table_response(request, table, **as_file)
    template = "entities/voucher.html"
    context = {
        "voucher": found,
        "title": title,
        "table": table,
        "total": None if left_out == len(amounts) else sum(a or 0 for a in amounts),
        "unconverted": left_out,
        "loads": {line.load for line in lines},
        "export_links": export_links(request),
        "print_view": fmt == "print",
        "crumbs": [{"label": _("Vouchers"), "url": reverse("voucher-list")}, {"label": title}],
    }
    if fmt == "pdf":
        return table_response(request, table, **as_file, template=template, context=context)
    return render(request, template, context)
