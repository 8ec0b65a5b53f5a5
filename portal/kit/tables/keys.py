"""Where a page of a long list begins: after the row that the page before ended with.

The database would have to go through all rows before an offset; by the keys of a row it finds
the next one in the index that the list is sorted by, wherever it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
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


def rows_beyond(
    rows: QuerySet, pk: int, is_never_empty: Callable[[str], bool], *, backwards: bool = False
) -> QuerySet | None:
    """The rows of a sorted queryset that follow the one with this primary key, or, backwards,
    those that precede it, nearest first; None where that row or order cannot be told."""
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
        order = [_reversed(key) for key in keys]
        return rows.filter(_beyond(keys, values, backwards=True)).order_by(*order)
    return rows.filter(_beyond(keys, values, backwards=False))


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
        keys.append(_Key(name, descending, name not in _IDS and not is_never_empty(name)))
    return keys if keys and keys[-1].name in _IDS else None


def _reversed(key: _Key) -> OrderBy:
    name = F(key.name)
    first = True if key.can_be_empty else None
    return name.asc(nulls_first=first) if key.descending else name.desc(nulls_first=first)


def _beyond(keys: list[_Key], values: tuple[Any, ...], *, backwards: bool) -> Q:
    """The condition on rows that stand after those values in this order, or before."""
    directions = {key.descending for key in keys}
    is_bare = backwards or not any(key.can_be_empty for key in keys)
    if len(directions) == 1 and None not in values and is_bare:
        is_less = directions.pop() != backwards
        row = Tuple(*(F(key.name) for key in keys))
        return Q((TupleLessThan if is_less else TupleGreaterThan)(row, values))
    found, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        found |= same & _further(key, value, backwards=backwards)
        same &= Q(**{f"{key.name}__isnull": True} if value is None else {key.name: value})
    return found


def _further(key: _Key, value: Any, *, backwards: bool) -> Q:
    """Rows whose key comes after that value; an empty one comes last."""
    if value is None:
        return Q(**{f"{key.name}__isnull": False}) if backwards else Q(pk__in=[])
    is_less = key.descending != backwards
    found = Q(**{f"{key.name}__{'lt' if is_less else 'gt'}": value})
    if not backwards and key.can_be_empty:
        found |= Q(**{f"{key.name}__isnull": True})
    return found
