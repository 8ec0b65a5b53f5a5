"""Workbooks (xlsx, ods) as another process read them, with what their values do not tell.

The rows lie in a file without a name, so that reading them takes no memory, and can be read as
often as wished; it goes with the sheet.
"""

import json
import os
import subprocess
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.containers.grids import Cells, Grid, hidden_sheets, refuse
from finance.formats.faults import Unreadable, failed_formula
from portal.kit.apart import run_apart

SECONDS = 240
PIECE = 1 << 18


class SheetGrid:
    """One visible sheet of a workbook."""

    is_text = False

    def __init__(
        self, path: Path, rows: "_Rows", found: dict[str, Any], beside: dict[str, Any]
    ) -> None:
        self.path = path
        self.unseen: Sequence[str] = beside["unseen"]
        self.unseen_filled: Sequence[str] = beside["unseen_filled"]
        self.name: str = found["name"]
        self.since_1904: bool = found["since_1904"]
        self.hidden_rows: Sequence[int] = found["hidden_rows"]
        self.hidden_columns: Sequence[tuple[int, int]] = found["hidden_columns"]
        self._rows = rows
        self._found = found
        self._merged: set[tuple[int, int]] = set()
        for top, left, bottom, right in found["merged"]:
            if (bottom - top + 1) * (right - left + 1) > 100_000:
                continue
            self._merged.update(
                (row + 1, column)
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
                if (row, column) != (top, left)
            )

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows where they stand, from the first on; empty cells at their ends are left out."""
        lines = self._rows.lines(self._found["begin"], self._found["end"])
        number = 0
        for number, line in enumerate(lines, start=1):
            yield number, json.loads(line, object_hook=_cell)
        for further in range(number + 1, max(self.troubled, default=0) + 1):
            yield further, []

    def trouble(self, line: int, column: int) -> Unreadable | None:
        """A failed formula, one without a stored result, or a merged cell."""
        if error := self._special["errors"].get((line, column)):
            return failed_formula(error)
        if (line, column) in self._special["unstored"]:
            return Unreadable(
                gettext_lazy("its formula has no stored result"),
                gettext_lazy("Open the file in a spreadsheet program and save it again."),
            )
        if (line, column) in self._merged or (line, column) in self._special["covered"]:
            return Unreadable(
                gettext_lazy("it is part of merged cells"),
                gettext_lazy("Unmerge them and write the value into each row."),
            )
        return None

    @cached_property
    def troubled(self) -> frozenset[int]:
        """The rows with a formula that failed or has no stored result."""
        if not self._found["hides_trouble"]:
            return frozenset()
        places = (*self._special["errors"], *self._special["unstored"])
        return frozenset(line for line, _column in places)

    def has_trouble(self) -> bool:
        """Whether any cell that came as empty may hide something."""
        return bool(self._merged or self._found["hides_trouble"])

    def shown(self, line: int, column: int) -> str | None:
        """The digits that a number cell shows, if its format keeps leading zeros."""
        return self._special["shown"].get((line, column))

    def mark(self, line: int, column: int) -> str:
        """The currency or percent that a number cell shows beside its digits, if any."""
        if not self._found["marks_amounts"]:
            return ""
        return self._special["marks"].get((line, column), "")

    @cached_property
    def _special(self) -> dict[str, dict[tuple[int, int], Any]]:
        answer = _unpack("special", self.path, Path(os.devnull), self.name)
        return {
            name: {(line, column): what[0] if what else True for line, column, *what in cells}
            for name, cells in answer.items()
        }


class _Rows:
    """An open file that has no name any more; closed with the last of its sheets."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def lines(self, begin: int, end: int) -> Iterator[bytes]:
        """The lines between two places; several may read at once."""
        rest = b""
        while begin < end:
            piece = os.pread(self._file, min(PIECE, end - begin), begin)
            begin += len(piece)
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole


def _cell(kept: dict[str, str]) -> Any:
    """A date or time again; see `unpacking`."""
    ((kind, text),) = kept.items()
    if kind == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if kind == "datetime" else text


def workbook_grids(path: Path) -> list[Grid]:
    """The visible sheets of the workbook that hold anything, without marked examples."""
    handle, name = tempfile.mkstemp(prefix="rows-")
    os.close(handle)
    out = Path(name)
    try:
        answer = _unpack("rows", path, out)
        rows = _Rows(out)
    finally:
        out.unlink()
    if answer["unseen"] and not answer["sheets"]:
        hidden = hidden_sheets(answer["unseen"])
        raise refuse(path, _("nothing stands in a sheet that is shown.") + hidden)
    return [SheetGrid(path, rows, found, answer) for found in answer["sheets"]]


def _unpack(job: str, path: Path, out: Path, *more: str) -> dict[str, Any]:
    """The answer of the other process; its silence is a refusal."""
    language = get_language() or "en"
    arguments = (job, str(path.resolve()), str(out), language, *more)
    try:
        done = run_apart("finance.formats.containers.unpacking", *arguments, seconds=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise _too_much(path) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise _too_much(path) from error
    if "refused" in answer:
        raise LoadError(answer["refused"])
    return answer


def _too_much(path: Path) -> LoadError:
    return refuse(
        path,
        _(
            "the workbook takes more memory or time to read than is allowed; delete what stands "
            "outside the table, or export it as csv."
        ),
    )
