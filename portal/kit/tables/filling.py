"""Sums given to the rows of a page once these are read, instead of being selected with them.

A past day has no sums kept for each row. Where a list neither sorts nor filters by them, only those
of the rows that it shows are added up, all in one statement.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

# Rows that are filled at a time, of a list that is read whole.
_AT_ONCE = 2000


def filled(rows: QuerySet, fill: Callable[[list[Any]], None]) -> QuerySet:
    """The same rows; `fill` is given objects as they are read, many at a time, to add to them."""

    before: Any = rows._iterable_class

    class Filled(before):
        """Objects of the queryset, filled."""

        def __iter__(self) -> Iterator[Any]:
            found = super().__iter__()
            while some := list(islice(found, _AT_ONCE)):
                fill(some)
                yield from some

    found = rows.all()
    found._iterable_class = Filled
    return found
