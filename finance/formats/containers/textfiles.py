"""CSV files as they come: any usual encoding, delimiter and line end, read as a stream."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from finance.formats.containers.grids import Cells, Grid, refuse
from finance.formats.faults import Unreadable

CHUNK = 1 << 20
_SEP_LINE = re.compile(r"sep=(.)\s*")
_UTF8_PAIRS = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
# Accented letters of DOS and Macintosh code pages are signs in cp1252: “Soci‚t‚”, “SociŽtŽ”.
_OLD_PAGE = re.compile(
    rb"[A-Za-z]+[\x82-\x89\x8b\x93-\x95\xa1-\xa5][A-Za-z]+|[A-Za-z]*[a-z][\x8a\x8e][a-z]+"
)
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(slots=True)
class TextGrid:
    """A csv file, read anew each time its rows are asked for."""

    path: Path
    encoding: str
    delimiter: str
    has_sep_line: bool = False
    name: str = ""
    is_text: bool = True
    since_1904: bool = False
    hidden_rows: Sequence[int] = ()

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows; raises LoadError where quotation marks or bytes are broken."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            if self.has_sep_line:
                file.readline()
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            row = 0
            try:
                for row, cells in enumerate(reader, start=1):
                    yield row, cells
            except csv.Error as error:
                raise refuse(
                    self.path,
                    _(
                        "row %(row)s cannot be told from the next: a quotation mark is not "
                        "closed, or stands alone within a cell. Export the file again."
                    )
                    % {"row": row + 1},
                ) from error

    def trouble(self, line: int, column: int) -> Unreadable | None:
        """Nothing: what a text file says stands in its cells."""
        return None

    def mark(self, line: int, column: int) -> str:
        """Nothing: a text file shows what it has."""
        return ""

    def shown(self, line: int, column: int) -> str | None:
        """Nothing: a text file has no number cells."""
        return None


def text_grids(path: Path, delimiters: str) -> Iterator[Grid]:
    """The file, separated by each of the delimiters that occur near its beginning."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(64_000)
    if not start.strip():
        raise refuse(path, _("the file is empty."))
    if found := _SEP_LINE.match(start):
        yield TextGrid(path, encoding, found[1], has_sep_line=True)
        return
    for delimiter in delimiters:
        if delimiter in start:
            yield TextGrid(path, encoding, delimiter)
    if not any(delimiter in start for delimiter in delimiters):
        yield TextGrid(path, encoding, delimiters[0])


def encoding_of(path: Path) -> str:
    """The encoding of a text file; LoadError if it is damaged or no text at all."""
    _check_lines(path)
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            _check_utf16(path)
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(CHUNK):
                if b"\0" in chunk:
                    raise refuse(
                        path,
                        _("this is no text file, or one in an unusual encoding; save it as UTF-8."),
                    )
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _not_utf8(path)
    return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"


def _check_lines(path: Path) -> None:
    """A file without line ends would be one row, of any number of cells, in memory."""
    with path.open("rb") as file:
        while len(chunk := file.read(CHUNK)) == CHUNK:
            if b"\n" not in chunk and b"\r" not in chunk:
                raise refuse(path, _("it has a line of more than a million signs; export it anew."))


def _check_utf16(path: Path) -> None:
    try:
        with path.open(encoding="utf-16", newline="") as file:
            while file.read(CHUNK):
                pass
    except UnicodeError as error:
        raise refuse(path, _("its text is damaged (UTF-16); export it again as UTF-8.")) from error


def _not_utf8(path: Path) -> str:
    """cp1252, unless bytes say that this is UTF-8 with damage, or neither."""
    pairs = high = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk or _UNDEFINED.search(_UTF8_PAIRS.sub(b"", chunk)):
                raise refuse(
                    path, _("its text is in an unknown encoding; save it as CSV in UTF-8.")
                )
            if odd := _OLD_PAGE.search(chunk):
                raise refuse(
                    path,
                    _(
                        "“%(word)s” does not look right: its text is in an old encoding of DOS or "
                        "Macintosh; save it as CSV in UTF-8."
                    )
                    % {"word": odd[0].decode("cp1252", "replace")},
                )
            found = _UTF8_PAIRS.findall(chunk)
            pairs += sum(map(len, found))
            high += len(_HIGH.findall(chunk))
    if pairs > high / 2 or (pairs and _undefined(path)):
        raise refuse(path, _("its text is damaged (broken UTF-8); save it as CSV in UTF-8."))
    return "cp1252"


def _undefined(path: Path) -> bool:
    """Whether the file holds bytes that mean nothing in cp1252."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if _UNDEFINED.search(chunk):
                return True
    return False
