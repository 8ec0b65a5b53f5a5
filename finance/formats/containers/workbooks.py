"""Workbooks (xlsx, ods) through calamine, with what calamine does not tell read beside it.

Calamine keeps the whole sheet, in its smallest rectangle, and the unpacked file in memory;
so both are limited before it sees the file.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from finance.formats.cells import error_cell
from finance.formats.containers.grids import Cells, Grid, refuse
from finance.formats.containers.packages import Package, inspect
from finance.formats.faults import Unreadable
from finance.intake import LoadError

EXAMPLE_MARK = "Example – this sheet is not read"


@dataclass
class SheetGrid:
    """One visible sheet of a workbook."""

    package: Package
    sheet: CalamineSheet
    name: str
    is_text: bool = False
    since_1904: bool = False
    _merged: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.since_1904 = self.package.since_1904
        for (top, left), (bottom, right) in self.sheet.merged_cell_ranges or ():
            if (bottom - top + 1) * (right - left + 1) > 100_000:
                continue
            self._merged.update(
                (row + 1, column)
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
                if (row, column) != (top, left)
            )

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows, moved to where they stand: calamine leaves out empty columns before them."""
        if self.sheet.start is None:
            return
        pad: Cells = [""] * self.sheet.start[1]
        for number, cells in enumerate(self.sheet.iter_rows(), start=1):
            yield number, pad + cells if pad else cells

    def trouble(self, line: int, column: int) -> Unreadable | None:
        """A failed formula, one without a stored result, or a merged cell."""
        if error := self._special.errors.get((line, column)):
            return error_cell(error)
        if (line, column) in self._special.unstored:
            return Unreadable(
                gettext_lazy("its formula has no stored result"),
                gettext_lazy("Open the file in a spreadsheet program and save it again."),
            )
        if (line, column) in self._merged:
            return Unreadable(
                gettext_lazy("it is part of merged cells"),
                gettext_lazy("Unmerge them and write the value into each row."),
            )
        return None

    def has_trouble(self) -> bool:
        """Whether any cell that came as empty may hide something."""
        return bool(self._merged or self.package.has_hidden_trouble(self.name))

    def shown(self, line: int, column: int) -> str | None:
        """The digits that a number cell shows, if its format keeps leading zeros."""
        return self._special.shown.get((line, column))

    @cached_property
    def _special(self) -> Any:
        return self.package.special_cells(self.name)


def workbook_grids(path: Path) -> Iterator[Grid]:
    """The visible sheets of the workbook that hold anything, without marked examples."""
    package = inspect(path)
    try:
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
        for meta in book.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            grid = SheetGrid(package, sheet, meta.name)
            first = next((cells for _row, cells in grid.rows() if any(cells)), None)
            if first and first[0] != EXAMPLE_MARK:
                yield grid
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise refuse(path, _damaged()) from error
    except LoadError:
        raise
    except BaseException as error:
        # Rust's panics come as a BaseException of calamine's own.
        if type(error).__name__ != "PanicException":
            raise
        raise refuse(path, _damaged()) from error


def _damaged() -> str:
    return _("the workbook is damaged; open it in a spreadsheet program and save it again.")
