"""Pages by the key of their last row: each costs as much as the first, and none skips or repeats.

A cursor is signed: what is not one that we gave out is refused, whatever it holds.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.kit.dates import WrongQuery

T = TypeVar("T")
_SIGNER = signing.Signer(salt="api.cursor")


class Part(NamedTuple, Generic[T]):
    """Some rows, and the cursor of those behind them; "" where there are none."""

    rows: list[T]
    cursor: str


def part_of(rows: QuerySet[Any], keys: Sequence[str], cursor: str, limit: int) -> Part[Any]:
    """The rows behind the cursor in the order of the keys, which together are unique."""
    if after := _read(cursor, len(keys)):
        rows = rows.filter(_behind(keys, after))
    found = list(rows.order_by(*keys)[: limit + 1])
    return _part(found, limit, lambda row: [_follow(row, key) for key in keys])


def part_of_list(
    rows: Sequence[T], key: Callable[[T], Sequence[Any]], cursor: str, limit: int
) -> Part[T]:
    """The same of rows that were worked out in Python; their keys are texts."""
    ordered = sorted(rows, key=lambda row: list(key(row)))
    if after := _read(cursor, None):
        ordered = [row for row in ordered if list(key(row)) > after]
    return _part(ordered[: limit + 1], limit, key)


def _part(found: list[T], limit: int, key: Callable[[T], Sequence[Any]]) -> Part[T]:
    if len(found) <= limit:
        return Part(found, "")
    return Part(found[:limit], _SIGNER.sign_object(list(key(found[limit - 1]))))


def _read(cursor: str, count: int | None) -> list[Any] | None:
    if not cursor:
        return None
    try:
        after = _SIGNER.unsign_object(cursor)
    except signing.BadSignature:
        after = None
    if not isinstance(after, list) or (count is not None and len(after) != count):
        raise WrongQuery(_("This “cursor” leads nowhere; take the one of the answer before."))
    return after


def _behind(keys: Sequence[str], after: Sequence[Any]) -> Q:
    found, same = Q(), Q()
    for key, value in zip(keys, after, strict=True):
        found |= same & Q(**{f"{key}__gt": value})
        same &= Q(**{key: value})
    return found


def _follow(row: Any, key: str) -> Any:
    for step in key.split("__"):
        row = getattr(row, step)
    return row
