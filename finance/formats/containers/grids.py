"""The rows of a file, whatever its format: numbered as a person sees them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.faults import Unreadable
from portal.kit.safe import visibly

Cells = list[Any]
EXAMPLE_MARK = "Example – this sheet is not read"


class Grid(Protocol):
    """One table of a file: a sheet of a workbook, or a text file."""

    name: str
    is_text: bool
    since_1904: bool
    hidden_rows: Sequence[int]
    hidden_columns: Sequence[tuple[int, int]]
    unseen: Sequence[str]  # the workbook's sheets that are hidden
    unseen_filled: Sequence[str]  # those of them that have more than one row

    @property
    def troubled(self) -> frozenset[int]:
        """The rows with a formula that failed or has no stored result."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The row numbers and cells, from the first row on, empty ones too."""

    def trouble(self, line: int, column: int) -> Unreadable | None:
        """What is wrong with a cell that came as empty: a failed formula, a merged cell."""

    def mark(self, line: int, column: int) -> str:
        """The currency or percent that a number cell shows beside its digits, if any."""

    def shown(self, line: int, column: int) -> str | None:
        """The digits that a number cell shows, if its format keeps leading zeros."""


def has_rows(grid: Grid, below: int) -> bool:
    """Whether anything stands in a row below that one, or should stand there."""
    return any(
        line > below and (line in grid.troubled or any(cell not in ("", None) for cell in cells))
        for line, cells in grid.rows()
    )


def refuse(path: Path, what: str) -> LoadError:
    """The file as a whole cannot be read."""
    return LoadError(_("%(file)s: %(what)s") % {"file": path.name, "what": what})


def hidden_sheets(names: Sequence[str]) -> str:
    """What is said of sheets that a workbook does not show; "" of none."""
    if not names:
        return ""
    told = _(" Sheets that are hidden are not read: %(sheets)s. Show the one that is meant.")
    return told % {"sheets": ", ".join(f"“{visibly(name)}”" for name in names)}
