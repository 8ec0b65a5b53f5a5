"""The inside of an xlsx or ods file: safe to unpack? and what its cells show.

A few kilobytes can unpack to gigabytes, and two cells far apart span a sheet of billions;
both are refused from a look at the packed parts, before a reader gets them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from lxml import etree

from finance.formats.containers.grids import refuse

UNPACKED = 600_000_000
RATIO = 250
SMALL = 10_000_000  # below this, a ratio says nothing
MEMBERS = 5_000
CELLS = 25_000_000
CHUNK = 1 << 20

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ODF = {
    "table": "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "office": "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
    "text": "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
}
# Empty cells and rows, which only carry a format, take no room. The usual form, as nearly
# all programs write it, is searched five times faster than all that XML allows.
_ROW = re.compile(rb'<row r="(\d+)"[^>]*(?<!/)>(?!\s*</)')
_CELL = re.compile(rb'<c r="([A-Za-z]{2,}\d+|[A-Za-z]\d{6,})"[^>]*(?<!/)>')
_ANY_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"']\s*(\d+)[^>]*(?<!/)>(?!\s*</)")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']\s*([^\"'>]+)[\"'][^>]*(?<!/)>")
_REFERENCE = re.compile(r"([A-Za-z]{1,7})(\d{1,9})", re.ASCII)
_FAILED = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_UNSTORED = re.compile(
    rb"</?(?:\w+:)?f(?:\s[^>]*)?/?>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</(?:\w+:)?c>)"
)
_REPEATED_CELL = re.compile(rb"<table:table-cell[^>]*number-columns-repeated=\"(\d+)\"[^>]*value")
_REPEATED_ROW = re.compile(
    rb"<table:table-row[^>]*number-rows-repeated=\"(\d+)\"[^>]*[^/]>(.*?)</table:table-row>", re.S
)
_ZEROS = re.compile(r"(?:\[[^\]]*\])*\"?(0{2,})\"?(?:;.*)?")


@dataclass
class Special:
    """Cells by (row, column) of which a reader of values knows too little."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unstored: set[tuple[int, int]] = field(default_factory=set)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class Package:
    """A workbook's parts."""

    path: Path
    is_ods: bool
    since_1904: bool = False
    sheets: dict[str, str] = field(default_factory=dict)  # name of sheet → name of part
    troubled: set[str] = field(default_factory=set)  # parts

    def has_hidden_trouble(self, sheet: str) -> bool:
        """Whether the sheet has failed formulas, or some without a stored result."""
        return self.sheets.get(sheet) in self.troubled

    def special_cells(self, sheet: str) -> Special:
        """Errors, unstored results and zeros shown, read from the sheet's own XML."""
        with zipfile.ZipFile(self.path) as package:
            if self.is_ods:
                with package.open("content.xml") as part:
                    return _ods_special(part, sheet)
            if sheet not in self.sheets:
                return Special()
            formats = _zero_formats(package)
            with package.open(self.sheets[sheet]) as part:
                return _xlsx_special(part, formats)


def inspect(path: Path) -> Package:
    """The package of a workbook that is safe to read; LoadError if it is not one."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            _check_sizes(path, package)
            if "xl/workbook.xml" in names:
                found = _xlsx(path, package)
            elif "content.xml" in names and _is_ods(package):
                found = Package(path, is_ods=True)
            else:
                raise refuse(
                    path, _("this is no spreadsheet of the kinds xlsx, ods or csv; save it as one.")
                )
            _check_parts(found, package)
            return found
    except (
        zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, EOFError,
        OSError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise refuse(
            path, _("the workbook is damaged; open it in a spreadsheet program and save it again.")
        ) from error


def _check_sizes(path: Path, package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if any(part.flag_bits & 1 for part in parts):
        raise refuse(path, _("the file is protected by a password; save it without one."))
    if (
        len(parts) > MEMBERS
        or unpacked > UNPACKED
        or (unpacked > SMALL and unpacked > RATIO * max(packed, 1))
    ):
        raise refuse(
            path,
            _("the workbook unpacks to %(size)d MB, too much to be read; export it as csv.")
            % {"size": unpacked // 1_000_000},
        )


def _is_ods(package: zipfile.ZipFile) -> bool:
    try:
        return b"spreadsheet" in package.read("mimetype")[:200]
    except KeyError:
        return True


def _xlsx(path: Path, package: zipfile.ZipFile) -> Package:
    book = _tree(package, "xl/workbook.xml")
    targets = {
        link.get("Id"): _part_name(link.get("Target", ""))
        for link in _tree(package, "xl/_rels/workbook.xml.rels")
    }
    sheets = {
        sheet.get("name", ""): targets[sheet.get(_REL)]
        for sheet in book.iter(f"{_MAIN}sheet")
        if sheet.get(_REL) in targets
    }
    properties = book.find(f"{_MAIN}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return Package(path, is_ods=False, since_1904=since_1904, sheets=sheets)


def _part_name(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _parser_options() -> dict[str, Any]:
    return {"resolve_entities": False, "no_network": True, "huge_tree": False}


def _tree(package: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(**_parser_options())
    return etree.fromstring(package.read(name), parser)


def _check_parts(found: Package, package: zipfile.ZipFile) -> None:
    """Unpack every part once, for its checksum, and measure the sheets."""
    sheets = set(found.sheets.values())
    for part in package.infolist():
        is_content = found.is_ods and part.filename == "content.xml"
        if part.filename in sheets:
            _measure(found, package, part)
        elif is_content:
            _check_repeats(found.path, package.read(part))
        else:
            with package.open(part) as file:
                while file.read(CHUNK):
                    pass


def _measure(found: Package, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    rows, width = 1, 26
    for chunk in _chunks(package, part):
        is_usual = (
            b":c " not in chunk
            and chunk.count(b"<c ") == chunk.count(b'<c r="')
            and chunk.count(b"<row ") == chunk.count(b'<row r="')
        )
        row, cell = (_ROW, _CELL) if is_usual else (_ANY_ROW, _ANY_CELL)
        rows = max(rows, 1, *map(int, row.findall(chunk)))
        for reference in set(cell.findall(chunk)):
            line, column = _place(reference.decode(errors="replace"))
            rows, width = max(rows, line), max(width, column + 1)
        may_fail = b'"e"' in chunk or b"'e'" in chunk
        has_formulas = b"<f" in chunk or b":f" in chunk
        if (may_fail and _FAILED.search(chunk)) or (has_formulas and _UNSTORED.search(chunk)):
            found.troubled.add(part.filename)
    if rows * width > CELLS:
        raise refuse(
            found.path,
            _(
                "a sheet spans %(rows)d rows and %(columns)d columns; delete what stands far "
                "outside the table, or export it as csv."
            )
            % {"rows": rows, "columns": width},
        )


def _chunks(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that overlap, so that nothing is cut in two."""
    rest = b""
    with package.open(part) as file:
        while chunk := file.read(CHUNK):
            yield rest + chunk
            rest = chunk[-300:]


def _check_repeats(path: Path, content: bytes) -> None:
    cells = [int(number) for number in _REPEATED_CELL.findall(content)]
    rows = [int(number) for number, inside in _REPEATED_ROW.findall(content) if b"value" in inside]
    if max(cells, default=1) * max(rows, default=1) > 1_000_000 or max(cells, default=1) > 20_000:
        raise refuse(
            path,
            _("a value is repeated over millions of cells; delete what stands outside the table."),
        )


def _place(reference: str) -> tuple[int, int]:
    """“C12” → row 12, column 2; ValueError where it is no such name."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    number = 0
    for letter in found[1].upper():
        number = number * 26 + ord(letter) - 64
    return int(found[2]), number - 1


def _zero_formats(package: zipfile.ZipFile) -> dict[int, int]:
    """Style of cells → number of digits that it shows, for formats of zeros only."""
    try:
        styles = _tree(package, "xl/styles.xml")
    except KeyError:
        return {}
    digits = {}
    for form in styles.iter(f"{_MAIN}numFmt"):
        if found := _ZEROS.fullmatch(form.get("formatCode", "")):
            digits[form.get("numFmtId")] = len(found[1])
    uses = styles.find(f"{_MAIN}cellXfs")
    if uses is None:
        return {}
    return {
        position: digits[use.get("numFmtId")]
        for position, use in enumerate(uses)
        if use.get("numFmtId") in digits
    }


def _xlsx_special(part: IO[bytes], formats: dict[int, int]) -> Special:
    special = Special()
    row = column = 0
    events = etree.iterparse(
        part, events=("start", "end"), tag=(f"{_MAIN}row", f"{_MAIN}c"), **_parser_options()
    )
    for event, element in events:
        if element.tag == f"{_MAIN}row":
            if event == "start":
                row, column = int(element.get("r", row + 1)), -1
            else:
                element.clear()
            continue
        if event == "start":
            continue
        reference = element.get("r")
        column = _place(reference)[1] if reference else column + 1
        _note_xlsx(special, (row, column), element, formats)
    return special


def _note_xlsx(special: Special, place: tuple[int, int], cell: Any, formats) -> None:
    kind = cell.get("t", "n")
    value = (cell.findtext(f"{_MAIN}v") or "").strip()
    if kind == "e":
        special.errors[place] = value or "#VALUE!"
    elif not value and kind != "str" and cell.find(f"{_MAIN}f") is not None:
        special.unstored.add(place)
    elif kind == "n" and value:
        digits = formats.get(int(cell.get("s", 0)))
        if digits and value.isdecimal():
            special.shown[place] = value.zfill(digits)


def _ods_special(part: IO[bytes], sheet: str) -> Special:
    """Numbers as an ods sheet shows them, where they begin with zeros."""
    table, office, text = _ODF["table"], _ODF["office"], _ODF["text"]
    special = Special()
    row, column, inside = 0, 0, False
    tags = (
        f"{table}table",
        f"{table}table-row",
        f"{table}table-cell",
        f"{table}covered-table-cell",
    )
    for event, element in etree.iterparse(
        part, events=("start", "end"), tag=tags, **_parser_options()
    ):
        if element.tag == tags[0]:
            inside = event == "start" and element.get(f"{table}name") == sheet
        elif element.tag == tags[1]:
            if event == "start":
                column = 0
            else:
                row += int(element.get(f"{table}number-rows-repeated", 1)) if inside else 0
                element.clear()
        elif event == "end":
            shown = "".join(element.itertext(f"{text}p")).strip() or "".join(element.itertext())
            is_number = element.get(f"{office}value-type") == "float"
            if inside and is_number and shown.isdecimal() and shown.startswith("0"):
                special.shown[row + 1, column] = shown
            column += int(element.get(f"{table}number-columns-repeated", 1))
    return special
