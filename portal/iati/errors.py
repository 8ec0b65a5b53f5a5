"""What is said when a file, or an activity of it, cannot be taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

SHOWN = 50
MAX_FAULTS = 1000


class Refused(Exception):
    """Why a place in a file cannot be read; the reader adds the file's name."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FaultyActivity:
    """An activity that cannot be read, with all that is wrong in it."""

    identifier: str
    line: int
    faults: tuple[Refused, ...]
    position: int = 0
    """Which of the file's activities it is, counted from 1; 0 as long as nobody counted."""


class IatiFileError(Exception):
    """A file that is refused whole: names the file, each line if known, and what to do.

    `line` and `reason` are those of the first fault; `activities` those that could be left out for
    the rest to be taken.
    """

    activities: Sequence[FaultyActivity] = ()

    def __init__(
        self, file_name: str, line: int | None, reason: str, further: Sequence[Refused] = ()
    ) -> None:
        super().__init__(file_name, line, reason)
        self.file_name = file_name
        self.line = line
        self.reason = reason
        self.faults = (Refused(line, reason), *further)

    @classmethod
    def of(
        cls, file_name: str, faults: Sequence[Refused], activities: Sequence[FaultyActivity] = ()
    ) -> IatiFileError:
        """The error that tells of all these faults, which stand in these activities."""
        first, *further = faults
        error = cls(file_name, first.line, first.reason, further)
        error.activities = activities
        return error

    def __str__(self) -> str:
        lines = [in_words(self.file_name, fault) for fault in self.faults[:SHOWN]]
        if (more := len(self.faults) - SHOWN) > 0:
            lines.append(_("… and %(count)s more.") % {"count": more})
        return "\n".join(lines)


def in_words(file_name: str, fault: Refused) -> str:
    """One fault with the file and the line."""
    if fault.line is None:
        return f"{file_name}: {fault.reason}"
    where = _("%(file)s, line %(line)d") % {"file": file_name, "line": fault.line}
    return f"{where}: {fault.reason}"
