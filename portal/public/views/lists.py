"""List pages: each is a table, its rows and a filter."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from documents.document_panels import documents_of
from documents.document_tables import DocumentTable
from documents.models import Document
from finance.figures.reading import KnownFigures
from finance.figures.totals import country_rows, listed_funds, listed_organizations, listed_projects
from finance.figures.vouchers import with_projects, with_sums
from finance.models import Voucher, VoucherSums
from finance.reports.charts import bars_by_year, bars_of_categories
from finance.reports.money_tables import VoucherLineTable
from finance.reports.other_flows import OtherFlowTable, flows_of_project
from finance.reports.project_panels import REPORTS, report_table, year_filter
from portal.about.versions import counted_once
from portal.kit.files.exports import requested_format
from portal.kit.filters import described_filters, wrong_filters
from portal.kit.named_choice import read_anew
from portal.kit.tables.base import Table
from portal.kit.tables.chosen import Facet
from portal.kit.tables.paging import COUNTED
from portal.kit.views import TableView
from portal.kit.web.asked import one_of
from portal.kit.web.fields import field_html, fields_html
from portal.kit.web.places import is_streamed
from portal.public import list_filters, list_tables
from portal.public.document_filter import DocumentFilter
from portal.public.facets import RowFacet, project_facets, row_facets, short_or_name
from portal.public.maps.world import world_map
from portal.public.views.factsheet import crumbs, page_of
from portal.withholding.lists import withheld_row
from projects.models import Country, Project

# Names in an address by which figures sort or narrow a list of projects.
_BY_FIGURES = frozenset({"sort", "net_funded_min", "net_funded_max"})


class CountedList(TableView):
    """A list that nobody has narrowed is counted once for many visitors, as are its facets."""

    facets: tuple[RowFacet, ...] = ()

    @property
    def named(self) -> tuple[Any, ...]:
        """What names all rows of the page, before any filter."""
        return (self.request.path_info, self.known)

    @property
    def whole(self) -> tuple[Any, ...] | None:
        """The same; None where a filter leaves some of them."""
        is_narrowed = described_filters(self.filterset) or wrong_filters(self.filterset)
        return None if is_narrowed or self.is_unknown else self.named

    def get_facets(self) -> list[Facet]:
        count = self.table.rows_up_to(COUNTED)
        return row_facets(self.filterset, self.request.GET, count, self.facets, self.whole)

    def get_fields_html(self) -> list[SafeString]:
        """Those for which nothing is asked are drawn once for many visitors; not of each past day,
        of which there are too many to be kept."""
        if self.known.is_past:
            return fields_html(self.filterset.form)
        drawn = ("fields", type(self).__name__, *self.named, get_language())
        return fields_html(self.filterset.form, counted_once(drawn, self._blank_fields))

    def _blank_fields(self) -> dict[str, SafeString]:
        is_blank = not self.filterset.filters.keys() & self.request.GET.keys()
        form = (self.filterset if is_blank else self.filters_of(QueryDict())).form
        read_anew(form)
        return {field.name: field_html(field) for field in form.visible_fields()}

    def rows_to_count(self) -> QuerySet:
        """As many rows as the list has where nothing narrows it."""
        return self.rows

    def counted(self) -> dict[str, int]:
        """How many there are, as an option of the table, if not too many to be counted."""
        # What is streamed tells no count, and takes its place only with its first row.
        if self.whole is None or is_streamed(self.request):
            return {}
        rows = self.rows_to_count()
        return {
            "count": counted_once(self.whole, lambda: rows.order_by()[: COUNTED + 1].count()),
            "counted_up_to": COUNTED,
        }


class ProjectList(CountedList):
    """All projects."""

    title = _("Projects")
    intro = _("Each project is an allocation of a fund to participating organizations.")
    beside = "projects"
    table_class = list_tables.ProjectTable
    filterset_class = list_filters.ProjectFilter
    # Whether it lists whatever project is shown.
    is_of_all = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.figures = KnownFigures(self.known)
        if self.is_of_all and self.known.is_past:
            # What was known then is added up while it is read.
            self.sorts_of_many = ("number", "title_", "fund")

    def get_queryset(self) -> QuerySet:
        # By the figures one can sort, and filter by an amount.
        is_shown_only = not _BY_FIGURES & self.request.GET.keys()
        return self.get_projects(is_shown_only=is_shown_only)

    def get_projects(self, *, is_shown_only: bool) -> QuerySet:
        """All projects of the list."""
        return listed_projects(Project.objects.all(), self.figures, is_shown_only=is_shown_only)

    def get_filter_options(self) -> dict[str, Any]:
        return {"figures": self.figures, "whole": self.named, "is_of_all": self.is_of_all}

    def get_table_options(self) -> dict[str, Any]:
        return {
            **withheld_row(self, Project.objects.all(), self.figures.all()),
            **self.counted(),
        }

    def counted(self) -> dict[str, int]:
        """As of any list; of all projects each change keeps the number."""
        if not self.filterset.is_of_all or self.whole is None or is_streamed(self.request):
            return super().counted()
        count = sum(self.filterset.shown.get("status", {}).values())
        return {"count": min(count, COUNTED + 1), "counted_up_to": COUNTED}

    def get_facets(self) -> list[Facet]:
        count = self.table.rows_up_to(COUNTED)
        return project_facets(self.filterset, self.request.GET, count, self.whole)


class FundList(TableView):
    """All funds."""

    title = _("Funds")
    template_name = "funds/list.html"
    beside = "funds"
    table_class = list_tables.FundTable
    filterset_class = list_filters.NameFilter

    def get_queryset(self) -> QuerySet:
        return listed_funds(KnownFigures(self.known))


class OrganizationList(CountedList):
    """All organizations that take part in a project."""

    title = _("Organizations")
    beside = "organizations"
    table_class = list_tables.OrganizationTable
    filterset_class = list_filters.OrganizationFilter
    facets = (RowFacet("kind", F("kind")),)

    def get_queryset(self) -> QuerySet:
        return listed_organizations(KnownFigures(self.known))

    def get_table_options(self) -> dict[str, Any]:
        return self.counted()


class CountryList(TableView):
    """All countries with projects."""

    title = _("Countries")
    template_name = "countries/list.html"
    table_class = list_tables.CountryTable
    filterset_class = list_filters.NameFilter
    paginate_by = 50

    def get_queryset(self) -> QuerySet:
        return Country.objects.all()

    def get_table(self) -> Table:
        among = self.rows if described_filters(self.filterset) else None
        self.rows = country_rows(KnownFigures(self.known), among)
        return super().get_table()

    def get_common_context(self) -> dict[str, Any]:
        # A PDF has the list only.
        common = super().get_common_context()
        # A PDF has the list only.
        world = None if requested_format(self.request) == "pdf" else common["picture"]
        return {**common, "picture": None, "world": world}

    def get_picture(self) -> dict[str, Any] | None:
        return world_map(self.rows)


class VoucherList(CountedList):
    """All vouchers with standing lines."""

    title = _("Vouchers")
    intro = _("Payments of the fund office to participating organizations, and refunds.")
    table_class = list_tables.VoucherTable
    filterset_class = list_filters.VoucherFilter
    facets = (
        RowFacet("fund", F("fund__code"), F("fund__name")),
        RowFacet("payee", F("payee__code"), short_or_name("payee")),
        RowFacet("year", ExtractYear("payment_date")),
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.known.is_past:
            self.sorts_of_many = ("payment_date", "voucher")

    def get_queryset(self) -> QuerySet:
        vouchers = Voucher.objects.select_related("payee", "fund")
        return with_sums(with_projects(vouchers, self.known), self.known)

    def rows_to_count(self) -> QuerySet:
        """Of today one table says it."""
        if self.known.is_past:
            return super().rows_to_count()
        return VoucherSums.objects.filter(line_count__gt=0)

    def get_table_options(self) -> dict[str, Any]:
        return {"known": self.known, **self.counted()}

    def get_filter_options(self) -> dict[str, Any]:
        return {"known": self.known}


class DocumentList(TableView):
    """All public documents."""

    title = _("Documents")
    template_name = "documents/list.html"
    table_class = DocumentTable
    filterset_class = DocumentFilter
    takes_dates = False

    def get_queryset(self) -> QuerySet:
        return Document.objects.public().for_listing()


class ProjectChildList(TableView):
    """A table of one project, whole."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = page_of(request, kwargs["number"])
        self.project = self.page.project

    def get_title(self) -> str:
        return f"{self.title} – {self.project.number}"

    def get_intro(self) -> str:
        return self.project.title

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*crumbs(self.project), {"label": self.title}]


class ProjectVouchers(ProjectChildList):
    """All voucher lines of a project."""

    title = _("Vouchers")
    table_class = VoucherLineTable

    def get_queryset(self) -> QuerySet:
        return self.page.money.lines


class ProjectOtherFlows(ProjectChildList):
    """All that the sources state of a project and no figure counts."""

    title = _("Other flows")
    table_class = OtherFlowTable

    def get_queryset(self) -> QuerySet:
        return flows_of_project(self.page.money)


class ProjectDocuments(ProjectChildList):
    """All documents of a project."""

    title = _("Documents")
    template_name = "documents/of_project.html"
    table_class = DocumentTable

    def get_queryset(self) -> QuerySet:
        return documents_of(self.project, self.known.as_of)


class ProjectKeyFigures(ProjectChildList):
    """Key figures of a project, by organization, year, category or both."""

    asks = ("report_by", "from", "to")
    title = _("Key figures")
    template_name = "factsheet/report.html"
    paginate_by = 50

    @property
    def report_by(self) -> str:
        """The report asked for, or the first."""
        return one_of(self.request.GET, "report_by", REPORTS, next(iter(REPORTS)))

    def get_queryset(self) -> list:
        return []

    def get_table(self) -> Table:
        return report_table(self.page.money, self.report_by, self.page.asked)

    def get_picture(self) -> dict[str, Any] | None:
        if self.report_by == "year":
            return bars_by_year(self.page.money.figures)
        if self.report_by == "category":
            return bars_of_categories(self.table.data.data, getattr)
        return None

    def get_filter_lines(self) -> list[tuple[str, str]]:
        return [*super().get_filter_lines(), *year_filter(self.page.money, self.page.asked)]

    def get_common_context(self) -> dict[str, Any]:
        address = reverse("key-figures", args=[self.project.number])
        reports = [
            {
                "label": label,
                "url": f"{address}?report_by={name}",
                "current": name == self.report_by,
            }
            for name, label in REPORTS.items()
        ]
        return {**super().get_common_context(), "reports": reports}
