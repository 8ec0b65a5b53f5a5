"""Rows and columns of a workbook that nobody sees who opens it: hidden, filtered, of no size."""

import re
from collections.abc import Iterator

from lxml import etree

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_UNSEEN = rb"\b(?:hidden\s*=\s*[\"'](?:1|true)|(?:ht|width)\s*=\s*[\"']0(?:\.0+)?)[\"']"
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*" + _UNSEEN + rb"[^>]*)>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*" + _UNSEEN + rb"[^>]*)>")
_COLUMN_SPAN = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d+)")
_ROW_NUMBER = re.compile(rb"(?:^|\s)r\s*=\s*[\"'](\d+)")


def note_hidden(hidden: list[int], chunk: bytes) -> None:
    """Chunks overlap, so a row may come twice."""
    for row in _HIDDEN_ROW.findall(chunk):
        number = _ROW_NUMBER.search(row)
        if number and not row.endswith(b"/") and int(number[1]) not in hidden[-5:]:
            hidden.append(int(number[1]))


def hidden_spans(chunk: bytes) -> Iterator[tuple[int, int]]:
    """The hidden columns that the piece of a sheet names, as first and last place."""
    for column in _HIDDEN_COLUMN.findall(chunk):
        span = {name: int(number) - 1 for name, number in _COLUMN_SPAN.findall(column)}
        if len(span) == 2:
            yield span[b"min"], span[b"max"]


def ods_hidden(content: bytes) -> tuple[dict[str, list[int]], dict[str, list[tuple[int, int]]]]:
    """The hidden rows of each sheet, and its hidden columns."""
    hidden: dict[str, list[int]] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(content, parser)
    for sheet in root.iter(f"{_TABLE}table"):
        row = 0
        rows = hidden.setdefault(sheet.get(f"{_TABLE}name", ""), [])
        for element in sheet.iter(f"{_TABLE}table-row"):
            repeated = int(element.get(f"{_TABLE}number-rows-repeated", 1))
            if element.get(f"{_TABLE}visibility", "visible") != "visible" and repeated < 1000:
                rows.extend(range(row + 1, row + 1 + repeated))
            row += repeated
        place = 0
        for element in sheet.iter(f"{_TABLE}table-column"):
            repeated = int(element.get(f"{_TABLE}number-columns-repeated", 1))
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                last = place + repeated - 1
                spans.setdefault(sheet.get(f"{_TABLE}name", ""), []).append((place, last))
            place += repeated
    return hidden, spans
