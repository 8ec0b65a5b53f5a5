"""Reads IATI 2.01 to 2.03 activity files of any size, or refuses them whole.

Activities come while the file is still being read, so a fault further down refuses the file
after the first ones were handed out: keep what they lead to in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _

from portal.iati.activity import Builder
from portal.iati.errors import IatiFileError, Refused
from portal.iati.sniff import refuse_what_is_not_xml
from portal.iati.stated import FileHeader, StatedActivity
from portal.iati.stream import ActivityStream, Progress
from portal.iati.values import shown
from portal.kit.text import any_case


class IatiFile:
    """An IATI activity file; `file_name` is the name that messages use."""

    def __init__(self, path: Path, *, file_name: str | None = None) -> None:
        self.path = path
        self.file_name = file_name or path.name
        self.unplaced: Counter[str] = Counter()
        """Elements beside the activities, counted during the latest pass."""

    @cached_property
    def header(self) -> FileHeader:
        """What the root element says; raises IatiFileError if it is no IATI file."""
        try:
            refuse_what_is_not_xml(self.path)
            return ActivityStream(self.path, Builder).read_header()
        except Refused as refused:
            raise self._error(refused) from refused

    def activities(self, progress: Progress | None = None) -> Iterator[StatedActivity]:
        """Yield the activities in the file's order.

        `progress` is told, after each piece of the file, the bytes read and the file's size.
        """
        lines: dict[str, int] = {}
        try:
            refuse_what_is_not_xml(self.path)
            stream = ActivityStream(self.path, Builder)
            self.unplaced = stream.unplaced
            for activity in stream.activities(progress):
                _refuse_repetition(activity, lines)
                yield activity
        except Refused as refused:
            raise self._error(refused) from refused

    def _error(self, refused: Refused) -> IatiFileError:
        return IatiFileError(self.file_name, refused.line, refused.reason)


def _refuse_repetition(activity: StatedActivity, lines: dict[str, int]) -> None:
    # Identifiers are compared without regard to case, as everywhere in the portal.
    key = any_case(activity.identifier)
    if key in lines:
        reason = _(
            "the activity “%(identifier)s” is already in line %(first)d. Keep one of the two, "
            "or give them different identifiers."
        )
        stated = {"identifier": shown(activity.identifier), "first": lines[key]}
        raise Refused(activity.line, reason % stated)
    lines[key] = activity.line


def read_activities(
    path: Path, progress: Progress | None = None, *, file_name: str | None = None
) -> Iterator[StatedActivity]:
    """Yield the activities of the file at `path`; raise IatiFileError if it is refused."""
    return IatiFile(path, file_name=file_name).activities(progress)
