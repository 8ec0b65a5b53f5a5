"""Panels of a project's factsheet about money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from finance.figures.addresses import NONE, NOT_STATED, figure_link
from finance.figures.changes import changes_of_project, loads_that_changed
from finance.figures.reading import known_loads
from finance.figures.sums import Figure, Totals, total
from finance.models import ExpenditureLine, Load
from finance.models.figures import Measure
from finance.reports import money_tables
from finance.reports.change_tables import ProjectChangeTable
from finance.reports.charts import bars_by_year
from finance.reports.project_money import ProjectMoney
from portal.kit.dates import Known
from portal.kit.language.reference_names import translated
from portal.kit.tables.base import Table, TotalRow
from portal.kit.text import fold
from portal.kit.web.asked import asked_years
from projects.models import Project

LATEST_LOADS = 3
REPORTS = {
    "organization": gettext_lazy("organization"),
    "year": gettext_lazy("year"),
    "category": gettext_lazy("budget category"),
    "organization-year": gettext_lazy("organization and year"),
}
# What an address asks for, by name.
Asked = Mapping[str, Any]
# A report of more lines is opened only by those who want it.
MANY = 3
_SHOWN = frozenset({Measure.APPROVED, Measure.TRANSFER, Measure.REFUND, Measure.EXPENDITURE})


def year_range(money: ProjectMoney, asked: Asked) -> tuple[list[int], int | None, int | None]:
    """The years there are, and the asked-for first and last year. Raises WrongQuery."""
    years = sorted({figure.year for figure in money.figures if figure.measure in _SHOWN})
    return years, *asked_years(asked, "from", "to")


def report_table(money: ProjectMoney, report_by: str, asked: Asked) -> Table:
    """The table of key figures by organization, year, category, or organization and year.

    `asked` may name the years, `from` and `to`.
    """
    figures = [f for f in money.figures if f.measure in _SHOWN]
    years, first, last = year_range(money, asked)
    if last:
        figures = [f for f in figures if f.year <= last]
    where = {"first": first, "last": last}
    first = first or (years[0] if years else 0)
    make = {
        "organization": _by_organization,
        "year": _by_year,
        "category": _by_category,
        "organization-year": _by_organization_and_year,
    }[report_by]
    return make(figures, first, _Links(money.page, where))


@dataclass(frozen=True)
class _Links:
    """Where a report's figures lead: the project's page, and what holds for the whole report."""

    page: str
    where: dict[str, Any]

    def row(self, **where: Any) -> dict[str, Any]:
        """What a row needs to link its figures."""
        return {"page": self.page, "where": {**self.where, **where}}


def _from(figures: list[Figure], first: int) -> list[Figure]:
    return [figure for figure in figures if figure.year >= first]


def _total(figures: list[Figure], first: int) -> Totals:
    return total(_from(figures, first), first=first)


def year_filter(money: ProjectMoney, asked: Asked) -> list[tuple[str, str]]:
    """The asked-for years in words, for the heading of files."""
    _years, first, last = year_range(money, asked)
    lines = [(gettext("From year"), first), (gettext("To year"), last)]
    return [(label, str(year)) for label, year in lines if year]


def _organization(figure: Figure) -> dict[str, Any]:
    name = figure.organization or str(NOT_STATED)
    code = figure.organization_code
    return {"name": name, "url": reverse("organization", args=[code]) if code else ""}


def _by_name(figure: Figure) -> tuple:
    return not figure.organization, fold(figure.organization), figure.organization_id or 0


def _by_organization(figures: list[Figure], first: int, links: _Links) -> Table:
    """Rate and balance are cumulative: they are left out where earlier years are, or where
    nothing is stated as funded."""
    counted = _from(figures, first)
    whole = _total(figures, first)
    is_known = len(counted) == len(figures) and whole.states_funding
    exclude = () if is_known else ("delivery_rate", "balance")
    rows = money_tables.figure_rows(
        counted,
        _by_name,
        lambda f: {**_organization(f), **links.row(organization=f.organization_code or NONE)},
        first=first,
    )
    return _with_total(
        money_tables.ByOrganizationTable, rows, whole, "by-organization", links, exclude=exclude
    )


def _by_year(figures: list[Figure], first: int, links: _Links) -> Table:
    """Amounts to date take in the years before the first one shown."""
    rows = money_tables.figure_rows(
        figures,
        lambda f: (f.year,),
        lambda f: {
            "name": str(f.year),
            **links.row(first=f.year, last=f.year),
            "where_to_date": {**links.where, "first": None, "last": f.year},
        },
        is_of_year=True,
    )
    before = Totals()
    of_years = groupby(sorted(figures, key=lambda f: f.year), lambda f: f.year)
    labels = dict(ExpenditureLine.State.choices)
    for row, (_year, of_year) in zip(rows, of_years, strict=True):
        row.to_date = total(of_year)
        row.to_date.include(before)
        before = row.to_date
        row.second = ", ".join(str(labels[state]) for state in sorted(row.totals.states))
    shown = [row for row in rows if int(row.name) >= first]
    return _with_total(money_tables.ByYearTable, shown, _total(figures, first), "by-year", links)


def _by_category(figures: list[Figure], first: int, links: _Links) -> Table:
    figures = [f for f in figures if f.measure in {Measure.APPROVED, Measure.EXPENDITURE}]
    whole = _total(figures, first)
    rows = money_tables.figure_rows(
        _from(figures, first),
        lambda f: (not f.category, f.category_position, f.category, f.category_code),
        lambda f: {
            "name": translated(f.category) or str(NOT_STATED),
            **links.row(category=f.category_code or NONE),
        },
        first=first,
    )
    return _with_total(money_tables.ByCategoryTable, rows, whole, "by-category", links)


def _by_organization_and_year(figures: list[Figure], first: int, links: _Links) -> Table:
    rows = money_tables.figure_rows(
        _from(figures, first),
        lambda f: (*_by_name(f), f.year),
        lambda f: {
            **_organization(f),
            "second": str(f.year),
            **links.row(organization=f.organization_code or NONE, first=f.year, last=f.year),
        },
        is_of_year=True,
    )
    whole, anchor = _total(figures, first), "by-organization-year"
    return _with_total(money_tables.ByOrganizationAndYearTable, rows, whole, anchor, links)


def _with_total(
    table: type[Table],
    rows: list[money_tables.FigureRow],
    totals: Totals,
    anchor: str,
    links: _Links,
    exclude: tuple[str, ...] = (),
) -> Table:
    values = {
        column: getattr(totals, column) for column in table.base_columns if hasattr(totals, column)
    }
    values = {column: value for column, value in values.items() if column not in exclude}
    parts = {column: totals.parts(column) for column in values}
    addresses = {
        column: url
        for column in values
        if (url := figure_link(links.page, totals, column, **links.where))
    }
    sums = [TotalRow(values, links=addresses, parts=parts)] if len(rows) > 1 else []
    return table(rows, totals=sums, id=anchor, exclude=exclude)


def key_figures_panel(money: ProjectMoney, asked: Asked, final_from: date | None) -> dict[str, Any]:
    """The three reports; year-end figures are asked for by `final_from`."""
    years, first, last = year_range(money, asked)
    address = reverse("key-figures", args=[money.project.number])
    shown = ("organization", "year", "category")
    tables = {report_by: report_table(money, report_by, asked) for report_by in shown}
    reports = [
        {
            "table": table,
            "url": f"{address}?report_by={report_by}",
            "chart": bars_by_year(money.figures) if report_by == "year" else None,
            "is_folded": report_by == "category" or len(table.rows) > MANY,
        }
        for report_by, table in tables.items()
    ]
    return {
        "reports": reports,
        "years": years,
        "first": first,
        "last": last,
        "both_url": f"{address}?report_by=organization-year",
        "deadline": final_from,
        "has_corrections": money.totals.has_corrections,
    }


def newest_loads(project: Project, known: Known) -> QuerySet[Load]:
    """The newest loads that changed records of the project, and one more where there are more."""
    return loads_known(project, known)[: LATEST_LOADS + 1]


def changes_panel(
    project: Project, loads: Sequence[Load], until: date | None = None
) -> dict[str, Any] | None:
    """What the newest loads changed of the project's figures, whatever the day of the money."""
    if not loads:
        return None
    changes = changes_of_project(project, loads[:LATEST_LOADS])
    return {
        "table": ProjectChangeTable(changes, id="changes-table"),
        "more": len(loads) > LATEST_LOADS,
        "until": until,
        "url": reverse("project-changes", args=[project.number]),
        "compare_url": reverse("project-compare", args=[project.number]),
        "feed_url": reverse("project-feed", args=[project.number]),
    }


def loads_known(project: Project, known: Known) -> QuerySet[Load]:
    """Loads that changed records of the project, known then, newest first."""
    return known_loads(known, loads_that_changed([project.pk])).order_by("-released_at", "-pk")


def vouchers_panel(money: ProjectMoney) -> dict[str, Any]:
    """The latest vouchers; older ones than are listed are counted."""
    start, lines = money.listed_from, money.latest_lines
    listed = [line for line in lines if line.date >= start]
    count, older = (lines[0].total, lines[0].older) if lines else (0, 0)
    empty = gettext("No payment voucher since then is known.") if older else None
    return {
        "table": money_tables.VoucherLineTable(
            listed, orderable=False, id="voucher-table", empty_text=empty
        ),
        "count": count - older,
        "older": older,
        "start": start,
        "url": reverse("project-vouchers", args=[money.project.number]),
    }
