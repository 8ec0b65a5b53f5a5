"""What an organization received, returned, spent and holds: by fund, by year, by project."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from finance.figures.fund_figures import NOBODY, FundSum, FundSums
from finance.figures.reading import KnownFigures
from finance.figures.sums import ZERO
from finance.reports.fund import total_row
from finance.reports.fund_tables import OF_FUNDING, ByTable, FundRow, FundYearTable
from finance.reports.sources_and_uses import last_year
from portal.kit.dates import Known
from portal.kit.tables.base import Table
from portal.kit.tables.columns import IdentifierColumn
from portal.kit.text import fold
from projects.models import Organization
from projects.models.projects import project_url

_PROJECT = ("project__number", "project__title")
_TOTALS = (
    "approved", "transfer", "refund", "net_funded", "expenditure_prior", "expenditure_current",
    "expenditure_cumulative", "delivery_rate", "balance",
)  # fmt: skip
_OF_YEARS = ("approved", "transfer", "refund", "net_funded", "expenditure")


class _Row(FundRow):
    """A fund or project, with a balance only where it is stated what it was funded with."""

    @property
    def balance(self) -> Decimal | None:
        """Net funded amount less expenditure."""
        return self.amount("balance") if self.sums.states_funding else None


class OrganizationFundTable(ByTable):
    """By fund."""

    title = caption = _("By fund")


class OrganizationProjectTable(ByTable):
    """By project: the organization's own part of each."""

    title = caption = _("By project")
    number = IdentifierColumn(
        accessor="where__project",
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("Text; leading zeros matter."),
        link=lambda row: row.url or None,
        orderable=False,
    )

    class Meta:
        sequence = ("number", "name", "...")


class OrganizationMoney:
    """Figures of an organization as known then, for all parts of a page."""

    def __init__(self, organization: Organization, known: Known) -> None:
        self.organization = organization
        self.known = known

    @property
    def own(self) -> QuerySet:
        """Its own figures."""
        return KnownFigures(self.known).all().filter(organization=self.organization)

    @property
    def reports(self) -> "OrganizationReports":
        """What it received, returned, spent and holds, as tables."""
        return OrganizationReports(self)

    @cached_property
    def by_funds(self) -> FundSums:
        """Its sums by fund and year, of what is kept of them where that says it."""
        figures = KnownFigures(self.known)
        fund = figures.fund_path
        own = figures.of_organization(self.organization)
        return _sums(own, (f"{fund}__code", f"{fund}__name"))


def _sums(figures: QuerySet, parts: tuple[str, ...]) -> FundSums:
    """The sums of figures by year, measure, state and these parts."""
    rows = (
        figures.order_by()
        .values_list("measure", "state", "year", *parts)
        .annotate(Sum("base_amount"), Sum("records"), Sum("unconverted"))
    )
    return FundSums(
        FundSum(row[0], row[1], row[2], False, NOBODY, row[3:-3], row[-3] or ZERO, row[-2], row[-1])
        for row in rows
        if row[-2] and row[0] in {"approved", "transfer", "refund", "expenditure"}
    )


@dataclass(frozen=True)
class OrganizationReports:
    """Tables of one organization."""

    money: OrganizationMoney

    @property
    def page(self) -> str:
        """The address that its figures lead on from."""
        return self.money.organization.get_absolute_url()

    def by_fund(self) -> Table:
        """What it received, returned, spent and holds, fund by fund."""
        sums = self.money.by_funds
        rows = [
            _Row(
                name, found, self._year(sums), self.page, reverse("fund", args=[code]),
                {"fund": code}, last=self._last(sums),
            )
            for (code, name), found in sorted(
                sums.by(_part).items(), key=lambda item: (fold(item[0][1]), item[0])
            )
        ]  # fmt: skip
        return self._table(OrganizationFundTable, rows, sums.by(_part), "by-fund")

    def by_project(self) -> Table:
        """The same, project by project."""
        parts = (*_PROJECT, "project__withheld_on", "project__fund")
        sums = _sums(self.money.own, parts)
        rows = [
            _Row(
                title or number, found, self._year(sums), self.page,
                "" if withheld else project_url(number), {"project": number},
                last=self._last(sums),
            )
            for (number, title, withheld), found in sorted(
                sums.by(lambda s: s.part[:-1]).items(), key=lambda item: item[0][0]
            )
        ]  # fmt: skip
        of_funds = sums.by(lambda s: s.part[-1])
        return self._table(OrganizationProjectTable, rows, of_funds, "by-project")

    def by_year(self) -> Table:
        """Each year, and the delivery rate to its end."""
        sums = self.money.by_funds
        rows = [FundRow(str(year), sums, year, self.page, first=year) for year in sums.years()]
        whole = FundRow("", sums, self._last(sums), self.page)
        totals = [total_row(whole, _OF_YEARS)] if len(rows) > 1 else None
        exclude = () if _is_known(sums.by(_part)) else OF_FUNDING
        return FundYearTable(rows, id="by-year", totals=totals, exclude=exclude)

    def _table(
        self, table: type[Table], rows: list[_Row], of_funds: dict[Any, FundSums], anchor: str
    ) -> Table:
        """Each row with what is known of it; the whole only where that is known of each fund."""
        sums, is_known = FundSums(chain.from_iterable(of_funds.values())), _is_known(of_funds)
        whole = FundRow("", sums, self._year(sums), self.page, last=self._last(sums))
        totals = [total_row(whole, _TOTALS, is_known=is_known)] if len(rows) > 1 else None
        is_known_of_any = any(row.sums.states_funding for row in rows)
        exclude = () if is_known_of_any else OF_FUNDING
        return table(rows, id=anchor, totals=totals, exclude=exclude)

    def _year(self, sums: FundSums) -> int:
        """The last year with money that has begun."""
        return last_year(self.money.known, sums.years())

    def _last(self, sums: FundSums) -> int:
        """The last year with money, begun or not."""
        return max(sums.years(), default=self._year(sums))


def _part(one: FundSum) -> Any:
    return one.part


def _is_known(of_funds: dict[Any, FundSums]) -> bool:
    """Whether it is stated of each fund what it was funded with."""
    return all(of.states_funding for of in of_funds.values())


REPORTS: dict[str, Callable[[OrganizationReports], Table]] = {
    "fund": OrganizationReports.by_fund,
    "project": OrganizationReports.by_project,
    "year": OrganizationReports.by_year,
}
LABELS: dict[str, Any] = {"fund": _("fund"), "project": _("project"), "year": _("year")}
