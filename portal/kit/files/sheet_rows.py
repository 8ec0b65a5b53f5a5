"""Rows of a sheet as SpreadsheetML of our own: openpyxl makes an object of each cell, too slowly.

openpyxl makes the package, its styles and all that stands around the rows; what is written here is
put where its empty `sheetData` stands.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from portal.kit.safe import EXCEL_CELL, all_plain, excel_text, looks_like_formula
from portal.kit.tables.bulk import with_gaps

# Excel counts days from the last of 1899, and knows none before the first of March 1900: it takes
# 1900 for a leap year.
_FIRST_DAY, _DAY_NONE = date(1900, 3, 1), date(1899, 12, 30)
_EMPTY_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_SPECIAL = re.compile(r"[&<>\r]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
PIECE, _COPIED = 500, 1 << 20
# Fast, and nearly as small as can be: the same tags stand in each row.
_LEVEL = 3

# The inner XML of a cell and its attributes after the place: '…><v>1</v></c>'.
Writer = Callable[[Any], str]
# The same of each value of a column.
ColumnWriter = Callable[[list[Any]], list[str]]


class SheetRows:
    """Rows of one sheet, on disk until the workbook is saved; `count` is how many there are."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 – closed by close()
        self.count = 0
        self.columns = 1
        self._pieces: list[str] = []

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def add(self, cells: Iterable[str]) -> None:
        """A row; each cell as a writer gives it, "" where there is nothing."""
        self.count += 1
        number = self.count
        row = [
            f'<c r="{get_column_letter(place)}{number}"{cell}'
            for place, cell in enumerate(cells, start=1)
            if cell
        ]
        self._pieces.append(f'<row r="{number}">{"".join(row)}</row>')
        if len(self._pieces) >= PIECE:
            self._flush()

    def add_columns(self, columns: list[list[str]]) -> None:
        """Some rows, column by column, of as many cells each."""
        placed = []
        rows = range(self.count + 1, self.count + 1 + max(map(len, columns), default=0))
        numbers = list(map(str, rows))
        for place, column in enumerate(columns, start=1):
            head = f'<c r="{get_column_letter(place)}'
            pairs = zip(numbers, column, strict=True)
            placed.append([f'{head}{number}"{cell}' if cell else "" for number, cell in pairs])
        lines = zip(numbers, map("".join, zip(*placed, strict=True)), strict=True)
        self._pieces += [f'<row r="{number}">{line}</row>' for number, line in lines]
        self.count += len(numbers)
        self._flush()

    def _flush(self) -> None:
        self.file.write("".join(self._pieces).encode())
        self._pieces.clear()

    def copy_to(self, target: IO[bytes]) -> None:
        """All rows, in their element."""
        self._flush()
        self.file.seek(0)
        target.write(b"<sheetData>")
        while piece := self.file.read(_COPIED):
            target.write(piece)
        target.write(b"</sheetData>")


def text_writer(style: int = 0, *, as_formula: int = 0) -> Writer:
    """Writes texts; `as_formula` is the style of what a spreadsheet might run."""
    plain, formula = _style(style), _style(as_formula or style)

    def write(text: str) -> str:
        head = formula if looks_like_formula(text) else plain
        text = excel_text(text)
        kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        if _SPECIAL.search(text):
            text = _SPECIAL.sub(lambda found: _ENTITIES[found.group()], text)
        return f'{head} t="inlineStr"><is><t{kept}>{text}</t></is></c>'

    return write


def texts_writer(style: int = 0, *, as_formula: int = 0) -> ColumnWriter:
    """The same of many: what stands in no need of care is written at once."""
    write = text_writer(style, as_formula=as_formula)
    head = f'{_style(style)} t="inlineStr"><is><t>'

    def write_all(texts: list[str]) -> list[str]:
        joined = "\0".join(texts)
        is_plain = (
            all_plain(texts)
            and joined.replace("\0", "").isprintable()
            and " \0" not in f"{joined}\0"
            and max(map(len, texts)) * 2 <= EXCEL_CELL
            and "" not in texts
        )
        if not is_plain:
            return list(map(write, texts))
        if _SPECIAL.search(joined):
            joined = joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            texts = joined.split("\0")
        return [f"{head}{text}</t></is></c>" for text in texts]

    return write_all


def column_writer(style: int, text: Writer, texts: ColumnWriter) -> ColumnWriter:
    """Writes the values of a column as `value_writer` does each."""
    write, head = value_writer(style, text), _style(style)

    def write_all(values: list[Any]) -> list[str]:
        given = [value for value in values if value is not None]
        kinds, inner = set(map(type, given)), None
        if kinds == {str}:
            return with_gaps(values, texts(given), "")
        if kinds <= {int, Decimal}:
            inner = list(map(str, given))
            # Great and small numbers.
            inner = None if "E" in "".join(inner) else inner
        elif kinds == {date} and min(given) >= _FIRST_DAY:
            inner = [str(day.toordinal() - _DAY_NONE.toordinal()) for day in given]
        if inner is None:
            return list(map(write, values))
        return with_gaps(values, [f"{head}><v>{number}</v></c>" for number in inner], "")

    return write_all


def value_writer(style: int, text: Writer) -> Writer:
    """Writes numbers, days and truths in this style, and texts as `text` does."""
    head = _style(style)

    def write(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return text(value)
        if isinstance(value, bool):
            return f'{head} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, Decimal):
            return f"{head}><v>{value:f}</v></c>"
        if isinstance(value, datetime):
            return f"{head}><v>{to_excel(value)}</v></c>"
        if isinstance(value, date):
            if value < _FIRST_DAY:
                return text(value.isoformat())
            return f"{head}><v>{(value - _DAY_NONE).days}</v></c>"
        return f"{head}><v>{value}</v></c>"

    return write


def _style(number: int) -> str:
    return f' s="{number}"' if number else ""


def with_rows(package: IO[bytes], sheets: Mapping[str, SheetRows]) -> IO[bytes]:
    """The same package with these rows in its sheets, by their paths in it; open at its start."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 – whoever asked closes it
    try:
        with zipfile.ZipFile(package) as made, _archive(file) as archive:
            for name in made.namelist():
                content = made.read(name)
                if name not in sheets:
                    archive.writestr(name, content)
                    continue
                rows = sheets[name]
                [before, after] = _EMPTY_ROWS.split(_sized(content, rows), maxsplit=1)
                with archive.open(name, "w", force_zip64=True) as sheet:
                    sheet.write(before)
                    rows.copy_to(sheet)
                    sheet.write(after)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)


def _sized(content: bytes, rows: SheetRows) -> bytes:
    last = f"{get_column_letter(max(rows.columns, 1))}{max(rows.count, 1)}"
    return _DIMENSION.sub(f'<dimension ref="A1:{last}"/>'.encode(), content, count=1)
