"""Rows that were typed, or pasted from a spreadsheet, as the file that is made of them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.columns import FileKind, folded
from finance.formats.headings import columns_found
from portal.kit.safe import visibly

Row = Mapping[str, str]


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A file with these headings; a row says nothing of the columns that it lacks."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def pasted_rows(kind: FileKind, text: str) -> list[Row]:
    """The rows of a text as spreadsheets copy it, whose cells tabs separate.

    Its columns are those of the kind in their order, or as a first row of headings says. Raises
    LoadError where a cell would belong to no column, or would hold several rows.
    """
    rows = [(number, cells) for number, cells in enumerate(_cells(text), start=1) if any(cells)]
    places = _headings(kind, rows[0][1]) if rows else None
    if places is None:
        places = dict(enumerate(column.name for column in kind.columns))
    else:
        rows = rows[1:]
    return [_row(places, cells, number) for number, cells in rows]


def _cells(text: str) -> list[list[str]]:
    """Cells of several lines stand in quotation marks; where these are none, each line is a row."""
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        found = [line.split("\t") for line in text.splitlines()]
    for number, cells in enumerate(found, start=1):
        for cell in cells:
            if "\t" in cell and "\n" in cell:
                raise LoadError(
                    _(
                        "Row %(row)s of what was pasted: a quotation mark begins a cell that goes "
                        "on over other rows, “%(cell)s”. Take the mark away."
                    )
                    % {"row": number, "cell": visibly(cell[:60])}
                )
    return [[cell.strip() for cell in cells] for cells in found]


def _headings(kind: FileKind, cells: list[str]) -> dict[int, str] | None:
    """Place → column, if most cells of the row are names of columns."""
    known = kind.alias_names() | kind.exact_names()
    filled = [cell for cell in cells if cell]
    if 2 * sum(folded(cell) in known for cell in filled) <= len(filled):
        return None
    found = columns_found(Path(_("What was pasted")), kind, cells)
    places = {place: name for name, place in found.items()}
    for place, cell in enumerate(cells):
        if cell and place not in places:
            raise LoadError(
                _("No column is called “%(name)s”: rename it, or leave it out of what you paste.")
                % {"name": cell}
            )
    return places


def _row(places: Mapping[int, str], cells: list[str], number: int) -> Row:
    row = {}
    for place, cell in enumerate(cells):
        if cell and place not in places:
            raise LoadError(
                _(
                    "Row %(row)s of what was pasted has more cells than there are columns: paste a "
                    "row of headings with it, or bring its columns into the order of the table."
                )
                % {"row": number}
            )
        if cell:
            row[places[place]] = cell
    return row
