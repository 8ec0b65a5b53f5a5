"""What contributors signed for and paid: arrangement by arrangement, in its own currency.

An arrangement's schedule is its commitments with their due dates; what was paid fulfils the
earliest first. *Outstanding* is what remains of it, in its currency, worth what the commitment
was worth in the base currency; it is overdue where its day has passed. What rates of exchange
made of the same amount of currency is the exchange difference, kept apart, so that in base amounts

    commitments + deposits without a commitment
        = deposits + not due + overdue + exchange difference

holds to the cent for each arrangement and every sum of them. A pledge is no commitment.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, DateField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.figures.addresses import NONE, NOT_STATED, breakdown_url, records_url
from finance.figures.catalogue import FIGURES
from finance.figures.fund_figures import Party
from finance.models import Commitment, Deposit
from portal.kit.dates import Known
from portal.kit.formatting import half_up
from portal.kit.tables.parts import Parts
from projects.models import Organization

ZERO = Decimal(0)
_FIELDS = (
    *(f"fund__{name}" for name in ("id", "code", "name")),
    *(f"contributor__{name}" for name in ("id", "code", "name", "kind")),
    "arrangement",
    "currency",
)


class FundRef(NamedTuple):
    """A fund as the tables name it."""

    pk: int
    code: str
    name: str

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("fund", args=[self.code])


@dataclass(slots=True)
class Due:
    """A part of an arrangement's schedule, in its currency."""

    on: date | None
    amount: Decimal
    base_amount: Decimal
    paid: Decimal = ZERO
    worth: Decimal = ZERO
    is_overdue: bool = False
    unconverted: int = 0

    @property
    def open(self) -> Decimal:
        """What is not paid of it; `worth` is the same in the base currency."""
        return self.amount - self.paid

    @property
    def figure(self) -> str:
        """The figure that its worth counts in."""
        return "overdue" if self.is_overdue else "not_due"


@dataclass(slots=True)
class Arrangement:
    """One arrangement of one contributor with one fund; `reference` may be empty.

    unconverted: by figure, the amounts without a rate that it leaves out; of `unmeasured` it is
    not known either how much of what was signed for they pay.
    """

    fund: FundRef
    party: Party
    reference: str
    currency: str
    today: date
    schedule: list[Due] = field(default_factory=list)
    # Announced and not signed; nothing that is paid fulfils them.
    pledges: list[Due] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    paid: Decimal = ZERO
    deposit: Decimal = ZERO
    pledge: Decimal = ZERO
    unconverted: Counter[str] = field(default_factory=Counter)
    unmeasured: int = 0
    unmatched_deposits: Decimal = ZERO
    not_due: Decimal = ZERO
    overdue: Decimal = ZERO
    # What of `not_due` may be overdue, for no day is stated.
    undated: Decimal = ZERO

    @property
    def signed(self) -> Decimal:
        """The commitments in the arrangement's currency."""
        return sum((due.amount for due in self.schedule), ZERO)

    @property
    def is_signed(self) -> bool:
        """Whether anything is signed for, converted or not."""
        return any(due.amount for due in self.schedule)

    @property
    def measure(self) -> tuple[Decimal, Decimal]:
        """What of the commitments is converted, in its currency and in the base currency."""
        converted = [due for due in self.schedule if not due.unconverted]
        signed = sum((due.amount for due in converted), ZERO)
        return signed, sum((due.base_amount for due in converted), ZERO)

    @property
    def commitment(self) -> Decimal:
        """The commitments in the base currency."""
        return sum((due.base_amount for due in self.schedule), ZERO)

    @property
    def open(self) -> Decimal:
        """What is outstanding, in the arrangement's currency."""
        return sum((due.open for due in self.schedule), ZERO)

    @property
    def outstanding(self) -> Decimal:
        """Not due and overdue together, in the base currency."""
        return self.not_due + self.overdue

    @property
    def exchange_differences(self) -> Decimal:
        """What rates made of the same amount: the rest, once all else is told apart."""
        received = self.deposit - self.unmatched_deposits
        return self.commitment - received - self.outstanding

    @property
    def contributor(self) -> str:
        """Who gave, by name; individuals appear only as a sum (docs/domain.md#who-is-who)."""
        if self.is_individual:
            return _("Individuals, as a sum")
        return self.party.name or str(NOT_STATED)

    @property
    def is_individual(self) -> bool:
        """Whether individuals gave, who are not told apart."""
        return self.party.kind == Organization.Kind.INDIVIDUALS

    @property
    def told_reference(self) -> str:
        """The reference, as far as it may be told."""
        return "" if self.is_individual else self.reference

    @property
    def page(self) -> str:
        """The page of who gave; "" where the source names nobody."""
        return reverse("contributor", args=[self.party.code]) if self.party.pk else ""

    @property
    def where(self) -> dict[str, str]:
        """What narrows records to it: its commitments, and the deposits that fulfil them."""
        return {
            "fund": self.fund.code,
            "arrangement": self.reference or NONE,
            "currency": ",".join(sorted({self.currency, *self.currencies})),
        }

    def records_url(self, figure: str, **where: Any) -> str | None:
        """Where its records behind a figure are listed; None where it has no page."""
        if self.is_individual or not self.page:
            return None
        return records_url(self.page, figure, **self.where, **where)

    def parts(self, figure: str) -> Parts:
        """How many amounts a figure leaves out."""
        return _parts(self.unconverted, figure)

    def breakdown_url(self, figure: str) -> str | None:
        """Where it is told what an outstanding amount or a difference is made of."""
        if self.is_individual or not self.page:
            return None
        return breakdown_url(self.page, figure, self, **self.where)

    def settle(self) -> None:
        """Let what was paid fulfil the schedule, and value what remains in the base currency."""
        self.schedule.sort(key=lambda due: (due.on is None, due.on or date.max))
        rest = self.paid
        for due in self.schedule:
            due.paid = max(min(rest, due.amount), ZERO) if due.amount > 0 else due.amount
            rest -= due.paid
            due.worth = _share(due.base_amount, due.open, due.amount)
            due.is_overdue = due.on is not None and due.on < self.today
            setattr(self, due.figure, getattr(self, due.figure) + due.worth)
            self.undated += due.worth if due.on is None else ZERO
        unmatched = _share(self.deposit, rest, self.paid) if self.paid else self.deposit
        self.unmatched_deposits = unmatched
        self._count_unconverted(rest)

    def _count_unconverted(self, rest: Decimal) -> None:
        """How many amounts each figure leaves out that is worked out; `rest` was paid beyond."""
        left_out = self.unconverted
        for due in self.schedule:
            if due.open:
                left_out[due.figure] += due.unconverted
                left_out["outstanding"] += due.unconverted
        if rest or self.unmeasured:
            left_out["unmatched_deposits"] = left_out["deposit"]
        if self.schedule:
            for figure in ("not_due", "overdue", "outstanding"):
                left_out[figure] += self.unmeasured
            left_out["exchange_differences"] = left_out["commitment"] + left_out["deposit"]


def _share(base_amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The worth of a part, to the cent; of nothing paid for, all of it, even of a zero."""
    if part == whole:
        return base_amount
    return half_up(base_amount * part / whole, 2) or ZERO if whole else ZERO


def _parts(unconverted: Counter[str], figure: str) -> Parts:
    """By kind of record; what is worked out from them is counted by itself."""
    kinds = FIGURES[figure].measures.measures or {figure}
    return Parts(unconverted=sum(unconverted[kind] for kind in kinds))


@dataclass(slots=True)
class Position:
    """Sums over arrangements, in the base currency."""

    commitment: Decimal = ZERO
    deposit: Decimal = ZERO
    pledge: Decimal = ZERO
    unmatched_deposits: Decimal = ZERO
    not_due: Decimal = ZERO
    overdue: Decimal = ZERO
    undated: Decimal = ZERO
    exchange_differences: Decimal = ZERO
    unconverted: Counter[str] = field(default_factory=Counter)

    @property
    def outstanding(self) -> Decimal:
        """Not due and overdue together."""
        return self.not_due + self.overdue

    def parts(self, figure: str) -> Parts:
        """How many amounts a figure leaves out."""
        return _parts(self.unconverted, figure)

    @property
    def left_out(self) -> int:
        """How many amounts are left out, each counted once."""
        return sum(self.unconverted[kind] for kind in ("commitment", "deposit", "pledge"))

    def has(self, figure: str) -> bool:
        """Whether any record, converted or not, is behind a figure."""
        return bool(getattr(self, figure) or self.parts(figure))

    @property
    def unpaid(self) -> Decimal:
        """Commitments less deposits: outstanding and exchange, less what came beyond."""
        return self.commitment - self.deposit

    @classmethod
    def of(cls, arrangements: Iterable[Arrangement]) -> "Position":
        """The sums over these."""
        position = cls()
        for one in arrangements:
            for name in cls.__slots__:
                setattr(position, name, getattr(position, name) + getattr(one, name))
        return position


def arrangements(known: Known, **which: Any) -> list[Arrangement]:
    """Arrangements of a fund (`fund=`) or contributor (`contributor=`), in one query.

    A due date has passed or not by the last day that is known of.
    """
    today = known.last_day
    found: dict[tuple, Arrangement] = {}
    deposits = []
    for row in _rows(known, which):
        fund, party, (reference, currency) = FundRef(*row[:3]), Party(*row[3:7]), row[7:9]
        what, due_on, amount, base_amount, unconverted = row[9:]
        if what == "deposit":
            deposits.append((fund, party, reference, currency, amount, base_amount, unconverted))
            continue
        key = (fund, party, reference, currency)
        one = found.setdefault(key, Arrangement(fund, party, reference, currency, today))
        if what == "pledge":
            one.pledge += base_amount
            pledged = Due(due_on, amount, base_amount, worth=base_amount, unconverted=unconverted)
            one.pledges.append(pledged)
        else:
            one.schedule.append(Due(due_on, amount, base_amount, unconverted=unconverted))
        one.unconverted[what] += unconverted
    for fund, party, reference, currency, amount, base_amount, unconverted in deposits:
        one = _paid_for(found, (fund, party, reference), currency, today)
        # Another currency than the one signed for counts by its worth.
        is_other = one.currency != currency and one.is_signed
        signed, worth = one.measure
        if not is_other:
            one.paid += amount
        elif worth:
            one.paid += base_amount * signed / worth
        else:
            one.unmeasured += not unconverted
        one.currencies.add(currency)
        one.deposit += base_amount
        one.unconverted["deposit"] += unconverted
        one.unmeasured += unconverted if is_other else 0
    for one in found.values():
        one.settle()
    return sorted(
        found.values(),
        key=lambda a: (a.party.name, a.fund.name, a.fund, a.reference, a.currency),
    )


def _paid_for(
    found: dict[tuple, Arrangement], owner: tuple, currency: str, today: date
) -> Arrangement:
    """The arrangement that a deposit fulfils: of its currency, or the only one there is."""
    if (same := found.get((*owner, currency))) is not None:
        return same
    others = [one for key, one in found.items() if key[:3] == owner and one.is_signed]
    if len(others) == 1:
        return others[0]
    fund, party, reference = owner
    return found.setdefault(
        (*owner, currency), Arrangement(fund, party, reference, currency, today)
    )


def _rows(known: Known, which: dict[str, Any]) -> Iterable[tuple]:
    """Sums of commitments and deposits as known then, by arrangement and due date."""
    sums = {
        "amounts": Sum("amount"),
        "base_amounts": Coalesce(Sum("base_amount"), ZERO),
        "unconverted": Count("pk", filter=Q(base_amount__isnull=True)),
    }
    signed = (
        Commitment.objects.known_at(known.as_of)
        .up_to(known.until)
        .filter(**which)
        .order_by()
        .values_list(
            *_FIELDS,
            Case(
                When(is_pledge=True, then=Value("pledge")),
                default=Value("commitment"),
                output_field=CharField(),
            ),
            "due_on",
        )
        .annotate(**sums)
    )
    paid = (
        Deposit.objects.known_at(known.as_of)
        .up_to(known.until)
        .filter(**which)
        .order_by()
        .values_list(
            *_FIELDS,
            Value("deposit", output_field=CharField()),
            Value(None, output_field=DateField()),
        )
        .annotate(**sums)
    )
    return [
        (*row[:3], *(value or "" for value in row[3:7]), *row[7:])
        for row in signed.union(paid, all=True)
    ]


def by(
    found: Iterable[Arrangement], key: Callable[[Arrangement], Any]
) -> dict[Any, list[Arrangement]]:
    """Arrangements in groups, in their order."""
    groups: dict[Any, list[Arrangement]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return groups
