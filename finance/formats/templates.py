"""Empty spreadsheets to fill in, one for each kind, made from its declaration."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from finance.formats.cells import Reading, converter
from finance.formats.columns import ColumnType, FileColumn, FileKind, forms
from finance.formats.containers.grids import EXAMPLE_MARK
from finance.formats.currencies import CODES
from finance.formats.starter import HELP, LISTS, SHEETS
from finance.models import BudgetCategory
from portal.kit.safe import clean_text, csv_text, excel_text
from portal.kit.years import FIRST_YEAR, LAST_YEAR

LAST_ROW = 1_048_576
_FORMATS = {
    ColumnType.TEXT: "@",
    ColumnType.LONG_TEXT: "@",
    ColumnType.IDENTIFIER: "@",
    ColumnType.SHARES: "@",
    ColumnType.PARTICIPANTS: "@",
    ColumnType.AMOUNT: "#,##0.00",
    ColumnType.RATE: "0.00########",
    ColumnType.DATE: "yyyy-mm-dd",
    ColumnType.YEAR: "0",
}
_GUIDE = (
    gettext_lazy("Fill in the sheets that you have data for and leave the others empty; fill in"),
    gettext_lazy("funds and organizations first, as the other sheets name them. Keep the names"),
    gettext_lazy("of the sheets and the first row. Each heading has a note that says what belongs"),
    gettext_lazy("below it; filled headings are required. Enter the file in the staff’s room as"),
    gettext_lazy("“Starter workbook”: it is checked first, and nothing shows before its release."),
)
_REQUIRED = PatternFill("solid", fgColor="DCEBEA")


def csv_template(kind: FileKind) -> bytes:
    """The headings as CSV in UTF-8, with the mark by which Excel knows it."""
    text = io.StringIO()
    csv.writer(text).writerow([csv_text(column.name) for column in kind.columns])
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(kind: FileKind) -> bytes:
    """An Excel file: the table to fill in, an explanation, and an example on its own sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _add_sheet(book, kind, "lists")
    _write_help(book.create_sheet(_("Help")[:31]), kind)
    _write_example(book.create_sheet(_("Example")[:31]), kind)
    return _saved(book)


def starter_template() -> bytes:
    """An Excel file with a sheet for each kind of first data, and what each is for."""
    book = Workbook()
    book.remove(book.worksheets[0])
    guide = book.create_sheet(HELP)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 24, 110
    put_text(guide, 1, 1, _("Starter workbook")).font = Font(bold=True, size=14)
    for row, text in enumerate(_GUIDE, start=2):
        put_text(guide, row, 1, str(text))
    for row, sheet in enumerate(SHEETS, start=len(_GUIDE) + 3):
        put_text(guide, row, 1, sheet.name).font = Font(bold=True)
        cell = put_text(guide, row, 2, f"{sheet.columns.label}: {sheet.columns.help}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        _add_sheet(book, sheet.columns, f"{LISTS}{sheet.name}"[:31])
    return _saved(book)


def _add_sheet(book: Workbook, kind: FileKind, lists: str) -> None:
    sheet = book.create_sheet(kind.code)
    words = book.create_sheet(lists)
    words.sheet_state = "hidden"
    for position, column in enumerate(kind.columns, start=1):
        _add_column(sheet, words, column, position)
    sheet.freeze_panes = "A2"


def _saved(book: Workbook) -> bytes:
    for sheet in book.worksheets:
        sheet.sheet_view.rightToLeft = get_language_bidi()
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _add_column(sheet: Worksheet, words: Worksheet, column: FileColumn, position: int) -> None:
    letter = get_column_letter(position)
    cell = put_text(sheet, 1, position, str(column.label))
    cell.font = Font(bold=column.required)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if column.required:
        cell.fill = _REQUIRED
    comment = Comment(_note(column), _("Template"))
    comment.width, comment.height = 320, 120
    cell.comment = comment
    dimension = sheet.column_dimensions[letter]
    dimension.width = _width(column)
    dimension.number_format = _FORMATS.get(column.type, "General")
    if validation := _validation(words, column, position):
        validation.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(validation)


def _validation(words: Worksheet, column: FileColumn, position: int) -> DataValidation | None:
    if column.type is ColumnType.DATE:
        return DataValidation(
            type="date",
            operator="between",
            formula1=f"DATE({FIRST_YEAR},1,1)",
            formula2=f"DATE({LAST_YEAR},12,31)",
            allow_blank=True,
            showErrorMessage=True,
            error=_("Write a date, such as 2016-09-15."),
        )
    if column.type is ColumnType.YEAR:
        return DataValidation(
            type="whole",
            operator="between",
            formula1=str(FIRST_YEAR),
            formula2=str(LAST_YEAR),
            allow_blank=True,
            showErrorMessage=True,
            error=_("Write the year in four digits."),
        )
    allowed = _allowed(column)
    if not allowed:
        return None
    for row, word in enumerate(allowed, start=1):
        put_text(words, row, position, word)
    letter = get_column_letter(position)
    return DataValidation(
        type="list",
        formula1=f"'{words.title}'!${letter}$1:${letter}${len(allowed)}",
        allow_blank=True,
        # Budget categories may also be named; there the list only helps.
        showErrorMessage=column.type is not ColumnType.TEXT,
        error=_("Choose one of the words listed."),
    )


def _allowed(column: FileColumn) -> list[str]:
    if column.type is ColumnType.CURRENCY:
        return list(CODES)
    if column.type is ColumnType.YES_NO:
        return ["yes", "no"]
    if column.name == "category":
        return list(BudgetCategory.objects.values_list("code", flat=True))
    return [str(code) for code, _label in column.choices]


def _note(column: FileColumn) -> str:
    lines = [forms()[column.type]]
    if column.note:
        lines.append(str(column.note))
    lines += [f"{code}: {label}" for code, label in column.choices]
    if column.example:
        lines.append(_("Example: %(example)s") % {"example": column.example})
    lines.append(_("Required.") if column.required else _("May be left empty."))
    return clean_text("\n".join(lines))


def _width(column: FileColumn) -> int:
    if column.type is ColumnType.LONG_TEXT:
        return 60
    if column.type in (ColumnType.TEXT, ColumnType.SHARES, ColumnType.PARTICIPANTS):
        return 30
    return max(14, len(str(column.label)) + 2)


def _write_help(sheet: Worksheet, kind: FileKind) -> None:
    put_text(sheet, 1, 1, str(kind.label)).font = Font(bold=True, size=14)
    put_text(sheet, 2, 1, str(kind.help))
    for group in kind.either:
        labels = [f"“{kind.column(name).label}”" for name in group]
        put_text(
            sheet,
            3,
            1,
            _("Each row needs at least one of: %(columns)s.") % {"columns": ", ".join(labels)},
        )
    headings = (
        _("Heading"),
        _("Name in csv"),
        _("Needed"),
        _("How it is written"),
        _("What it means"),
        _("Words"),
        _("Other headings understood"),
    )
    for position, text in enumerate(headings, start=1):
        put_text(sheet, 5, position, text).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(position)].width = 16 if position < 4 else 44
    names = forms()
    for row, column in enumerate(kind.columns, start=6):
        cells = (
            str(column.label),
            column.name,
            _("yes") if column.required else _("no"),
            names[column.type],
            str(column.note),
            "\n".join(f"{code}: {label}" for code, label in column.choices),
            ", ".join(map(str, column.aliases)),
        )
        for position, text in enumerate(cells, start=1):
            cell = put_text(sheet, row, position, text)
            cell.alignment = Alignment(wrap_text=position > 3, vertical="top")


def _write_example(sheet: Worksheet, kind: FileKind) -> None:
    """An example row; its first cell tells the reader of files to leave the sheet alone."""
    put_text(sheet, 1, 1, EXAMPLE_MARK).font = Font(bold=True)
    for position, column in enumerate(kind.columns, start=1):
        put_text(sheet, 3, position, str(column.label)).font = Font(bold=column.required)
        sheet.column_dimensions[get_column_letter(position)].width = _width(column)
        if column.example:
            value = converter(column, Reading(decimal="."))(column.example)[0]
            cell = sheet.cell(4, position)
            if isinstance(value, date | Decimal | int) and not isinstance(value, bool):
                cell.value = value
                cell.number_format = _FORMATS.get(column.type, "General")
            else:
                put_text(sheet, 4, position, column.example)


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """A cell that holds this text and never a formula."""
    cell = sheet.cell(row, column)
    cell.value = excel_text(text)
    if text:
        cell.data_type = "s"
    cell.number_format = "@"
    return cell
