"""What several kinds of page show alike: the key facts of a project, a noun, or everything."""

from typing import Any

from finance.figures.drilldown import LABELS, OF_EXPENDITURE, figure_link
from finance.figures.sums import Totals
from portal.kit.formatting import money, percent


def key_facts(totals: Totals, page: str, *, marks: bool = False) -> list[dict[str, Any]]:
    """The totals of a page as key facts, each of which leads to its records.

    marks: whether the page explains the mark of interim figures.
    """
    rows = (
        ("approved", "approved-budget", money(totals.approved)),
        ("net_funded", "net-funded-amount", money(totals.net_funded)),
        ("expenditure", "expenditure", money(totals.expenditure)),
        ("delivery_rate", "delivery-rate", percent(totals.delivery_rate)),
        ("balance", "balance-with-organizations", money(totals.balance)),
    )
    return [
        {
            "label": LABELS[figure],
            "term": term,
            "value": value,
            "url": figure_link(page, totals, figure),
            "interim": marks and totals.is_interim and figure in OF_EXPENDITURE,
        }
        for figure, term, value in rows
    ]
