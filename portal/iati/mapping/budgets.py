"""Which of an activity's budgets are in force: a revision replaces what it revises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.iati.stated import StatedBudget

REVISED = "2"
DAY = timedelta(days=1)
Span = tuple[date, date]


@dataclass(slots=True)
class Budgets:
    """The budgets of an activity: those that count, and those of which that is not certain."""

    in_force: list[StatedBudget] = field(default_factory=list)
    doubtful: list[StatedBudget] = field(default_factory=list)


def in_force(budgets: Iterable[StatedBudget]) -> Budgets:
    """Leave out what was revised.

    A budget is revised if later revisions cover its period; of several revisions that with the
    later value date, or that further down, is the later. Where they cover most of it, it is
    left out, where less, it counts: both are doubtful, as are budgets of one time of which
    none is a revision of the other.
    """
    found = Budgets()
    ordered = sorted(enumerate(budgets), key=lambda pair: _rank(*pair), reverse=True)
    revisions: list[Span] = []
    counted: list[tuple[int, StatedBudget]] = []
    for position, budget in ordered:
        span = (budget.period_start, budget.period_end)
        covered, days = _covered(span, revisions), _days(span)
        beside = any(_overlap(span, (b.period_start, b.period_end)) for _n, b in counted)
        if covered < days and (covered or beside):
            found.doubtful.append(budget)
        if not covered or 2 * covered < days:
            counted.append((position, budget))
        if budget.type == REVISED:
            revisions.append(span)
    found.in_force = [budget for _position, budget in sorted(counted, key=lambda pair: pair[0])]
    return found


def _rank(position: int, budget: StatedBudget) -> tuple[bool, date, int]:
    return budget.type == REVISED, budget.value.value_date or date.min, position


def _days(span: Span) -> int:
    return (span[1] - span[0]).days + 1


def _overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _covered(span: Span, by: list[Span]) -> int:
    """The days of a period that lie in any of the others."""
    days, reached = 0, span[0]
    for start, end in sorted(by):
        first, last = max(start, reached), min(end, span[1])
        if first <= last:
            days += (last - first).days + 1
            reached = last + DAY
    return days
