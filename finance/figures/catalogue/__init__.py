"""The catalogue of figures: one name, one meaning and one formula for each, everywhere.

Columns, panels, statements, drill-downs, charts, exports and the glossary read it.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from finance.figures.catalogue.contributors import CONTRIBUTIONS, POSITIONS, SHARES
from finance.figures.catalogue.delivery import DELIVERY
from finance.figures.catalogue.figure import Figure, Period, Unit
from finance.figures.catalogue.funds import (
    ALL_FUNDS,
    BESIDE,
    BOTH_HALVES,
    OUTSIDE_DELIVERY,
    SOURCES_AND_USES,
)
from finance.figures.catalogue.signs import Signed, Signs
from finance.figures.catalogue.states import STATES, State

__all__ = [
    "FIGURES",
    "OF_A_CONTRIBUTOR",
    "OF_FUNDS",
    "OF_ONE_FUND",
    "OF_PROJECTS",
    "STATES",
    "WORKED_OUT",
    "Figure",
    "Period",
    "Signed",
    "Signs",
    "State",
    "Unit",
    "measure_label",
]

_FUNDS = (*SOURCES_AND_USES, *ALL_FUNDS, *BESIDE, *BOTH_HALVES, *OUTSIDE_DELIVERY)


def _by_key(figures: Iterable[Figure]) -> Mapping[str, Figure]:
    return MappingProxyType({figure.key: figure for figure in figures})


FIGURES = _by_key((*CONTRIBUTIONS, *POSITIONS, *SHARES, *_FUNDS, *DELIVERY))

# Whose records can be listed; what is but a cut or a share of another is listed as that one.
OF_FUNDS = _by_key(
    figure
    for figure in (*_FUNDS, *DELIVERY, *CONTRIBUTIONS)
    if figure.measures.parts and not figure.of
)
OF_PROJECTS = _by_key(
    FIGURES[key]
    for key in (
        "approved",
        "transfer",
        "refund",
        "net_funded",
        "expenditure",
        "balance",
        "delivery_rate",
        "commitment",
        "deposit",
    )
)
# Not stated by any record, but worked out from arrangements.
WORKED_OUT = _by_key(POSITIONS)

# What is told of one fund, and of one contributor, over all years.
_OF_SEVERAL = frozenset(figure.key for figure in ALL_FUNDS)
OF_ONE_FUND = tuple(key for key in OF_FUNDS if key not in {*_OF_SEVERAL, "delivery_rate"})
OF_A_CONTRIBUTOR = ("commitment", "pledge", "deposit", "unpaid", *WORKED_OUT)

_MEASURES = {
    next(iter(figure.measures.measures)): figure
    for figure in reversed(list(OF_FUNDS.values()))
    if len(figure.measures.parts) == 1 and not figure.states
}


def measure_label(measure: str) -> str:
    """What a record of this measure is called: the figure that it alone adds up to."""
    return str(_MEASURES[measure])
