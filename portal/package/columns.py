"""What a table of the package is: its rows, its columns, what it joins, what has to add up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from finance.figures.catalogue import FIGURES, Unit

NUMBER, INTEGER, TEXT, DAY, MOMENT, YES = (
    "number", "integer", "string", "date", "datetime", "boolean",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column; `value` is a path or expression of the database, or of a row made here its name."""

    name: str
    text: Any
    value: Any = ""
    kind: str = TEXT
    unit: str = ""

    @property
    def expression(self) -> Any:
        """What the database writes into the file."""
        value = F(self.value or self.name) if isinstance(self.value, str) else self.value
        return _WRITTEN[self.kind](value)


@dataclass(frozen=True)
class PackageTable:
    """A table; `rows` is a queryset, or an iterable of rows made here, in their order.

    key: columns that together name a row; none where some may be empty. joins: column to (table,
    column). sums: columns that are added up in its description.
    """

    name: str
    title: Any
    text: Any
    rows: Callable[[], QuerySet | Iterable[Mapping[str, Any]]]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    joins: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sums: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Its file in the package."""
        return f"{self.name}.csv"


class _Text(Func):
    """The text; what a spreadsheet would run gets an apostrophe, as in all our files."""

    function = "portal_csv_text"
    output_field = TextField()


class _Exact(Func):
    """The number without zeros at its end."""

    function = "trim_scale"


class _Moment(Func):
    """A moment as ISO 8601 has it."""

    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
    output_field = CharField()


def _as_it_is(value: Any) -> Any:
    return value


_WRITTEN: dict[str, Callable[[Any], Any]] = {
    NUMBER: _Exact,
    INTEGER: _as_it_is,
    TEXT: _Text,
    DAY: _as_it_is,
    MOMENT: _Moment,
    YES: lambda value: Cast(value, TextField()),
}


def shown(path: str, condition: Q) -> Case:
    """A value that is told only where the condition holds."""
    return Case(When(condition, then=F(path)), default=None)


def figure_columns(keys: Iterable[str], *, by_database: bool = True) -> tuple[Column, ...]:
    """Columns of figures: name, meaning and unit are those of the catalogue."""
    return tuple(_figure(key, by_database=by_database) for key in keys)


def _figure(key: str, *, by_database: bool) -> Column:
    figure = FIGURES[key]
    unit = "%" if figure.unit is Unit.PERCENT else "base currency"
    value: Any = key
    if by_database:
        left_out = Q()
        for measure in figure.measures.measures:
            left_out |= Q(**{f"{measure}_left_out__gt": 0})
        # A sum of which nothing but what was left out is known is none.
        value = Case(When(left_out & Q(**{key: 0}), then=Value(None)), default=F(key))
    return Column(key, f"{figure.label}: {figure.explanation}", value, NUMBER, unit)
