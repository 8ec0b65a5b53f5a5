"""Reading a workbook in a process of its own, with limits on time, memory and disk.

`python -m finance.formats.containers.unpacking JOB PATH OUT LANGUAGE [SHEET]` answers in JSON.
Jobs: `rows` (which sheets there are; their rows go to OUT, a line of JSON each), `special`
(the cells of a sheet of which its values tell too little). A few kilobytes may stand for
gigabytes – a value repeated, a long text used a million times – and what a cell costs is seen
only when it is there. The process knows no secret, no database and no setting.
"""

import json
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from finance.errors import LoadError
from finance.formats.containers.grids import EXAMPLE_MARK, refuse
from finance.formats.containers.packages import Package, inspect
from portal.kit.apart import limit

CPU_SECONDS = 150
MEMORY = 2_500 << 20
WRITTEN = 1_500 << 20
_LOCALE = Path(__file__).resolve().parents[3] / "portal" / "locale"


def rows(path: Path, out: Path) -> dict[str, Any]:
    """The visible sheets that hold anything, without marked examples; raises LoadError."""
    package = inspect(path)
    sheets, unseen, unseen_filled = [], [], []
    try:
        with path.open("rb") as file, out.open("wb") as written:
            book = CalamineWorkbook.from_filelike(file)
            for meta in book.sheets_metadata:
                if meta.visible != SheetVisibleEnum.Visible:
                    unseen.append(meta.name)
                    if _is_filled(book.get_sheet_by_name(meta.name)):
                        unseen_filled.append(meta.name)
                else:
                    sheet = book.get_sheet_by_name(meta.name)
                    if found := _sheet(package, sheet, meta.name, written):
                        sheets.append(found)
    except (CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise refuse(path, _damaged()) from error
    except BaseException as error:
        # Rust's panics come as a BaseException of calamine's own.
        if type(error).__name__ != "PanicException":
            raise
        raise refuse(path, _damaged()) from error
    return {"sheets": sheets, "unseen": unseen, "unseen_filled": unseen_filled}


def _is_filled(sheet: CalamineSheet) -> bool:
    """Whether more than one row holds anything."""
    if sheet.start is None:
        return False
    filled = (row for row in sheet.iter_rows() if any(cell != "" for cell in row))
    return sum(1 for _row in islice(filled, 2)) > 1


def _sheet(
    package: Package, sheet: CalamineSheet, name: str, written: IO[bytes]
) -> dict[str, Any] | None:
    """Its rows, moved to where they stand: calamine leaves out empty columns before them."""
    if sheet.start is None:
        return None
    if not package.is_ods and name not in package.sheets:
        raise refuse(package.path, _damaged())
    begin, is_first = written.tell(), True
    pad: list[Any] = [""] * sheet.start[1]
    for cells in sheet.iter_rows():
        while cells and cells[-1] == "":
            cells.pop()
        if cells and is_first and any(cells):
            if cells[0] == EXAMPLE_MARK and not pad:
                written.seek(begin)
                written.truncate()
                return None
            is_first = False
        line = json.dumps(pad + cells if cells else [], ensure_ascii=False, default=_plain)
        written.write(line.encode() + b"\n")
    if is_first:
        return None
    return {
        "name": name,
        "begin": begin,
        "end": written.tell(),
        "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or ()],
        "since_1904": package.since_1904,
        "hides_trouble": package.has_hidden_trouble(name),
        "marks_amounts": package.marks_amounts,
        "hidden_rows": package.hidden_rows(name),
        "hidden_columns": package.hidden_columns(name),
    }


def _plain(cell: Any) -> dict[str, str]:
    """A date or time as JSON has it; `sandbox` makes it one again."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return {"text": str(cell)}
    raise TypeError(cell)


def special(path: Path, sheet: str) -> dict[str, Any]:
    """What `Special` says of a sheet's cells, as lists of row, column and what."""
    found = inspect(path).special_cells(sheet)
    return {
        "errors": [[*place, what] for place, what in found.errors.items()],
        "unstored": [[*place] for place in found.unstored],
        "covered": [[*place] for place in found.covered],
        "shown": [[*place, what] for place, what in found.shown.items()],
        "marks": [[*place, what] for place, what in found.marks.items()],
    }


def _damaged() -> str:
    return _("the workbook is damaged; open it in a spreadsheet program and save it again.")


def main(arguments: list[str]) -> int:
    """Do the job under the limits; a refusal is an answer, too."""
    job, path, out, language, *more = arguments
    settings.configure(LANGUAGE_CODE=language, LOCALE_PATHS=[str(_LOCALE)], LOGGING_CONFIG=None)
    # What `django.setup` would import besides takes twice as long as the rest of this process.
    apps.populate(())
    translation.activate(language)
    limit(seconds=CPU_SECONDS, memory=MEMORY, written=WRITTEN)
    try:
        answer = rows(Path(path), Path(out)) if job == "rows" else special(Path(path), *more)
    except LoadError as error:
        answer = {"refused": str(error)}
    except (MemoryError, OSError):
        return 1
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
