"""What a declaration is made of: a kind of file, its columns and their types."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _


class ColumnType(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    LONG_TEXT = "long text"
    IDENTIFIER = "identifier"
    AMOUNT = "amount"
    RATE = "rate"
    CURRENCY = "currency"
    DATE = "date"
    YEAR = "year"
    CHOICE = "choice"
    YES_NO = "yes or no"
    SHARES = "shares"
    PARTICIPANTS = "participants"


def forms() -> dict[ColumnType, str]:
    """How the cells of each type are written, for people."""
    return {
        ColumnType.TEXT: _("text"),
        ColumnType.LONG_TEXT: _("text of any number of paragraphs"),
        ColumnType.IDENTIFIER: _("text; leading zeros matter, so format the cells as text"),
        ColumnType.AMOUNT: _("amount: 1234.50; negative as -1234.50 or (1234.50)"),
        ColumnType.RATE: _("number above zero"),
        ColumnType.CURRENCY: _("code of three letters of ISO 4217: USD"),
        ColumnType.DATE: _("date: 2016-09-15 or 15 Sep 2016"),
        ColumnType.YEAR: _("year in four digits"),
        ColumnType.CHOICE: _("one of the words listed"),
        ColumnType.YES_NO: _("yes or no"),
        ColumnType.SHARES: _(
            "codes or names, each with its share in percent, separated by semicolons"
        ),
        ColumnType.PARTICIPANTS: _("names with award numbers, separated by semicolons"),
    }


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column: its name in files, and how its cells are read.

    `choices` are pairs of code and label, as of a model's field; `length` is the longest
    text that fits.
    """

    name: str
    label: Any
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    aliases: tuple[Any, ...] = ()
    note: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    example: str = ""
    length: int = 200


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of spreadsheet.

    `either` names groups of columns of which each row must fill at least one.
    """

    code: str
    label: Any
    help: Any
    columns: tuple[FileColumn, ...]
    either: tuple[tuple[str, ...], ...] = ()
    _places: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._places.update({column.name: i for i, column in enumerate(self.columns)})

    def column(self, name: str) -> FileColumn:
        """The column of that name; KeyError if there is none."""
        return self.columns[self._places[name]]

    def has(self, name: str) -> bool:
        """Whether there is a column of that name."""
        return name in self._places

    @property
    def required(self) -> tuple[FileColumn, ...]:
        """The columns that every row must fill."""
        return tuple(column for column in self.columns if column.required)

    def exact_names(self) -> dict[str, str]:
        """Folded names and labels, in each language → name of the column."""
        names = words_for([(column.name, column.label) for column in self.columns])
        return names | {folded(column.name): column.name for column in self.columns}

    def alias_names(self) -> dict[str, str]:
        """Folded aliases of columns → name of the column."""
        return {
            folded(str(alias)): column.name for column in self.columns for alias in column.aliases
        }


def words_for(labels: Sequence[tuple[str, Any]]) -> dict[str, str]:
    """Folded labels → what they are the labels of: who reads a file may speak another language than
    who filled it in. Where one word means two things, the reader's language decides, then English.
    """
    words: dict[str, str] = {}
    for language in (*dict(settings.LANGUAGES), translation.get_language(), None):
        with translation.override(language):
            own = {folded(str(label)): name for name, label in labels}
        words |= own if language in (translation.get_language(), None) else own | words
    return words


def folded(heading: str) -> str:
    """A heading without case, accents, punctuation, underscores and spaces.

    Signs that tell headings apart (“Amount US$”, “Share %”) stay.
    """
    decomposed = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum() or letter in "$%€£#")
