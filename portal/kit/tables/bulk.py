"""Values of many records at once, for files of a hundred thousand rows.

Cell by cell a column asks of each value what it is. Here that is asked once of all values of a
piece: where they are alike and need no repair, they are taken as they are; if not, None sends each
its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from portal.kit import formatting

Values: TypeAlias = list[Any]
# Of a column and its values: all of them cleaned, or None where each has to be looked at.
Quick: TypeAlias = Callable[[Any, Values], "Values | None"]
Clean = TypeVar("Clean", bound=Callable[..., Any])
_NOTHING = type(None)


def in_bulk(quick: Quick) -> Callable[[Clean], Clean]:
    """Say of a column's `clean` how it does many; one that overrides it says so for itself."""

    def said(clean: Clean) -> Clean:
        vars(clean)["quick"] = quick
        return clean

    return said


def quick_way(clean: Callable[..., Any]) -> Quick | None:
    """How this `clean` does many values, if it says so."""
    return getattr(clean, "quick", None)


def each(value: Callable[[Any], Any]) -> Callable[[Sequence[Any]], Values]:
    """Of a function of one record, that of many."""
    return lambda records: list(map(value, records))


def raws(path: str, read: Callable[[Any], Any], records: Sequence[Any]) -> Values:
    """What `read` gives of each; from rows of plain values of one kind at once, by `path`, or under
    the name of what would read it of an object."""
    kinds = set(map(type, records))
    if len(kinds) != 1:
        return list(map(read, records))
    (kind,) = kinds
    name = path or getattr(read, "__name__", "")
    if name in (fields := getattr(kind, "_fields", ())):
        return list(map(itemgetter(fields.index(name)), records))
    if path and kind is dict and all(path in record for record in records):
        return list(map(itemgetter(path), records))
    return list(map(read, records))


def with_gaps(values: Values, made: Iterable[Any], gap: Any = None) -> Values:
    """What was made of those values that are there, and `gap` in place of the others."""
    following = iter(made)
    return [gap if value is None else next(following) for value in values]


def _are(values: Values, *kinds: type) -> bool:
    """Whether nothing else is among them."""
    return set(map(type, values)) <= {*kinds, _NOTHING}


def texts(_column: Any, values: Values) -> Values | None:
    """Texts without control characters."""
    if not _are(values, str) or not "".join(filter(None, values)).isprintable():
        return None
    return values if all(values) else [value or None for value in values]


def choices(column: Any, values: Values) -> Values | None:
    """States, of which there are few: each looked at once."""
    if not _are(values, str):
        return None
    known = {value: column.clean(value) for value in set(values)}
    return [known[value] for value in values]


def lists(column: Any, values: Values) -> Values | None:
    """Texts that are joined already, or lists of texts."""
    if _are(values, str):
        return values if all(values) else [value or None for value in values]
    if set(map(type, values)) != {list} or not _are(list(chain.from_iterable(values)), str):
        return None
    return [column.separator.join(value) or None for value in values]


def numbers(column: Any, values: Values) -> Values | None:
    """Exact numbers, rounded to the places of the column."""
    given = [value for value in values if value is not None]
    if set(map(type, given)) != {Decimal}:
        return None
    rounded = formatting.all_half_up(given, column.places)
    if rounded is None or len(given) == len(values):
        return rounded
    return with_gaps(values, rounded)


def integers(_column: Any, values: Values) -> Values | None:
    """Counts."""
    return values if _are(values, int) else None


def days(_column: Any, values: Values) -> Values | None:
    """Days without a time."""
    return values if _are(values, date) else None
