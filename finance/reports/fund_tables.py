"""Tables of a fund's reports, with the columns of the consolidated annual report."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangement_tables import (
    beyond,
    committed,
    deposited,
    exchange,
    not_due,
    overdue,
)
from finance.contributors.arrangements import Position, worked_url
from finance.figures.drilldown import records_url
from finance.figures.fund_drilldown import FUND_FIGURES
from finance.figures.fund_figures import FundSums
from finance.figures.sums import delivery_rate
from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.cells import BLANK
from portal.kit.tables.columns import MoneyColumn, PercentColumn, TextColumn


@dataclass(slots=True)
class FundRow:
    """Sums of one organization, country, theme, category or year, up to the year's end."""

    name: str
    sums: FundSums
    year: int
    page: str
    url: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    share: Any = BLANK
    first: int | None = None
    css: str = ""

    def amount(self, figure: str, first: int | None = None, last: int | None = None) -> Decimal:
        """A figure in US$ from `first` to `last`, both years included."""
        return self.sums.total(FUND_FIGURES[figure], first, last or self.year)

    def records_to_date(self, figure: str) -> str | None:
        """Where the records behind a figure of all years up to this one are listed."""
        return self._records(figure, None, self.year)

    def records(self, figure: str, first: int | None = None, last: int | None = None) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        return self._records(figure, first or self.first, last or self.year)

    def _records(self, figure: str, first: int | None, last: int) -> str | None:
        if not self.sums.has_records(FUND_FIGURES[figure], first, last):
            return None
        return records_url(self.page, figure, first=first, last=last, **self.where)

    def __getattr__(self, name: str) -> Decimal:
        if name in FUND_FIGURES:
            return self.amount(name, self.first)
        raise AttributeError(name)

    @property
    def net_to_date(self) -> Decimal:
        """Net funded amount of all years up to this one."""
        return self.amount("net_funded")

    @property
    def spent_to_date(self) -> Decimal:
        """Expenditure of all years up to this one."""
        return self.amount("expenditure")

    @property
    def prior(self) -> Decimal:
        """Expenditure of earlier years."""
        return self.amount("expenditure", None, self.year - 1)

    @property
    def current(self) -> Decimal:
        """Expenditure of the year."""
        return self.amount("expenditure", self.year, self.year)

    @property
    def rate(self) -> Decimal | None:
        """Delivery rate in percent, cumulative."""
        return delivery_rate(self.amount("expenditure"), self.amount("net_funded"))

    @property
    def is_interim(self) -> bool:
        """Whether interim expenditure is in it."""
        return self.sums.between(self.first, self.year).is_interim


def money(label: Any, term: str, definition: Any, figure: str, **options: Any) -> MoneyColumn:
    """A column of a figure that leads to its records."""
    options.setdefault("link", lambda row: row.records(figure))
    options.setdefault("orderable", False)
    return MoneyColumn(verbose_name=label, term=term, definition=definition, **options)


def approved() -> MoneyColumn:
    """Approved budget."""
    return money(
        _("Approved budget"),
        "approved-budget",
        _("What the Steering Committee approved."),
        "approved",
    )


def _transfer() -> MoneyColumn:
    return money(_("Transfers"), "transfer", _("Paid by the fund office by voucher."), "transfer")


def _refund() -> MoneyColumn:
    return money(_("Refunds"), "refund", _("Returned to the fund office, or corrected."), "refund")


def _net_funded() -> MoneyColumn:
    return money(
        _("Net funded amount"), "net-funded-amount", _("Transfers less refunds."), "net_funded"
    )


def expenditure() -> MoneyColumn:
    """Expenditure of all years."""
    return money(
        _("Expenditure, cumulative"),
        "expenditure",
        _("Reported as spent up to the end of the year."),
        "expenditure",
        interim=lambda row: row.is_interim,
    )


def prior_years() -> MoneyColumn:
    """Expenditure of earlier years."""
    return money(
        _("Expenditure, prior years"),
        "expenditure",
        _("Reported as spent in the years before."),
        "expenditure",
        accessor="prior",
        link=lambda row: row.records("expenditure", None, row.year - 1),
    )


def current_year() -> MoneyColumn:
    """Expenditure of the year."""
    return money(
        _("Expenditure, current year"),
        "expenditure",
        _("Reported as spent in the year."),
        "expenditure",
        accessor="current",
        link=lambda row: row.records("expenditure", row.year, row.year),
    )


class FundReportTable(Table):
    """What all reports of a fund share; `heading` names what a row is of."""

    note = in_base(_("All amounts in %(currency)s"))
    caption_hidden = False
    empty_text = _("No money has been recorded yet; figures will stand here once it has.")


class ByTable(FundReportTable):
    """The columns of the consolidated annual report."""

    wide = True
    name = TextColumn(
        verbose_name=_("Name"),
        definition=_("What the row is of."),
        link=lambda row: row.url or None,
        orderable=False,
        css="name",
    )
    approved = approved()
    transfer = _transfer()
    refund = _refund()
    net_funded = _net_funded()
    prior = prior_years()
    current = current_year()
    expenditure = expenditure()
    rate = PercentColumn(
        verbose_name=_("Delivery rate"),
        term="delivery-rate",
        definition=_("Expenditure ÷ net funded amount; n/a where nothing was funded."),
        link=lambda row: row.records("delivery_rate"),
        orderable=False,
    )
    balance = money(
        _("Balance"),
        "balance-with-organizations",
        _("Net funded amount less expenditure."),
        "balance",
    )


class FundOrganizationTable(ByTable):
    """By participating organization."""

    title = caption = _("By participating organization")
    sheet = _("By organization")


class FundCountryTable(ByTable):
    """By country of the projects."""

    title = caption = _("By country")


class FundThemeTable(ByTable):
    """By theme of the projects."""

    title = caption = _("By theme")


class FundCategoryTable(FundReportTable):
    """By budget category of today's set."""

    title = caption = _("By budget category")
    name = TextColumn(
        verbose_name=_("Budget category"),
        term="budget-category",
        definition=_("Category of today’s set; what was reported in an older one counts as it."),
        orderable=False,
        css="name",
    )
    approved = approved()
    prior = prior_years()
    current = current_year()
    expenditure = expenditure()
    share = PercentColumn(
        verbose_name=_("Share of programme cost"),
        term="indirect-cost",
        definition=_("Expenditure ÷ expenditure of all categories but indirect support costs."),
        orderable=False,
    )

    def row_class(self, record: Any) -> str:
        return record.css


class FundYearTable(FundReportTable):
    """By year, with the delivery rate to date; a single year's rate means nothing."""

    title = caption = _("By year, with cumulative delivery rates")
    sheet = _("By year")
    wide = True
    name = TextColumn(verbose_name=_("Year"), definition=_("Calendar year."), orderable=False)
    approved = approved()
    transfer = _transfer()
    refund = _refund()
    net_funded = _net_funded()
    expenditure = money(
        _("Expenditure"),
        "expenditure",
        _("Reported as spent in the year."),
        "expenditure",
        interim=lambda row: row.is_interim,
    )
    net_to_date = MoneyColumn(
        verbose_name=_("Net funded to date"),
        term="net-funded-amount",
        definition=_("Net funded amount up to this year’s end."),
        link=lambda row: row.records_to_date("net_funded"),
        orderable=False,
    )
    spent_to_date = MoneyColumn(
        verbose_name=_("Spent to date"),
        term="expenditure",
        definition=_("Expenditure up to this year’s end."),
        link=lambda row: row.records_to_date("expenditure"),
        orderable=False,
    )
    rate = PercentColumn(
        verbose_name=_("Delivery rate to date"),
        term="delivery-rate",
        definition=_("Spent to date ÷ net funded to date."),
        link=lambda row: row.records_to_date("delivery_rate"),
        orderable=False,
    )


class ContributionTable(FundReportTable):
    """By contributor: what was signed for, paid, and remains."""

    title = caption = _("By contributor")
    wide = True
    name = TextColumn(
        verbose_name=_("Contributor"),
        term="contributor",
        definition=_("Who gave; individuals appear only as a sum."),
        link=lambda row: row.url or None,
        orderable=False,
        css="name",
    )
    committed = committed()
    deposited = deposited()
    unpaid = MoneyColumn(
        verbose_name=_("Commitments less deposits"),
        term="outstanding",
        definition=_("What the next four columns, the last of them taken off, add up to."),
        link=lambda row: row.records("unpaid"),
        orderable=False,
    )
    not_due = not_due()
    overdue = overdue()
    exchange = exchange()
    beyond = beyond()
    share = PercentColumn(
        verbose_name=_("Share of deposits"),
        term="deposit",
        definition=_("Of all deposits in the table."),
        orderable=False,
    )


@dataclass(slots=True)
class ContributionRow:
    """One contributor, or all individuals together."""

    name: str
    url: str
    position: Position
    page: str
    where: dict[str, Any]
    share: Decimal | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.position, name)

    def records(self, figure: str) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        if figure == "commitment" and not self.position.committed:
            return None
        if figure == "deposit" and not self.position.deposited:
            return None
        return records_url(self.page, figure, **self.where) if self.page else None

    def worked(self, figure: str) -> str | None:
        """Where it is told what an outstanding amount or a difference is made of."""
        return worked_url(self.page, figure, self.position, **self.where)
