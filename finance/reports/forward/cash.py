"""The cash that a fund would hold at the end of each quarter to come.

    cash at the end = cash at the beginning + payments signed for and due in it − planned transfers

What is overdue, has no day or is only pledged comes in no quarter; what may be called for already
goes out in the first. Fees, interest and whatever nobody has agreed on are not in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from finance.figures.addresses import records_url
from finance.reports.forward import payments, transfers
from finance.reports.forward.payments import PaymentRow, payments_to_come
from finance.reports.forward.quarters import Quarter
from finance.reports.forward.transfers import TransferRow, planned_transfers
from finance.reports.fund import FundMoney
from portal.kit.tables.parts import Parts

LEAST, MOST = 4, 12  # quarters shown


@dataclass(slots=True)
class QuarterRow:
    """What comes and goes in a quarter; None where cash or transfers are not known."""

    label: str
    opening: Decimal | None
    due: Decimal
    planned: Decimal | None
    closing: Decimal | None
    parts: dict[str, Parts] = field(default_factory=dict)
    links: dict[str, str | None] = field(default_factory=dict)
    css: str = ""


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """What is to come and counts in no quarter."""

    label: str
    amount: Decimal
    parts: Parts
    link: str | None


class Forward:
    """The view ahead of a fund, as known then; each part is read once."""

    def __init__(self, money: FundMoney) -> None:
        self.money = money
        self.fund = money.fund
        self.today = money.known.last_day

    @property
    def page(self) -> str:
        """Its address."""
        return reverse("fund-forward", args=[self.fund.code])

    @cached_property
    def payments(self) -> list[PaymentRow]:
        """What contributors have still to pay, and what they announced."""
        return payments_to_come(self.money.arrangements)

    @cached_property
    def knows_transfers(self) -> bool:
        """Whether it is stated what was transferred: else no plan follows from budgets."""
        return self.money.reports.statement.knows_funding

    @cached_property
    def transfers(self) -> list[TransferRow]:
        """What is still to be transferred to projects."""
        return planned_transfers(self.fund, self.money.known) if self.knows_transfers else []

    @property
    def knows_cash(self) -> bool:
        """Whether it is known what the fund holds today."""
        return self.money.reports.statement.knows_income

    def quarters(self) -> list[QuarterRow]:
        """From this quarter on, as far as anything is to come; what is later still, together."""
        statement = self.money.reports.statement
        cash, held = None, Parts()
        if self.knows_cash:
            # Money that bears a date in a year to come is not in hand.
            cash = self.money.sums.total("balance_aa", None, statement.year)
            held = self.money.sums.parts("balance_aa", None, statement.year)
        first = Quarter.of(self.today)
        ahead = [row.quarter for row in self.payments if row.quarter]
        last = max([first, *ahead, *(row.quarter for row in self.transfers)])
        rows: list[QuarterRow] = []
        quarter = first
        while len(rows) < MOST and (len(rows) < LEAST or quarter <= last):
            where = f"?quarter={quarter.code}"
            rows.append(self._row(str(quarter), cash, held, _is(quarter), where))
            cash, held, quarter = rows[-1].closing, rows[-1].parts["closing"], quarter.next
        if quarter <= last:
            rows.append(self._row(_("Later"), cash, held, _from(quarter), ""))
        if self.knows_cash:
            rows[0].links["opening"] = statement.link("balance_aa", None, statement.year)
        return rows

    def _row(
        self,
        label: str,
        cash: Decimal | None,
        held: Parts,
        counts: Callable[[Any], bool],
        where: str,
    ) -> QuarterRow:
        coming = [row for row in self.payments if counts(row.quarter)]
        going = [row for row in self.transfers if counts(row.quarter)]
        due, due_parts = payments.worth(coming), payments.left_out(coming)
        planned = transfers.left(going) if self.knows_transfers else None
        going_parts = transfers.left_out(going)
        return QuarterRow(
            label,
            cash,
            due,
            planned,
            None if cash is None or planned is None else cash + due - planned,
            {
                "opening": held,
                "due": due_parts,
                "planned": going_parts,
                "closing": held + due_parts + going_parts,
            },
            {
                "due": f"{self.page}{where}#payments-section" if coming else None,
                "planned": f"{self.page}{where}#transfers-section" if going else None,
            },
        )

    def left_out(self) -> list[LeftOutRow]:
        """What may come as well, and counts in no quarter."""
        page = self.fund.get_absolute_url()
        found: Sequence[tuple[str, str, Callable[[PaymentRow], bool]]] = (
            (_("Overdue payments"), f"{page}outstanding/?figure=overdue",
             lambda row: row.due.is_overdue and not row.is_pledge),
            (_("Payments of which no day is stated"), f"{self.page}#payments-section",
             lambda row: row.on is None and not row.is_pledge),
            (_("Pledges, not signed"), records_url(page, "pledge"), lambda row: row.is_pledge),
        )  # fmt: skip
        rows = []
        for label, link, is_one in found:
            those = [row for row in self.payments if is_one(row)]
            if those:
                rows.append(
                    LeftOutRow(label, payments.worth(those), payments.left_out(those), link)
                )
        return rows


def _is(quarter: Quarter) -> Callable[[Quarter | None], bool]:
    return lambda found: found == quarter


def _from(quarter: Quarter) -> Callable[[Quarter | None], bool]:
    return lambda found: found is not None and found >= quarter
