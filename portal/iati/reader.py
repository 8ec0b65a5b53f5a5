"""Reads IATI 2.01 to 2.03 activity files of any size, or refuses them whole.

Activities come while the file is still being read, so a fault further down refuses the file
after the first ones were handed out: keep what they lead to in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.iati.activity import Builder
from portal.iati.errors import MAX_FAULTS, FaultyActivity, IatiFileError, Refused
from portal.iati.sniff import refuse_what_is_not_xml
from portal.iati.stated import FileHeader, StatedActivity
from portal.iati.stream import ActivityStream, Node, Progress
from portal.iati.values import identifier, shown
from portal.kit.text import look_alike


class IatiFile:
    """An IATI activity file; `file_name` is the name that messages use.

    An activity that cannot be read refuses the file, with all that is wrong in all of them;
    with `leave_out` it is left out instead, and `left_out` tells which were. Those at the
    positions `without`, counted from 1, are passed over: a line may hold several. `currencies`
    says what stands for which code.
    """

    def __init__(
        self,
        path: Path,
        *,
        file_name: str | None = None,
        leave_out: bool = False,
        without: Collection[int] = (),
        currencies: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.file_name = file_name or path.name
        self.leave_out = leave_out
        self.without = without
        self.currencies = currencies
        self.left_out: list[FaultyActivity] = []
        """Activities that cannot be read, found during the latest pass."""
        self.unplaced: Counter[str] = Counter()
        """Elements beside the activities, counted during the latest pass."""

    @cached_property
    def header(self) -> FileHeader:
        """What the root element says; raises IatiFileError if it is no IATI file."""
        try:
            refuse_what_is_not_xml(self.path)
            return ActivityStream(self.path, Builder).read_header()
        except Refused as refused:
            raise IatiFileError.of(self.file_name, [refused]) from refused

    def activities(self, progress: Progress | None = None) -> Iterator[StatedActivity]:
        """Yield the activities in the file's order.

        `progress` is told, after each piece of the file, the bytes read and the file's size.
        """
        self.left_out = []
        any_read = False
        try:
            for activity in self._read(progress):
                any_read = True
                yield activity
        except Refused as refused:
            raise IatiFileError.of(self.file_name, [*self._faults(), refused]) from refused
        if self.left_out and not (self.leave_out and any_read):
            raise IatiFileError.of(self.file_name, self._faults(), self.left_out)
        if self.without and not any_read:
            # What a file is complete for would be nothing, or everything.
            reason = _("all of its activities are left out. Take one in again, or reject the file.")
            raise IatiFileError.of(self.file_name, [Refused(None, reason)])

    def position_of(self, name: str) -> int | None:
        """The position of the first activity with this identifier that is not passed over.

        Raises IatiFileError where the file cannot be read as far as that.
        """
        try:
            refuse_what_is_not_xml(self.path)
            stream = ActivityStream(self.path, _IdentifierOnly)
            for position, activity in enumerate(stream.activities(None), 1):
                alike = look_alike(activity.identifier) == look_alike(name)
                if alike and position not in self.without:
                    return position
        except Refused as refused:
            raise IatiFileError.of(self.file_name, [refused]) from refused
        return None

    def _read(self, progress: Progress | None) -> Iterator[StatedActivity]:
        lines: dict[str, int] = {}
        refuse_what_is_not_xml(self.path)
        stream = ActivityStream(self.path, partial(Builder, currencies=self.currencies))
        self.unplaced = stream.unplaced
        found = 0
        for position, activity in enumerate(stream.activities(progress), 1):
            if position in self.without:
                continue
            checked = _once(activity, lines)
            if isinstance(checked, StatedActivity):
                yield checked
                continue
            self.left_out.append(replace(checked, position=position))
            found += len(checked.faults)
            if found >= MAX_FAULTS:
                reason = _("so many faults are enough: what follows was not looked at.")
                raise Refused(checked.line, reason)

    def _faults(self) -> list[Refused]:
        return [fault for activity in self.left_out for fault in activity.faults]


class _IdentifierOnly:
    """An ActivityBuilder that reads of an activity only what it is called."""

    def __init__(self, node: Node, _file_language: str) -> None:
        self._line = node.line
        self._identifier = ""

    def wants(self, tag: str) -> bool:
        return tag == "iati-identifier"

    def add(self, child: Node) -> None:
        self._identifier = self._identifier or identifier(child.text)

    def finish(self) -> StatedActivity:
        return StatedActivity(identifier=self._identifier, line=self._line)


def _once(
    activity: StatedActivity | FaultyActivity, lines: dict[str, int]
) -> StatedActivity | FaultyActivity:
    """The activity, or what is wrong with it where the file has it already."""
    if not activity.identifier:
        return activity
    # Identifiers are compared without regard to case and kinds of hyphens, as everywhere.
    key = look_alike(activity.identifier)
    first = lines.get(key)
    if first is None or isinstance(activity, FaultyActivity):
        lines.setdefault(key, activity.line)
        return activity
    reason = _(
        "the activity “%(identifier)s” is already in line %(first)d. Keep one of the two, "
        "or give them different identifiers."
    )
    stated = {"identifier": shown(activity.identifier), "first": first}
    fault = Refused(activity.line, reason % stated)
    return FaultyActivity(activity.identifier, activity.line, (fault,))


def read_activities(
    path: Path, progress: Progress | None = None, *, file_name: str | None = None
) -> Iterator[StatedActivity]:
    """Yield the activities of the file at `path`; raise IatiFileError if it is refused."""
    return IatiFile(path, file_name=file_name).activities(progress)
