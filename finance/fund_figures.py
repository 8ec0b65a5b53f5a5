"""Sums of what records do to funds: read once per page, then picked by measure and year.

A *figure* of a fund is a sum of measures, each with a sign: `Signs`. A measure may be narrowed
by state or place: "to-fund/fund" is what went to funds of this portal, "paid*" what was paid
for projects of other funds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, Value, When
from django.db.models.fields import BigIntegerField, DecimalField

from finance import then
from finance.models import FundMeasure
from portal.kit.panels import Ask

ZERO = Decimal(0)
STATE, ELSEWHERE = "/", "*"
Signs = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FundSum:
    """One sum in US$ with what it is the sum of."""

    measure: str
    state: str
    year: int
    elsewhere: bool
    organization_id: int | None
    category_id: int | None
    usd: Decimal
    records: int
    unconverted: int

    def sign(self, signs: Signs) -> int:
        """How it counts in a figure."""
        sign = signs.get(self.measure, 0)
        if self.state:
            sign += signs.get(self.measure + STATE + self.state, 0)
        if self.elsewhere:
            sign += signs.get(self.measure + ELSEWHERE, 0)
        return sign


class FundSums(list[FundSum]):
    """The sums of one fund, or of all."""

    def total(self, signs: Signs, first: int | None = None, last: int | None = None) -> Decimal:
        """A figure over these years, in US$."""
        return sum((s.usd * s.sign(signs) for s in self.between(first, last)), ZERO)

    def has_records(self, signs: Signs, first: int | None = None, last: int | None = None) -> bool:
        """Whether any record stands behind the figure over these years."""
        names = measures_of(signs)
        return any(s.measure in names for s in self.between(first, last))

    def between(self, first: int | None, last: int | None) -> "FundSums":
        """The sums of these years."""
        return FundSums(
            s
            for s in self
            if (first is None or s.year >= first) and (last is None or s.year <= last)
        )

    def years(self) -> list[int]:
        """The years of all records."""
        return sorted({s.year for s in self})

    def by(self, name: str) -> dict[Any, "FundSums"]:
        """The sums of each organization or category."""
        groups: dict[Any, FundSums] = {}
        for s in self:
            groups.setdefault(getattr(s, name), FundSums()).append(s)
        return groups

    @property
    def is_interim(self) -> bool:
        """Whether interim expenditure is among them."""
        return any(s.state == "interim" for s in self)

    @property
    def unconverted(self) -> int:
        """How many records are left out, for no rate of exchange is known."""
        return sum(s.unconverted for s in self)


def fund_sums(ask: Ask, fund_id: int | None) -> FundSums:
    """The sums of a fund, or of all together (None), read once per page."""
    return ask.once(f"fund-sums-{fund_id}", lambda: _read(ask, fund_id))


def _read(ask: Ask, fund_id: int | None) -> FundSums:
    figures = then.fund_figures(ask, None if fund_id is None else [fund_id])
    parts = ("organization_id", "category_id")
    if fund_id is None:
        # Of all funds together nobody asks for the parts, which would be many.
        nothing = Value(None, output_field=BigIntegerField())
        figures, parts = figures.annotate(no_part=nothing), ("no_part", "no_part")
    rows = (
        figures.order_by()
        .values("measure", "state", "year", "elsewhere", *set(parts))
        .annotate(Sum("usd"), Sum("records"), Sum("unconverted"))
    )
    return FundSums(
        FundSum(
            *(row[name] for name in ("measure", "state", "year", "elsewhere", *parts)),
            *(row[f"{name}__sum"] for name in ("usd", "records", "unconverted")),
        )
        for row in rows
    )


def measures_of(signs: Signs) -> set[str]:
    """The measures that a figure is made of."""
    return {name.partition(STATE)[0].rstrip(ELSEWHERE) for name in signs}


def counted(effects: QuerySet, signs: Signs) -> QuerySet:
    """Effects that count in a figure, each with `sign`."""
    plain = {n: sign for n, sign in signs.items() if STATE not in n and ELSEWHERE not in n}
    cases: list[When] = []
    for name, sign in signs.items():
        if name in plain:
            continue
        measure = next(iter(measures_of([name])))  # type: ignore[arg-type]
        narrowed = Q(elsewhere=True) if ELSEWHERE in name else Q(state=name.partition(STATE)[2])
        cases.append(When(narrowed, measure=measure, then=Value(sign + plain.get(measure, 0))))
    cases += [When(measure=measure, then=Value(sign)) for measure, sign in plain.items()]
    signed = Case(*cases, default=Value(0), output_field=DecimalField())
    return effects.annotate(sign=signed).exclude(sign=0)


def label_of(measure: str) -> str:
    """A measure in words."""
    return str(FundMeasure(measure).label)


def merged(parts: Iterable[FundSums]) -> FundSums:
    """Several as one."""
    return FundSums(s for part in parts for s in part)
