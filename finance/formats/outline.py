"""How a file looks to somebody who does not know it yet: its headings and first rows."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.columns import FileKind, folded
from finance.formats.containers.detecting import open_grids
from finance.formats.containers.grids import Cells, Grid, refuse
from finance.formats.faults import shown
from finance.formats.headings import COLUMNS, SEARCHED

ROWS = 3


@dataclass(frozen=True)
class Outline:
    """The likeliest table of a file: its headings, and what its first rows hold."""

    sheet: str
    line: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def guesses(self, kind: FileKind) -> dict[str, str]:
        """Column → the heading that is named like it."""
        names = kind.alias_names() | kind.exact_names()
        found: dict[str, str] = {}
        for heading in self.headings:
            name = names.get(folded(heading))
            if name is not None:
                found.setdefault(name, heading)
        return found


def outline(path: Path) -> Outline:
    """The row with the most texts among the first ones, taken as headings; LoadError if none."""
    best: tuple[int, int, Cells, Grid] | None = None
    for grid in open_grids(path):
        try:
            rows = list(islice(grid.rows(), SEARCHED))
        except LoadError:
            continue  # another delimiter may suit
        for line, cells in rows:
            score = len({text for text in map(_text, cells) if text and not _is_number(text)})
            if score and (best is None or score > best[0]):
                best = (score, line, cells, grid)
    if best is None:
        raise refuse(path, _("no row of headings was found."))
    _score, line, cells, grid = best
    headings = tuple(_text(cell) for cell in cells[:COLUMNS])
    below = (cells for number, cells in grid.rows() if number > line and any(map(_text, cells)))
    rows_below = tuple(tuple(map(_text, cells[: len(headings)])) for cells in islice(below, ROWS))
    return Outline(grid.name, line, headings, rows_below)


def _text(cell: Any) -> str:
    return shown(cell)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").replace("-", "").replace("/", "").isdigit()
