"""Tables of arrangements: signed and paid, payment by payment, and what is outstanding."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangements import Arrangement, Due
from finance.figures.addresses import NONE
from finance.figures.columns import figure_column
from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.cells import Column
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    MoneyColumn,
    TextColumn,
)
from portal.kit.tables.parts import NO_PARTS, Parts

_IN_US = in_base(_("All amounts in %(currency)s"))


class PartTable(Table):
    """What the tables of a contributor's page share."""

    caption_hidden = True
    note = _IN_US
    wide = True


def fund_column() -> TextColumn:
    """The fund that it was given to."""
    return TextColumn(
        accessor="fund__name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that it was given to."),
        link=lambda row: row.fund.url,
        orderable=False,
        css="name",
    )


def contributor_column() -> TextColumn:
    """Who gave."""
    return TextColumn(
        accessor="contributor",
        verbose_name=_("Contributor"),
        term="contributor",
        definition=_("Who gave; individuals appear only as a sum."),
        link=lambda row: row.page or None,
        orderable=False,
        css="name",
    )


def _arrangement() -> IdentifierColumn:
    return IdentifierColumn(
        accessor="told_reference",
        verbose_name=_("Arrangement"),
        term="arrangement",
        definition=_("Reference of the Standard Administrative Arrangement."),
        orderable=False,
    )


def worked_out_column(key: str, **options: Any) -> Column:
    """The column of a figure that is worked out from arrangements; it leads to how."""
    options.setdefault("link", lambda row: row.breakdown_url(key))
    return figure_column(key, **options)


class ArrangementTable(PartTable):
    """What was signed for and paid, by arrangement, in its own and in the base currency."""

    title = _("Arrangements")
    empty_text = _("No commitment or deposit is known yet.")
    fund = fund_column()
    reference = _arrangement()
    signed = AmountColumn(
        verbose_name=_("Signed"),
        definition=_("Commitments in the currency of the arrangement."),
        link=lambda row: row.records_url("commitment") if row.signed else None,
        orderable=False,
    )
    open = AmountColumn(
        verbose_name=_("Still to be paid"),
        definition=_("What remains of them, in the same currency."),
        link=lambda row: row.breakdown_url("outstanding"),
        orderable=False,
    )
    commitment = figure_column("commitment")
    deposit = figure_column("deposit")
    not_due = worked_out_column("not_due")
    overdue = worked_out_column("overdue")
    exchange_differences = worked_out_column("exchange_differences")
    unmatched_deposits = worked_out_column("unmatched_deposits")


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
    def base_amount(self) -> Decimal:
        """The same in the base currency."""
        return self.due.base_amount

    @property
    def paid_of_it(self) -> Decimal:
        """What has been paid of it."""
        return self.due.paid

    @property
    def left(self) -> Decimal:
        """What has not."""
        return self.due.open

    @property
    def counted(self) -> Decimal:
        """What has not, in the base currency."""
        return self.due.worth

    @property
    def is_left_out(self) -> bool:
        """Whether something is still to be paid of what no rate of exchange converts."""
        return bool(self.due.open and self.due.unconverted)

    def parts(self, name: str) -> Parts:
        """How many amounts of it a sum in the base currency leaves out."""
        counts = name == "base_amount" or self.is_left_out
        return Parts(unconverted=self.due.unconverted) if counts else NO_PARTS

    @property
    def state(self) -> Any:
        """Paid, overdue or not due."""
        if self.due.open <= 0:
            return _("paid")
        if self.due.on is None:
            return _("no day stated")
        return _("overdue") if self.due.is_overdue else _("not due")

    def signed_url(self) -> str | None:
        """Where its commitments are listed."""
        return self.one.records_url("commitment", due=self.due.on or NONE)


def _due_on() -> DateColumn:
    return DateColumn(
        accessor="on",
        verbose_name=_("Due on"),
        definition=_("The day by which it is to be paid."),
        orderable=False,
    )


def _due_amount() -> AmountColumn:
    return AmountColumn(
        verbose_name=_("Amount"),
        definition=_("What is to be paid."),
        link=lambda row: row.signed_url(),
        orderable=False,
    )


def _paid_of_it() -> AmountColumn:
    return AmountColumn(
        verbose_name=_("Paid so far"),
        definition=_("What has been paid, counted against the earliest instalment first."),
        link=lambda row: row.records_url("deposit") if row.paid_of_it else None,
        orderable=False,
    )


class ScheduleTable(PartTable):
    """Each payment that was agreed on, and whether it has come."""

    title = _("Payment schedule")
    note = _(
        "In the currency of each arrangement; payments are counted against the earliest "
        "instalment first."
    )
    empty_text = _("No commitment is known yet.")
    wide = False
    fund = fund_column()
    reference = _arrangement()
    on = _due_on()
    amount = _due_amount()
    paid_of_it = _paid_of_it()
    state = TextColumn(
        verbose_name=_("State"),
        term="outstanding",
        definition=_("Paid, not due or overdue."),
        orderable=False,
    )


class OutstandingTable(PartTable):
    """What is outstanding, payment by payment."""

    note = in_base(
        _(
            "Counts as %(currency)s = the payment in %(currency)s × still to be paid ÷ amount. "
            "What was paid fulfils the earliest payment first."
        )
    )
    empty_text = _("Nothing of it is outstanding.")
    contributor = contributor_column()
    fund = fund_column()
    reference = _arrangement()
    on = _due_on()
    amount = _due_amount()
    paid_of_it = _paid_of_it()
    left = AmountColumn(
        verbose_name=_("Still to be paid"), definition=_("What has not come."), orderable=False
    )
    base_amount = MoneyColumn(
        verbose_name=in_base(_("Payment in %(currency)s")),
        term="commitment",
        definition=_("The commitment to it, as stated."),
        link=lambda row: row.signed_url(),
        parts=lambda row: row.parts("base_amount"),
        orderable=False,
        cents=True,
    )
    counted = MoneyColumn(
        verbose_name=in_base(_("Counts as %(currency)s")),
        term="outstanding",
        definition=_("What it adds to the figure."),
        parts=lambda row: row.parts("counted"),
        orderable=False,
        cents=True,
    )


class DifferenceTable(PartTable):
    """What exchange differences and deposits without a commitment are made of."""

    note = _(
        "Exchange difference = commitments + deposits without a commitment − deposits − "
        "outstanding."
    )
    empty_text = _("There is none.")
    contributor = contributor_column()
    fund = fund_column()
    reference = _arrangement()
    signed = AmountColumn(
        verbose_name=_("Signed"),
        definition=_("Commitments in the currency of the arrangement."),
        orderable=False,
    )
    paid = AmountColumn(
        verbose_name=_("Paid"),
        definition=_("Deposits in the currency of the arrangement."),
        orderable=False,
    )
    commitment = figure_column("commitment", cents=True)
    deposit = figure_column("deposit", cents=True)
    outstanding = worked_out_column("outstanding", cents=True)
    unmatched_deposits = figure_column("unmatched_deposits", link=None, cents=True)
    exchange_differences = figure_column("exchange_differences", link=None, cents=True)
