"""What a figure holds that is not final, and what it leaves out; how cells and files say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext

from portal.kit import formatting
from portal.kit.tables.bulk import raws
from portal.kit.tables.cells import Cell, escaped, reader
from portal.kit.tables.terms import interim_mark

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Parts:
    """interim: how much of a figure is such expenditure, in the base currency.
    certified: what certified statements add in it to what was reported (docs/domain.md#formulas).
    unconverted: how many amounts are left out of it, for no rate of exchange is known.
    is_share: whether it is a share by what leaves them out, of which nothing can be told.
    told_by: a number that tells the amounts left out from others, where sums are compared."""

    interim: Decimal = ZERO
    unconverted: int = 0
    is_share: bool = False
    told_by: Decimal = ZERO
    certified: Decimal = ZERO

    def __bool__(self) -> bool:
        return bool(self.interim or self.certified or self.unconverted)

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.interim + other.interim,
            self.unconverted + other.unconverted,
            self.is_share or other.is_share,
            self.told_by + other.told_by,
            self.certified + other.certified,
        )

    def by_share(self, share: Decimal) -> Parts:
        """What a part of the figure holds, and leaves out as the whole does."""
        return Parts(
            self.interim * share, self.unconverted, self.is_share, certified=self.certified * share
        )

    @property
    def by_state(self) -> dict[str, Decimal]:
        """How much of it is of each state that is told of, in the order of cells and files."""
        return {"interim": self.interim, "certified": self.certified}

    @property
    def state_words(self) -> list[str]:
        """The same in words, of those states that are in it."""
        return [state_words(state, sum_) for state, sum_ in self.by_state.items() if sum_]

    def leaves_out_as(self, other: Parts) -> bool:
        """Whether the other leaves out the same amounts."""
        return (self.unconverted, self.told_by) == (other.unconverted, other.told_by)

    def hide(self, raw: Any) -> bool:
        """Whether a sum is unknown, not zero: nothing is in it but what was left out."""
        return bool(self.unconverted) and not formatting.to_decimal(raw)

    @property
    def words(self) -> str:
        """How many amounts are left out; "" where none is."""
        if not self.unconverted:
            return ""
        told = unknown_words if self.is_share else unconverted_words
        return told(self.unconverted)


NO_PARTS = Parts()


def parts_held(
    of: Callable[[Any], Parts] | None, only_with: str, records: Sequence[Any]
) -> list[Parts] | None:
    """The parts of each record's figure; None where no record has any.

    only_with: the attribute without which there are none, "" where that is not known.
    """
    if not of:
        return None
    if only_with and not any(raws(only_with, reader(only_with), records)):
        return None
    parts = list(map(of, records))
    return None if parts.count(NO_PARTS) == len(parts) else parts


# What files call the columns that say how much of others is of a state, and what these say.
STATE_HEADINGS = MappingProxyType(
    {
        "interim": (
            gettext_lazy("%(column)s: interim"),
            gettext_lazy("How much interim expenditure is in it."),
        ),
        "certified": (
            gettext_lazy("%(column)s: by certified statements"),
            gettext_lazy("What certified statements add to what was reported for each year."),
        ),
    }
)
# The heading of the column that says what others leave out.
NOT_CONVERTED = gettext_lazy("Amounts not converted")


def unknown_words(count: int) -> str:
    """Why a rate or a share is not known: its parts leave out so many amounts."""
    return ngettext(
        "not known: %(count)s amount not converted",
        "not known: %(count)s amounts not converted",
        count,
    ) % {"count": count}


def unconverted_words(count: int) -> str:
    """How many amounts a figure leaves out."""
    return ngettext(
        "plus %(count)s amount not converted", "plus %(count)s amounts not converted", count
    ) % {"count": count}


def left_out_note(count: int) -> str:
    """The same of all sums on a page or in a file, as a sentence; "" where none is left out."""
    if not count:
        return ""
    return ngettext(
        "%(count)s amount has no known rate of exchange and is left out of these sums.",
        "%(count)s amounts have no known rate of exchange and are left out of these sums.",
        count,
    ) % {"count": count}


def state_words(state: str, amount: Decimal) -> str:
    """How much of a figure is of the state."""
    places = 0 if abs(amount) >= 1 else 2
    return _state_words(state, get_language()) % {"amount": formatting.figure(amount, places)}


@lru_cache
def _state_words(state: str, _language: str | None) -> str:
    """In the active language; looked up once, for a table may hold thousands."""
    words = {
        "interim": gettext_lazy("interim: %(amount)s"),
        "certified": gettext_lazy("by certified statements: %(amount)s"),
    }
    return str(words[state])


def state_amount(parts: Parts, state: str) -> Decimal | None:
    """How much is of the state, to the cent, for files; None where nothing is."""
    amount = parts.by_state[state]
    return formatting.half_up(amount, 2) if amount else None


def marked(cell: Cell, parts: Parts) -> Cell:
    """The cell with its marks, and what each amounts to."""
    html, css = escaped(cell.html), cell.css
    if parts.interim:
        html, css = f"{html}{interim_mark()}", f"{css} interim".strip()
    html += "".join(map(_small, parts.state_words))
    if parts.unconverted:
        html = f"{html}{_small(parts.words)}"
        css = f"{css} unconverted".strip()
    return Cell(mark_safe(html), css)  # noqa: S308 – escaped piece by piece


def _small(words: str) -> str:
    return f' <small class="part">{escaped(words)}</small>'


def words_by_column(named: Iterable[tuple[str, str]]) -> str | None:
    """For files: what each column of a row leaves out; None where all was converted."""
    return "; ".join(f"{label}: {words}" for label, words in named if words) or None
