"""What is wrong with a cell, told to the person who can mend it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.kit.safe import visibly

SHOWN = 80


class Unreadable(ValueError):
    """A cell cannot be read: what is wrong with it, and how to mend it."""

    def __init__(self, message: Any, advice: Any = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class Ambiguous(Unreadable):
    """A cell can be read in two ways, and it alone does not tell in which."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is read as it stands, and may well be right, but somebody should look at it."""

    code: str
    line: int | None  # None: it is about the whole file
    value: str
    message: str


def failed_formula(text: str) -> Unreadable:
    """What is wrong with a cell whose formula failed."""
    return Unreadable(
        _("its formula failed (%(error)s)") % {"error": text}, _("Repair the formula.")
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell, or one row if `column_label` is empty, that cannot be read."""

    line: int
    column_label: str
    value: str
    message: str
    advice: str

    def __str__(self) -> str:
        place = f"{self.line}, {self.column_label}" if self.column_label else str(self.line)
        value = f" “{self.value}”:" if self.value else ""
        return f"{place}:{value} {self.message}. {self.advice}".strip()


def shown(cell: object) -> str:
    """A cell as a fault shows it, cut if it is long."""
    text = visibly(" ".join(str("" if cell is None else cell).split()))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
