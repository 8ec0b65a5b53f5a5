"""What is said when a file cannot be taken in."""

from __future__ import annotations

from django.utils.translation import gettext as _


class Refused(Exception):
    """Why a place in a file cannot be read; the reader adds the file's name."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class IatiFileError(Exception):
    """A file that is refused whole: names the file, the line if known, and what to do."""

    def __init__(self, file_name: str, line: int | None, reason: str) -> None:
        super().__init__(file_name, line, reason)
        self.file_name = file_name
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.file_name}: {self.reason}"
        where = _("%(file)s, line %(line)d") % {
            "file": self.file_name,
            "line": self.line,
        }
        return f"{where}: {self.reason}"
