"""What the sample is made of, before it is stored anywhere; amounts are whole cents."""

import calendar
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

PRESENT = date(2026, 6, 15)
LAST_BOOKED = date(2026, 5, 31)
LAST_REPORTED = 2025
NEW_CATEGORIES_FROM = 2012

NEW = ("1", "2", "3", "4", "5", "6", "7", "8")
OLD = ("2011-1", "2011-2", "2011-3", "2011-4", "2011-5", "2011-6")


@dataclass(slots=True)
class ExtensionPlan:
    """An approved change of the end date."""

    old_end: date
    new_end: date
    approved_on: date
    note: str


@dataclass(slots=True)
class Budget:
    """A line of approved budget."""

    on: date
    organization: str
    category: str
    cents: int
    note: str = ""


@dataclass(slots=True)
class Payment:
    """A transfer, or with a negative amount a refund or correction."""

    on: date
    organization: str
    kind: str
    cents: int
    note: str = ""


@dataclass(slots=True)
class Spending:
    """Expenditure of one year in one category."""

    organization: str
    year: int
    category: str
    state: str
    cents: int
    on: date


@dataclass(slots=True)
class ProjectPlan:
    """A project of the sample with all its money."""

    number: str
    fund: str
    theme: str
    approved_on: date
    start: date
    original_end: date
    title: str = ""
    label: str = ""
    narrative: str = ""
    language: str = "en"
    parent: str = ""
    trait: str = ""
    status: str = "pipeline"
    status_log: list[tuple[str, date, str]] = field(default_factory=list)
    extensions: list[ExtensionPlan] = field(default_factory=list)
    countries: list[tuple[str, Decimal | None]] = field(default_factory=list)
    organizations: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    spendings: list[Spending] = field(default_factory=list)
    missing: set[tuple[str, int]] = field(default_factory=set)
    late: set[tuple[str, int]] = field(default_factory=set)

    @property
    def end(self) -> date:
        """The last approved end."""
        return self.extensions[-1].new_end if self.extensions else self.original_end

    def set_on(self, status: str) -> date | None:
        """The day on which the project got this status."""
        return next((on for was, on, _note in self.status_log if was == status), None)


def dice(*key: object) -> random.Random:
    """Chance that depends on `key` alone, so that a change stays where it is made."""
    return random.Random("sample|" + "|".join(map(str, key)))  # noqa: S311 - invents figures


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Parts in proportion to `weights` that sum to exactly `cents`."""
    whole = sum(weights)
    parts = [cents * weight // whole for weight in weights]
    parts[0] += cents - sum(parts)
    return parts


def money(cents: int) -> str:
    """Cents as a source file writes them: 1234.56."""
    return f"{Decimal(cents).scaleb(-2):.2f}"


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working_day(day: date) -> date:
    """That day or the Monday after."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def pay_day(day: date) -> date:
    """One of the office's two pay days of the month, on or before which payments collect."""
    return working_day(day.replace(day=12 if day.day <= 15 else 26))


def last_of_year(year: int) -> date:
    """31 December."""
    return date(year, 12, 31)
