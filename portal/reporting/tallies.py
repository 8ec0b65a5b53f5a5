"""How many of the reports that are kept are in which state, by fund and by organization: so that a
page tells it of hundreds of thousands of reports without counting them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

# By fund, and by organization.
_COUNTED = """
SELECT fund_id, organization_id, state, state = 'received' AND days_late = 0 AS in_time,
    count(*)::int AS count
FROM portal_reportkept WHERE {which} GROUP BY GROUPING SETS ((1, 3, 4), (2, 3, 4))
"""
_MOVE = """
INSERT INTO portal_reporttally AS kept (fund_id, organization_id, state, in_time, count)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::boolean[], %s::int[])
ON CONFLICT (coalesce(fund_id, 0), coalesce(organization_id, 0), state, in_time)
DO UPDATE SET count = kept.count + EXCLUDED.count
"""
# The kept ones of projects that are withheld, or worked out again, are not told.
_TOLD = """
WITH untold (project_id) AS (
    SELECT * FROM unnest(%(waiting)s::bigint[])
    UNION SELECT id FROM projects_project WHERE withheld_on IS NOT NULL
)
SELECT state, in_time, sum(count)::int FROM (
    SELECT state, in_time, count FROM portal_reporttally WHERE {tallied}
    UNION ALL
    SELECT state, state = 'received' AND days_late = 0, -1 FROM portal_reportkept
    WHERE project_id IN (SELECT project_id FROM untold) AND {kept}
    {anew}
) AS found GROUP BY 1, 2
"""
# Planning it takes longer than all else.
_ANEW = """
UNION ALL
SELECT state, state = 'received' AND days_late = 0, 1
FROM portal_reports_due(NULL, %(day)s::date, %(waiting)s::bigint[])
WHERE {kept} AND project_id NOT IN (SELECT id FROM projects_project WHERE withheld_on IS NOT NULL)
"""
_DIFFER = f"""
WITH tallied AS (
    SELECT fund_id, organization_id, state, in_time, count FROM portal_reporttally WHERE count <> 0
), counted AS ({_COUNTED.format(which="TRUE")})
SELECT EXISTS (SELECT * FROM tallied EXCEPT SELECT * FROM counted)
    OR EXISTS (SELECT * FROM counted EXCEPT SELECT * FROM tallied)
"""  # noqa: S608 – only names of our own columns and tables

# Fund, organization, state, whether in time.
Tally = Counter[tuple[int | None, int | None, str, bool]]


def counted(projects: Sequence[int]) -> Tally:
    """How many reports are kept of these projects, by fund and by organization."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(which="project_id = ANY(%s)"), [list(projects)])
        return Counter({row[:4]: row[4] for row in cursor.fetchall()})


def move(before: Tally, after: Tally) -> None:
    """Move the tallies on by what has changed."""
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key[0] or 0, key[1] or 0, key[2:]))
    # Always in the same order, so that two workers never wait for each other.
    rows = [(*key, after[key] - before[key]) for key in keys if after[key] != before[key]]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [list(column) for column in zip(*rows, strict=True)])


def told(
    day: date, waiting: Sequence[int], *, fund: int | None = None, organization: int | None = None
) -> Counter[tuple[str, bool]]:
    """How many reports of that day are in which state, and in time: of a fund, of an organization,
    or of all; `waiting` are all projects whose reports have to be worked out again."""
    tallied, kept = "organization_id IS NULL", "TRUE"
    if fund is not None:
        tallied = kept = "fund_id = %(whose)s"
    if organization is not None:
        tallied = kept = "organization_id = %(whose)s"
    names: dict[str, Any] = {"day": day, "waiting": list(waiting), "whose": fund or organization}
    anew = _ANEW.format(kept=kept) if waiting else ""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD.format(tallied=tallied, kept=kept, anew=anew), names)
        return Counter({(state, in_time): count for state, in_time, count in cursor.fetchall()})


def tally_anew() -> None:
    """Count all reports that are kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE portal_reporttally IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM portal_reporttally")
        cursor.execute(
            "INSERT INTO portal_reporttally (fund_id, organization_id, state, in_time, count)"
            + _COUNTED.format(which="TRUE")
        )


def check_tallies() -> Iterator[str]:
    """Whether the tallies are not the numbers of the reports kept, in words."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER)
        if cursor.fetchone()[0]:
            yield _("The numbers of reports told are not those of the reports kept.")
