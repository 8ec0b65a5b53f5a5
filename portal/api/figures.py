"""Figures as the interface gives them: value, unit, states, what is left out, the records."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings

from finance.contributors.arrangements import Position
from finance.figures.addresses import breakdown_url, figure_link, records_url
from finance.figures.catalogue import (
    FIGURES,
    OF_A_CONTRIBUTOR,
    OF_ONE_FUND,
    WORKED_OUT,
    Unit,
)
from finance.figures.covering import left_out_of_state, state_of
from finance.figures.fund_figures import FundSums
from finance.figures.sums import Totals
from finance.models import ExpenditureLine
from finance.models.figures import Measure
from portal.kit.currency import base_currency
from portal.kit.files.streams import plain
from portal.kit.formatting import half_up, percentage
from portal.kit.tables.parts import Parts

State = ExpenditureLine.State
OF_ROWS = (
    "approved", "transfer", "refund", "net_funded", "expenditure", "balance", "delivery_rate",
)  # fmt: skip
# A fund has all that its statement has, and what its projects have.
OF_A_FUND = (*OF_ROWS, *(key for key in OF_ONE_FUND if key not in OF_ROWS))
Told = dict[str, dict[str, Any]]
Spent = dict[str, tuple[Decimal, Parts]]


def told_totals(totals: Totals, page: str, dates: str, keys: Iterable[str] = OF_ROWS) -> Told:
    """The figures of a project, organization or country."""
    amounts = {
        State.INTERIM.value: totals.interim,
        State.REPORTED.value: totals.expenditure - totals.interim - totals.certified,
        State.CERTIFIED.value: totals.certified,
    }
    spent = {
        state: (amount, Parts(unconverted=totals.left_out_by_state[state]))
        for state, amount in amounts.items()
    }
    return {
        key: _told(
            key, totals.told(key), totals.parts(key), spent,
            figure_link(page, totals, key), dates,
        )
        for key in keys
    }  # fmt: skip


def told_sums(sums: FundSums, page: str, dates: str, keys: Iterable[str] = OF_A_FUND) -> Told:
    """The figures of a fund."""
    spent = {state.value: _spent(sums, state) for state in State}
    told = {}
    for key in keys:
        url = records_url(page, key) if sums.has_records(key) else None
        told[key] = _told(key, sums.told(key), sums.parts(key), spent, url, dates)
    return told


def _spent(sums: FundSums, state: State) -> tuple[Decimal, Parts]:
    found = [
        s for s in sums if s.measure == Measure.EXPENDITURE and state_of(s.state) == state.value
    ]
    left_out = sum(left_out_of_state(s.state, s.unconverted) for s in found)
    return sum((s.base_amount for s in found), Decimal(0)), Parts(unconverted=left_out)


def told_position(
    whole: Position, page: str, dates: str, keys: Iterable[str] = OF_A_CONTRIBUTOR
) -> Told:
    """The figures of a contributor."""
    told = {}
    for key in keys:
        url = None
        if page and key in WORKED_OUT:
            url = breakdown_url(page, key, whole)
        elif page and (key == "unpaid" or whole.has(key)):
            url = records_url(page, key)
        told[key] = _told(key, getattr(whole, key), whole.parts(key), {}, url, dates)
    return told


def _told(
    key: str, value: Decimal | None, parts: Parts, spent: Spent, url: str | None,
    dates: str,
) -> dict[str, Any]:  # fmt: skip
    figure = FIGURES[key]
    # Of what is not wholly known there is no rate.
    is_hidden = parts.hide(value) or (figure.unit is Unit.PERCENT and parts.unconverted)
    rounded = percentage(value) if figure.unit is Unit.PERCENT else half_up(value, 2)
    known = None if is_hidden else rounded
    states = None
    if spent and figure.has_expenditure and known is not None:
        # Of a state of which nothing is converted nothing is known.
        states = {
            state: None if held.hide(amount) else _plain(amount)
            for state, (amount, held) in spent.items()
        }
    return {
        "value": None if known is None else plain(known),
        "unit": "percent" if figure.unit is Unit.PERCENT else base_currency(),
        "states": states,
        "unconverted": parts.unconverted,
        "records": address(url, dates),
    }


def _plain(amount: Decimal) -> str:
    return plain(half_up(amount, 2))


def address(path: str | None, dates: str = "") -> str | None:
    """The public address of a page, with the dates of the answer."""
    if not path:
        return None
    if dates:
        path = f"{path}{'&' if '?' in path else '?'}{dates}"
    return path if ":" in path.split("/", 1)[0] else settings.SITE_URL + path
