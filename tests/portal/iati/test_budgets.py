"""Which budgets count: a revision in the place of what it revises, whatever their periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.iati.mapping.budgets import in_force
from portal.iati.stated import StatedBudget, StatedValue


def budget(start: str, end: str, amount: int, kind: str = "1", on: str = "") -> StatedBudget:
    """Return a budget of a period."""
    value = StatedValue(amount=Decimal(amount), value_date=date.fromisoformat(on) if on else None)
    return StatedBudget(
        period_start=date.fromisoformat(start),
        period_end=date.fromisoformat(end),
        value=value,
        type=kind,
    )


QUARTERS = [
    budget("2024-01-01", "2024-03-31", 100),
    budget("2024-04-01", "2024-06-30", 100),
    budget("2024-07-01", "2024-09-30", 100),
    budget("2024-10-01", "2024-12-31", 100),
]
YEAR = budget("2024-01-01", "2024-12-31", 400)


@pytest.mark.parametrize(
    ("budgets", "total", "doubtful"),
    [
        (QUARTERS, 400, 0),
        ([*QUARTERS, budget("2024-01-01", "2024-12-31", 450, "2")], 450, 0),
        ([budget("2024-01-01", "2024-12-31", 450, "2"), *QUARTERS], 450, 0),
        (
            [YEAR, budget("2024-01-01", "2024-12-31", 500, "2"),
             budget("2024-01-01", "2024-12-31", 600, "2")],
            600,
            0,
        ),
        (
            [YEAR, budget("2024-01-01", "2024-12-31", 500, "2", "2024-06-01"),
             budget("2024-01-01", "2024-12-31", 600, "2", "2024-03-01")],
            500,
            0,
        ),
        ([YEAR, budget("2024-01-01", "2025-01-31", 480, "2")], 480, 0),
        # Shortened by a month: the revision stands for it, but somebody should look.
        ([YEAR, budget("2024-01-01", "2024-11-30", 380, "2")], 380, 1),
        # One quarter of the year revised: nobody can say what that leaves of the year.
        ([YEAR, budget("2024-01-01", "2024-03-31", 90, "2")], 490, 1),
        ([YEAR, budget("2024-07-01", "2025-06-30", 300)], 700, 1),
        ([YEAR, budget("2025-01-01", "2025-12-31", 300)], 700, 0),
        ([], 0, 0),
    ],
)  # fmt: skip
def test_a_revision_stands_for_what_it_covers(
    budgets: list[StatedBudget], total: int, doubtful: int
) -> None:
    found = in_force(budgets)
    assert sum(each.value.amount for each in found.in_force) == total
    assert len(found.doubtful) == doubtful


def test_those_in_force_stay_so_when_they_are_stated_again() -> None:
    stated = [YEAR, budget("2024-01-01", "2024-03-31", 90, "2"), *QUARTERS]
    once = in_force(stated).in_force
    assert in_force(once).in_force == once
