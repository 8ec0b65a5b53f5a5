"""A function of the database that models are read from as from a table, with arguments.

PostgreSQL puts such a function, where it is plain SQL, into the query that reads it. So nothing
is kept in the session, and pages may share connections (a pooler in transaction mode).
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import BaseTable

M = TypeVar("M", bound=Model)


class FunctionTable(BaseTable):
    """The FROM of a query: a function called with values, each with the type it is passed as."""

    def __init__(
        self,
        table: str,
        alias: str,
        arguments: Sequence[tuple[str, Any]] = (),
        function: str = "",
    ) -> None:
        super().__init__(table, alias)
        self.arguments = arguments
        self.function = function or table

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
    ) -> tuple[str, Any]:
        """The call under its alias, and the values as parameters."""
        name = connection.ops.quote_name(self.function)
        # As its columns are told: within another query unquoted, and so in small letters.
        alias = compiler.quote_name_unless_alias(str(self.table_alias))
        places = ", ".join(f"%s::{kind}" for kind, _value in self.arguments)
        return f"{name}({places}) {alias}", [value for _kind, value in self.arguments]

    def relabeled_clone(self, change_map: Mapping[str | None, str]) -> "FunctionTable":
        """The same call under another alias."""
        alias = change_map.get(self.table_alias, str(self.table_alias))
        return self.__class__(self.table_name, alias, self.arguments, self.function)


def called(model: type[M], *arguments: tuple[str, Any], name: str = "") -> QuerySet[M]:
    """The rows that a function gives for (type, value) arguments: the one named by the model's
    table, or another of the same columns."""
    rows: QuerySet[M] = model._default_manager.all()
    alias = rows.query.get_initial_alias()
    table = FunctionTable(model._meta.db_table, alias, arguments, name)
    rows.query.alias_map[alias] = table
    return rows
