"""The inside of an xlsx or ods file: safe to unpack? and what its cells show.

A few kilobytes can unpack to gigabytes, and two cells far apart span a sheet of billions;
both are refused from a look at the packed parts, before a reader gets them.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from lxml import etree

from finance.formats.containers.grids import refuse
from finance.formats.containers.hidden import hidden_spans, note_hidden, ods_hidden
from finance.formats.containers.special import Special, names_a_scale, ods_special, parser_options
from portal.kit.archives import DAMAGED, UnsafeArchive, check_archive, unpacked_size

CONTENT = "content.xml"
CELLS = 25_000_000
CHUNK = 1 << 20

# Workbooks come in two namespaces, “transitional” and “strict”: elements go by their own name.
_RELS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
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
# What shows in an ods file that numbers bear a mark, and that empty cells may hide trouble.
_ODS_MARKS = (b'value-type="perc', b'value-type="curr', b">#", b">Err:")
_ODS_WORD = re.compile(rb"[0-9]\s?[A-Za-z]{1,9}</")
_ODS_TROUBLE = (b":formula=", b":covered-table-cell", b'value-type="error"')
_ZEROS = re.compile(r"(?:\[[^\]]*\])*\"?(0{2,})\"?(?:;.*)?")


_LOCALE_CURRENCY = re.compile(r"\[\$([^\]\-]*[^\]\-\s][^\]\-]*)(?:-[^\]]*)?\]")
_PADDING = re.compile(r"\[[^\]]*\]|[_*].")
_LITERAL = re.compile(r'"[^"]*"|\\.')
# Commas behind the digits show thousands, as the words beside them may say.
_SCALING = re.compile(r"[0#?],+(?![0#?,])")
_DIGITS = re.compile(r"[0-9]")
_SIGN = re.compile(r"US\$|[€£$¥]|(?<![A-Z])[A-Z]{3}(?![A-Z])")


@dataclass
class Package:
    """A workbook's parts."""

    path: Path
    is_ods: bool
    since_1904: bool = False
    sheets: dict[str, str] = field(default_factory=dict)  # name of sheet → name of part
    troubled: set[str] = field(default_factory=set)  # parts
    hidden: dict[str, list[int]] = field(default_factory=dict)  # part → its hidden rows
    hidden_spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # of columns
    marks_amounts: bool = False  # whether formats of cells show a currency or percent

    def hidden_rows(self, sheet: str) -> list[int]:
        """The numbers of rows that nobody sees who opens the file, or a filter left out."""
        return self.hidden.get(sheet if self.is_ods else self.sheets.get(sheet, ""), [])

    def hidden_columns(self, sheet: str) -> list[tuple[int, int]]:
        """The first and last places of columns that nobody sees who opens the file."""
        return self.hidden_spans.get(sheet if self.is_ods else self.sheets.get(sheet, ""), [])

    def has_hidden_trouble(self, sheet: str) -> bool:
        """Whether the sheet has failed formulas, or some without a stored result."""
        part = CONTENT if self.is_ods else self.sheets.get(sheet)
        return part in self.troubled

    def special_cells(self, sheet: str) -> Special:
        """Errors, unstored results and zeros shown, read from the sheet's own XML."""
        with zipfile.ZipFile(self.path) as package:
            if self.is_ods:
                with package.open(CONTENT) as part:
                    return ods_special(part, sheet)
            formats = _formats(package)
            with package.open(self.sheets[sheet]) as part:
                return _xlsx_special(part, formats)


def inspect(path: Path) -> Package:
    """The package of a workbook that is safe to read; LoadError if it is not one."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            _check_archive(path, package)
            if "xl/workbook.xml" in names:
                found = _xlsx(path, package)
            elif CONTENT in names and _is_ods(package):
                found = Package(path, is_ods=True)
            else:
                raise refuse(
                    path, _("this is no spreadsheet of the kinds xlsx, ods or csv; save it as one.")
                )
            _check_parts(found, package)
            if not found.is_ods:
                found.marks_amounts = any(isinstance(f, str) for f in _formats(package).values())
            return found
    except (*DAMAGED, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise refuse(path, _damaged()) from error


def _check_archive(path: Path, package: zipfile.ZipFile) -> None:
    try:
        check_archive(package)
    except UnsafeArchive as error:
        if error.code == "encrypted":
            raise refuse(
                path, _("the file is protected by a password; save it without one.")
            ) from error
        if error.code == "bomb":
            text = _("the workbook unpacks to %(size)d MB, too much to be read; export it as csv.")
            size = unpacked_size(package) // 1_000_000
            raise refuse(path, text % {"size": size}) from error
        raise refuse(path, _damaged()) from error


def _damaged() -> str:
    return _("the workbook is damaged; open it in a spreadsheet program and save it again.")


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
        sheet.get("name", ""): targets[link]
        for sheet in book.iter("{*}sheet")
        for link in map(sheet.get, _RELS)
        if link in targets
    }
    properties = book.find("{*}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return Package(path, is_ods=False, since_1904=since_1904, sheets=sheets)


def _part_name(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _tree(package: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(**parser_options())
    return etree.fromstring(package.read(name), parser)


def _check_parts(found: Package, package: zipfile.ZipFile) -> None:
    """Unpack every part once, for its checksum, and measure the sheets."""
    sheets = set(found.sheets.values())
    for part in package.infolist():
        is_content = found.is_ods and part.filename == CONTENT
        if part.filename in sheets:
            _measure(found, package, part)
        elif is_content:
            content = package.read(part)
            _check_repeats(found.path, content)
            found.marks_amounts = any(sign in content for sign in _ODS_MARKS) or bool(
                _ODS_WORD.search(content)
            )
            if any(sign in content for sign in _ODS_TROUBLE):
                found.troubled.add(CONTENT)
            if b"table:visibility=" in content:
                found.hidden, found.hidden_spans = ods_hidden(content)
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
        if b"hidden" in chunk or b'="0' in chunk:
            note_hidden(found.hidden.setdefault(part.filename, []), chunk)
            found.hidden_spans.setdefault(part.filename, []).extend(hidden_spans(chunk))
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


def _formats(package: zipfile.ZipFile) -> dict[int, int | str]:
    """Style of cells → the number of digits it shows, for formats of zeros only; or its mark."""
    try:
        styles = _tree(package, "xl/styles.xml")
    except KeyError:
        return {}
    known: dict[str | None, int | str] = {"9": "%", "10": "%"}
    for form in styles.iter("{*}numFmt"):
        code = form.get("formatCode", "")
        if found := _ZEROS.fullmatch(code):
            known[form.get("numFmtId")] = len(found[1])
        elif mark := mark_of(code):
            known[form.get("numFmtId")] = mark
    uses = styles.find("{*}cellXfs")
    if uses is None:
        return {}
    return {
        position: known[use.get("numFmtId")]
        for position, use in enumerate(uses)
        if use.get("numFmtId") in known
    }


def mark_of(code: str) -> str:
    """The currency or percent that a number format shows: “[$€-407] #,##0.00” shows €.

    The parts of a format are for amounts above, below and at zero.
    """
    parts = code.split(";")[:3]
    return next(filter(None, map(_mark_of_part, parts)), "")


def _mark_of_part(code: str) -> str:
    bare = _PADDING.sub("", code)
    unquoted = _LITERAL.sub("", bare)
    words = _unquoted("".join(_LITERAL.findall(bare))).strip()
    if not _SCALING.search(unquoted) and (names_a_scale(words) or _DIGITS.search(words)):
        return words
    if found := _LOCALE_CURRENCY.search(code):
        return found[1].strip()
    if "%" in unquoted:
        return "%"
    found = _SIGN.search(_unquoted(bare))
    return found[0] if found else ""


def _unquoted(code: str) -> str:
    return re.sub(r"\\(.)", r"\1", code.replace('"', ""))


def _xlsx_special(part: IO[bytes], formats: dict[int, int | str]) -> Special:
    special = Special()
    row = column = 0
    events = etree.iterparse(
        part, events=("start", "end"), tag=("{*}row", "{*}c"), **parser_options()
    )
    for event, element in events:
        if etree.QName(element).localname == "row":
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


def _note_xlsx(
    special: Special, place: tuple[int, int], cell: etree._Element, formats: dict[int, int | str]
) -> None:
    kind = cell.get("t", "n")
    value = (cell.findtext("{*}v") or "").strip()
    if kind == "e":
        special.errors[place] = value or "#VALUE!"
    elif not value and kind != "str" and cell.find("{*}f") is not None:
        special.unstored.add(place)
    elif kind == "n" and value:
        found = formats.get(int(cell.get("s", 0)))
        if isinstance(found, str):
            special.marks[place] = found
        elif found and value.isdecimal():
            special.shown[place] = value.zfill(found)
