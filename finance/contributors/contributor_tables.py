"""Tables of a contributor: deposits, by fund and year, share; and the list of contributors."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangement_tables import PartTable, fund_column, worked_out_column
from finance.contributors.arrangements import FundRef, Position
from finance.figures.addresses import NONE, breakdown_url, records_url, subpage_url
from finance.figures.catalogue import FIGURES
from finance.figures.columns import figure_column
from finance.figures.fund_figures import FundSums
from portal.kit.currency import in_base
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    LinkColumn,
    MoneyColumn,
    RateColumn,
    TextColumn,
    YearColumn,
)
from portal.kit.tables.parts import Parts
from projects.models import Fund

_IN_US = in_base(_("All amounts in %(currency)s"))


class DepositTable(PartTable):
    """Each deposit, as it was stated."""

    title = FIGURES["deposit"].label
    note = ""
    empty_text = _("No deposit is known yet.")
    date = DateColumn(verbose_name=_("Date"), definition=_("The day on which it was received."))
    fund = LinkColumn(
        order_by="fund__sort_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that it was given to."),
        css="name",
    )
    arrangement = IdentifierColumn(
        verbose_name=_("Arrangement"),
        term="arrangement",
        definition=_("Reference of the Standard Administrative Arrangement."),
    )
    payer_reference = IdentifierColumn(
        verbose_name=_("Payer’s reference"), definition=_("As the payer stated it.")
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    rate = RateColumn(
        verbose_name=_("Rate"), definition=in_base(_("Units of the currency per %(currency)s."))
    )
    base_amount = MoneyColumn(
        verbose_name=in_base(_("Amount in %(currency)s")),
        term="base-currency",
        definition=in_base(_("Amount in %(currency)s; empty where no rate is known.")),
        cents=True,
    )
    load = TextColumn(
        accessor="load__file_name",
        verbose_name=_("File"),
        term="load",
        definition=_("The source file that states it."),
        link=lambda deposit: deposit.load.get_absolute_url(),
    )
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row or line of the file."))


@dataclass(frozen=True, slots=True)
class GivenRow:
    """What was given to one fund in one year."""

    fund: FundRef
    year: int
    sums: FundSums
    page: str

    def __getattr__(self, name: str) -> Decimal:
        if name in FIGURES:
            return self.sums.total(name)
        raise AttributeError(name)

    def parts(self, figure: str) -> Parts:
        """What a figure leaves out."""
        return self.sums.parts(figure)

    def records_url(self, figure: str) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        if not self.sums.has_records(figure):
            return None
        year = self.year
        return records_url(self.page, figure, fund=self.fund.code, first=year, last=year)


class GivenTable(PartTable):
    """By fund and year."""

    title = _("By fund and year")
    sheet = _("By fund and year")
    empty_text = _("Nothing is known yet.")
    wide = False
    fund = fund_column()
    year = YearColumn(
        verbose_name=_("Year"), definition=_("Of signature, or of receipt."), orderable=False
    )
    commitment = figure_column("commitment")
    pledge = figure_column("pledge")
    deposit = figure_column("deposit")


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The notional share of one fund; `page` is the contributor's."""

    page: str
    fund: FundRef | Fund
    own: FundSums
    whole: FundSums

    @property
    def deposit_own(self) -> Decimal:
        """Own deposits."""
        return self.own.total("deposit")

    @property
    def deposit_all(self) -> Decimal:
        """Deposits of all contributors."""
        return self.whole.total("deposit")

    def parts(self, figure: str) -> Parts:
        """What a figure holds that is interim and leaves out; of a share, what its whole does."""
        if figure == "deposit_own":
            return self.own.parts("deposit")
        of = FIGURES[figure].of
        held = self.whole.parts_together(("deposit", of))
        if self.deposit_share is None:
            return Parts(unconverted=held.unconverted, is_share=figure != "deposit_all")
        return held.by_share(self.deposit_own / self.deposit_all)

    def notional_url(self, figure: str) -> str:
        """Where the fund's records are listed, each by the share."""
        return subpage_url(self.page, "notional", figure, fund=self.fund.code)

    @property
    def deposit_share(self) -> Decimal | None:
        """Own deposits ÷ all deposits, in percent; None where there are none, or not all could be
        converted."""
        if not self.deposit_all or self.whole.parts("deposit").unconverted:
            return None
        return self.deposit_own * 100 / self.deposit_all

    def share_of(self, figure: str) -> Decimal | None:
        """The matching share of a figure of the fund, in the base currency."""
        if self.deposit_share is None:
            return None
        return self.whole.total(figure) * self.deposit_own / self.deposit_all

    @property
    def net_funded_notional(self) -> Decimal | None:
        """The share of the fund's net funded amount."""
        return self.share_of("net_funded")

    @property
    def expenditure_notional(self) -> Decimal | None:
        """The share of the fund's expenditure."""
        return self.share_of("expenditure")

    @property
    def total_balance_notional(self) -> Decimal | None:
        """The share of all that is left of the fund."""
        return self.share_of("total_balance")


def _notional(figure: str) -> Callable[[ShareRow], str]:
    return lambda row: row.notional_url(figure)


class ShareTable(PartTable):
    """The notional share of each fund."""

    title = _("Notional share of each fund")
    sheet = _("Notional share")
    note = in_base(
        _(
            "In %(currency)s. Notional: money is pooled, and no contributor’s money can be "
            "followed to a project. Share = own deposits ÷ all deposits of the fund to date; "
            "each notional amount = the fund’s amount × share."
        )
    )
    empty_text = _("No deposit is known yet.")
    fund = fund_column()
    deposit_own = figure_column(
        "deposit_own", link=lambda row: records_url(row.page, "deposit", fund=row.fund.code)
    )
    deposit_all = figure_column(
        "deposit_all", link=lambda row: records_url(row.fund.url, "deposit")
    )
    deposit_share = figure_column("deposit_share", link=None, places=2)
    net_funded_notional = figure_column("net_funded_notional", link=_notional("net_funded"))
    expenditure_notional = figure_column("expenditure_notional", link=_notional("expenditure"))
    total_balance_notional = figure_column(
        "total_balance_notional", link=_notional("total_balance")
    )


@dataclass(frozen=True)
class YearRow:
    """What came to one fund, or all, in a year and before it; `page` is the contributor's."""

    page: str
    fund: FundRef | None
    own: FundSums
    year: int

    @property
    def deposit_opening(self) -> Decimal:
        """What had come before it."""
        return self.own.total("deposit", None, self.year - 1)

    @property
    def deposit_received(self) -> Decimal:
        """What came in it."""
        return self.own.total("deposit", self.year, self.year)

    @property
    def deposit_closing(self) -> Decimal:
        """What had come by its end."""
        return self.own.total("deposit", None, self.year)

    def parts(self, figure: str) -> Parts:
        """What a sum leaves out."""
        return self.own.parts("deposit", *self._between(figure))

    def records_url(self, figure: str) -> str | None:
        """Where the deposits behind a figure are listed; None where there are none."""
        first, last = self._between(figure)
        if not self.own.has_records("deposit", first, last):
            return None
        return records_url(self.page, "deposit", first=first, last=last, **self._where)

    @property
    def _where(self) -> dict[str, str]:
        return {"fund": self.fund.code} if self.fund else {}

    def _between(self, figure: str) -> tuple[int | None, int]:
        first = self.year if figure == "deposit_received" else None
        return first, self.year - (figure == "deposit_opening")


class YearTable(PartTable):
    """The year: what had been given before it, what was received in it, and both, by fund."""

    title = _("The year, by fund")
    note = _IN_US
    empty_text = _("No deposit is known yet.")
    fund = fund_column()
    deposit_opening = figure_column("deposit_opening")
    deposit_received = figure_column("deposit_received")
    deposit_closing = figure_column("deposit_closing")


@dataclass(frozen=True, slots=True)
class ContributorRow:
    """A contributor in the list, or all individuals together."""

    name: str
    url: str
    kind: str
    funds: int
    position: Position

    def __getattr__(self, name: str) -> Any:
        return getattr(self.position, name)

    def records_url(self, figure: str) -> str:
        """Where the records behind a figure are listed."""
        if self.url:
            return records_url(self.url, figure)
        return records_url(reverse("fund-list"), figure, organization=NONE)

    def parts(self, figure: str) -> Parts:
        """What a figure leaves out."""
        return self.position.parts(figure)

    def breakdown_url(self, figure: str) -> str | None:
        """Where it is told what an outstanding amount or a difference is made of."""
        if self.url:
            return breakdown_url(self.url, figure, self.position)
        page = reverse("contributor-list")
        return breakdown_url(page, figure, self.position, organization=NONE)


class ContributorTable(PartTable):
    """All contributors."""

    title = _("Contributors")
    empty_text = _("No contributor is known yet.")
    card = ("name", "kind", "commitment", "deposit", "overdue")
    name = TextColumn(
        verbose_name=_("Contributor"),
        term="contributor",
        definition=_("Who gave; individuals appear only as a sum."),
        link=lambda row: row.url or None,
        order_by="sort_name",
        css="name",
    )
    kind = TextColumn(verbose_name=_("Kind"), definition=_("Kind of organization."))
    funds = IntegerColumn(verbose_name=_("Funds"), definition=_("Funds that it gave to."))
    commitment = figure_column("commitment", orderable=True)
    deposit = figure_column("deposit", orderable=True)
    not_due = worked_out_column("not_due", orderable=True)
    overdue = worked_out_column("overdue", orderable=True)
    exchange_differences = worked_out_column("exchange_differences", orderable=True)
    unmatched_deposits = worked_out_column("unmatched_deposits", orderable=True)
