"""The tables of the consolidated annual report of a fund."""

from finance.figures.reading import KnownFigures
from finance.reports.fund import REPORTS, FundMoney, FundReports
from finance.reports.fund_projects import FundProjectTable, project_totals, projects_of_fund
from finance.reports.fund_tables import FundRow
from portal.kit.tables.base import Table


def annual_tables(money: FundMoney, year: int) -> list[Table]:
    """All tables for a year: the statement, the reports, and all projects."""
    reports = FundReports(money, year)
    return [
        reports.statement.table(),
        *(build(reports) for build in REPORTS.values()),
        _projects(reports),
    ]


def _projects(reports: FundReports) -> Table:
    """All projects of the fund; of those that are withheld only the sum."""
    fund, year = reports.fund, reports.year
    projects = projects_of_fund(fund, KnownFigures(reports.money.known), year)
    totals = project_totals(projects, FundRow("", reports.sums, year, reports.page))
    shown = projects.filter(withheld_on__isnull=True)
    return FundProjectTable(shown, id="by-project", totals=totals)
