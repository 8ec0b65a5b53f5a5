"""A million voucher lines to one Excel file: seconds, peak of memory, and the cells read back."""

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import openpyxl


def measure_export(path: Path, rows: int = 1_000_000, format: str = "xlsx") -> dict[str, Any]:
    """Make lines as the load of `path` would, export them, and read the file back.

    `path` names a file of voucher lines that `write_vouchers` wrote; it is loaded once, and
    the lines are multiplied in the database until there are `rows` of them.
    """
    from django.http import QueryDict

    from portal.work.exports import ask_for_export, make_export
    from projects.models import User

    owner = User.objects.create_user("bench@example.org", None)
    _make_lines(path, rows)
    export = ask_for_export(owner=owner, query=QueryDict(), format=format)
    began = time.perf_counter()
    make_export(export)
    seconds = time.perf_counter() - began
    with export.file.open("rb") as file:
        count, base_amount = _read_back(file)
    return {
        "transactions": export.rows,
        "export": seconds,
        "size": export.size,
        "base_amount": str(export.base_amount),
        "read_rows": count,
        "read_base_amount": str(base_amount),
        "agreed": count == export.rows == rows and base_amount == export.base_amount,
    }


def bare_excel(path: Path, rows: int) -> int:
    """The floor: as many rows of as many columns by openpyxl's write-only mode alone."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("bare")
    cells = [*("a word or two",) * 6, date(2020, 1, 1), Decimal("1000.25"), "USD", 7]
    for number in range(rows):
        if number and number % 1_000_000 == 0:
            sheet = book.create_sheet()
        sheet.append(cells)
    book.save(path)
    return rows


def _make_lines(path: Path, rows: int) -> None:
    """Load the file, then repeat its lines by one statement."""
    from django.db import connection

    from finance.loading.services import check_load, release_load
    from finance.models import VoucherLine
    from portal.host.bench.loading import make_entities, received

    make_entities()
    release_load(load=check_load(received(path)))
    columns = ", ".join(
        str(field.column) for field in VoucherLine._meta.concrete_fields if not field.primary_key
    )
    table = VoucherLine._meta.db_table
    there = VoucherLine.objects.count()
    with connection.cursor() as cursor:
        # Only names of our own table and columns are put together here.
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}, "  # noqa: S608
            "generate_series(1, %s) LIMIT %s",
            [1 + rows // there, max(0, rows - there)],
        )


def _read_back(file: IO[bytes]) -> tuple[int, Decimal]:
    """Rows and sum of US$ over all sheets but the last."""
    book = openpyxl.load_workbook(file, read_only=True)
    count, base_amount = 0, Decimal(0)
    for sheet in book.worksheets[:-1]:
        lines = sheet.iter_rows(values_only=True)
        place = next(lines).index("US$")
        for row in lines:
            count += 1
            base_amount += Decimal(str(row[place]))
    return count, base_amount
