"""Excel files: typed cells, one sheet for each table, and a last one that says what it all is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from portal.kit.files.about import About
from portal.kit.safe import excel_text, looks_like_formula
from portal.kit.tables.base import Table
from portal.kit.tables.cells import ExportField

SHEET_ROWS = 1_048_576
_SHEET_NAME = 31
_BOLD = Font(bold=True)
# Excel knows no day before this one.
_FIRST_DAY = date(1900, 3, 1)


def workbook_file(tables: list[Table], about: About) -> IO[bytes]:
    """The tables as an Excel file, open at its start."""
    workbook = Workbook(write_only=True)
    properties = workbook.properties
    properties.title = about.title
    properties.creator = about.office or None
    properties.description = about.notice or None
    properties.keywords = about.source
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the response closes it
    try:
        _write_sheets(workbook, tables, about)
        workbook.save(file)
    except BaseException:
        # It goes on, whatever it was; only no file of it stays.
        file.close()
        _abandon(workbook)
        raise
    file.seek(0)
    return file


def _write_sheets(workbook: Workbook, tables: list[Table], about: About) -> None:
    names = sheet_names([str(table.sheet or table.title) for table in tables])
    for table, name in zip(tables, names, strict=True):
        records, taken = table.records(), {*names}
        sheet = workbook.create_sheet(name)
        # What one sheet cannot hold goes on in further ones, each with its headings.
        while (following := _write_table(sheet, table, about, records)) is not None:
            records = chain([following], records)
            name = _next_name(str(table.sheet or table.title), taken)
            sheet = workbook.create_sheet(name)
    _write_about(workbook.create_sheet(gettext("About")[:_SHEET_NAME]), tables, about)


def _abandon(workbook: Workbook) -> None:
    """End what was begun: sheets left open keep their temporary files.

    Nothing that fails here hides why the workbook failed.
    """
    sheets: list[Any] = list(workbook.worksheets)
    for sheet in sheets:
        if not sheet.closed:
            with suppress(Exception):
                sheet.close()
            with suppress(AttributeError):
                sheet._writer.cleanup()


def sheet_names(titles: list[str]) -> list[str]:
    """Names that Excel accepts: short, without [ ] : * ? / \\ and no two alike."""
    names: list[str] = []
    for number, title in enumerate(titles, start=1):
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", title)
        plain = re.sub(r"\s+", " ", plain).strip(" '") or gettext("Table %d") % number
        name, count = plain[:_SHEET_NAME].strip(" '"), 1
        # "History" is taken by Excel itself, "About" by the last sheet.
        taken = {other.casefold() for other in names} | {"history", gettext("About").casefold()}
        while name.casefold() in taken:
            count += 1
            end = f" ({count})"
            name = plain[: _SHEET_NAME - len(end)].strip(" '") + end
        names.append(name)
    return names


def _next_name(title: str, taken: set[str]) -> str:
    """The name of a further sheet of a table; it is added to those taken."""
    name = next(other for other in sheet_names([title] * (len(taken) + 2)) if other not in taken)
    taken.add(name)
    return name


def _write_table(sheet: Any, table: Table, about: About, records: Iterator[Any]) -> Any:
    """Fill a sheet; returns the first record that it could not hold, or None."""
    fields = table.export_fields()
    labels = [field.label for field in fields]
    widths = [field.width for field in fields]
    if about.notice:
        labels.append(gettext("Notice"))
        widths.append(50)
    _set_up(sheet, about, widths, [len(label) for label in labels])
    sheet.append([_heading(sheet, label) for label in labels])
    fields = [_as_percentage(field) for field in fields]
    fillers = [_filler(sheet, field) for field in fields]
    notice = [about.notice] if about.notice else []
    rows, following = 1, None
    for record in records:
        if rows == SHEET_ROWS:
            following = record
            break
        sheet.append([fill(record) for fill in fillers] + notice)
        rows += 1
    if labels:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(labels))}{rows}"
    if following is None:
        _write_totals(sheet, table, fields, SHEET_ROWS - rows)
    return following


def _as_percentage(field: ExportField) -> ExportField:
    """Of 94.6 % Excel keeps 0.946, as a percentage of its own; others keep 94.6."""
    if field.kind != "percent":
        return field

    def hundredth(record: Any) -> Any:
        value = field.value(record)
        return value / 100 if isinstance(value, Decimal | int) else value

    number_format = field.number_format.replace('" %"', "%")
    return replace(field, value=hundredth, number_format=number_format)


def _set_up(sheet: Any, about: About, widths: list[int], lengths: list[int]) -> None:
    """What has to stand before the first row, and how the sheet prints."""
    sheet.freeze_panes = "B2" if len(widths) > 1 else "A2"
    for index, (width, length) in enumerate(zip(widths, lengths, strict=True), start=1):
        # Long headings wrap; room for the arrow of the filter.
        sheet.column_dimensions[get_column_letter(index)].width = max(width, min(length + 4, 24))
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.left.text = _header_text(about.title)
    sheet.oddHeader.right.text = _header_text(about.notice) or None
    sheet.oddFooter.left.text = _header_text(about.source)
    sheet.oddFooter.right.text = "&P / &N"


def _header_text(text: str) -> str:
    """In headers "&" begins a command; Excel holds 255 characters for all three parts."""
    return text.replace("&", "&&")[:100]


def _heading(sheet: Any, text: str) -> Cell:
    cell = text_cell(sheet, text)
    cell.font = _BOLD
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    return cell


def text_cell(sheet: Any, text: str) -> Cell:
    """A cell that is text, whatever the text looks like."""
    cell = WriteOnlyCell(sheet)
    _put_text(cell, text)
    return cell


def _put_text(cell: Cell, text: str) -> None:
    cell.value = excel_text(text)
    # The line above makes a formula of whatever begins with "="; this one takes it back.
    cell.data_type = "s"


def _filler(sheet: Any, field: ExportField) -> Callable[[Any], Cell | None]:
    """A function from record to cell; the writer is done with a cell before the next row."""
    typed, text, formula = (WriteOnlyCell(sheet) for _ in range(3))
    typed.number_format = field.number_format
    formula.quotePrefix = True

    def fill(record: Any) -> Cell | None:
        value = field.value(record)
        if value is None:
            return None
        if isinstance(value, date) and value < _FIRST_DAY:
            value = value.isoformat()
        if isinstance(value, str):
            cell = formula if looks_like_formula(value) else text
            _put_text(cell, value)
            return cell
        typed.value = value
        return typed

    return fill


def _write_about(sheet: Any, tables: list[Table], about: About) -> None:
    sheet.column_dimensions["A"].width = 32
    sheet.column_dimensions["B"].width = 14
    sheet.column_dimensions["C"].width = 90
    if about.notice:
        sheet.append([_heading(sheet, about.notice)])
    for label, text in about.lines():
        sheet.append([_heading(sheet, label), None, text_cell(sheet, text)])
    for table in tables:
        sheet.append([])
        sheet.append([_heading(sheet, str(table.title))])
        if table.note:
            sheet.append([text_cell(sheet, str(table.note))])
        headings = (gettext("Column"), gettext("Unit"), gettext("Meaning"))
        sheet.append([_heading(sheet, text) for text in headings])
        for field in table.export_fields():
            texts = (field.label, field.unit, field.definition)
            sheet.append([text_cell(sheet, text) for text in texts])


def _write_totals(sheet: Any, table: Table, fields: list[ExportField], room: int) -> None:
    """Totals stand under their columns, an empty row apart: filters leave them there."""
    totals = table.typed_totals()
    if not totals or not fields or len(totals) >= room:
        return
    sheet.append([])
    for label, values in totals:
        cells = [_total(sheet, field, values.get(field.key)) for field in fields]
        # Beside the first figure, or in the first column of all.
        free = next((place for place, cell in enumerate(cells) if cell is None), 0)
        cells[free] = _heading(sheet, label)
        sheet.append(cells)


def _total(sheet: Any, field: ExportField, value: Any) -> Cell | None:
    if value is None or value == "":
        return None
    if not isinstance(value, Decimal | int):
        return _heading(sheet, str(value))
    cell = WriteOnlyCell(sheet)
    cell.value = value / 100 if field.kind == "percent" else value
    cell.number_format = field.number_format
    cell.font = _BOLD
    return cell
