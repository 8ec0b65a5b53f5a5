"""From a file to typed rows: the same data gives the same rows, as xlsx, ods or csv.

    for row in open_sheet(path, "vouchers"):
        row.line, row.values["amount"], row.as_stated, row.faults

Trouble with the file as a whole raises LoadError; trouble with a cell is a Fault of its row.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.amounts import currency_of
from finance.formats.cells import EMPTY, Convert, Converted, as_meant
from finance.formats.columns import FileKind
from finance.formats.containers.detecting import open_grids
from finance.formats.containers.grids import Cells, Grid, hidden_sheets, refuse
from finance.formats.currencies import decimals_of, names_another
from finance.formats.faults import Fault, Note, Unreadable, shown
from finance.formats.headings import Table, find_table, tells_of_money
from finance.formats.kinds import KINDS
from finance.formats.mappings import Mapping
from finance.formats.mended import Mended
from finance.formats.plans import Block, PlannedColumn, plan_blocks
from finance.formats.totals import RunningSums, is_sum
from portal.kit.currency import base_currency

__all__ = ["Fault", "LoadError", "ReadRow", "Sheet", "open_sheet"]

_TOTAL_WORD = re.compile(
    r"(grand|sub|sous|overall)?[\s-]*(totale?s?|totaux|sum|suma|somme|summe|gesamt)\b",
    re.IGNORECASE,
)


# A column, its cell, and what is to be said of it: a fault, or the currency it names.
Noted = tuple[PlannedColumn, Any, Unreadable | str]


@dataclass(slots=True)
class ReadRow:
    """One row as read.

    `values` has every column of the kind, None where nothing is stated; `as_stated` is the
    canonical text of the columns in declared order, empty where nothing is stated.
    """

    line: int
    values: dict[str, Any]
    as_stated: tuple[str, ...]
    faults: list[Fault]
    notes: list[Note] = field(default_factory=list)


class Sheet:
    """The table of a file: its headings, and its rows when iterated, as often as wished."""

    def __init__(
        self, path: Path, kind: FileKind, mapping: Mapping, table: Table, mended: Mended
    ) -> None:
        self.path = path
        self.kind = kind
        self.mapping = mapping
        self.name = table.grid.name
        self.header_line = table.line
        self.headers = table.headers
        self.columns = table.columns
        self.unmapped = tuple(
            header for header in table.headers if header and header not in table.used
        )
        self._table = table
        self._grid: Grid = table.grid
        self._mended = mended
        self._sums: set[str] = set()  # texts of cells that name a sum
        self._blocks = plan_blocks(table, kind, mapping, mended.rules)

    def __iter__(self) -> Iterator[ReadRow]:
        """The rows below the headings; those without any value are left out."""
        width = len(self.headers)
        blocks = self._blocks
        is_text = self._grid.is_text
        hidden, troubled = frozenset(self._grid.hidden_rows), self._grid.troubled
        single = blocks[0] if len(blocks) == 1 and blocks[0].skip_if_zero is None else None
        sums = RunningSums()
        for line, cells in self._grid.rows():
            if line <= self.header_line:
                continue
            if not (any(cells) or line in troubled) or line in self._mended.left_out:
                continue
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            if line in self._mended.cells:
                cells = self._with_mends(line, cells)
            elif is_text and len(cells) > width and any(cells[width:]):
                yield self._too_long(line, cells[width:])
                continue
            rows: Iterable[ReadRow] = (
                self._read_blocks(line, cells)
                if single is None
                else ((row,) if (row := self._read(single, line, cells)) is not None else ())
            )
            names_a_sum = self._names_a_sum(cells)
            for place, row in enumerate(rows):
                if line in hidden and not row.faults:
                    row.notes.append(_hidden(line))
                key = (place, row.values.get("currency"))
                is_sum = sums.add_up_to(key, row.values.get("amount"))
                if (names_a_sum or is_sum) and not row.faults:
                    row.notes.append(_total(line, cells, names_a_sum))
                yield row

    @property
    def notes(self) -> Iterator[Note]:
        """What is to be said of the file as a whole: hidden columns, sheets that are not read."""
        spans = self._grid.hidden_columns
        for block in self._blocks:
            for column in block.columns:
                if any(first <= column.index <= last for first, last in spans):
                    yield _hidden_column(column)
        for name in self._table.passed_over:
            yield _unread(name)
        for name in self._grid.unseen_filled if not self.mapping.sheet else ():
            # Templates keep their lists of words in hidden sheets.
            if not name.startswith("lists"):
                yield Note("unread-sheet", None, name, hidden_sheets([name]).strip())
        if not self.mapping.names_headings:
            for heading in filter(tells_of_money, self.unmapped):
                if self._has_values(self.headers.index(heading)):
                    yield _unread_column(heading)

    def _has_values(self, index: int) -> bool:
        return any(
            line > self.header_line and len(cells) > index and cells[index] not in ("", None)
            for line, cells in self._grid.rows()
        )

    def _with_mends(self, line: int, cells: Cells) -> Cells:
        """The row with what was mended of it, in each column that is read so."""
        mended = list(cells)
        for block in self._blocks:
            for column in block.columns:
                if (text := self._mended.cells[line].get(column.name)) is not None:
                    mended[column.index] = text
        return mended

    def raw_rows(self) -> Iterator[tuple[int, Cells]]:
        """All rows with their cells as the file has them; numbers that show zeros as text."""
        for line, cells in self._grid.rows():
            if not self._grid.is_text:
                cells = [
                    (self._grid.shown(line, place) or cell) if isinstance(cell, float) else cell
                    for place, cell in enumerate(cells)
                ]
            yield line, cells

    def _read_blocks(self, line: int, cells: Cells) -> Iterator[ReadRow]:
        for block in self._blocks:
            if not block.is_skipped(cells) and (row := self._read(block, line, cells)) is not None:
                yield row

    def _read(self, block: Block, line: int, cells: Cells) -> ReadRow | None:
        """The line that the block gives of this row; the loop runs once for every cell."""
        values = dict.fromkeys(block.names)
        stated = block.blank.copy()
        noted: list[Noted] = []
        for index, name, place, known, column in block.steps:
            cell = cells[index]
            hit = known(cell) if cell.__class__ is str else None
            if hit is None:
                hit = self._convert(column, line, cell)
            value, text, note = hit
            if value is not None:
                values[name] = value
                stated[place] = text
            if note:
                told = as_meant(cell) if isinstance(cell, str) else cell
                noted.append((column, told, note))
        for name, place, constant in block.constants:
            values[name], stated[place], _none = constant
        if noted or not block.is_complete(values, stated):
            if block.is_empty(cells) and not noted:
                return None
            if faults := self._faults(block, line, cells, values, noted):
                return ReadRow(line, values, tuple(stated), faults)
        notes = [
            odd
            for column, index, name in block.amounts
            if (odd := _too_fine(line, column, cells[index], values[name], values))
        ]
        return ReadRow(line, values, tuple(stated), [], notes)

    def _convert(self, column: PlannedColumn, line: int, cell: Any) -> Converted:
        """The cell's value, or what is wrong with it; texts are remembered."""
        if isinstance(cell, str):
            meant = as_meant(cell)
            if not meant.strip():
                return self._empty(column, line, cell)
            hit = self._tried(column.convert, meant)
            column.remember(cell, hit)
            if is_sum(meant):
                self._sums.add(cell)
            return hit
        if cell is None:
            return self._empty(column, line, "")
        if column.is_identifier and (digits := self._grid.shown(line, column.index)) is not None:
            return self._tried(column.convert, digits)
        if column.is_amount and isinstance(cell, float | int):
            return self._tried(self._marked(column, line), cell)
        return self._tried(column.convert, cell)

    def _marked(self, column: PlannedColumn, line: int) -> Convert:
        """The number, held against the currency or percent that its cell shows beside it."""
        mark = self._grid.mark(line, column.index)
        if not mark:
            return column.convert

        def convert(cell: Any) -> Converted:
            if mark == "%":
                raise Unreadable(
                    _("it is shown as a percentage"), _("Format it as a number, and check it.")
                )
            value, text, currency = column.convert(cell)
            return value, text, currency or currency_of(mark)

        return convert

    def _empty(self, column: PlannedColumn, line: int, cell: str) -> Converted:
        hit = column.constant or EMPTY
        if self._table.hides_trouble:
            trouble = self._grid.trouble(line, column.index)
            return (None, "", trouble) if trouble else hit
        column.remember(cell, hit)
        return hit

    def _tried(self, convert: Convert, cell: Any) -> Converted:
        try:
            return convert(cell)
        except Unreadable as unreadable:
            return None, "", unreadable

    def _faults(
        self, block: Block, line: int, cells: Cells, values: dict[str, Any], noted: list[Noted]
    ) -> list[Fault]:
        unreadable = [
            (column, cell, why) for column, cell, why in noted if isinstance(why, Unreadable)
        ]
        missing = block.missing(values, {column.name for column, _cell, _why in unreadable})
        if missing and self._names_a_sum(cells):
            first = next(cell for cell in cells if cell not in ("", None))
            message, advice = _("this looks like a row of totals"), _("Delete it.")
            return [Fault(line, "", shown(first), message, advice)]
        faults = [
            Fault(line, str(column.label), shown(cell), str(why.message), str(why.advice))
            for column, cell, why in unreadable
        ]
        faults += [
            Fault(line, label, "", _("it is empty"), _("Each row needs a value here."))
            for label in missing
        ]
        for column, cell, note in noted:
            if not isinstance(note, str):
                continue
            if names_another(note, expected := _expected_currency(column, values)):
                faults.append(_other_currency(line, column, cell, expected))
        return faults

    def _names_a_sum(self, cells: Cells) -> bool:
        """Whether the row begins with a word for a sum, or one of its cells is such a word."""
        if self._sums and any(cell in self._sums for cell in cells if isinstance(cell, str)):
            return True
        first = next((cell for cell in cells if cell not in ("", None)), "")
        return isinstance(first, str) and bool(_TOTAL_WORD.match(as_meant(first).strip()))

    def _too_long(self, line: int, extra: Cells) -> ReadRow:
        fault = Fault(
            line,
            "",
            shown(" ".join(extra)),
            _("the row has more cells than there are headings"),
            _("A text that holds the delimiter must stand in quotation marks."),
        )
        names = [column.name for column in self.kind.columns]
        return ReadRow(line, dict.fromkeys(names), ("",) * len(names), [fault])


def _hidden(line: int) -> Note:
    text = _("This row is hidden in the sheet, or left out by its filter; it counts all the same.")
    return Note("hidden-row", line, "", text)


def _hidden_column(column: PlannedColumn) -> Note:
    text = _("This column is hidden in the sheet; what stands in it counts all the same.")
    return Note("hidden-column", None, str(column.label), text)


def _unread(name: str) -> Note:
    text = _("This sheet has such a table too, with other headings, and is not read.")
    return Note("unread-sheet", None, name, text)


def _unread_column(heading: str) -> Note:
    text = _("This column seems to hold money; its heading is not known here, and it is not read.")
    return Note("unread-column", None, heading, text)


def _total(line: int, cells: Cells, names_a_sum: bool) -> Note:
    first = next(cell for cell in cells if cell not in ("", None))
    text = (
        _("This looks like a row of totals; it counts as one more line.")
        if names_a_sum
        else _("Its amount is the sum of rows above it; it counts as one more line.")
    )
    return Note("row-of-totals", line, shown(first), text)


def _too_fine(line: int, column: PlannedColumn, cell: Any, value: Any, values: Any) -> Note | None:
    """That an amount has more decimals than its currency."""
    if value is None or value == value.to_integral_value():
        return None
    currency = _expected_currency(column, values)
    places = decimals_of(currency)
    if value == round(value, places):
        return None
    text = _("%(column)s: %(currency)s has %(places)d decimals; was a sign of thousands meant?") % {
        "column": column.label,
        "currency": currency,
        "places": places,
    }
    return Note("many-decimals", line, shown(cell), text)


def _expected_currency(column: PlannedColumn, values: dict[str, Any]) -> str:
    return base_currency() if column.name == "base_amount" else values.get("currency") or ""


def _other_currency(line: int, column: PlannedColumn, cell: Any, expected: str) -> Fault:
    return Fault(
        line,
        str(column.label),
        shown(cell),
        _("it names another currency than the row (%(currency)s)") % {"currency": expected},
        _("Correct one of them."),
    )


def open_sheet(
    path: Path,
    kind: str | FileKind,
    mapping: Mapping | None = None,
    mended: Mended | None = None,
) -> Sheet:
    """The table of that kind in the file; `mapping` tells of foreign headings and habits.

    mended: what staff mended of it.

    Raises LoadError naming the file and what to do.
    """
    path = Path(path)
    kind = KINDS[kind] if isinstance(kind, str) else kind
    mapping = mapping or Mapping(kind=kind.code)
    if mapping.kind != kind.code:
        raise refuse(
            path,
            _("the mapping is for files of the kind “%(kind)s”.") % {"kind": mapping.kind},
        )
    table = find_table(path, kind, mapping, open_grids(path))
    return Sheet(path, kind, mapping, table, mended or Mended())
