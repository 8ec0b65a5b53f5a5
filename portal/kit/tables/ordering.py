"""The data under a table: how it is counted, sorted and gone through.

A queryset's order always ends in the primary key; without it, two requests for the same page
may show different rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Coalesce
from django.db.models.sql.constants import LOUTER
from django_tables2.data import TableListData, TableQuerysetData
from django_tables2.utils import OrderBy

from portal.kit.tables.keys import rows_beyond
from portal.kit.text import fold

_KEYS = frozenset({"pk", "id"})


class RecordList(TableListData):
    """A list of objects or dicts, sorted by the columns' own values."""

    ordering = None
    data: list[Any]

    def order_by(self, aliases: Any) -> None:
        """Sort by what the columns sort by; what has none comes last either way."""
        for alias in reversed(list(aliases)):
            column = self.table.columns[OrderBy(alias).bare].column
            keyed = list(zip(column.sorted_by(self.data), self.data, strict=True))
            known = [pair for pair in keyed if pair[0] is not None]
            known.sort(key=lambda pair: _comparable(pair[0]), reverse=alias.startswith("-"))
            self.data = [record for _, record in known] + [
                record for value, record in keyed if value is None
            ]

    def count(self) -> int:
        """How many records there are."""
        return len(self.data)

    def count_up_to(self, limit: int) -> int:
        """How many records there are, `limit` + 1 where there are more."""
        return min(len(self.data), limit + 1)

    def records(self, _chunk: int) -> Iterator[Any]:
        """All records."""
        return iter(self.data)

    def beyond(self, _pk: int, _count: int, *, backwards: bool) -> None:
        """A list has all its rows: none has to be found."""

    def can_sort_by(self, _path: str) -> bool:
        """Whatever a column shows can be compared."""
        return True

    def model_field(self, path: str) -> Any:
        """Lists may hold objects of a model."""
        first = self.data[0] if self.data else None
        return _model_field(type(first), path) if isinstance(first, models.Model) else None


def _comparable(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


class RecordQuery(TableQuerysetData):
    """A queryset, sorted by the database."""

    ordering = None

    def __init__(self, data: models.QuerySet):
        super().__init__(data)
        self.original = data
        self._count: int | None = None
        self._at_least = 0

    def order_by(self, aliases: Any) -> None:
        """Sort by the columns, then as the queryset was sorted, then by the primary key."""
        if self.original.query.is_sliced or self.original.query.combinator:
            return
        keys: list[Any] = []
        custom = None
        for alias in aliases:
            bound = self.table.columns[OrderBy(alias).bare]
            descending = alias.startswith("-")
            queryset, changed = bound.order(self.original, descending)
            if changed:
                custom = queryset
                continue
            keys += [self._key(path, descending) for path in _paths(bound)]
        base = self.original if custom is None else custom
        existing = _existing_order(base)
        keys = [*existing, *keys] if custom is not None else [*keys, *existing]
        if keys or not _is_grouped(base):
            self.data = base.order_by(*keys, *self._tie_break(keys))

    def _key(self, path: str, descending: bool) -> Any:
        """Empty values come last; where there are none, a plain key can use its index."""
        reverse = descending != path.startswith("-")
        name = path.removeprefix("-")
        if not reverse:
            return name
        return f"-{name}" if self._is_never_empty(name) else F(name).desc(nulls_last=True)

    def _is_never_empty(self, name: str) -> bool:
        query = self.original.query
        if annotation := query.annotations.get(name):
            if isinstance(annotation, Coalesce):
                # What stands for nothing at its end.
                last = annotation.get_source_expressions()[-1]
                return isinstance(last, Value) and last.value is not None
            joined = query.alias_map.get(getattr(annotation, "alias", ""))
            field = getattr(annotation, "target", None)
            return bool(field and not field.null and joined and joined.join_type != LOUTER)
        return _is_never_empty(self.original.model, name)

    def _tie_break(self, keys: list[Any]) -> list[str]:
        """The primary key, in the direction of the first key: one index then serves both ways."""
        names = {str(key).removeprefix("-") for key in keys if isinstance(key, str)}
        if names & _KEYS or _is_grouped(self.original):
            return []
        first = keys[0] if keys else ""
        return ["-pk" if getattr(first, "descending", str(first).startswith("-")) else "pk"]

    def know_count(self, count: int, up_to: int | None = None) -> None:
        """Take a count that was found along with something else; `up_to`: as far as it went."""
        if up_to is not None and count > up_to:
            self._at_least = count
        else:
            self._count = count

    def count(self) -> int:
        """How many records there are; asked once."""
        if self._count is None:
            self._count = self.data.count()
        return self._count

    def count_up_to(self, limit: int) -> int:
        """How many records there are, `limit` + 1 where there are more; asked once."""
        if self._count is None and self._at_least <= limit:
            if self.data.query.is_sliced:
                return min(self.count(), limit + 1)
            found = self.data.order_by()[: limit + 1].count()
            if found <= limit:
                self._count = found
            self._at_least = found
        known = self._at_least if self._count is None else self._count
        return min(known, limit + 1)

    def beyond(self, pk: int, count: int, *, backwards: bool) -> list[Any] | None:
        """So many rows that follow the one with this key, or precede it, nearest first; None where
        it is not told."""
        if self.data.query.is_sliced or self.data.query.combinator or _is_grouped(self.original):
            return None
        parts = rows_beyond(self.data, pk, self._is_never_empty, backwards=backwards)
        if parts is None:
            return None
        found: list[Any] = []
        for part in parts:
            found += part[: count - len(found)]
            if len(found) == count:
                break
        return found

    def records(self, chunk: int) -> Iterator[Any]:
        """All records, `chunk` at a time, prefetches included."""
        return self.data.iterator(chunk_size=chunk)

    def can_sort_by(self, path: str) -> bool:
        """Whether the database knows the path and has one value of it for each record."""
        steps = path.removeprefix("-").split(LOOKUP_SEP)
        if steps[0] in self.original.query.annotations:
            return True
        paths = (LOOKUP_SEP.join(steps[: index + 1]) for index in range(len(steps)))
        fields = [_model_field(self.original.model, path) for path in paths]
        return all(known and not (known.many_to_many or known.one_to_many) for known in fields)

    def model_field(self, path: str) -> Any:
        """The field at the end of a path; an annotation is none."""
        return _model_field(self.original.model, path)


def _paths(bound: Any) -> list[str]:
    return bound.column.sort_paths()


def _is_grouped(queryset: models.QuerySet) -> bool:
    """Rows of `values()` sums: ordering by the primary key would tear the groups apart."""
    has_fields = getattr(queryset, "_fields", None) is not None
    return has_fields and isinstance(queryset.query.group_by, tuple)


def _existing_order(queryset: models.QuerySet) -> list[Any]:
    query = queryset.query
    order = list(query.extra_order_by or query.order_by)
    if not order and query.default_ordering and not _is_grouped(queryset):
        order = list(query.get_meta().ordering or ())
    return [key for key in order if key != "?"]


def _is_never_empty(model: type[models.Model], path: str) -> bool:
    """Whether each row has a value at the end of the path: no step of it may be empty."""
    steps = path.split(LOOKUP_SEP)
    fields = [_model_field(model, LOOKUP_SEP.join(steps[: n + 1])) for n in range(len(steps))]
    return all(
        field is not None and not field.null and (field.concrete and not field.many_to_many)
        for field in fields
    )


def _model_field(model: type[models.Model], path: str) -> Any:
    known: Any = None
    for step in path.split(LOOKUP_SEP):
        try:
            known = model._meta.get_field("id" if step == "pk" else step)
        except FieldDoesNotExist:
            return None
        model = known.related_model or model
    return known
