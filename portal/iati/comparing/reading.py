"""Reads a stranger's IATI file in a process of its own: `python -m … IN OUT`.

Without database, settings or secrets, with limits of time and memory, it writes what a comparison
needs, a line of JSON for each activity; what was wrong goes to the output for errors.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.kit.apart import limit

if not settings.configured:
    # Alone in its process it has none, and messages ask for some.
    settings.configure(USE_I18N=False)

from portal.iati.errors import IatiFileError
from portal.iati.reader import IatiFile
from portal.iati.stated import StatedActivity, StatedTransaction

SECONDS = 300
_MEMORY = 1 << 30
_WRITTEN = 1 << 30
REFUSED = 3  # how it ends where the file is none that can be read
RECEIVED = frozenset({"1"})  # incoming funds
SPENT = frozenset({"3", "4"})  # what it disbursed and what it spent itself


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """What a comparison needs of each activity. Raises IatiFileError."""
    file = IatiFile(path, leave_out=True)
    for activity in file.activities():
        yield _line(activity)


def _line(activity: StatedActivity) -> dict[str, Any]:
    named = {each.activity_id for each in activity.participating_orgs}
    named |= {each.ref for each in activity.related_activities}
    return {
        "identifier": activity.identifier,
        "others": [each.ref for each in activity.other_identifiers],
        "named": sorted(filter(None, named)),
        "money": [_money(each) for each in activity.transactions if each.type in RECEIVED | SPENT],
    }


def _money(stated: StatedTransaction) -> list[str]:
    giver = stated.provider
    return [
        "received" if stated.type in RECEIVED else "spent",
        stated.date.isoformat(),
        (stated.value.value_date or stated.date).isoformat(),
        format(stated.value.amount, "f"),
        stated.value.currency or "",
        giver.activity_id if giver else "",
        giver.ref if giver else "",
    ]


def main(path: str, out: str) -> int:
    """Write the lines; how it ended."""
    limit(seconds=SECONDS, memory=_MEMORY, written=_WRITTEN)
    try:
        with Path(out).open("w", encoding="utf-8") as lines:
            for line in lines_of(Path(path)):
                lines.write(json.dumps(line) + "\n")
    except IatiFileError as error:
        sys.stderr.write(str(error)[:2000])
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
