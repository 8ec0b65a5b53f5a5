"""Where a page of a long list begins: after the row that the page before ended with.

The database would have to go through all rows before an offset; by the keys of a row it finds
the next one in the index that the list is sorted by, wherever it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Col, OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

# The largest primary key that the database knows.
_LARGEST = 2**63 - 1
_IDS = frozenset({"pk", "id"})


@dataclass(frozen=True)
class _Key:
    """One key of an order: empty values come last, or there are none."""

    name: str
    descending: bool
    can_be_empty: bool
    # Where it comes from: only keys of one table are compared by its index.
    table: str = ""


def rows_beyond(
    rows: QuerySet, pk: int, is_never_empty: Callable[[str], bool], *, backwards: bool = False
) -> list[QuerySet] | None:
    """The rows of a sorted queryset that follow the one with this primary key, or, backwards,
    those that precede it, nearest first; None where that row or order cannot be told.

    In several parts, one after the other: each is one stretch of the index that serves the order,
    where a condition on all of them would have the index read from its beginning.
    """
    keys = _keys_of(rows, is_never_empty)
    if keys is None or pk > _LARGEST:
        return None
    names = [key.name for key in keys]
    # What rows are sorted by need not be selected with them.
    aliases = {name: F(name) for name in names if name in rows.query.annotations}
    values = rows.order_by().filter(pk=pk).annotate(**aliases).values_list(*names).first()
    if values is None:
        return None
    if backwards:
        rows = rows.order_by(*(_reversed(key) for key in keys))
    return [rows.filter(part) for part in _parts(keys, values, backwards=backwards)]


def _keys_of(rows: QuerySet, is_never_empty: Callable[[str], bool]) -> list[_Key] | None:
    keys = []
    for stated in rows.query.order_by:
        if isinstance(stated, str):
            # A table sorts downwards by a plain name only where no value is empty.
            name, descending = stated.removeprefix("-"), stated.startswith("-")
        elif isinstance(stated, OrderBy) and isinstance(stated.expression, F):
            name, descending = vars(stated.expression)["name"], bool(stated.descending)
        else:
            return None
        can_be_empty = name not in _IDS and not is_never_empty(name)
        keys.append(_Key(name, descending, can_be_empty, _table_of(rows, name)))
    return keys if keys and keys[-1].name in _IDS else None


def _table_of(rows: QuerySet, name: str) -> str:
    if (annotation := rows.query.annotations.get(name)) is None:
        return name.rpartition(LOOKUP_SEP)[0]
    return next((part.alias for part in annotation.flatten() if isinstance(part, Col)), name)


def _reversed(key: _Key) -> OrderBy:
    name = F(key.name)
    first = True if key.can_be_empty else None
    return name.asc(nulls_first=first) if key.descending else name.desc(nulls_first=first)


def _parts(keys: list[_Key], values: tuple[Any, ...], *, backwards: bool) -> list[Q]:
    """The conditions on rows that stand after those values in this order, or before: first those
    on rows that share most of them."""
    first, count = keys[0], _run(keys, values)
    if values[0] is None:
        same, further = Q(**{f"{first.name}__isnull": True}), []
        if backwards:
            further.append(Q(**{f"{first.name}__isnull": False}))
    else:
        own = dict(zip((key.name for key in keys[:count]), values, strict=False))
        same, further = Q(**own), [_further(own, is_less=first.descending != backwards)]
        if first.can_be_empty and not backwards:
            further.append(Q(**{f"{first.name}__isnull": True}))
    if count == len(keys):
        return further
    rest = _parts(keys[count:], values[count:], backwards=backwards)
    return [*(same & part for part in rest), *further]


def _run(keys: list[_Key], values: tuple[Any, ...]) -> int:
    """How many of the first keys are compared as one: of the same table, alike in direction, none
    of them empty."""
    count = 1
    if values[0] is None:
        return count
    for key, value in zip(keys[1:], values[1:], strict=True):
        is_alike = (key.table, key.descending) == (keys[0].table, keys[0].descending)
        if not is_alike or key.can_be_empty or value is None:
            break
        count += 1
    return count


def _further(own: dict[str, Any], *, is_less: bool) -> Q:
    """Rows whose keys come after those values; an empty one is none of them."""
    if len(own) == 1:
        [(name, value)] = own.items()
        return Q(**{f"{name}__{'lt' if is_less else 'gt'}": value})
    row = Tuple(*map(F, own))
    return Q((TupleLessThan if is_less else TupleGreaterThan)(row, tuple(own.values())))
