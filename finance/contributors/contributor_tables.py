"""Tables of a contributor: deposits, by fund and year, share; and the list of contributors."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangement_tables import (
    PartTable,
    beyond,
    committed,
    deposited,
    exchange,
    fund_column,
    money_column,
    not_due,
    overdue,
)
from finance.contributors.arrangements import ZERO, FundRef, Position, worked_url
from finance.figures.drilldown import NONE, below, records_url
from portal.kit.currency import in_base
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    LinkColumn,
    MoneyColumn,
    PercentColumn,
    RateColumn,
    TextColumn,
)
from projects.models import Fund

_IN_US = in_base(_("All amounts in %(currency)s"))


class DepositTable(PartTable):
    """Each deposit, as it was stated."""

    title = _("Deposits")
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
    committed: Decimal
    pledged: Decimal
    deposited: Decimal
    page: str
    has: frozenset[str]

    def records(self, figure: str) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        if figure not in self.has:
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
    year = TextColumn(
        verbose_name=_("Year"), definition=_("Of signature, or of receipt."), orderable=False
    )
    committed = money_column(
        _("Commitments"),
        "commitment",
        _("Signed for in the year."),
        link=lambda row: row.records("commitment"),
    )
    pledged = money_column(
        _("Pledges"),
        "pledge",
        _("Pledged in the year, not signed."),
        link=lambda row: row.records("pledge"),
    )
    deposited = money_column(
        _("Deposits"),
        "deposit",
        _("Received in the year."),
        link=lambda row: row.records("deposit"),
    )


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The notional share of one fund; `page` is the contributor's."""

    page: str
    fund: FundRef | Fund
    own: Decimal
    all: Decimal
    net_funded: Decimal = ZERO
    expenditure: Decimal = ZERO
    balance: Decimal = ZERO

    def notional(self, figure: str) -> str:
        """Where the fund's records are listed, each by the share."""
        return below(self.page, "notional", figure, fund=self.fund.code)

    @property
    def share(self) -> Decimal | None:
        """Own deposits ÷ all deposits, in percent; None where there are none."""
        return self.own * 100 / self.all if self.all else None

    def part(self, whole: Decimal) -> Decimal | None:
        """The matching share of a sum, in US$."""
        return whole * self.own / self.all if self.all else None


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
    own = money_column(
        _("Own deposits"),
        "deposit",
        _("Deposits of the contributor to date."),
        link=lambda row: records_url(row.page, "deposit", fund=row.fund.code),
    )
    all = money_column(
        _("All deposits"),
        "deposit",
        _("Deposits of all contributors to date."),
        link=lambda row: records_url(row.fund.url, "contributions"),
    )
    share = PercentColumn(
        verbose_name=_("Notional share"),
        definition=_("Own deposits ÷ all deposits."),
        orderable=False,
        places=2,
    )
    notional_net = money_column(
        _("Notional net funded"),
        "net-funded-amount",
        _("The fund’s net funded amount × share."),
        get=lambda row: row.part(row.net_funded),
        link=lambda row: row.notional("net_funded"),
    )
    notional_expenditure = money_column(
        _("Notional expenditure"),
        "expenditure",
        _("The fund’s expenditure × share."),
        get=lambda row: row.part(row.expenditure),
        link=lambda row: row.notional("expenditure"),
    )
    notional_balance = money_column(
        _("Notional balance"),
        "balance-with-organizations",
        _("The fund’s total balance, with the fund office and with organizations, × share."),
        get=lambda row: row.part(row.balance),
        link=lambda row: row.notional("total_balance"),
    )


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

    def records(self, figure: str) -> str:
        """Where the records behind a figure are listed."""
        if self.url:
            return records_url(self.url, figure)
        return records_url(reverse("fund-list"), figure, organization=NONE)

    def worked(self, figure: str) -> str | None:
        """Where it is told what an outstanding amount or a difference is made of."""
        if self.url:
            return worked_url(self.url, figure, self.position)
        page = reverse("contributor-list")
        return worked_url(page, figure, self.position, organization=NONE)


class ContributorTable(PartTable):
    """All contributors."""

    title = _("Contributors")
    empty_text = _("No contributor is known yet.")
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
    committed = committed(orderable=True)
    deposited = deposited(orderable=True)
    not_due = not_due()
    overdue = overdue()
    exchange = exchange()
    beyond = beyond()
