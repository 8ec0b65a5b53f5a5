"""How the rows of one file are read: for each line that a row gives, column by column."""

from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.formats.amounts import canonical, parse_amount
from finance.formats.cells import Convert, Converted, Reading, as_meant, converter
from finance.formats.columns import ColumnType, FileColumn, FileKind, folded
from finance.formats.containers.grids import Cells
from finance.formats.faults import Unreadable
from finance.formats.headings import Table
from finance.formats.mappings import Emit, Mapping
from finance.formats.mended import by_rules

REMEMBERED = 5_000

# Of these a mend means the value as it is written; of names, whatever their case and punctuation.
EXACT = frozenset({"amount", "rate", "date", "year", "identifier"})


@dataclass(slots=True)
class PlannedColumn:
    """A column that has a place in the file, with what its cells were found to mean."""

    name: str
    label: Any
    place: int  # among the declared columns
    index: int  # in the file
    convert: Convert
    is_amount: bool
    is_identifier: bool
    is_money: bool
    constant: Converted | None = None
    cache: dict[str, Converted] = field(default_factory=dict)

    def remember(self, cell: str, hit: Converted) -> None:
        """Keep what a text means; forget all before there are too many."""
        if len(self.cache) >= REMEMBERED:
            self.cache.clear()
        self.cache[cell] = hit


@dataclass(slots=True)
class Block:
    """One line that each row gives."""

    kind: FileKind
    names: tuple[str, ...]
    blank: list[str]
    columns: list[PlannedColumn]
    constants: list[tuple[str, int, Converted]]
    required: tuple[str, ...]
    skip_if_zero: int | None = None
    steps: list[tuple[int, str, int, Callable[[str], Converted | None], PlannedColumn]] = field(
        default_factory=list
    )
    amounts: list[tuple[PlannedColumn, int, str]] = field(default_factory=list)
    _required_places: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.steps = [
            (column.index, column.name, column.place, column.cache.get, column)
            for column in self.columns
        ]
        self.amounts = [
            (column, column.index, column.name) for column in self.columns if column.is_money
        ]
        self._required_places = tuple(self.names.index(name) for name in self.required)

    def is_complete(self, values: dict[str, Any], stated: list[str]) -> bool:
        """Whether everything is there that a row needs."""
        for place in self._required_places:
            if not stated[place]:
                return False
        return not self.kind.either or not self.missing(values, set())

    def is_empty(self, cells: Cells) -> bool:
        """Whether the row has nothing in any column that counts."""
        return all(_is_blank(cells[column.index]) for column in self.columns)

    def missing(self, values: dict[str, Any], unreadable: set[str]) -> list[str]:
        """Labels of the columns that should be filled and are not."""
        labels = [
            str(self.kind.column(name).label)
            for name in self.required
            if values[name] is None and name not in unreadable
        ]
        for group in self.kind.either:
            if all(values[name] is None and name not in unreadable for name in group):
                either = [str(self.kind.column(name).label) for name in group]
                labels.append(_(" or ").join(either))
        return labels

    def is_skipped(self, cells: Cells) -> bool:
        """Whether the row gives no such line, because the amount it hangs on is nothing."""
        if self.skip_if_zero is None:
            return False
        cell = cells[self.skip_if_zero]
        if not isinstance(cell, str):
            return not cell
        try:
            text = as_meant(cell)
            return not text.strip() or not parse_amount(text).value
        except Unreadable:
            return False


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not as_meant(cell).strip())


def plan_blocks(
    table: Table, kind: FileKind, mapping: Mapping, rules: Dict[str, Dict[str, str]]
) -> list[Block]:
    """The lines that each row of this table gives; rules: values that mean others, by column."""
    return [_block(table, kind, mapping, emit, rules) for emit in mapping.emits]


def _block(
    table: Table, kind: FileKind, mapping: Mapping, emit: Emit, rules: Dict[str, Dict[str, str]]
) -> Block:
    places = table.places(emit.columns) if mapping.names_headings else table.found
    columns, constants = [], []
    for place, column in enumerate(kind.columns):
        reading = Reading(
            date_order=mapping.date_order,
            decimal=mapping.decimal,
            digits=emit.digits.get(column.name),
            year_is_its_last_day=column.name in emit.year_end,
            since_1904=table.grid.since_1904,
        )
        constant = None
        if column.name in emit.constants:
            constant = converter(column, Reading(decimal="."))(emit.constants[column.name])
        if column.name in places:
            planned = _planned(
                column, place, places[column.name], reading, emit, constant,
                rules.get(column.name, {}),
            )  # fmt: skip
            columns.append(planned)
        elif constant is not None:
            constants.append((column.name, place, constant))
    return Block(
        kind=kind,
        names=tuple(column.name for column in kind.columns),
        blank=[""] * len(kind.columns),
        columns=columns,
        constants=constants,
        required=tuple(column.name for column in kind.required),
        skip_if_zero=table.index(emit.skip_if_zero) if emit.skip_if_zero else None,
    )


def _planned(
    column: FileColumn,
    place: int,
    index: int,
    reading: Reading,
    emit: Emit,
    constant: Converted | None,
    rules: Dict[str, str],
) -> PlannedColumn:
    convert = converter(column, reading)
    if column.name in emit.values:
        convert = _translated(convert, emit.values[column.name])
    if column.name in emit.negated:
        convert = _negated(convert)
    if rules:
        convert = by_rules(convert, rules, exactly=column.type in EXACT)
    return PlannedColumn(
        name=column.name,
        label=column.label,
        place=place,
        index=index,
        convert=convert,
        is_amount=column.type in (ColumnType.AMOUNT, ColumnType.RATE),
        is_money=column.type is ColumnType.AMOUNT,
        is_identifier=column.type is ColumnType.IDENTIFIER,
        constant=constant,
    )


def _translated(convert: Convert, words: Dict[str, str]) -> Convert:
    ours = {folded(theirs): our for theirs, our in words.items()}

    def translate(cell: Any) -> Converted:
        if isinstance(cell, str) and (word := ours.get(folded(cell))) is not None:
            return convert(word) if word else (None, "", "")
        return convert(cell)

    return translate


def _negated(convert: Convert) -> Convert:
    def negate(cell: Any) -> Converted:
        value, text, currency = convert(cell)
        if value is None:
            return value, text, currency
        value = -value if value else Decimal(0)
        return value, canonical(value), currency

    return negate
