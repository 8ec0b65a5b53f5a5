"""Several short lists read in one statement: a page waits once for the database, not for each.

Each stays a queryset of its own, with its own filters, order and related rows. PostgreSQL reads
them side by side, first row beside first row, as far as the longest goes; so long lists do not
belong here.

What is asked for again and again has its statement put together once: that takes Django longer
than the database takes to answer (`Together` with the same values, `Shaped` with others).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import cached_property

_PLACE = "place_in_list"
# A column before those of each list: whether the list goes so far.
_IS_THERE = "is_there"


def read_together(*lists: Iterable[Any]) -> None:
    """Read those that are querysets or `Shaped` lists, all of one database; afterwards each has
    its rows, as if it had been read by itself. What has been read already is not read again."""
    parts: list[tuple[_Part, QuerySet | ShapedList]] = []
    for rows in lists:
        if isinstance(rows, ShapedList):
            if not rows.is_read:
                parts.append((rows.part, rows))
        elif isinstance(rows, QuerySet) and rows._result_cache is None:
            try:
                parts.append((_part_of(rows), rows))
            except EmptyResultSet:
                rows._result_cache = []
    if not parts:
        return
    found = _read([part for part, _rows in parts])
    for (part, rows), its_rows in zip(parts, found, strict=True):
        if isinstance(rows, ShapedList):
            rows.found = part.objects(its_rows)
        else:
            _give(rows, part.compiler, its_rows)


class _Part(NamedTuple):
    """A list whose statement is put together."""

    rows: QuerySet
    compiler: SQLCompiler
    statement: str
    values: tuple[Any, ...]

    def objects(self, found: list[tuple]) -> list[Any]:
        """What the list makes of rows that were read."""
        fresh = self.rows.all()
        _give(fresh, self._compiler(), found)
        return list(fresh)

    def read(self) -> list[Any]:
        """The same of what the statement reads now, by itself."""
        fresh, compiler = self.rows.all(), self._compiler()
        compiler.as_sql = lambda *_, **__: (self.statement, self.values)  # type: ignore[method-assign]
        fresh.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(fresh)

    def _compiler(self) -> SQLCompiler:
        """One that may be changed; each thread has a connection of its own."""
        its_own = copy(self.compiler)
        its_own.connection = connections[self.rows.db]
        return its_own


def _part_of(rows: QuerySet) -> _Part:
    """Raises EmptyResultSet."""
    compiler = rows.query.get_compiler(rows.db)
    statement, values = compiler.as_sql()
    return _Part(rows, compiler, statement, tuple(values))


class Together:
    """Lists that are asked for again and again with the same values."""

    def __init__(self, *lists: QuerySet) -> None:
        self.lists = lists

    @cached_property
    def _parts(self) -> list[_Part]:
        return [_part_of(rows) for rows in self.lists]

    def read(self) -> list[list[Any]]:
        """The rows of each as they stand now, in one statement."""
        found = _read(self._parts)
        return [part.objects(rows) for part, rows in zip(self._parts, found, strict=True)]


class Shaped:
    """A list that is asked for again and again with other values: of one project, then another.

    `make` gives the queryset for values by name. It is called once for each shape – which of the
    values are None – with stand-ins; what they become in the statement is where values go later.
    So `make` may look at nothing else that changes, nor decide anything by a value. A day that
    was not given would stay the day of the first reading: ValueError.
    """

    def __init__(self, make: Callable[..., QuerySet]) -> None:
        self._make = make
        self._shapes: dict[frozenset[str], tuple[_Part, dict[Any, str]]] = {}

    def of(self, **values: Any) -> "ShapedList":
        """The list for these values: integers, texts, days or None; read when it is asked."""
        shape = frozenset(name for name, value in values.items() if value is not None)
        if shape not in self._shapes:
            self._shapes[shape] = self._made(values)
        part, places = self._shapes[shape]
        return ShapedList(part._replace(values=_with(part.values, places, values)))

    def _made(self, values: dict[str, Any]) -> tuple[_Part, dict[Any, str]]:
        stand_ins = {
            name: None if value is None else _stand_in(number, value)
            for number, (name, value) in enumerate(values.items(), start=1)
        }
        part = _part_of(self._make(**stand_ins))
        places = {value: name for name, value in stand_ins.items() if value is not None}
        strange = [v for v in part.values if isinstance(v, date) and v not in places]
        if strange:
            raise ValueError(f"{strange} would stay in the statement for ever.")
        return part, places


def _stand_in(number: int, value: Any) -> Any:
    """A value of the same type that no statement has by itself."""
    kinds: dict[type, Any] = {
        int: number - 2**62,
        str: f"\x1astand-in {number}",
        date: date(1, 1, number),
    }
    return kinds[type(value)]


def _with(given: Sequence[Any], places: dict[Any, str], values: dict[str, Any]) -> tuple[Any, ...]:
    """The values of a statement, with those put in for which others stand; lists may hold them."""
    return tuple(
        list(_with(value, places, values))
        if isinstance(value, list)
        else values[places[value]]
        if isinstance(value, (int, str, date)) and value in places
        else value
        for value in given
    )


@dataclass(eq=False, slots=True)
class ShapedList(Sequence[Any]):
    """A list with its values; read when it is asked, unless others have been read with it."""

    part: _Part
    found: list[Any] | None = None

    @property
    def is_read(self) -> bool:
        """Whether it has its rows."""
        return self.found is not None

    def _rows(self) -> list[Any]:
        if self.found is None:
            self.found = self.part.read()
        return self.found

    def __len__(self) -> int:
        return len(self._rows())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows())

    def __getitem__(self, place: Any) -> Any:
        return self._rows()[place]


def those_with_rows(
    models: Iterable[type[Model]],
    column: str,
    value: Any,
    otherwise: Mapping[type[Model], str] = MappingProxyType({}),
) -> set[type[Model]]:
    """Which of the models have any row with this value in the column, in one statement; of those
    in `otherwise`, which rows are asked for by what follows FROM there, with one place for it.

    What a page has seldom is then not looked for in vain.
    """
    rows = {model: f"{model._meta.db_table} WHERE {column} = %s" for model in models}
    asked = {**rows, **otherwise}
    tests = ", ".join(f"EXISTS (SELECT FROM {each})" for each in asked.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {tests}", [value] * len(asked))
        return {model for model, is_there in zip(asked, cursor.fetchone(), strict=True) if is_there}


def first_with_rows(*lists: QuerySet) -> int | None:
    """The place of the first of these that has any row, in one statement; None where none has.
    Those behind it are not looked at."""
    tests: list[str] = []
    values: list[Any] = []
    for place, rows in enumerate(lists):
        with suppress(EmptyResultSet):
            statement, its_values = rows.order_by().values("pk").query.sql_with_params()
            tests.append(f"WHEN EXISTS ({statement}) THEN {place}")
            values += its_values
    if not tests:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE {' '.join(tests)} END", values)
        found: int | None = cursor.fetchone()[0]
    return found


def count_together(**lists: QuerySet) -> dict[str, int]:
    """How many rows each of these has, in one statement."""
    counted: list[str] = []
    values: list[Any] = []
    for rows in lists.values():
        try:
            statement, its_values = rows.query.sql_with_params()
        except EmptyResultSet:
            counted.append("0")
            continue
        counted.append(f"(SELECT count(*) FROM ({statement}) AS counted)")  # noqa: S608
        values += its_values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}", values)
        return dict(zip(lists, cursor.fetchone(), strict=True))


def _read(parts: list[_Part]) -> list[list[tuple]]:
    """The rows of each statement."""
    # Rows go through the joins whole: hundreds of columns would take long to plan.
    numbered = f"SELECT row_number() OVER () AS {_PLACE}, row_of"
    lists = [
        f"({numbered} FROM ({part.statement}) AS row_of) AS l{n}" for n, part in enumerate(parts)
    ]
    joined = " FULL JOIN ".join([lists[0], *(f"{each} USING ({_PLACE})" for each in lists[1:])])
    columns = ", ".join(
        f"l{n}.{_PLACE} IS NOT NULL AS {_IS_THERE}, (l{n}.row_of).*" for n in range(len(lists))
    )
    with connections[parts[0].rows.db].cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {joined} ORDER BY {_PLACE}",  # noqa: S608
            [value for part in parts for value in part.values],
        )
        width = len(cursor.description)
        starts = [i for i, column in enumerate(cursor.description) if column[0] == _IS_THERE]
        rows = cursor.fetchall()
    return [
        [row[start + 1 : end] for row in rows if row[start]]
        for start, end in zip(starts, [*starts[1:], width], strict=True)
    ]


def _give(rows: QuerySet, compiler: SQLCompiler, found: list[tuple]) -> None:
    """Let the queryset make its objects of these rows, and read what it prefetches."""
    if compiler.has_extra_select:
        # What it is ordered by beside its columns.
        found = [row[: compiler.col_count] for row in found]
    compiler.execute_sql = lambda *_, **__: [found]  # type: ignore[method-assign, assignment]
    rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
    try:
        len(rows)
    finally:
        del rows.query.get_compiler
