"""Sums of a fund, whose they are, and how they are picked by figure and year."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from finance.figures.catalogue import FIGURES
from finance.figures.covering import TOLD_STATES, left_out_of_years
from finance.figures.telling import OF_INCOME, rate_of, states_funding
from finance.models import FundMeasure as M
from portal.kit.tables.parts import NO_PARTS, Parts

ZERO = Decimal(0)
# What a fund paid by a voucher, and what its project got by it.
_PAYER = MappingProxyType({M.PAID.value: M.TRANSFER.value, M.RETURNED.value: M.REFUND.value})
_OTHER_HALF = MappingProxyType({**_PAYER, **{below: above for above, below in _PAYER.items()}})


class Party(NamedTuple):
    """Who gave, received or spent; without id where the source names nobody."""

    pk: Any
    code: str
    name: str
    kind: str
    short: str = ""


NOBODY = Party("", "", "", "")


class FundSum(NamedTuple):
    """One sum in the base currency with what it is the sum of; a page has thousands."""

    measure: str
    state: str
    # Or one of several years that the page never tells apart: see `Span`.
    year: int
    cross_fund: bool
    party: Party
    # Its budget category (id), its place (country and theme), or its fund.
    part: tuple
    base_amount: Decimal
    records: int
    unconverted: int


@lru_cache(maxsize=4096)
def _leaves_out(figures: tuple[str, ...], measure: str, state: str, cross_fund: bool) -> bool:
    """Whether any of these figures leaves out amounts of this kind. Both halves of a voucher within
    a fund are one amount: told of once, and not where a figure takes one half from the other."""

    def counts(of: str) -> list[int]:
        return [sign_of(figure, of, state, cross_fund) for figure in figures]

    own = counts(measure)
    if measure not in _OTHER_HALF or cross_fund:
        return any(own)
    other = counts(_OTHER_HALF[measure])
    left = [pair for pair in zip(own, other, strict=True) if sum(pair)]
    # Where figures have both halves, that of the payer tells of it.
    is_told = measure not in _PAYER and any(beside for _sign, beside in left)
    return not is_told and any(sign for sign, _beside in left)


def held_of(one: FundSum) -> Parts:
    """What a sum holds of a state, and leaves out."""
    interim, certified = (one.base_amount if one.state == state else ZERO for state in TOLD_STATES)
    return Parts(interim, one.unconverted, certified=certified)


@lru_cache(maxsize=4096)
def sign_of(figure: str, measure: str, state: str, cross_fund: bool) -> int:
    """How sums of this kind count in the figure; a page asks thousands of times."""
    return FIGURES[figure].measures.sign_of(measure, state, cross_fund)


class FundSums(list[FundSum]):
    """The sums of one fund, or of all (`is_of_all`): then each voucher is in both halves."""

    is_of_all = False

    def total(self, figure: str, first: int | None = None, last: int | None = None) -> Decimal:
        """A figure over these years, in the base currency."""
        found = ZERO
        for measured, by_year in self._measured().items():
            if sign := sign_of(figure, *measured):
                for year, base_amount in by_year.items():
                    if (first is None or year >= first) and (last is None or year <= last):
                        found += base_amount * sign
        return found

    def has_records(self, figure: str, first: int | None = None, last: int | None = None) -> bool:
        """Whether any record stands behind the figure over these years."""
        return any(
            (first is None or year >= first) and (last is None or year <= last)
            for measured, by_year in self._measured().items()
            if sign_of(figure, *measured)
            for year in by_year
        )

    @property
    def states_funding(self) -> bool:
        """Whether it is stated what was funded (`finance/figures/telling.py`)."""
        return states_funding(self._stated)

    @property
    def states_income(self) -> bool:
        """Whether any income is stated: of one fund, or of all together."""
        return self.has_records("total_sources")

    def _stated(self, name: str) -> Decimal | int:
        figure = name.removesuffix("_left_out")
        return self.total(figure) if figure == name else self.parts(figure).unconverted

    def told(self, figure: str) -> Decimal | None:
        """A figure as far as it is known, as `Totals.told` has it."""
        if figure == "delivery_rate":
            is_known = not self.parts(figure).unconverted
            return rate_of(self.total("expenditure"), self.total("net_funded"), is_known=is_known)
        if figure == "balance" and not self.states_funding:
            return None
        if figure in OF_INCOME and not self.states_income:
            return None
        return self.total(figure)

    def _measured(self) -> dict[tuple[str, str, bool], dict[int, Decimal]]:
        """Base amounts by what decides how a sum counts, and by year; added up once for all."""
        known = getattr(self, "_known", None)
        if known is None or known[0] != len(self):
            found: dict[tuple[str, str, bool], dict[int, Decimal]] = {}
            for s in self:
                by_year = found.setdefault((s.measure, s.state, s.cross_fund), {})
                before = by_year.get(s.year)
                by_year[s.year] = s.base_amount if before is None else before + s.base_amount
            self._known = known = (len(self), found)
        return known[1]

    def parts(self, figure: str, first: int | None = None, last: int | None = None) -> Parts:
        """What a figure over these years holds that is interim and leaves out."""
        return self.parts_together((figure,), first, last)

    def parts_together(
        self, figures: Iterable[str], first: int | None = None, last: int | None = None
    ) -> Parts:
        """What any of these figures holds that is interim and leaves out, each amount once."""
        figures, found = tuple(figures), NO_PARTS
        for measured, by_year in self._held().items():
            if not _leaves_out(figures, *measured):
                continue
            for year, held in by_year.items():
                if (first is None or year >= first) and (last is None or year <= last):
                    left_out = left_out_of_years(measured[1], held.unconverted, first)
                    is_whole = left_out == held.unconverted
                    found += held if is_whole else replace(held, unconverted=left_out)
        return found or NO_PARTS

    def _held(self) -> dict[tuple[str, str, bool], dict[int, Parts]]:
        """What sums hold or leave out, as `_measured` has amounts; found once for all figures."""
        known = getattr(self, "_known_held", None)
        if known is None or known[0] != len(self):
            found: dict[tuple[str, str, bool], dict[int, Parts]] = {}
            for s in self:
                if s.unconverted or s.state in TOLD_STATES:
                    by_year = found.setdefault((s.measure, s.state, s.cross_fund), {})
                    by_year[s.year] = by_year.get(s.year, NO_PARTS) + held_of(s)
            self._known_held = known = (len(self), found)
        return known[1]

    def between(self, first: int | None, last: int | None) -> "FundSums":
        """The sums of these years."""
        return self._some(
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
        return self._some(s for s in self if s.measure in wanted)

    def by(self, key: Callable[[FundSum], Any]) -> dict[Any, "FundSums"]:
        """The sums of each organization, category, place …"""
        groups: dict[Any, FundSums] = {}
        for s in self:
            if (of := key(s)) not in groups:
                groups[of] = self._some()
            groups[of].append(s)
        return groups

    def _some(self, sums: Iterable[FundSum] = ()) -> "FundSums":
        """Some of these sums, which are of whom these are."""
        found = FundSums(sums)
        found.is_of_all = self.is_of_all
        return found

    @property
    def unconverted(self) -> int:
        """How many records are left out, for no rate of exchange is known; a voucher, which is in
        both halves of a statement, once."""
        return sum(
            s.unconverted
            for s in self
            if s.measure not in _PAYER or (s.cross_fund and not self.is_of_all)
        )
