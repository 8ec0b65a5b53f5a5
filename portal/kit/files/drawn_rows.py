"""PDFs of long tables: a sample of the rows is laid out, and the others are drawn like it.

WeasyPrint takes many times longer to lay out a row of cells than to write its words. So it lays out
the page with a sample of the rows, which tells how wide the columns are and how each shape of cell
looks; then the page with room for each row, which it breaks into pages; and the words are written
into that room, with their links and their tags. Cells of rare shapes are laid out in any case, and
so are rows too high to stay in one piece, and cells that lead to a place on their own page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

import weasyprint
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import iri_to_uri

from portal.kit.files.cell_stamps import Piece, Placed, Stamp, stamp_of
from portal.kit.files.long_tables import (
    ROW,
    CellText,
    LongTable,
    RowText,
    emptied,
    long_tables,
    replaced,
)

_ROOMS = """
.rooms, .frame:has(.rooms) { break-inside: auto !important }
.rooms > td { padding: 0 !important; border: 0 !important }
.room, tr[data-row] { break-inside: avoid !important }
"""
# Of a page: a higher row goes on over pages, as only what is laid out can.
_HIGHEST = 0.5


@dataclass(frozen=True)
class DrawnRow:
    """A row that is drawn: what stands in each of its cells, None in one that is laid out."""

    cells: list[tuple[CellText, Placed | None]]
    baseline: float
    height: float

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is laid out."""
        return all(placed is not None for _cell, placed in self.cells)


def rendered(html: str, make: Callable[[str], Any], base_url: str, **options: Any) -> Any:
    """The page laid out, ready to be written.

    make: a page's HTML for WeasyPrint. base_url: what links are relative to. options: of rendering.
    """
    tables = long_tables(html)
    if not tables:
        return make(html).render(**options)
    options["font_config"] = FontConfiguration()
    sample = make(replaced(html, tables, [table.with_samples() for table in tables]))
    shown = sample.render(**options).pages
    samples = {key: box for page in shown for key, box, _cell in _rooms(page._page_box)}
    highest = min(page._page_box.height for page in shown) * _HIGHEST
    layouts = [_Layout(table, samples, highest) for table in tables]
    page = replaced(html, tables, [layout.html() for layout in layouts])
    heights = sorted({row.height for layout in layouts for row in layout.rows.values()})
    rules = "".join(f".{_room(height)} {{ height: {height}px }}" for height in heights)
    options["stylesheets"] = [*options["stylesheets"], weasyprint.CSS(string=_ROOMS + rules)]
    document = make(page).render(**options)
    return document.copy([PageWithRows(page, layouts, base_url) for page in document.pages])


def _room(height: float) -> str:
    """The name of its class."""
    return f"room-{height}".replace(".", "-")


def _rooms(parent: Any, cell: Any = None) -> Iterator[tuple[str, Any, Any]]:
    """Key and box of each row that bears a key, from above, and the cell that keeps room for it."""
    for box in parent.children:
        if isinstance(box, boxes.TableRowBox | boxes.BlockBox) and box.element is not None:
            key = box.element.get(ROW)
            if key and box.element_tag == box.element.tag:
                yield key, box, cell
                continue
        if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
            yield from _rooms(box, box if isinstance(box, boxes.TableCellBox) else cell)


class _Layout:
    """How the rows of a table are drawn; those above `highest`, in CSS pixels, are laid out."""

    def __init__(self, table: LongTable, samples: dict[str, Any], highest: float) -> None:
        self.table = table
        self.stamps: dict[tuple[int, str], Stamp | None] = {}
        for shape, row in table.shapes.items():
            box, texts = samples[table.key(row)], row.cells[shape[0]].texts
            self.stamps[shape] = stamp_of(box, box.children[shape[0]], texts)
        shown = [samples[table.key(row)] for row in table.samples if row.cells]
        self.cells = shown[0].children if shown else []
        # The last may look different, and shows how the table ends.
        drawn = ((row, self._drawn(row)) for row in table.rows[:-1] if self.cells)
        self.rows = {
            table.key(row): found
            for row, found in drawn
            if found is not None and found.height <= highest
        }

    def html(self) -> str:
        """The table with room for the rows that are drawn."""
        pieces: list[str] = []
        for is_room, rows in groupby(self.table.rows, self._is_room):
            here = list(rows)
            pieces += self._room(here) if is_room else map(self._row, here)
        return self.table.with_rows(pieces, [cell.border_width() for cell in self.cells])

    def _is_room(self, row: RowText) -> bool:
        drawn = self.rows.get(self.table.key(row))
        return drawn is not None and drawn.is_whole

    def _room(self, rows: Sequence[RowText]) -> Iterator[str]:
        yield f'<tr class="rooms"><td colspan="{len(self.cells)}">'
        for row in rows:
            key = self.table.key(row)
            yield f'<div class="room {_room(self.rows[key].height)}" {ROW}="{key}"></div>'
        yield "</td></tr>"

    def _row(self, row: RowText) -> str:
        """A row of which some cells are laid out, or all."""
        key = self.table.key(row)
        drawn = self.rows.get(key)
        if drawn is None:
            return row.named("")
        cells = (cell.html if placed is None else emptied(cell) for cell, placed in drawn.cells)
        return f'<tr class="{_room(drawn.height)}" {ROW}="{key}">{"".join(cells)}</tr>'

    def _drawn(self, row: RowText) -> DrawnRow | None:
        """None where nothing of it can be drawn."""
        if len(row.cells) != len(self.cells):
            return None
        cells = [(cell, self._placed(cell)) for cell in row.cells]
        placed = [found for _cell, found in cells if found is not None]
        if not placed:
            return None
        baseline = max(one.above for one in placed)
        return DrawnRow(cells, baseline, round(baseline + max(one.below for one in placed), 2))

    def _placed(self, cell: CellText) -> Placed | None:
        if any(link.startswith("#") for link in cell.links):
            return None
        stamp = self.stamps.get(cell.shape)
        return stamp.placed(cell.texts, cell.links) if stamp else None


@dataclass
class RowOnPage:
    """A row in its place; `cell` is what keeps room for it. By column, the numbers of what was
    written, where each leads to, and its area."""

    row: DrawnRow
    box: Any
    cell: Any
    border: Any
    marks: list[list[tuple[int, str, tuple[float, float, float, float]]]] = field(
        default_factory=list
    )

    def draw(self, stream: Any, number: int, base_url: str) -> int:
        """Write what stands in it, marked with numbers from this one on; returns the next."""
        x, y = self.box.position_x, self.box.position_y + self.row.baseline
        for _cell, placed in self.row.cells:
            marks = []
            for mark in placed.marks if placed else ():
                with stream.artifact():
                    mark.draw(stream, x, y)
            for piece in placed.pieces if placed else ():
                piece.pen.draw(stream, piece.text, x + piece.x, y + piece.y, number)
                target = iri_to_uri(urljoin(base_url, piece.link)) if piece.link else ""
                marks.append((number, target, _area(piece, x, y)))
                number += 1
            self.marks.append(marks)
        if self.row.is_whole:
            self._draw_rule(stream)
        return number

    def _draw_rule(self, stream: Any) -> None:
        """The rule below the row, which cells would bring along."""
        width = self.border.border_bottom_width
        if width:
            with stream.artifact():
                stream.set_color(get_color(self.border.style, "border_bottom_color"))
                bottom = self.box.position_y + self.row.height
                stream.rectangle(self.box.position_x, bottom - width, self.box.width, width)
                stream.fill()


def _area(piece: Piece, x: float, y: float) -> tuple[float, float, float, float]:
    """What leads to where a piece leads to: the line it stands on."""
    left, bottom = x + piece.x, y + piece.y + piece.height / 4
    return left, bottom - piece.height, left + piece.width, bottom


class PageWithRows:
    """A page of WeasyPrint with the rows that are drawn on it."""

    def __init__(self, page: Any, layouts: Sequence[_Layout], base_url: str) -> None:
        self._page = page
        self._base_url = base_url
        self.first_mark = 0
        # A row that is higher than a page is drawn once only, where it begins.
        self.rows = [
            RowOnPage(layout.rows.pop(key), box, cell, layout.cells[0])
            for key, box, cell in _rooms(page._page_box)
            for layout in layouts
            if key in layout.rows
        ]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Paint the page, then the rows."""
        self._page.paint(stream, scale)
        self.first_mark = number = len(stream._tags)
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            for one in self.rows:
                number = one.draw(stream, number, self._base_url)
