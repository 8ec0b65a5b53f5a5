"""Tables of a contributor: arrangements, payment schedule, deposits, by fund and year, share."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.contributions import Arrangement, Due, FundRef, Position
from finance.drilldown import records_url
from portal.kit.columns import (
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
from portal.kit.currency import in_base
from portal.kit.tables import Table

_IN_US = in_base(_("All amounts in US$"))


class _Part(Table):
    """What the tables of a contributor's page share."""

    caption_hidden = True
    note = _IN_US
    wide = True


def _fund() -> TextColumn:
    return TextColumn(
        accessor="fund__name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that it was given to."),
        link=lambda row: row.fund.url,
        orderable=False,
        css="name",
    )


def _arrangement() -> IdentifierColumn:
    return IdentifierColumn(
        accessor="reference",
        verbose_name=_("Arrangement"),
        term="arrangement",
        definition=_("Reference of the Standard Administrative Arrangement."),
        orderable=False,
    )


def _money(label: Any, term: str, definition: Any, **options: Any) -> MoneyColumn:
    options.setdefault("orderable", False)
    return MoneyColumn(verbose_name=label, term=term, definition=definition, **options)


def not_due() -> MoneyColumn:
    """Outstanding and not due."""
    return _money(
        _("Outstanding, not due"),
        "outstanding",
        _("Signed for and not paid; the day for it has not passed, or none is stated."),
    )


def overdue() -> MoneyColumn:
    """Outstanding and overdue."""
    return _money(
        _("Outstanding, overdue"),
        "outstanding",
        _("Signed for and not paid though its day has passed."),
    )


def exchange() -> MoneyColumn:
    """Exchange differences."""
    return _money(
        _("Exchange differences"),
        "exchange-rate",
        _("What rates of exchange made of the same amount between signing and payment."),
    )


def beyond() -> MoneyColumn:
    """Deposits that nobody signed for."""
    return _money(
        _("Deposits without a commitment"),
        "deposit",
        _("Received beyond what was signed for, or with nothing signed."),
    )


class ArrangementTable(_Part):
    """What was signed for and paid, arrangement by arrangement, in its currency and in US$."""

    title = _("Arrangements")
    empty_text = _("No commitment or deposit is known yet.")
    fund = _fund()
    reference = _arrangement()
    signed = AmountColumn(
        verbose_name=_("Signed"),
        definition=_("Commitments in the currency of the arrangement."),
        orderable=False,
    )
    open = AmountColumn(
        verbose_name=_("Still to be paid"),
        definition=_("What remains of them, in the same currency."),
        orderable=False,
    )
    committed = _money(_("Commitments"), "commitment", _("Signed for, paid or not."))
    deposited = _money(_("Deposits"), "deposit", _("Received."))
    not_due = not_due()
    overdue = overdue()
    exchange = exchange()
    beyond = beyond()


@dataclass(frozen=True, slots=True)
class DueRow:
    """One payment of a schedule."""

    one: Arrangement
    due: Due

    def __getattr__(self, name: str) -> Any:
        return getattr(self.one, name)

    @property
    def on(self) -> date | None:
        """The day by which it is to be paid."""
        return self.due.on

    @property
    def amount(self) -> Decimal:
        """What is to be paid, in the arrangement's currency."""
        return self.due.amount

    @property
    def paid_of_it(self) -> Decimal:
        """What has been paid of it."""
        return self.due.paid

    @property
    def state(self) -> Any:
        """Paid, overdue or not due."""
        if self.due.open <= 0:
            return _("paid")
        if self.due.on is None:
            return _("no day stated")
        return _("overdue") if self.due.on < self.one.today else _("not due")


class ScheduleTable(_Part):
    """Each payment that was agreed on, and whether it has come."""

    title = _("Payment schedule")
    note = _("In the currency of each arrangement; what was paid fulfils the earliest first.")
    empty_text = _("No commitment is known yet.")
    wide = False
    fund = _fund()
    reference = _arrangement()
    on = DateColumn(
        verbose_name=_("Due on"),
        definition=_("The day by which it is to be paid."),
        orderable=False,
    )
    amount = AmountColumn(
        verbose_name=_("Amount"), definition=_("What is to be paid."), orderable=False
    )
    paid_of_it = AmountColumn(
        verbose_name=_("Paid of it"), definition=_("What has come."), orderable=False
    )
    state = TextColumn(
        verbose_name=_("State"),
        term="outstanding",
        definition=_("Paid, not due or overdue."),
        orderable=False,
    )


class DepositTable(_Part):
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
        verbose_name=_("Rate"), definition=in_base(_("Units of the currency per US$."))
    )
    usd = MoneyColumn(
        verbose_name=in_base(_("Amount in US$")),
        term="base-currency",
        definition=in_base(_("Amount in US$; empty where no rate is known.")),
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


class GivenTable(_Part):
    """By fund and year."""

    title = _("By fund and year")
    sheet = _("By fund and year")
    empty_text = _("Nothing is known yet.")
    wide = False
    fund = _fund()
    year = TextColumn(
        verbose_name=_("Year"), definition=_("Of signature, or of receipt."), orderable=False
    )
    committed = _money(
        _("Commitments"),
        "commitment",
        _("Signed for in the year."),
        link=lambda row: row.records("commitment"),
    )
    pledged = _money(
        _("Pledges"),
        "pledge",
        _("Pledged in the year, not signed."),
        link=lambda row: row.records("pledge"),
    )
    deposited = _money(
        _("Deposits"),
        "deposit",
        _("Received in the year."),
        link=lambda row: row.records("deposit"),
    )


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The notional share of one fund."""

    fund: FundRef
    own: Decimal
    all: Decimal
    net_funded: Decimal
    expenditure: Decimal
    balance: Decimal

    @property
    def share(self) -> Decimal | None:
        """Own deposits ÷ all deposits, in percent; None where there are none."""
        return self.own * 100 / self.all if self.all else None

    def part(self, whole: Decimal) -> Decimal | None:
        """The matching share of a sum, in US$."""
        return whole * self.own / self.all if self.all else None


class ShareTable(_Part):
    """The notional share of each fund."""

    title = _("Notional share of each fund")
    sheet = _("Notional share")
    note = in_base(
        _(
            "In US$. Notional: money is pooled, and no contributor’s money can be followed to a "
            "project. Share = own deposits ÷ all deposits of the fund to date; each notional "
            "amount = the fund’s amount × share."
        )
    )
    empty_text = _("No deposit is known yet.")
    fund = _fund()
    own = _money(_("Own deposits"), "deposit", _("Deposits of the contributor to date."))
    all = _money(
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
    notional_net = _money(
        _("Notional net funded"),
        "net-funded-amount",
        _("The fund’s net funded amount × share."),
        get=lambda row: row.part(row.net_funded),
    )
    notional_expenditure = _money(
        _("Notional expenditure"),
        "expenditure",
        _("The fund’s expenditure × share."),
        get=lambda row: row.part(row.expenditure),
    )
    notional_balance = _money(
        _("Notional balance"),
        "balance-with-organizations",
        _("The fund’s total balance, with the fund office and with organizations, × share."),
        get=lambda row: row.part(row.balance),
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

    def records(self, figure: str) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        return records_url(self.url, figure) if self.url else None


class ContributorTable(_Part):
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
    committed = _money(
        _("Commitments"),
        "commitment",
        _("Signed for, paid or not."),
        link=lambda row: row.records("commitment"),
        orderable=True,
    )
    deposited = _money(
        _("Deposits"),
        "deposit",
        _("Received."),
        link=lambda row: row.records("deposit"),
        orderable=True,
    )
    not_due = not_due()
    overdue = overdue()
    exchange = exchange()
    beyond = beyond()
