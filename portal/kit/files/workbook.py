"""Excel files: typed cells, one sheet for each table, and a last one that says what it all is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from django.utils.translation import get_language_bidi, gettext
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from portal.kit.files.about import About
from portal.kit.files.links import SHEET_ROWS
from portal.kit.files.sheet_rows import (
    PIECE,
    SheetRows,
    column_writer,
    text_writer,
    texts_writer,
    value_writer,
    with_rows,
)
from portal.kit.safe import excel_text
from portal.kit.tables.base import Table
from portal.kit.tables.cells import ExportField

_SHEET_NAME = 31
_BOLD = Font(bold=True)


def workbook_file(tables: list[Table], about: About) -> IO[bytes]:
    """The tables as an Excel file, open at its start."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    properties = workbook.properties
    properties.title = about.title
    properties.creator = about.office or None
    properties.description = about.notice or None
    properties.keywords = about.source
    sheets: list[tuple[Worksheet, SheetRows]] = []
    try:
        for sheet, rows in _sheets(workbook, tables, about):
            sheets.append((sheet, rows))
        _write_about(workbook.create_sheet(gettext("About")[:_SHEET_NAME]), tables, about)
        with tempfile.TemporaryFile() as package:
            workbook.save(package)
            return with_rows(package, {sheet.path.lstrip("/"): rows for sheet, rows in sheets})
    finally:
        for _sheet, rows in sheets:
            rows.close()


def _sheets(
    workbook: Workbook, tables: list[Table], about: About
) -> Iterator[tuple[Worksheet, SheetRows]]:
    names = sheet_names([str(table.sheet or table.title) for table in tables])
    for table, name in zip(tables, names, strict=True):
        records, taken, following = table.records(), {*names}, None
        while True:
            sheet, rows = workbook.create_sheet(name), SheetRows()
            yield sheet, rows
            following = _write_table(sheet, rows, table, about, records)
            if following is None:
                break
            # What one sheet cannot hold goes on in further ones, each with its headings.
            records = chain([following], records)
            name = _next_name(str(table.sheet or table.title), taken)


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


def _write_table(
    sheet: Worksheet, rows: SheetRows, table: Table, about: About, records: Iterator[Any]
) -> Any:
    """Fill a sheet; returns the first record that it could not hold, or None."""
    fields = table.export_fields()
    labels = [field.label for field in fields]
    widths = [field.width for field in fields]
    if about.notice:
        labels.append(gettext("Notice"))
        widths.append(50)
    _set_up(sheet, about, widths, [len(label) for label in labels])
    rows.columns = len(labels)
    heading = text_writer(_heading(sheet, "").style_id)
    text, texts = text_writer(as_formula=_quoted(sheet)), texts_writer(as_formula=_quoted(sheet))
    fields = [_as_percentage(field) for field in fields]
    writers = [column_writer(_formatted(sheet, field), text, texts) for field in fields]
    notice = [[text(about.notice)]] if about.notice else []
    rows.add(map(heading, labels))
    while piece := list(islice(records, min(PIECE, SHEET_ROWS - rows.count))):
        values = [field.values(piece) for field in fields]
        columns = [write(column) for write, column in zip(writers, values, strict=True)]
        rows.add_columns(columns + [column * len(piece) for column in notice])
    following = next(records, None) if rows.count == SHEET_ROWS else None
    if labels:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(labels))}{rows.count}"
    if following is None:
        _write_totals(sheet, rows, table, fields)
    return following


def _quoted(sheet: Worksheet) -> int:
    """The style of a text that looks like a formula."""
    cell = Cell(sheet, row=1, column=1)
    cell.quotePrefix = True
    return cell.style_id


def _formatted(sheet: Worksheet, field: ExportField, *, bold: bool = False) -> int:
    """The style of a column's numbers or days."""
    cell = Cell(sheet, row=1, column=1)
    cell.number_format = field.number_format
    if bold:
        cell.font = _BOLD
    return cell.style_id


def _as_percentage(field: ExportField) -> ExportField:
    """Of 94.6 % Excel keeps 0.946, as a percentage of its own; others keep 94.6."""
    if field.kind != "percent":
        return field

    def hundredths(records: Sequence[Any]) -> list[Any]:
        values = field.values(records)
        return [value / 100 if isinstance(value, Decimal | int) else value for value in values]

    number_format = field.number_format.replace('" %"', "%")
    return replace(field, values=hundredths, number_format=number_format)


def _set_up(sheet: Any, about: About, widths: list[int], lengths: list[int]) -> None:
    """What has to stand before the first row, and how the sheet prints."""
    _turn(sheet)
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


def _turn(sheet: Any) -> None:
    """The first column stands where reading begins."""
    sheet.sheet_view.rightToLeft = get_language_bidi()


def _header_text(text: str) -> str:
    """In headers "&" begins a command; Excel holds 255 characters for all three parts."""
    return text.replace("&", "&&")[:100]


def _heading(sheet: Worksheet, text: str) -> Cell:
    cell = text_cell(sheet, text)
    cell.font = _BOLD
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    return cell


def text_cell(sheet: Any, text: str) -> Cell:
    """A cell that is text, whatever the text looks like."""
    cell = WriteOnlyCell(sheet)
    cell.value = excel_text(text)
    # The line above makes a formula of whatever begins with "="; this one takes it back.
    cell.data_type = "s"
    return cell


def _write_about(sheet: Any, tables: list[Table], about: About) -> None:
    _turn(sheet)
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


def _write_totals(
    sheet: Worksheet, rows: SheetRows, table: Table, fields: list[ExportField]
) -> None:
    """Totals stand under their columns, an empty row apart: filters leave them there."""
    totals = table.typed_totals()
    if not totals or not fields or len(totals) >= SHEET_ROWS - rows.count:
        return
    rows.add(())
    heading = text_writer(_heading(sheet, "").style_id)
    writers = [value_writer(_formatted(sheet, field, bold=True), heading) for field in fields]
    for label, values in totals:
        cells = [
            write(_as_total(field, values.get(field.key)))
            for field, write in zip(fields, writers, strict=True)
        ]
        # Beside the first figure, or in the first column of all.
        free = next((place for place, cell in enumerate(cells) if not cell), 0)
        cells[free] = heading(label)
        rows.add(cells)


def _as_total(field: ExportField, value: Any) -> Any:
    if value is None or value == "":
        return None
    if not isinstance(value, Decimal | int):
        return str(value)
    return value / 100 if field.kind == "percent" else value
