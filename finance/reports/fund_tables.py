"""Tables of a fund's reports, with the columns of the consolidated annual report."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangement_tables import worked_out_column
from finance.contributors.arrangements import Position
from finance.figures.addresses import breakdown_url, records_url
from finance.figures.catalogue import FIGURES, OF_FUNDS, Period
from finance.figures.columns import figure_column
from finance.figures.fund_figures import FundSums
from finance.figures.telling import rate_of
from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.cells import BLANK
from portal.kit.tables.columns import PlaceColumn, TextColumn, YearColumn
from portal.kit.tables.parts import Parts


@dataclass(slots=True)
class FundRow:
    """Sums of one organization, country, theme, category or year, up to the end of `year`, or
    of a later one, `last`; `year` is the one that is called the current year."""

    name: str
    sums: FundSums
    year: int
    page: str
    url: str = ""
    where: dict[str, Any] = field(default_factory=dict)
    programme_share: Any = BLANK
    share_left_out: int = 0
    first: int | None = None
    css: str = ""
    last: int | None = None

    def amount(self, figure: str) -> Decimal:
        """A figure in the base currency, of the years that it counts."""
        return self.sums.total(FIGURES[figure].records_of, *self._years(figure))

    def parts(self, figure: str) -> Parts:
        """What a figure holds that is interim and leaves out."""
        if figure == "programme_share":
            return Parts(unconverted=self.share_left_out)
        return self.sums.parts(figure, *self._years(figure))

    def records_url(self, figure: str) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        first, last = self._years(figure)
        if not self.sums.has_records(FIGURES[figure].records_of, first, last):
            return None
        return records_url(self.page, figure, first=first, last=last, **self.where)

    def _years(self, figure: str) -> tuple[int | None, int]:
        """The first and the last year that a figure counts."""
        period = FIGURES[figure].period
        if period is Period.PRIOR:
            return None, self.year - 1
        if period is Period.CURRENT:
            return self.year, self.year
        return self.first if period is Period.AS_ASKED else None, self.last or self.year

    def __getattr__(self, name: str) -> Decimal:
        if name in FIGURES and FIGURES[name].records_of in OF_FUNDS:
            return self.amount(name)
        raise AttributeError(name)

    @property
    def delivery_rate(self) -> Decimal | None:
        """Delivery rate in percent, cumulative, as far as it may be told."""
        return rate_of(
            self.amount("expenditure_cumulative"),
            self.amount("net_funded_cumulative"),
            is_known=not self.parts("delivery_rate").unconverted,
        )


class FundReportTable(Table):
    """What all reports of a fund share; `heading` names what a row is of."""

    note = in_base(_("All amounts in %(currency)s"))
    caption_hidden = False
    empty_text = _("No money is recorded here.")


# What follows from what was funded, and is not known where that is not stated.
OF_FUNDING = ("delivery_rate", "balance")


_NAME: dict[str, Any] = {
    "verbose_name": _("Name"),
    "definition": _("What the row is of."),
    "link": lambda row: row.url or None,
    "orderable": False,
    "css": "name",
}


class ByTable(FundReportTable):
    """The columns of the consolidated annual report."""

    wide = True
    name = TextColumn(**_NAME)
    approved = figure_column("approved")
    transfer = figure_column("transfer")
    refund = figure_column("refund")
    net_funded = figure_column("net_funded")
    expenditure_prior = figure_column("expenditure_prior")
    expenditure_current = figure_column("expenditure_current")
    expenditure_cumulative = figure_column("expenditure_cumulative")
    delivery_rate = figure_column("delivery_rate")
    balance = figure_column("balance")


class FundOrganizationTable(ByTable):
    """By participating organization."""

    title = caption = _("By participating organization")
    sheet = _("By organization")


class FundCountryTable(ByTable):
    """By country of the projects."""

    title = caption = _("By country")
    name = PlaceColumn(
        **{
            **_NAME,
            "definition": _(
                "Where projects work, each by its stated shares; what no share names stands under "
                "“Several countries, or none stated”."
            ),
        }
    )


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
    approved = figure_column("approved")
    expenditure_prior = figure_column("expenditure_prior")
    expenditure_current = figure_column("expenditure_current")
    expenditure_cumulative = figure_column("expenditure_cumulative")
    programme_share = figure_column("programme_share", link=None)

    def row_class(self, record: Any) -> str:
        return record.css


class FundYearTable(FundReportTable):
    """By year, with the delivery rate to date; a single year's rate means nothing."""

    title = caption = _("By year, with cumulative delivery rates")
    sheet = _("By year")
    wide = True
    name = YearColumn(verbose_name=_("Year"), definition=_("Calendar year."), orderable=False)
    approved = figure_column("approved")
    transfer = figure_column("transfer")
    refund = figure_column("refund")
    net_funded = figure_column("net_funded")
    expenditure = figure_column("expenditure")
    net_funded_cumulative = figure_column("net_funded_cumulative")
    expenditure_cumulative = figure_column("expenditure_cumulative")
    delivery_rate = figure_column("delivery_rate")


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
    commitment = figure_column("commitment")
    deposit = figure_column("deposit")
    unpaid = figure_column("unpaid")
    not_due = worked_out_column("not_due")
    overdue = worked_out_column("overdue")
    exchange_differences = worked_out_column("exchange_differences")
    unmatched_deposits = worked_out_column("unmatched_deposits")
    deposit_share = figure_column("deposit_share", link=None)


@dataclass(slots=True)
class ContributionRow:
    """One contributor, or all individuals together."""

    name: str
    url: str
    position: Position
    page: str
    where: dict[str, Any]
    deposit_share: Decimal | None = None
    share_left_out: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.position, name)

    def records_url(self, figure: str) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        if figure in ("commitment", "deposit") and not self.position.has(figure):
            return None
        return records_url(self.page, figure, **self.where) if self.page else None

    def parts(self, figure: str) -> Parts:
        """What a figure leaves out."""
        if figure == "deposit_share":
            return Parts(unconverted=self.share_left_out)
        return self.position.parts(figure)

    def breakdown_url(self, figure: str) -> str | None:
        """Where it is told what an outstanding amount or a difference is made of."""
        return breakdown_url(self.page, figure, self.position, **self.where)
