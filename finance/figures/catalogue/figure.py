"""What a figure is: its name, what it means, and the measures that add up to it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.text import format_lazy

from finance.figures.catalogue.signs import NOTHING, Signs
from finance.models.figures import Measure


class Period(Enum):
    """Which years a figure counts, beside a year that a report is of."""

    AS_ASKED = ""
    PRIOR = "all years before it"
    CURRENT = "that year alone"
    CUMULATIVE = "all years up to its end"


class Unit(Enum):
    """What a figure is counted in."""

    MONEY = "money"
    PERCENT = "percent"


@dataclass(frozen=True)
class Figure:
    """A figure as every page, table, file and chart names and explains it.

    key: its name in tables, files and addresses. term: where the glossary explains it, with
    `definition`, `formula` and `see` if `in_glossary`. measures: what is summed, with signs;
    empty where it is worked out, as from arrangements. of: the figure whose records
    it counts, where it is a cut or a share of another. short: its name in a drawing.
    """

    key: str
    label: Any
    term: str
    definition: Any
    measures: Signs = NOTHING
    formula: Any = ""
    see: tuple[str, ...] = ()
    in_glossary: bool = False
    of: str = ""
    period: Period = Period.AS_ASKED
    unit: Unit = Unit.MONEY
    short: Any = ""

    def __str__(self) -> str:
        return str(self.label)

    @property
    def explanation(self) -> Any:
        """What it means and, where there is one, how it is worked out."""
        if not self.formula:
            return self.definition
        return format_lazy("{} {} = {}.", self.definition, self.label, self.formula)

    @property
    def states(self) -> frozenset[str]:
        """The states that parts of it are narrowed to; none where all states count."""
        return frozenset(part.state for part in self.measures.parts if part.state)

    @property
    def records_of(self) -> str:
        """The figure under which its records are listed."""
        return self.of or self.key

    @property
    def has_expenditure(self) -> bool:
        """Whether expenditure is in it, some of which may be interim."""
        return Measure.EXPENDITURE in self.measures.measures
