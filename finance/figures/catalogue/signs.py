"""How measures add up to a figure: each with a sign, some narrowed to a part of its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from finance.models import FundMeasure


@dataclass(frozen=True, slots=True)
class Signed:
    """A measure that counts in a figure.

    state: only its records of this state. cross_fund: only those of vouchers that one fund paid
    for a project of another.
    """

    measure: str
    sign: int = 1
    state: str = ""
    cross_fund: bool = False

    def counts(self, measure: str, state: str, cross_fund: bool) -> bool:
        """Whether a record, or a sum of records, of this kind is among it."""
        return (
            self.measure == measure
            and self.state in ("", state)
            and (cross_fund or not self.cross_fund)
        )


@dataclass(frozen=True, slots=True)
class Signs:
    """Signed measures; added and taken off as figures are."""

    parts: tuple[Signed, ...] = ()

    def __add__(self, other: Signs) -> Signs:
        return Signs(self.parts + other.parts)

    def __neg__(self) -> Signs:
        return Signs(tuple(Signed(p.measure, -p.sign, p.state, p.cross_fund) for p in self.parts))

    def __sub__(self, other: Signs) -> Signs:
        return self + -other

    @property
    def measures(self) -> frozenset[str]:
        """The measures that are read for it."""
        return frozenset(part.measure for part in self.parts)

    @property
    def signs(self) -> Mapping[str, int]:
        """Signs by measure, of the parts that nothing narrows."""
        found: dict[str, int] = {}
        for part in self.parts:
            if not part.state and not part.cross_fund:
                found[part.measure] = found.get(part.measure, 0) + part.sign
        return found

    def sign_of(self, measure: str, state: str = "", cross_fund: bool = False) -> int:
        """How a sum of records counts; 0 if not at all."""
        return sum(part.sign for part in self.parts if part.counts(measure, state, cross_fund))


NOTHING = Signs()


def plus(*measures: FundMeasure) -> Signs:
    """Measures that add to a figure."""
    return Signs(tuple(Signed(measure.value) for measure in measures))


def only(measure: FundMeasure, *, state: str = "", cross_fund: bool = False) -> Signs:
    """A part of a measure's records."""
    return Signs((Signed(measure.value, state=state, cross_fund=cross_fund),))
