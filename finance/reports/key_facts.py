"""What several kinds of page show alike: the key facts of a project, an entity, or everything."""

from typing import Any

from finance.figures.addresses import figure_link
from finance.figures.catalogue import FIGURES, Figure, Unit
from finance.figures.sums import Totals
from portal.kit.formatting import money, percent

_SHOWN = ("approved", "net_funded", "expenditure", "delivery_rate", "balance")


def key_facts(totals: Totals, page: str, *, marks: bool = False) -> list[dict[str, Any]]:
    """The totals of a page as key facts, each of which leads to its records.

    marks: whether the page explains the mark of interim figures.
    """
    return [_fact(FIGURES[key], totals, page, marks=marks) for key in _SHOWN]


def _fact(figure: Figure, totals: Totals, page: str, *, marks: bool) -> dict[str, Any]:
    in_words = percent if figure.unit is Unit.PERCENT else money
    return {
        "label": figure.label,
        "term": figure.term,
        "value": in_words(getattr(totals, figure.key)),
        "url": figure_link(page, totals, figure.key),
        "interim": marks and totals.is_interim and figure.has_expenditure,
    }
