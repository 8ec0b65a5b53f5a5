"""Small files of every format, written for tests."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from finance.formats.mappings import Mapping
from finance.formats.rows import ReadRow, open_sheet

VOUCHER_HEADINGS = ["voucher", "payment_date", "fund", "payee", "project", "amount", "currency"]
VOUCHER = ["000123", "2016-09-15", "PB000", "UNDP", "00102004", "1234.5", "USD"]


def write_csv(
    path: Path,
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    end: str = "\r\n",
) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(
    path: Path, rows: Iterable[Sequence[object]], formats: Iterable[tuple[str, str]] = ()
) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for cell, number_format in formats:
        sheet[cell].number_format = number_format
    book.save(path)
    return path


class OdsCell(str):
    """A cell of an ods sheet as its XML has it."""


def write_ods(path: Path, rows: Sequence[Sequence[object]], *, repeated: int = 1) -> Path:
    """Cells are texts, dates, numbers, or a pair of a number and the text that it shows.

    repeated: how often the last row comes.
    """
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    lines = [f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows]
    if repeated > 1:
        often = f'<table:table-row table:number-rows-repeated="{repeated}">'
        lines[-1] = lines[-1].replace("<table:table-row>", often)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces}'
        f' office:version="1.2"><office:body><office:spreadsheet><table:table table:name="One">'
        f"{''.join(lines)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest="
            '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


def _ods_cell(cell: object) -> str:
    if cell in (None, ""):
        return "<table:table-cell/>"
    if isinstance(cell, OdsCell):
        return cell
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{cell.isoformat()}</text:p></table:table-cell>"
        )
    if isinstance(cell, int | float | tuple):
        number, shown = cell if isinstance(cell, tuple) else (cell, cell)
        return (
            f'<table:table-cell office:value-type="float" office:value="{number}">'
            f"<text:p>{shown}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p>'
        "</table:table-cell>"
    )


def rows_of(path: Path, kind: str = "vouchers", mapping: Mapping | None = None) -> list[ReadRow]:
    return list(open_sheet(path, kind, mapping))


def one(path: Path, kind: str = "vouchers", mapping: Mapping | None = None) -> ReadRow:
    (row,) = rows_of(path, kind, mapping)
    return row
