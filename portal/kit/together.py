"""Several short lists read in one statement: a page waits once for the database, not for each.

Each stays a queryset of its own, with its own filters, order and related rows. PostgreSQL reads
them side by side, first row beside first row, as far as the longest goes; so long lists do not
belong here.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import copy
from types import MappingProxyType
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

_PLACE = "place_in_list"
# A column before those of each list: whether the list goes so far.
_IS_THERE = "is_there"


def read_together(*lists: Iterable[Any]) -> None:
    """Read those that are querysets, all of one database; afterwards each has its rows, as if it
    had been read by itself. What has been read already is not read again."""
    parts: list[tuple[QuerySet, SQLCompiler, str, tuple[Any, ...]]] = []
    for rows in lists:
        if not isinstance(rows, QuerySet) or rows._result_cache is not None:
            continue
        compiler = rows.query.get_compiler(rows.db)
        try:
            parts.append((rows, compiler, *compiler.as_sql()))
        except EmptyResultSet:
            rows._result_cache = []
    if not parts:
        return
    found = _read(parts[0][0].db, [part[2:] for part in parts])
    for (rows, compiler, *_statement), its_rows in zip(parts, found, strict=True):
        _give(rows, compiler, its_rows)


class Together:
    """Lists that are asked for again and again with the same values: their statement is put
    together once."""

    def __init__(self, *lists: QuerySet) -> None:
        self.lists = lists
        self._parts: list[tuple[SQLCompiler, str, tuple[Any, ...]]] = []

    def read(self) -> list[list[Any]]:
        """The rows of each as they stand now, in one statement."""
        database = self.lists[0].db
        if not self._parts:
            compilers = [rows.query.get_compiler(database) for rows in self.lists]
            self._parts = [(compiler, *compiler.as_sql()) for compiler in compilers]
        found = _read(database, [part[1:] for part in self._parts])
        answers = []
        for rows, (compiler, *_statement), its_rows in zip(
            self.lists, self._parts, found, strict=True
        ):
            # Each thread has a connection of its own.
            its_own = copy(compiler)
            its_own.connection = connections[database]
            fresh = rows.all()
            _give(fresh, its_own, its_rows)
            answers.append(list(fresh))
        return answers


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


def _read(database: str, statements: list[tuple[str, tuple[Any, ...]]]) -> list[list[tuple]]:
    """The rows of each statement."""
    # Rows go through the joins whole: hundreds of columns would take long to plan.
    lists = [
        f"(SELECT row_number() OVER () AS {_PLACE}, row_of FROM ({statement}) AS row_of) AS l{n}"  # noqa: S608
        for n, (statement, _values) in enumerate(statements)
    ]
    joined = " FULL JOIN ".join([lists[0], *(f"{each} USING ({_PLACE})" for each in lists[1:])])
    columns = ", ".join(
        f"l{n}.{_PLACE} IS NOT NULL AS {_IS_THERE}, (l{n}.row_of).*" for n in range(len(lists))
    )
    with connections[database].cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {joined} ORDER BY {_PLACE}",  # noqa: S608
            [value for _statement, values in statements for value in values],
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
