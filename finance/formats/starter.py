"""The starter workbook: an office's first data in one file, a sheet for each kind.

Sheets are taken in their order here, so that each finds what those before it name.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.errors import LoadError
from finance.formats.columns import FileKind
from finance.formats.containers.detecting import open_grids
from finance.formats.containers.grids import has_rows, hidden_sheets, refuse
from finance.formats.headings import has_headings
from finance.formats.kinds import FUND_COSTS, KINDS

HELP = "help"
LISTS = "lists "
_OPENING = FileKind(
    "opening-balances",
    gettext_lazy("Opening balances"),
    gettext_lazy(
        "What each fund held on the day before its first record here; leave it empty where all of "
        "its history is entered. It counts as other income of that day."
    ),
    tuple(
        replace(column, note=gettext_lazy("The day before the first record."))
        if column.name == "date"
        else column
        for column in FUND_COSTS.columns
        if column.name in ("date", "fund", "amount", "currency", "description")
    ),
)


@dataclass(frozen=True)
class StarterSheet:
    """A sheet: what stands in it, and the kind of file as which it is read."""

    columns: FileKind
    read_as: str
    constants: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What the sheet is called."""
        return self.columns.code

    @property
    def mapping(self) -> dict[str, Any]:
        """How its rows are read, as the JSON of a mapping."""
        spec: dict[str, Any] = {"kind": self.read_as, "sheet": self.name}
        return spec | ({"constants": dict(self.constants)} if self.constants else {})


def _plain(code: str) -> StarterSheet:
    return StarterSheet(KINDS[code], code)


SHEETS = (
    _plain("funds"),
    _plain("organizations"),
    _plain("projects"),
    _plain("participations"),
    _plain("contacts"),
    _plain("subjects"),
    _plain("rates"),
    StarterSheet(_OPENING, "fund-costs", (("kind", "other-income"),)),
    _plain("contributions"),
    _plain("budgets"),
    _plain("vouchers"),
    _plain("expenditures"),
    _plain("fund-costs"),
    _plain("reports-received"),
    _plain("decisions"),
    _plain("sub-grants"),
)


_BEHIND = ": "


def in_sheet(sheet: str, column: str) -> str:
    """What remarks and mends of a workbook call a column; the sheet alone where none is meant."""
    return f"{sheet}{_BEHIND}{column}" if column else sheet


def sheet_and_column(place: str) -> tuple[str, str]:
    """The sheet and the column of what `in_sheet` gave."""
    sheet, _behind, column = place.partition(_BEHIND)
    return sheet, column


def filled_sheets(path: Path) -> list[StarterSheet]:
    """The sheets that have rows, in the order in which they are taken in.

    Raises LoadError for a file that is no workbook, or has rows in sheets of other names.
    """
    filled = set()
    known = {sheet.name: sheet.columns for sheet in SHEETS}
    for grid in open_grids(path):
        if grid.is_text:
            raise refuse(path, _("this is no workbook; fill in the starter workbook."))
        if has_rows(grid, 1) or (grid.name in known and not has_headings(grid, known[grid.name])):
            filled.add(grid.name)
        if hidden := [name for name in grid.unseen_filled if name in known]:
            raise refuse(path, hidden_sheets(hidden).strip())
    others = filled - known.keys()
    strangers = {name for name in others if name != HELP and not name.startswith(LISTS)}
    if strangers:
        raise refuse(
            path,
            _("it has sheets that are none of the workbook’s: %(sheets)s. There are: %(known)s.")
            % {
                "sheets": ", ".join(f"“{name}”" for name in sorted(strangers)),
                "known": ", ".join(sheet.name for sheet in SHEETS),
            },
        )
    found = [sheet for sheet in SHEETS if sheet.name in filled]
    if not found:
        raise refuse(path, _("no sheet has rows below its headings."))
    return found


def is_starter(path: Path) -> bool:
    """Whether the file is a starter workbook, as far as its sheets' names tell."""
    try:
        return bool(filled_sheets(path))
    except LoadError:
        return False
