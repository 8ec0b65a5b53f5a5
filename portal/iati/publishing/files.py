"""Files of our own IATI: activities of each fund and of all, and the organisation's.

Activities are written as they are read, some at a time, each once into the file of its fund and
once into that of all: however many there are, memory stays the same.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from portal.iati.mapping.entities import code_from
from portal.iati.publishing.activities import fund_activity, stated_activities
from portal.iati.publishing.organisation import organisation_file
from portal.iati.publishing.publisher import Publisher
from portal.iati.stated import StatedActivity
from portal.iati.writer import ActivityFile
from portal.models import IatiFile
from projects.models import Fund, Project

BATCH = 50  # projects read at once
ALL, ORGANISATION = "all", "organisation"


@dataclass(frozen=True)
class Made:
    """A file as it lies in the folder."""

    name: str
    kind: str
    path: Path
    sha256: str
    activities: int = 0
    fund: Fund | None = None
    is_own: bool = True

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def write_files(folder: Path, generated: datetime, notice: str = "") -> list[Made]:
    """Write all files into the folder, in one pass over the projects.

    `notice` marks a sample, inside of each.
    """
    publisher, made, total = Publisher.current(), [], 0
    path = folder / f"{ALL}.xml"
    with path.open("wb") as out:
        everything = ActivityFile(out, generated=generated, comment=notice or None)
        for fund in Fund.objects.order_by("pk"):
            one = _write_fund(folder, fund, publisher, everything, generated, notice)
            if one is not None:
                made.append(one)
                total += one.activities
        everything.close()
    whole = Made(ALL, IatiFile.Kind.ALL, path, _digest(path), activities=total)
    found = [whole, *made] if total else []
    if publisher.ref:
        path = folder / f"{ORGANISATION}.xml"
        path.write_bytes(organisation_file(publisher, generated, notice))
        found.append(Made(ORGANISATION, IatiFile.Kind.ORGANISATION, path, _digest(path)))
    return found


def _write_fund(
    folder: Path,
    fund: Fund,
    publisher: Publisher,
    everything: ActivityFile,
    generated: datetime,
    notice: str,
) -> Made | None:
    """The file of one fund; None where it has nothing to tell."""
    # A code may hold what no address can.
    name = f"fund-{code_from(fund.code) or fund.pk}"
    path, own = folder / f"{name}.xml", fund.follows_rules
    with path.open("wb") as out:
        file = ActivityFile(out, generated=generated, comment=notice or None)
        for activity in activities_of(fund, publisher, own=own):
            everything.repeat(file.add(activity))
        file.close()
    if not file.count:
        path.unlink()
        return None
    return Made(
        name, IatiFile.Kind.FUND, path, _digest(path), activities=file.count, fund=fund, is_own=own
    )


def activities_of(
    fund: Fund, publisher: Publisher | None = None, *, own: bool | None = None
) -> Iterator[StatedActivity]:
    """The fund itself, where the office publishes it, and its projects that may be told."""
    publisher = publisher or Publisher.current()
    if (fund.follows_rules if own is None else own) and (above := fund_activity(
        fund, publisher=publisher
    )):  # fmt: skip
        yield above
    projects = Project.objects.shown().filter(fund=fund).select_related("fund", "parent__fund")
    last = 0
    while batch := list(projects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from stated_activities(batch, publisher=publisher)
        last = batch[-1].pk


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in _pieces(file):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(1 << 20):
        yield piece
