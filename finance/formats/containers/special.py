"""Cells of which their values tell too little, and those of an ods sheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from lxml import etree

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_SHEET, _ROW, _CELL, _COVERED = (
    f"{_TABLE}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_ERROR = re.compile(r"#[A-Z0-9/]+[!?A]?|Err:\d+")
# Words by which more is shown than the number that is kept: “500 thousand” of 500.
_SCALE = re.compile(
    r"(?<![^\W\d_])(?:k|m|mm|mn|mio|mln|bn|mrd|tsd|mil|mille|lakhs?|crores?"
    r"|(?:thousand|million|billion|milliard|millier)s?|millionen|millones|miles)(?![^\W\d_])",
    re.IGNORECASE,
)
# A sheet has no more rows; a row that is repeated more often than this holds nothing.
LAST_ROW = 1_048_576
_REPEATED = 10_000
_TOLD = 1_000_000


@dataclass
class Special:
    """Cells by (row, column) of which a reader of values knows too little."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unstored: set[tuple[int, int]] = field(default_factory=set)
    covered: set[tuple[int, int]] = field(default_factory=set)  # by a merged cell, in ods
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    marks: dict[tuple[int, int], str] = field(default_factory=dict)  # a currency or %

    def note(self, name: str, place: tuple[int, int], what: str) -> None:
        """Keep what is to be said of a cell."""
        kept = getattr(self, name)
        if isinstance(kept, set):
            kept.add(place)
        else:
            kept[place] = what


def parser_options() -> dict[str, Any]:
    """How the XML of a workbook is parsed."""
    return {"resolve_entities": False, "no_network": True, "huge_tree": False}


def names_a_scale(text: str) -> bool:
    """Whether the text has a word such as thousand or million."""
    return bool(_SCALE.search(text))


def ods_special(part: IO[bytes], sheet: str) -> Special:
    """Those of an ods sheet; what stands in repeated rows and cells is said of each."""
    special = Special()
    row, column, inside, told = 0, 0, False, 0
    noted: list[tuple[str, int, str]] = []  # of the row at hand
    events = etree.iterparse(
        part, events=("start", "end"), tag=(_SHEET, _ROW, _CELL, _COVERED), **parser_options()
    )
    for event, element in events:
        if element.tag == _SHEET:
            inside = event == "start" and element.get(f"{_TABLE}name") == sheet
        elif element.tag == _ROW:
            if event == "end":
                repeated = _times(element, "rows")
                if inside and row < LAST_ROW:
                    told += len(noted) * min(repeated, _REPEATED)
                    if told > _TOLD:
                        # No more than there is room for; whoever asked says so in words.
                        raise MemoryError
                    for line in range(row + 1, row + 1 + min(repeated, _REPEATED)):
                        for name, place, what in noted:
                            special.note(name, (line, place), what)
                row += repeated if inside else 0
                element.clear()
            column, noted = 0, []
        elif event == "end":
            repeated = _times(element, "columns")
            for name, what in _of_ods(element) if inside else ():
                noted += [(name, column + more, what) for more in range(min(repeated, 100))]
            column += repeated
    return special


def _times(element: etree._Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", 1))


def _of_ods(cell: etree._Element) -> Iterator[tuple[str, str]]:
    """What is to be said of a cell of an ods sheet."""
    texts = [*cell.itertext(f"{_TEXT}p")] or [*cell.itertext()]
    shown = "".join(map(str, texts)).strip()
    kind = cell.get(f"{_OFFICE}value-type")
    has_formula = cell.get(f"{_TABLE}formula") is not None
    if cell.tag == _COVERED:
        if not shown:
            yield "covered", ""
    elif cell.get(f"{_CALCEXT}value-type") == "error" or (has_formula and _ERROR.fullmatch(shown)):
        yield "errors", shown or "#VALUE!"
        # Some programs keep a nought beside the error that they show.
        yield "marks", shown or "#VALUE!"
    elif has_formula and kind is None and not shown:
        yield "unstored", ""
    elif kind == "percentage":
        yield "marks", "%"
    elif kind == "currency":
        yield "marks", cell.get(f"{_OFFICE}currency", "")
    elif kind == "float" and shown.isdecimal() and shown.startswith("0"):
        yield "shown", shown
    elif kind == "float" and names_a_scale(shown):
        yield "marks", shown
