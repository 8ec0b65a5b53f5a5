"""The page of a fund: its statement, who gave, who received, what was spent, its projects."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document
from finance.figures.catalogue import FIGURES
from finance.figures.fund_figures import INTERIM
from finance.figures.reading import KnownFigures
from finance.figures.sums import Totals
from finance.models import Decision, Edition, OtherFlow, SubGrant
from finance.models.figures import Measure
from finance.reports.charts import bars_of_categories
from finance.reports.flow import FlowTable, flow_chart, parts
from finance.reports.fund import REPORTS, FundMoney, FundReports
from finance.reports.fund_projects import FundProjectTable, project_totals, projects_of_fund
from finance.reports.fund_tables import FundRow
from finance.reports.key_facts import amount_of
from finance.reports.other_flows import FundOtherFlowTable, flows_of_fund
from finance.reports.sources_and_uses import SourcesAndUses, notes_of
from portal.kit.files.exports import requested_format, table_response
from portal.kit.files.later import MadeLater
from portal.kit.formatting import day
from portal.kit.tables.base import Table
from portal.kit.together import read_together, those_with_rows
from portal.kit.views import TableView
from portal.kit.web.asked import asked_year, one_of, refuse_unknown_names
from portal.kit.web.places import heavy
from portal.package.workbooks import AT_ONCE, fund_sheets
from portal.public.list_filters import FundProjectFilter
from portal.public.sections import decisions_of_fund, newest_of_fund, passed_on_of_fund
from portal.public.views.entities import EntityPage
from portal.public.views.presets import preset_links
from portal.public.views.statements import fund_crumbs, get_fund_or_404
from portal.reporting.due_pages import report_section
from projects.history import of_fund_then
from projects.models import Contact, Fund, Project
from projects.models.projects import ProjectQuerySet
from projects.project_panels import cards_of

LABELS = {
    "contributor": gettext_lazy("contributor"),
    "organization": gettext_lazy("organization"),
    "country": gettext_lazy("country"),
    "theme": gettext_lazy("theme"),
    "project": gettext_lazy("project"),
    "category": gettext_lazy("budget category"),
    "year": gettext_lazy("year"),
    "flow": gettext_lazy("way of the money"),
}
# Rows of a table on the fund's own page.
MOST_ON_PAGE = 25
_SELDOM = (Contact, Decision, Document, Edition)
_OF_PROJECTS = (
    "{} AS record JOIN projects_project AS project ON project.id = record.project_id"
    " WHERE project.fund_id = %s"
)
_SELDOM_OF_PROJECTS: Mapping[type[Model], str] = MappingProxyType(
    {model: _OF_PROJECTS.format(model._meta.db_table) for model in (OtherFlow, SubGrant)}
)
# On the fund's own page; countries or themes, whatever tells more.
_ON_PAGE = ("contributor", "organization", "country", "category", "year")
_TITLES = {
    "contributor": gettext_lazy("Contributions"),
    "organization": gettext_lazy("Participating organizations"),
    "country": gettext_lazy("Countries"),
    "theme": gettext_lazy("Themes"),
    "category": gettext_lazy("Budget categories"),
    "year": gettext_lazy("Delivery over the years"),
}


@heavy
def fund_workbook(request: HttpRequest, code: str) -> HttpResponseBase:
    """All of a fund as one Excel workbook, as known today; a large one is made by the worker."""
    fund = get_fund_or_404(code)
    refuse_unknown_names(request)
    sheets = fund_sheets(fund)
    rows = sum(sheet.rows_up_to(AT_ONCE) for sheet in sheets)
    if getattr(request, "draws_later", False) and rows > AT_ONCE:
        raise MadeLater
    title = _("All data of %(fund)s") % {"fund": fund}
    name = f"{fund.code}-workbook"
    return table_response(request, sheets, fmt="xlsx", title=title, file_name=name)


class FundPage(EntityPage):
    """A fund."""

    template_name = "funds/page.html"
    filterset_class = FundProjectFilter
    kicker = gettext_lazy("Fund")
    list_title = gettext_lazy("Funds")
    list_url = "fund-list"
    url_name = "fund"
    beside = "funds"
    asks = ("show",)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # The one table that the page has beside those of every page of a fund.
        self.shown = one_of(request.GET, "show", REPORTS, "")
        # Paper and copies have all of them.
        in_background = getattr(request, "in_background", False)
        self.is_whole = in_background or bool(requested_format(request))

    def get_entity(self, code: str) -> Fund:
        fund = get_fund_or_404(code)
        self.money = FundMoney(fund, self.known)
        return fund

    def get_notes(self) -> tuple[str, ...]:
        return notes_of(self.money.sums, self.known)

    def get_projects(self) -> ProjectQuerySet:
        return of_fund_then(Project.objects.all(), self.entity, self.known)

    def get_totals(self) -> Totals:
        totals, measures = Totals(), {*Measure} - {Measure.COMMITMENT, Measure.DEPOSIT}
        for s in self.money.sums:
            if s.measure in measures:
                totals.count(s.measure, s.state, s.base_amount, s.records, s.unconverted)
        return totals

    def get_facts(self) -> list[dict[str, Any]]:
        fund = self.entity
        return [
            {"label": _("Fund code"), "value": fund.code, "term": "fund"},
            {"label": _("Start"), "value": day(fund.started_on) if fund.started_on else ""},
            {"label": _("End"), "value": day(fund.ends_on) if fund.ends_on else ""},
        ]

    def get_key_facts(self) -> list[dict[str, Any]]:
        """What was paid in, what became of it, and what the fund still holds."""
        statement = self.money.reports.statement
        deposits = self._of_statement(statement, "deposit")
        left = self._of_statement(statement, "balance_aa") if statement.knows_income else []
        return [*deposits, *super().get_key_facts(), *left]

    def _of_statement(self, statement: SourcesAndUses, figure: str) -> list[dict[str, Any]]:
        sums, last = statement.sums, statement.year
        if not sums.has_records(figure, None, last):
            return []
        parts = sums.parts(figure, None, last)
        return [
            {
                "label": FIGURES[figure].label,
                "term": FIGURES[figure].term,
                "url": statement.link(figure, None, last),
                **amount_of(sums.total(figure, None, last), parts),
            }
        ]

    def get_picture(self) -> dict[str, Any] | None:
        return flow_chart(self.money.reports) or super().get_picture()

    def get_reports(self) -> list[dict[str, Any]]:
        """The tables of the page, each with the way to all of it; drawn where asked for: whoever
        opens one fetches it, with a script or without."""
        reports = self.money.reports
        names = list(_ON_PAGE)
        if (
            len({s.part for s in reports.places.by_country}) < 3
            and len({s.part for s in reports.places.by_theme}) > 2
        ):
            names[names.index("country")] = "theme"
        found = []
        for name in names:
            anchor, is_drawn = f"by-{name}-section", self.is_whole or name == self.shown
            found.append(
                {
                    "anchor": anchor,
                    "title": _TITLES[name],
                    "table": self._table_of(name, reports) if is_drawn else None,
                    "url": report_url(self.entity, name),
                    "note": self._note_of(name, reports) if is_drawn else "",
                    "open_url": f"{self.page}?show={name}#{anchor}",
                    "is_open": name == self.shown,
                }
            )
        return found

    def _table_of(self, name: str, reports: FundReports) -> Table:
        """A table of the page; whole on paper, on the screen as far as one looks."""
        if name == "organization" and not requested_format(self.request):
            return reports.organizations(MOST_ON_PAGE)
        return REPORTS[name](reports)

    def _note_of(self, name: str, reports: FundReports) -> str:
        count = reports.count_organizations() if name == "organization" else 0
        if count <= MOST_ON_PAGE or requested_format(self.request):
            return ""
        words = _(
            "The %(most)s of %(count)s organizations that spent most. The total is of all; the "
            "report lists them."
        )
        return words % {"most": MOST_ON_PAGE, "count": count}

    def get_common_context(self) -> dict[str, Any]:
        fund = self.entity
        statement = self.money.reports.statement
        reports = self.get_reports()
        # What a fund has none of is not looked for.
        there = those_with_rows(_SELDOM, "fund_id", fund.pk, _SELDOM_OF_PROJECTS)
        documents = self.get_documents() if Document in there else ()
        editions = self.get_editions() if Edition in there else ()
        decisions = newest_of_fund(fund, self.known) if Decision in there else ()
        contacts = fund.contacts.order_by("pk") if Contact in there else ()
        other_flows: Iterable[Any] = ()
        if OtherFlow in there:
            other_flows = flows_of_fund(fund, self.known).values("pk")[:1]
        read_together(documents, editions, decisions, contacts, other_flows)
        common = super().get_common_context()
        picture = common["picture"]
        context = {
            **common,
            "statement": statement.table(),
            "statement_hint": _("%(year)s, the year before, and all years")
            % {"year": statement.year},
            "statement_url": reverse("fund-statement", args=[fund.code]),
            "fund_reports": reports,
            "reports_interim": any(s.state == INTERIM and s.base_amount for s in self.money.sums),
            "chart": picture if picture and "drawing" in picture else None,
            "flow_url": report_url(fund, "flow"),
            "has_other_flows": bool(other_flows),
            "annual_url": reverse("fund-annual", args=[fund.code]),
            "editions": list(editions),
            "projects_url": report_url(fund, "project"),
            "decisions": decisions_of_fund(fund, self.known, decisions),
            "passed_on": passed_on_of_fund(
                fund,
                self.known,
                self.money.sums.total("net_funded"),
                self.money.sums.parts("net_funded"),
            )
            if SubGrant in there
            else None,
            "contacts": cards_of(contacts, fund.get_absolute_url()),
            "description": fund.description,
            "presets": preset_links(fund=fund.code),
            "reports": self.get_reports_due(),
            "documents": list(documents),
            "documents_url": f"{reverse('document-list')}?fund={fund.code}",
            "feed_url": reverse("fund-feed", args=[fund.code]),
            "compare_url": reverse("fund-compare", args=[fund.code]),
        }
        return {**context, "sections": _sections(context)}

    def get_reports_due(self) -> dict[str, Any] | None:
        """How punctual its reports are; None where nobody agreed to report here."""
        # As the list of reports has it, which goes by today's fund.
        projects = Project.objects.filter(fund=self.entity).values_list("pk", flat=True)
        section = report_section(self.known, projects, self.entity)
        return section if section["any"] or self.entity.follows_rules else None

    def get_editions(self) -> QuerySet[Edition]:
        """Its annual reports that had been published by then."""
        editions = Edition.objects.filter(fund=self.entity)
        as_of = self.known.as_of
        return editions if as_of is None else editions.filter(published_at__lte=as_of)

    def get_documents(self) -> QuerySet[Document]:
        """The fund's newest documents, as far as they had been added by then."""
        documents = Document.objects.public().known_at(self.known.as_of)
        return documents.filter(fund=self.entity).for_listing()[:5]


def _sections(context: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands on the page, for those who look for a part of it."""
    named = (
        ("glance", _("At a glance"), True),
        ("flow", _("Where the money went"), context["chart"]),
        ("statement", _("Sources and uses of funds"), True),
        *((report["anchor"], report["title"], True) for report in context["fund_reports"]),
        ("passed-on-section", _("Passed on to implementing partners"), context["passed_on"]),
        ("decisions", _("Decisions"), context["decisions"]),
        ("annual", _("Annual reports"), True),
        ("documents", _("Recent documents"), context["documents"]),
        ("reports", _("Reports due"), context["reports"]),
        ("lists", _("Projects that need attention"), True),
        ("projects", _("Projects"), True),
        ("contacts", _("Contacts"), context["contacts"]),
    )
    return [{"anchor": anchor, "title": title} for anchor, title, is_there in named if is_there]


def report_url(fund: Fund, name: str) -> str:
    """The address of a report of a fund."""
    return f"{reverse('fund-report', args=[fund.code])}?report_by={name}"


class FundOtherFlows(TableView):
    """All that sources state of a fund’s projects and no figure counts."""

    title = gettext_lazy("Other flows")
    intro = gettext_lazy(
        "Loans paid back, interest, shares bought or sold, and the like. They are neither "
        "transfers nor expenditure, and no figure counts them."
    )
    table_class = FundOtherFlowTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])

    def get_queryset(self) -> QuerySet:
        return flows_of_fund(self.fund, self.known)

    def get_title(self) -> str:
        return f"{self.title} – {self.fund}"

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*fund_crumbs(self.fund), {"label": self.title}]


class FundReport(TableView):
    """One report of a fund, whole, for any year."""

    asks = ("report_by", "year")
    template_name = "funds/report.html"
    paginate_by = 40

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])
        self.report_by = one_of(request.GET, "report_by", LABELS, next(iter(LABELS)))
        money = FundMoney(self.fund, self.known)
        # Of the year asked for.
        self.reports = FundReports(money, asked_year(request.GET) or money.last_year)

    def get_queryset(self) -> QuerySet[Project] | list[Any]:
        if self.report_by != "project":
            return []
        figures = KnownFigures(self.known)
        return projects_of_fund(self.fund, figures, self.reports.year)

    def get_table(self) -> Table:
        reports = self.reports
        if self.report_by == "project":
            whole = FundRow("", reports.sums, reports.year, reports.page)
            totals = project_totals(self.rows, whole)
            shown = self.rows.filter(withheld_on__isnull=True)
            return FundProjectTable(shown, query=self.request.GET, totals=totals)
        if self.report_by == "flow":
            return FlowTable(parts(reports), id="flow")
        return REPORTS[self.report_by](reports)

    def get_title(self) -> str:
        title = _("By %(what)s") % {"what": LABELS[self.report_by]}
        return f"{title} – {self.fund}"

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*fund_crumbs(self.fund), {"label": _("Reports")}]

    def get_filter_lines(self) -> list[tuple[str, str]]:
        return [*super().get_filter_lines(), (_("Up to the end of"), str(self.reports.year))]

    def get_picture(self) -> dict[str, Any] | None:
        if self.report_by == "category":
            # Without the line that adds them up.
            rows = [row for row in self.table.data.data if row.css != "sum"]
            return bars_of_categories(rows, FundRow.amount)
        return flow_chart(self.reports) if self.report_by == "flow" else None

    def get_common_context(self) -> dict[str, Any]:
        reports = self.reports
        common = super().get_common_context()
        is_flow = self.report_by == "flow"
        return {
            **common,
            # Drawn at its own place.
            "chart": common["picture"] if is_flow else None,
            "picture": None if is_flow else common["picture"],
            "year": reports.year,
            "years": sorted({*reports.sums.years(), reports.year}, reverse=True),
            "report_by": self.report_by,
            "tabs": [
                {
                    "label": label,
                    "url": f"{report_url(self.fund, name)}&year={reports.year}",
                    "current": name == self.report_by,
                }
                for name, label in LABELS.items()
            ],
        }
