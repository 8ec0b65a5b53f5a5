"""Where in a file something stands, as remarks and mends say it: in a workbook with the sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from finance.formats.columns import FileColumn, FileKind
from finance.formats.kinds import KINDS
from finance.formats.starter import SHEETS, in_sheet, sheet_and_column
from finance.models import Load, Mend


@dataclass(frozen=True, slots=True)
class Place:
    """A column of the file, or of one sheet of it."""

    sheet: str
    column: FileColumn
    sheet_label: str = ""

    @property
    def name(self) -> str:
        """What a mend of it calls it."""
        return self.within(self.column.name)

    @property
    def label(self) -> str:
        """What people call it."""
        return ": ".join(filter(None, (self.sheet_label, str(self.column.label))))

    def within(self, text: str) -> str:
        """What a remark calls a column of its sheet by this text."""
        return in_sheet(self.sheet, text) if self.sheet else text


class Places:
    """All columns of a load's file."""

    def __init__(self, load: Load) -> None:
        self.is_workbook = load.kind == Load.Kind.STARTER
        self._all = list(_of_sheets() if self.is_workbook else _of_kind("", KINDS[load.kind]))
        # Remarks call a column by its name, or by its label.
        self._called = {
            place.within(text): place
            for place in self._all
            for text in (str(place.column.label), place.column.name)
        }

    def __iter__(self) -> Iterator[Place]:
        return iter(self._all)

    def find(self, called: str) -> Place | None:
        """The column that a remark calls so."""
        return self._called.get(called)

    def in_words(self, mend: Mend) -> Mend:
        """A mend as people read it, not to be saved: its column, and the word for a code."""
        if place := self.find(mend.column):
            words = dict(place.column.choices)
            mend.column, mend.new = place.label, str(words.get(mend.new, mend.new))
        return mend

    def sheet(self, called: str) -> str:
        """The sheet of what a remark calls so, though it may be no column; "" of a plain file."""
        return sheet_and_column(called)[0] if self.is_workbook else ""

    def column(self, called: str) -> str:
        """The name of the column that a remark calls so; "" where it is none."""
        place = self.find(called)
        return place.column.name if place else ""

    def label(self, called: str) -> str:
        """What people call it."""
        place = self.find(called)
        return place.label if place else called


def _of_kind(sheet: str, kind: FileKind) -> Iterator[Place]:
    for column in kind.columns:
        yield Place(sheet, column, str(kind.label) if sheet else "")


def _of_sheets() -> Iterator[Place]:
    for sheet in SHEETS:
        yield from _of_kind(sheet.name, sheet.columns)
