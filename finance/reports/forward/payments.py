"""Payments that contributors have still to make, one by one, and what they only announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from finance.contributors.arrangement_tables import DueRow
from finance.contributors.arrangements import Arrangement
from finance.figures.addresses import NONE
from finance.reports.forward.quarters import Quarter
from portal.kit.tables.parts import Parts


@dataclass(frozen=True, slots=True)
class PaymentRow(DueRow):
    """A payment of a schedule of which something is to come; a pledge is announced, not signed."""

    is_pledge: bool = False

    @property
    def month(self) -> str:
        """The month in which it is due; "" where no day is stated."""
        return capfirst(date_format(self.on, "F Y")) if self.on else ""

    @property
    def quarter(self) -> Quarter | None:
        """The quarter in which it counts: signed for, and due on a day to come."""
        is_to_come = self.on is not None and not self.is_pledge and not self.due.is_overdue
        return Quarter.of(self.on) if is_to_come and self.on else None

    @property
    def state(self) -> Any:
        """How sure it is, and whether its day has passed."""
        return _("pledged, not signed") if self.is_pledge else DueRow.state.fget(self)  # type: ignore[attr-defined]

    @property
    def counted_parts(self) -> Parts:
        """How many amounts its worth leaves out: of itself, or of what was paid for it."""
        unmeasured = 0 if self.is_pledge else self.one.unmeasured
        return Parts(unconverted=self.due.unconverted + unmeasured)

    def signed_url(self) -> str | None:
        """Where its commitments, or its pledges, are listed."""
        figure = "pledge" if self.is_pledge else "commitment"
        return self.one.records_url(figure, due=self.due.on or NONE)


def payments_to_come(found: Iterable[Arrangement]) -> list[PaymentRow]:
    """What is still to be paid of each arrangement, and its pledges, by day."""
    rows = []
    for one in found:
        rows += [PaymentRow(one, due) for due in one.schedule if due.open > 0]
        rows += [PaymentRow(one, due, is_pledge=True) for due in one.pledges if due.open > 0]
    return sorted(rows, key=_order)


def _order(row: PaymentRow) -> tuple:
    one = row.one
    names = (one.party.name, one.fund.name, one.reference)
    return (row.on is None, row.on or date.max, row.is_pledge, *names)


def worth(rows: Iterable[PaymentRow]) -> Decimal:
    """What they come to in the base currency, as far as that is known."""
    return sum((row.counted for row in rows), Decimal(0))


def left_out(rows: Iterable[PaymentRow]) -> Parts:
    """How many amounts that leaves out."""
    return sum((row.counted_parts for row in rows), Parts())
