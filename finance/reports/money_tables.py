"""Tables of money: key figures, vouchers and their lines. Columns as in annual reports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.figures.addresses import figure_link, records_url
from finance.figures.catalogue import FIGURES, Period
from finance.figures.columns import figure_column
from finance.figures.sums import Figure, Totals, total
from portal.kit.currency import BASE_LABEL, in_base
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    MoneyColumn,
    TextColumn,
    YearColumn,
)
from portal.kit.tables.parts import Parts


@dataclass(slots=True)
class FigureRow:
    """One row of a table of key figures: what it is of, and its totals in the base currency."""

    name: str
    totals: Totals
    url: str = ""
    second: str = ""
    to_date: Totals | None = None
    page: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    where_to_date: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.totals, name)

    @property
    def net_funded_cumulative(self) -> Decimal:
        """Net funded amount from the start up to this row's year."""
        return (self.to_date or self.totals).net_funded

    @property
    def expenditure_cumulative(self) -> Decimal:
        """Expenditure from the start up to this row's year."""
        return (self.to_date or self.totals).expenditure

    def _is_to_date(self, figure: str) -> bool:
        return self.to_date is not None and FIGURES[figure].period is Period.CUMULATIVE

    def parts(self, figure: str) -> Parts:
        """What a figure of this row holds that is interim and leaves out."""
        if self.to_date is not None and self._is_to_date(figure):
            return self.to_date.parts(figure)
        return self.totals.parts(figure)

    def records_url(self, figure: str) -> str | None:
        """Where the records behind a figure of this row are listed; None where it has none."""
        if self._is_to_date(figure):
            return records_url(self.page, figure, **self.where_to_date) if self.page else None
        return figure_link(self.page, self.totals, figure, **self.where)


class _FigureTable(Table):
    """What all tables of key figures share."""

    note = in_base(_("All amounts in %(currency)s"))
    caption_hidden = False
    empty_text = _("No money is recorded here.")


class ByOrganizationTable(_FigureTable):
    """Key figures by participating organization, cumulative."""

    title = _("Key figures by participating organization")
    sheet = _("By organization")
    caption = title
    name = TextColumn(
        verbose_name=_("Participating organization"),
        term="participating-organization",
        definition=_("Who received the money from the fund office."),
        link=lambda row: row.url,
        orderable=False,
        css="name",
    )
    approved = figure_column("approved")
    transfer = figure_column("transfer")
    refund = figure_column("refund")
    net_funded = figure_column("net_funded")
    expenditure = figure_column("expenditure")
    delivery_rate = figure_column("delivery_rate")
    balance = figure_column("balance")


class ByYearTable(_FigureTable):
    """Key figures by year; balances are cumulative only."""

    title = _("Key figures by year")
    sheet = _("By year")
    caption = title
    name = YearColumn(verbose_name=_("Year"), definition=_("Calendar year."), orderable=False)
    approved = figure_column("approved")
    transfer = figure_column("transfer")
    refund = figure_column("refund")
    net_funded = figure_column("net_funded")
    expenditure = figure_column("expenditure")
    state = TextColumn(
        accessor="second",
        verbose_name=_("State"),
        term="reported",
        definition=_("Interim, reported or certified expenditure."),
        orderable=False,
    )
    net_funded_cumulative = figure_column("net_funded_cumulative")
    expenditure_cumulative = figure_column("expenditure_cumulative")


class ByCategoryTable(_FigureTable):
    """Approved budget and expenditure by budget category."""

    empty_text = _("No budget or expenditure has been recorded yet.")
    title = _("Key figures by budget category")
    sheet = _("By budget category")
    caption = title
    name = TextColumn(
        verbose_name=_("Budget category"),
        term="budget-category",
        definition=_("Category of the UN harmonized set, or of the older one."),
        orderable=False,
        css="name",
    )
    approved = figure_column("approved")
    expenditure = figure_column("expenditure")


class ByOrganizationAndYearTable(_FigureTable):
    """Key figures by participating organization and year."""

    title = _("Key figures by participating organization and year")
    sheet = _("By organization and year")
    caption = title
    name = ByOrganizationTable.base_columns["name"]
    second = YearColumn(verbose_name=_("Year"), definition=_("Calendar year."), orderable=False)
    approved = figure_column("approved")
    transfer = figure_column("transfer")
    refund = figure_column("refund")
    net_funded = figure_column("net_funded")
    expenditure = figure_column("expenditure")


def figure_rows(
    figures: Iterable[Figure],
    key: Callable[[Figure], tuple],
    name: Callable[[Figure], dict],
    *,
    first: int | None = None,
    is_of_year: bool = False,
) -> list[FigureRow]:
    """Figures grouped by `key`, in its order; `name` gives each row's first cells.

    Rows leave out the years before `first`, or before the only one that each `is_of_year`.
    """
    groups: dict[tuple, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key(figure), []).append(figure)
    return [
        FigureRow(
            totals=total(found, first=found[0].year if is_of_year else first), **name(found[0])
        )
        for _group, found in sorted(groups.items(), key=lambda each: each[0])
    ]


class VoucherLineTable(Table):
    """Payment vouchers of a project, line by line."""

    title = _("Vouchers")
    caption = _("Payment vouchers")
    caption_hidden = True
    empty_text = _("No payment voucher is known; each transfer will be listed here.")
    date = DateColumn(
        verbose_name=_("Payment date"), definition=_("Day on which the voucher was paid.")
    )
    voucher = IdentifierColumn(
        order_by="voucher__number",
        verbose_name=_("Voucher"),
        term="payment-voucher",
        definition=_("Number of the payment voucher in its ledger."),
        link=lambda line: line.voucher.get_absolute_url(),
    )
    organization = TextColumn(
        accessor="organization__name",
        order_by="organization__sort_name",
        verbose_name=_("Payee"),
        term="participating-organization",
        definition=_("Organization that was paid, or that refunded."),
        css="name",
    )
    kind = TextColumn(
        accessor="get_kind_display",
        order_by="kind",
        verbose_name=_("Kind"),
        term="transfer",
        definition=_("Transfer, refund, or a correction."),
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"),
        definition=_("In the currency of the source."),
    )
    base_amount = MoneyColumn(
        verbose_name=BASE_LABEL,
        term="base-currency",
        definition=in_base(
            _("Amount in %(currency)s; refunds are negative. Empty where no rate is known.")
        ),
        cents=True,
    )


class VoucherProjectTable(Table):
    """The lines of one voucher: each project that it paid."""

    title = _("Lines of the voucher")
    caption_hidden = True
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("The project that was paid, or that paid back."),
        link=lambda line: line.project.get_absolute_url(),
    )
    title_ = TextColumn(
        accessor="project__title",
        verbose_name=_("Title"),
        definition=_("Title of the project."),
        css="name",
    )
    kind = TextColumn(
        accessor="get_kind_display",
        verbose_name=_("Kind"),
        term="transfer",
        definition=_("Transfer, refund, or a correction."),
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    base_amount = MoneyColumn(
        verbose_name=BASE_LABEL,
        term="base-currency",
        definition=in_base(
            _("Amount in %(currency)s; refunds are negative. Empty where no rate is known.")
        ),
        cents=True,
    )
    line = IntegerColumn(
        verbose_name=_("Line of the file"), definition=_("Row or line that states it.")
    )
