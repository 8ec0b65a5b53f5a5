"""The sender's own rows again as an Excel file, with what is wrong beside each of them."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from finance.formats.faults import Fault
from finance.formats.rows import Sheet
from portal.kit.files.workbook import text_cell
from portal.kit.safe import excel_text

_FAULTY = PatternFill("solid", fgColor="F6D5C8")
_WARNED = PatternFill("solid", fgColor="FBEFC9")


def remarks_file(
    sheet: Sheet,
    faults: Iterable[Fault],
    warnings: Iterable[Fault] = (),
    *,
    only_remarked: bool = False,
) -> IO[bytes]:
    """The rows of the sheet as an Excel file, open at its start.

    Its rows keep their numbers unless `only_remarked` leaves out those without a remark.
    Texts stay texts, so leading zeros are kept and nothing becomes a formula. The sheet can
    be mended and loaded again: the first column, of remarks, is no column of any kind.
    """
    errors, notes = _by_line(faults), _by_line(warnings)
    workbook = Workbook(write_only=True)
    page = workbook.create_sheet(_("Remarks")[:31])
    page.column_dimensions["A"].width = 60
    for position in range(len(sheet.headers)):
        page.column_dimensions[get_column_letter(position + 2)].width = 18
    for line, cells in sheet.raw_rows():
        remarks = errors.get(line, []) + notes.get(line, [])
        if line > sheet.header_line and only_remarked and not remarks:
            continue
        if line == sheet.header_line:
            page.append([_heading(page, _("Remarks")), *(_heading(page, str(c)) for c in cells)])
            continue
        page.append([_remark(page, remarks, bool(errors.get(line))), *map(_cell(page), cells)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 – whoever asked closes it
    try:
        workbook.save(file)
    except BaseException:
        # It goes on, whatever it was; only the file is not left open.
        file.close()
        raise
    file.seek(0)
    return file


def _by_line(faults: Iterable[Fault]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        place = f"{fault.column_label}: " if fault.column_label else ""
        found[fault.line].append(f"{place}{fault.message}. {fault.advice}".strip())
    return found


def _heading(page: Any, text: str) -> Any:
    cell = text_cell(page, text)
    cell.font = Font(bold=True)
    return cell


def _remark(page: Any, remarks: list[str], is_faulty: bool) -> Any:
    if not remarks:
        return None
    cell = text_cell(page, "\n".join(remarks))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.fill = _FAULTY if is_faulty else _WARNED
    return cell


def _cell(page: Any) -> Callable[[Any], Any]:
    def make(cell: Any) -> Any:
        if cell is None or cell == "":
            return None
        if isinstance(cell, str):
            made = text_cell(page, excel_text(cell))
            made.number_format = "@"
            return made
        return WriteOnlyCell(page, cell)

    return make
