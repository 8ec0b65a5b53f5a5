"""CSV files as they come: any usual encoding, delimiter and line end, read as a stream."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.formats.containers.grids import Cells, Grid, refuse
from finance.formats.faults import Unreadable
from portal.kit.encodings import PIECE, NotText, encoding_of

_SEP_LINE = re.compile(r"sep=(.)\s*")


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
    hidden_columns: Sequence[tuple[int, int]] = ()
    unseen: Sequence[str] = ()
    unseen_filled: Sequence[str] = ()
    troubled: frozenset[int] = frozenset()

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
                text = _(
                    "row %(row)s cannot be told from the next: a quotation mark is not "
                    "closed, or stands alone within a cell. Export the file again."
                )
                if "field larger" in str(error):
                    text = _(
                        "row %(row)s has a cell of more than %(most)s signs: shorten it, or close "
                        "a quotation mark that is left open."
                    )
                named = {"row": row + 1, "most": csv.field_size_limit()}
                raise refuse(self.path, text % named) from error

    def trouble(self, _line: int, _column: int) -> Unreadable | None:
        """Nothing: what a text file says stands in its cells."""
        return None

    def mark(self, _line: int, _column: int) -> str:
        """Nothing: a text file shows what it has."""
        return ""

    def shown(self, _line: int, _column: int) -> str | None:
        """Nothing: a text file has no number cells."""
        return None


def text_grids(path: Path, delimiters: str) -> Iterator[Grid]:
    """The file, separated by each of the delimiters that occur near its beginning."""
    encoding = _encoding(path)
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


_NO_TEXT = {
    "binary": gettext_lazy(
        "this is no text file, or one in an unusual encoding; save it as UTF-8."
    ),
    "unknown": gettext_lazy("its text is in an unknown encoding; save it as CSV in UTF-8."),
    "old-page": gettext_lazy(
        "“%(word)s” does not look right: its text is in an old encoding of DOS or Macintosh; save "
        "it as CSV in UTF-8."
    ),
    "utf-7": gettext_lazy(
        "“%(word)s” does not look right: its text is in UTF-7, which mail once used; save it as "
        "CSV in UTF-8."
    ),
    "damaged-utf-8": gettext_lazy("its text is damaged (broken UTF-8); save it as CSV in UTF-8."),
    "damaged-utf-16": gettext_lazy("its text is damaged (UTF-16); export it again as UTF-8."),
}


def _encoding(path: Path) -> str:
    """The encoding of a text file; LoadError if it is damaged or no text at all."""
    _check_lines(path)
    try:
        return encoding_of(path)
    except NotText as error:
        raise refuse(path, str(_NO_TEXT[error.code]) % {"word": error.word}) from error


def _check_lines(path: Path) -> None:
    """A file without line ends would be one row, of any number of cells, in memory."""
    with path.open("rb") as file:
        while len(chunk := file.read(PIECE)) == PIECE:
            if b"\n" not in chunk and b"\r" not in chunk:
                raise refuse(path, _("it has a line of more than a million signs; export it anew."))
