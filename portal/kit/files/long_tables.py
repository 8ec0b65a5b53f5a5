"""Tables of many rows in the HTML of a PDF: what their cells say, and which stand for all others.

The cells of a column are mostly of a few shapes: the same elements around other texts. One cell of
each shape is laid out by WeasyPrint, and the others drawn like it (`cell_stamps.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from django.utils.functional import cached_property

# Shorter tables are laid out as they are: to look at a sample first would take longer.
FEWEST_ROWS = 100
# Of a table whose cells are all different, only the most frequent shapes are drawn alike.
_MOST_SHAPES = 60
ROW = "data-row"

_TABLE = re.compile(
    r"<table (?P<table>[^>]*)>(?P<caption>.*?)"
    r"<thead>(?P<head>.*?<tbody[^>]*>)(?P<rows>.*?)</tbody>",
    re.DOTALL,
)
_ROW = re.compile(r"<tr(?P<attributes>[^>]*)>(?P<cells>.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(?P<tag>t[hd])(?P<attributes>[^>]*)>(?P<inside>.*?)</(?P=tag)>", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_HREF = re.compile(r' href="([^"]*)"')
_UNSEEN = re.compile(r' (?:href|title|aria-label)="[^"]*"')
_BLANKS = re.compile(r"[ \t\r\n\f]+")
# They are drawn as pictures.
_EMOJI = re.compile("[\U0001f000-\U0001faff]")
_SPANS = re.compile(r"\b(?:col|row)span=")


class CellText(NamedTuple):
    """A cell: its shape, its texts, the address that each leads to or "", and all of its HTML.

    The shape is its column and its elements without what only this cell says.
    """

    shape: tuple[int, str]
    texts: tuple[str, ...]
    links: tuple[str, ...]
    is_head: bool
    html: str

    @property
    def length(self) -> int:
        """How many letters it shows."""
        return sum(map(len, self.texts))

    @property
    def longest_word(self) -> int:
        """Letters of what cannot be broken."""
        return max((len(word) for text in self.texts for word in text.split()), default=0)


@dataclass(frozen=True)
class RowText:
    """A row, with its cells where they can be read."""

    number: int
    attributes: str
    html: str
    cells: tuple[CellText, ...]

    def named(self, key: str) -> str:
        """Its HTML, marked with this key."""
        return f'<tr {ROW}="{key}"{self.attributes}>{self.html}</tr>'


class LongTable:
    """A table of many rows; `start` and `end` are where it stands in the HTML."""

    def __init__(self, number: int, found: re.Match[str]) -> None:
        self.number = number
        self.start, self.end = found.span()
        self._found = found
        self.rows = [
            RowText(at, row["attributes"], row["cells"], _cells(row["attributes"], row["cells"]))
            for at, row in enumerate(_ROW.finditer(found["rows"]))
        ]

    def key(self, row: RowText) -> str:
        """What marks the row in the HTML."""
        return f"{self.number}-{row.number}"

    @cached_property
    def shapes(self) -> dict[tuple[int, str], RowText]:
        """For each shape of cells the row whose cell of that shape is the shortest."""
        counts = Counter(cell.shape for row in self.rows for cell in row.cells)
        found = {shape: (0, self.rows[0]) for shape, _count in counts.most_common(_MOST_SHAPES)}
        taken: dict[tuple[int, str], tuple[int, RowText]] = {}
        for row in self.rows:
            for cell in row.cells:
                if cell.shape in found and (
                    cell.shape not in taken or cell.length < taken[cell.shape][0]
                ):
                    taken[cell.shape] = (cell.length, row)
        return {shape: row for shape, (_length, row) in taken.items()}

    @cached_property
    def samples(self) -> list[RowText]:
        """Rows that show all shapes and how wide the columns have to be; the last one, too."""
        numbers = {row.number for row in self.shapes.values()}
        wanted: tuple[Callable[[CellText], int], ...] = (
            lambda cell: cell.length,
            lambda cell: cell.longest_word,
        )
        readable = [row for row in self.rows if row.cells]
        for column in range(max((len(row.cells) for row in readable), default=0)):
            for size in wanted:
                widest = max(
                    (row for row in readable if column < len(row.cells)),
                    key=lambda row: size(row.cells[column]),
                )
                numbers.add(widest.number)
        return [self.rows[number] for number in sorted(numbers | {len(self.rows) - 1})]

    def with_samples(self) -> str:
        """The table with the sample in place of all rows."""
        return self._with("".join(row.named(self.key(row)) for row in self.samples))

    def with_rows(self, rows: Sequence[str], widths: Sequence[float]) -> str:
        """The table with these rows, and columns of these widths in CSS pixels."""
        columns = "".join(f'<col style="width:{width}px">' for width in widths)
        style = f"table-layout:fixed;width:{sum(widths)}px"
        return self._with("".join(rows), style, f"<colgroup>{columns}</colgroup>")

    def _with(self, rows: str, style: str = "", columns: str = "") -> str:
        found = self._found
        styled = f' style="{style}"' if style else ""
        return (
            f"<table {found['table']}{styled}>{found['caption']}{columns}"
            f"<thead>{found['head']}{rows}</tbody>"
        )


def long_tables(html: str) -> list[LongTable]:
    """The tables of many rows of a page."""
    found = (table for table in _TABLE.finditer(html) if table["rows"].count("<tr") >= FEWEST_ROWS)
    return [LongTable(number, table) for number, table in enumerate(found)]


def replaced(html: str, tables: Sequence[LongTable], drawn: Sequence[str]) -> str:
    """The page with each of its tables replaced."""
    pieces, end = [], 0
    for table, text in zip(tables, drawn, strict=True):
        pieces += [html[end : table.start], text]
        end = table.end
    return "".join([*pieces, html[end:]])


def _cells(attributes: str, html: str) -> tuple[CellText, ...]:
    """The cells of a row; none of one that stands out from the others, or cannot be drawn alike."""
    if "class=" in attributes or _SPANS.search(html) or _EMOJI.search(html):
        return ()
    return tuple(_cell(column, found) for column, found in enumerate(_CELL.finditer(html)))


def _cell(column: int, found: re.Match[str]) -> CellText:
    shape, texts, links = [found["tag"], found["attributes"]], [], []
    link = ""
    for number, piece in enumerate(_TAG.split(found["inside"])):
        if number % 2:
            if piece.startswith(("<a ", "</a")):
                href = _HREF.search(piece)
                link = unescape(href[1]) if href else ""
            shape.append(_UNSEEN.sub("", piece))
        elif piece:
            shape.append("\0")
            texts.append(_BLANKS.sub(" ", unescape(piece) if "&" in piece else piece))
            links.append(link)
    return CellText(
        (column, "".join(shape)), tuple(texts), tuple(links), found["tag"] == "th", found[0]
    )


def emptied(cell: CellText) -> str:
    """The cell with nothing in it, which keeps its place."""
    return cell.html[: cell.html.index(">") + 1] + ("</th>" if cell.is_head else "</td>")
