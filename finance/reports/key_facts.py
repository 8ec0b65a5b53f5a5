"""What several kinds of page show alike: the key facts of a project, an entity, or everything."""

from decimal import Decimal
from typing import Any

from finance.figures.addresses import figure_link
from finance.figures.catalogue import FIGURES, Figure, Unit
from finance.figures.sums import Totals
from portal.kit.formatting import money, percent
from portal.kit.tables.parts import Parts, unknown_words

# In the order of the page.
SHOWN = ("approved", "net_funded", "expenditure", "delivery_rate", "balance")


def key_facts(totals: Totals, page: str) -> list[dict[str, Any]]:
    """The totals of a page as key facts, each of which leads to its records."""
    return [_fact(FIGURES[key], totals, page) for key in SHOWN]


def _fact(figure: Figure, totals: Totals, page: str) -> dict[str, Any]:
    is_rate = figure.unit is Unit.PERCENT
    return {
        "label": figure.label,
        "term": figure.term,
        "url": figure_link(page, totals, figure.key),
        **amount_of(totals.told(figure.key), totals.parts(figure.key), is_rate=is_rate),
    }


def amount_of(value: Decimal | None, parts: Parts, *, is_rate: bool = False) -> dict[str, Any]:
    """The amount of a fact in words, with what it holds of which state and leaves out."""
    if is_rate and parts.unconverted:
        unknown = unknown_words(parts.unconverted)
        return {"value": "", "is_interim": False, "states": [], "unconverted": unknown}
    return {
        "value": "" if parts.hide(value) else percent(value) if is_rate else money(value),
        "is_interim": bool(parts.interim) and value is not None,
        "states": [] if value is None else parts.state_words,
        "unconverted": parts.words,
    }
