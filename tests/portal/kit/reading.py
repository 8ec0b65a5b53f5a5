"""Reads files and pages back into cells."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

import openpyxl
from django.core.signals import request_finished
from django.db import close_old_connections
from lxml import html

NUMBERS = {"spent", "spent_interim", "spent_certified", "rate", "given"}


def body(response: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not response.closed:
        with going_on():
            response.close()
    return content


@contextmanager
def going_on() -> Iterator[None]:
    """As the test client does it: the test's own transaction goes on after a request within."""
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_finished.connect(close_old_connections)


def sheets(response: Any) -> openpyxl.Workbook:
    """The workbook of an answer."""
    return openpyxl.load_workbook(io.BytesIO(body(response)))


def xlsx_rows(sheet: Any) -> list[list[Any]]:
    """Typed cells of all rows below the heading; floats as exact as they were written.

    An empty row ends them: totals stand below it.
    """
    rows = ([_from_excel(cell) for cell in row] for row in sheet.iter_rows(min_row=2))
    return list(takewhile(lambda row: any(value is not None for value in row), rows))


def _from_excel(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float | int) and cell.number_format.endswith("%"):
        # Of 94.6 % Excel keeps 0.946.
        return Decimal(str(value)) * 100
    if isinstance(value, float | int) and cell.number_format != "#,##0":
        return Decimal(str(value))
    return value


def csv_rows(response: Any) -> list[list[str]]:
    """Heading and rows of text."""
    text = body(response).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def typed(key: str, text: str) -> Decimal | int | date | str | None:
    """The value that a cell of text stands for."""
    if text in ("", None):
        return None
    if key in NUMBERS:
        return Decimal(text)
    if key == "vouchers":
        return int(text)
    return date.fromisoformat(text) if key == "paid" else text


def json_object(response: Any) -> Any:
    """The object of a JSON answer."""
    return json.loads(body(response))


def _listed(text: str | bytes) -> list[Any]:
    """The table that a page is a list of, or all its tables."""
    page: Any = html.fromstring(text)
    return page.xpath("//table[@id='table']") or page.xpath("//table")


def page_rows(text: str | bytes) -> list[list[str]]:
    """The texts of the cells of the table that a page is a list of."""
    rows = [row for table in _listed(text) for row in table.xpath("./tbody/tr")]
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def page_heads(text: str | bytes) -> list[str]:
    """The headings of the table that a page is a list of."""
    heads = _listed(text)[0].xpath("./thead//th")
    return [" ".join(head.text_content().split()) for head in heads]
