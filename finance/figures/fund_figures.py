"""Sums of what records do to funds, as known then, to be picked by measure and year."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Q, QuerySet, Sum, Value, When
from django.db.models.fields import DecimalField

from finance.figures import then
from finance.figures.catalogue import FIGURES, Signs
from portal.kit.dates import Known

ZERO = Decimal(0)


class Party(NamedTuple):
    """Who gave, received or spent; without id where the source names nobody."""

    pk: Any
    code: str
    name: str
    kind: str
    short: str = ""


NOBODY = Party("", "", "", "")


@dataclass(frozen=True, slots=True)
class FundSum:
    """One sum in US$ with what it is the sum of."""

    measure: str
    state: str
    year: int
    cross_fund: bool
    party: Party
    # Its budget category (id), its place (country and theme), or its fund.
    part: tuple
    base_amount: Decimal
    records: int
    unconverted: int


class FundSums(list[FundSum]):
    """The sums of one fund, or of all."""

    def total(self, figure: str, first: int | None = None, last: int | None = None) -> Decimal:
        """A figure over these years, in US$."""
        signs, found = FIGURES[figure].measures, ZERO
        for measured, by_year in self._measured().items():
            if sign := signs.sign_of(*measured):
                for year, base_amount in by_year.items():
                    if (first is None or year >= first) and (last is None or year <= last):
                        found += base_amount * sign
        return found

    def has_records(self, figure: str, first: int | None = None, last: int | None = None) -> bool:
        """Whether any record stands behind the figure over these years."""
        signs = FIGURES[figure].measures
        return any(
            (first is None or year >= first) and (last is None or year <= last)
            for measured, by_year in self._measured().items()
            if signs.sign_of(*measured)
            for year in by_year
        )

    def _measured(self) -> dict[tuple[str, str, bool], dict[int, Decimal]]:
        """US$ by what decides how a sum counts, and by year; added up once for all figures."""
        known = getattr(self, "_known", None)
        if known is None or known[0] != len(self):
            found: dict[tuple[str, str, bool], dict[int, Decimal]] = {}
            for s in self:
                by_year = found.setdefault((s.measure, s.state, s.cross_fund), {})
                by_year[s.year] = by_year.get(s.year, ZERO) + s.base_amount
            self._known = known = (len(self), found)
        return known[1]

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

    def of(self, *figures: str) -> "FundSums":
        """Those of the measures of these figures."""
        wanted = {m for figure in figures for m in FIGURES[figure].measures.measures}
        return FundSums(s for s in self if s.measure in wanted)

    def by(self, key: Callable[[FundSum], Any]) -> dict[Any, "FundSums"]:
        """The sums of each organization, category, place …"""
        groups: dict[Any, FundSums] = {}
        for s in self:
            groups.setdefault(key(s), FundSums()).append(s)
        return groups

    @property
    def is_interim(self) -> bool:
        """Whether interim expenditure is among them."""
        return any(s.state == "interim" for s in self)

    @property
    def unconverted(self) -> int:
        """How many records are left out, for no rate of exchange is known."""
        return sum(s.unconverted for s in self)


_PARTIES = tuple(f"organization__{name}" for name in ("id", "code", "name", "kind", "short_name"))
_PLACES = tuple(f"country__{name}" for name in ("code", "name"))
_THEMES = ("theme__id", "theme__name")
_KEYS = ("measure", "state", "year", "elsewhere")


def fund_sums(known: Known, fund_id: int | None) -> FundSums:
    """The sums of a fund by organization and category, or of all together (None)."""
    if fund_id is None:
        return _read(known, None, (), ())
    return _read(known, fund_id, _PARTIES, ("category_id",))


def sums_by_place(known: Known, fund_id: int) -> FundSums:
    """The sums of a fund by organization, and by country and theme of the projects."""
    return _read(known, fund_id, _PARTIES, (*_PLACES, *_THEMES))


_FUND = ("fund__id", "fund__code", "fund__name")


def sums_by_fund(known: Known, funds: Iterable[int] | None = None, **which: Any) -> FundSums:
    """The sums of these funds, or of all, by fund; `which` narrows them, as to one party."""
    return _summed(then.fund_figures(known, funds).filter(**which), (), _FUND)


def _read(known: Known, fund_id: int | None, parties: tuple, parts: tuple) -> FundSums:
    figures = then.fund_figures(known, None if fund_id is None else [fund_id])
    return _summed(figures, parties, parts)


def _summed(figures: QuerySet, parties: tuple, parts: tuple) -> FundSums:
    rows = (
        figures.order_by()
        .values_list(*_KEYS, *parties, *parts)
        .annotate(Sum("base_amount"), Sum("records"), Sum("unconverted"))
    )
    found: dict[tuple, Party] = {}
    sums = FundSums()
    first, then_ = len(_KEYS), len(_KEYS) + len(parties)
    for row in rows:
        party = row[first:then_]
        if parties and party not in found:
            found[party] = Party(*(value or "" for value in party))
        whose = found[party] if parties else NOBODY
        measure, state, year, cross_fund = row[:first]
        counted = row[-3:]
        part = row[then_:-3]
        sums.append(FundSum(measure, state, year, cross_fund, whose, part, *counted))
    return sums


def counted(effects: QuerySet, signs: Signs) -> QuerySet:
    """Effects that count in a figure, each with `sign`."""
    plain = signs.signs
    cases: list[When] = []
    for part in signs.parts:
        if not part.state and not part.cross_fund:
            continue
        narrowed = Q(elsewhere=True) if part.cross_fund else Q(state=part.state)
        sign = part.sign + plain.get(part.measure, 0)
        cases.append(When(narrowed, measure=part.measure, then=Value(sign)))
    cases += [When(measure=measure, then=Value(sign)) for measure, sign in plain.items()]
    signed = Case(*cases, default=Value(0), output_field=DecimalField())
    return effects.annotate(sign=signed).exclude(sign=0)
