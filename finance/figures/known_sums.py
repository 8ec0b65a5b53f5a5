"""Sums of organizations and funds side by side as they were known between two releases.

Each release ends those that it changes and begins others, so that a list of a past day reads one
row for each of its rows, and adds up nothing. They follow from the roll-ups; `verify` compares.
"""

# Only constants of this module are put together here.
# ruff: noqa: S608

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from finance.figures.side_by_side import (
    DERIVED_OF_WHOLES,
    SIDE_BY_SIDE,
    SUMMED_SIDE_BY_SIDE,
    SUMS_SIDE_BY_SIDE,
    sums_of_wholes,
)
from finance.figures.telling import TOLD_SQL

_NAMES = ", ".join(SIDE_BY_SIDE)
_CHANGES = ", ".join(f"change_of_{name}" for name in SUMMED_SIDE_BY_SIDE)


@dataclass(frozen=True)
class KnownSums:
    """One table of them: whose, and the roll-ups that they follow from."""

    table: str
    key: str
    roll_up: str
    whose: str

    @property
    def select(self) -> str:
        """The SELECT of all of them, of those that `{which}` of the roll-ups leaves."""
        changes = ", ".join(f"{name} AS change_of_{name}" for name in SUMMED_SIDE_BY_SIDE)
        so_far = ", ".join(f"sum({name}) OVER own AS {name}" for name in SUMMED_SIDE_BY_SIDE)
        added = ", ".join(f"sum({n}) AS {n}" for n in _CHANGES.split(", "))
        summed = ", ".join(f"sum(change_of_{n}) OVER own AS {n}" for n in SUMMED_SIDE_BY_SIDE)
        return f"""
SELECT whose AS {self.key}, known_from, known_until, {", ".join(SUMMED_SIDE_BY_SIDE)},
    {DERIVED_OF_WHOLES}
FROM (
    SELECT whose, at AS known_from, lead(at) OVER own AS known_until, {summed},
        sum(change) OVER own = 0 AS is_told
    FROM (
        SELECT whose, at, {added}, sum(untold - untold_before) AS change
        FROM (
            SELECT whose, at, {_CHANGES}, untold, lag(untold, 1, 0) OVER (
                PARTITION BY whose, project_fund_id ORDER BY at) AS untold_before
            FROM (
                SELECT *, (NOT {TOLD_SQL})::int AS untold FROM (
                    SELECT whose, project_fund_id, at, {changes}, {so_far} FROM (
                        SELECT {self.whose} AS whose, project_fund_id, at, {SUMS_SIDE_BY_SIDE}
                        FROM {self.roll_up} WHERE at IS NOT NULL AND {self.whose} IS NOT NULL
                        AND {{which}} GROUP BY {self.whose}, project_fund_id, at
                    ) AS of_release
                    WINDOW own AS (PARTITION BY whose, project_fund_id ORDER BY at)
                ) AS of_funds
            ) AS told
        ) AS compared GROUP BY whose, at
    ) AS changed WINDOW own AS (PARTITION BY whose ORDER BY at)
) AS known"""

    def put(self, which: str) -> str:
        """The INSERT of them."""
        found = self.select.format(which=which)
        return f"INSERT INTO {self.table} ({self.key}, known_from, known_until, {_NAMES}) {found}"

    @property
    def move_on(self) -> tuple[str, ...]:
        """What ends those of `ids` at the newest of all moments, `at`, and begins today's."""
        nothing = [f"coalesce(today.{n}, 0)" for n in (*SUMMED_SIDE_BY_SIDE, "net_funded")]
        asked = "ANY(%(ids)s::bigint[])"
        today = sums_of_wholes(self.whose, self.roll_up).format(which=f"{self.whose} = {asked}")
        return (
            f"DELETE FROM {self.table} WHERE {self.key} = {asked} AND known_from = %(at)s",
            f"UPDATE {self.table} SET known_until = %(at)s WHERE {self.key} = {asked}"
            " AND (known_until IS NULL OR known_until = %(at)s)",
            f"INSERT INTO {self.table} ({self.key}, known_from, {', '.join(SUMMED_SIDE_BY_SIDE)},"
            f" net_funded, balance, delivery_rate) SELECT asked.id, %(at)s, {', '.join(nothing)},"
            f" CASE WHEN today.{self.whose} IS NULL THEN 0 ELSE balance END, delivery_rate"
            f" FROM unnest(%(ids)s::bigint[]) AS asked (id) LEFT JOIN ({today}) AS today"
            f" ON today.{self.whose} = asked.id",
        )


OF_ORGANIZATIONS = KnownSums(
    "finance_organizationsumsthen",
    "organization_id",
    "finance_organizationfigure",
    "organization_id",
)
OF_FUNDS = KnownSums("finance_fundsums", "fund_id", "finance_fundfigure", "project_fund_id")
KNOWN_SUMS = (OF_ORGANIZATIONS, OF_FUNDS)
_ANEW = "finance_known_sums_anew"


def known_sums_function() -> str:
    """The function of the database that makes those of the asked organizations and funds anew:
    where a project moves to another fund, and where no newest release tells what changed."""
    steps = []
    for each, asked in zip(KNOWN_SUMS, ("organizations", "funds"), strict=True):
        steps.append(f"DELETE FROM {each.table} WHERE {each.key} = ANY({asked});")
        steps.append(f"{each.put(f'{each.whose} = ANY({asked})')};")
    body = "\n".join(steps)
    return f"""
CREATE OR REPLACE FUNCTION {_ANEW}(organizations bigint[], funds bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
-- One after the other, each with what the one before has written.
SELECT pg_advisory_xact_lock(720240122);
{body}
$$
"""


def changed_at(cursor: Any, at: datetime) -> list[set[int]]:
    """Of each kind, those whose roll-ups the release of that moment changed."""
    found = []
    for each in KNOWN_SUMS:
        cursor.execute(
            f"SELECT DISTINCT {each.whose} FROM {each.roll_up}"
            f" WHERE at = %s AND {each.whose} IS NOT NULL",
            [at],
        )
        found.append({pk for (pk,) in cursor.fetchall()})
    return found


def move_on(cursor: Any, at: datetime, before: list[set[int]]) -> None:
    """Bring them up to date with the roll-ups of that moment; `before` is what it had changed
    until these were made anew."""
    now = changed_at(cursor, at)
    cursor.execute("SELECT EXISTS (SELECT FROM finance_fundfigure WHERE at > %s)", [at])
    [is_past] = cursor.fetchone()
    if is_past or any(old - new for old, new in zip(before, now, strict=True)):
        make_anew(cursor, *(old | new for old, new in zip(before, now, strict=True)))
        return
    for each, ids in zip(KNOWN_SUMS, now, strict=True):
        for sql in each.move_on:
            cursor.execute(sql, {"at": at, "ids": sorted(ids)})


def make_anew(cursor: Any, organizations: Iterable[int], funds: Iterable[int]) -> None:
    """Make those of these organizations and funds anew from the roll-ups."""
    cursor.execute(f"SELECT {_ANEW}(%s, %s)", [sorted(organizations), sorted(funds)])


def make_all_anew(cursor: Any) -> None:
    """Make all of them anew."""
    for each in KNOWN_SUMS:
        cursor.execute(f"DELETE FROM {each.table}")
        cursor.execute(each.put("TRUE"))


def wrong_sums(each: KnownSums) -> str:
    """The statement that finds whose sums are not what the roll-ups say, the first of them."""
    names = f"{each.key}, known_from, known_until, {_NAMES}"
    rounded = names.replace("delivery_rate", "delivery_rate::numeric(50, 24)")
    return f"""
WITH fresh AS (SELECT {rounded} FROM ({each.select.format(which="TRUE")}) AS worked_out),
kept AS (SELECT {names} FROM {each.table})
SELECT {each.key} FROM (
    (SELECT * FROM kept EXCEPT SELECT * FROM fresh)
    UNION (SELECT * FROM fresh EXCEPT SELECT * FROM kept)
) AS wrong ORDER BY 1 LIMIT 1"""
