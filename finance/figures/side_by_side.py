"""Today's sums of a project or of an organization side by side, as lists show and sort by them."""

# Only constants of this module are put together here.
# ruff: noqa: S608

from collections.abc import Sequence

from django.db import connection

from finance.figures.covering import TOLD_STATES
from finance.figures.reading import MOVED
from finance.figures.telling import BALANCE_SQL, RATE_SQL, TOLD_SQL

_MEASURES = ("approved", "transfer", "refund", "expenditure")
# What lists show of a project: sums of its key figures, and what follows from these.
SUMS_SIDE_BY_SIDE = ", ".join(
    [
        f"coalesce(sum({column}) FILTER (WHERE measure = '{measure}'), 0) AS {measure}{suffix}"
        for measure in _MEASURES
        for column, suffix in (("base_amount", ""), ("unconverted", "_left_out"))
    ]
    + [
        "coalesce(sum(base_amount) FILTER ("
        f"WHERE measure = 'expenditure' AND state = '{state}'), 0) AS expenditure_{state}"
        for state in TOLD_STATES
    ]
)
SUMMED_SIDE_BY_SIDE = (
    *_MEASURES,
    *(f"{measure}_left_out" for measure in _MEASURES),
    *(f"expenditure_{state}" for state in TOLD_STATES),
)
DERIVED_SIDE_BY_SIDE = {
    "net_funded": "transfer - refund",
    "balance": BALANCE_SQL,
    "delivery_rate": RATE_SQL,
}
SIDE_BY_SIDE = (*SUMMED_SIDE_BY_SIDE, *DERIVED_SIDE_BY_SIDE)
# In which a project was paid, paid back or spent.
YEARS = f"""
coalesce(array_agg(DISTINCT year ORDER BY year) FILTER (
    WHERE measure IN ({", ".join(f"'{measure}'" for measure in MOVED)}) AND records > 0), '{{}}')
"""
_TODAY = f"""
INSERT INTO finance_projectsums (project_id, years, {", ".join(SIDE_BY_SIDE)})
SELECT project_id, years, {", ".join(SUMMED_SIDE_BY_SIDE)},
    {", ".join(DERIVED_SIDE_BY_SIDE.values())}
FROM (
    SELECT asked.id AS project_id, {YEARS} AS years, {SUMS_SIDE_BY_SIDE}
    FROM unnest(%s::bigint[]) AS asked (id)
    LEFT JOIN finance_keyfigure AS figure ON figure.project_id = asked.id
    GROUP BY 1
) AS summed
ON CONFLICT (project_id) DO UPDATE SET (years, {", ".join(SIDE_BY_SIDE)}) =
    ROW (EXCLUDED.years, {", ".join(f"EXCLUDED.{name}" for name in SIDE_BY_SIDE)})
"""


def put_side_by_side(project_ids: Sequence[int]) -> None:
    """Put today's key figures of these projects side by side, for lists."""
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, [list(project_ids)])


# --- Of an organization

SUM_UP_ORGANIZATIONS = "finance_sum_up_organizations"


def sums_of_wholes(whose: str, table: str) -> str:
    """The SELECT of today's sums by what `whose` names, of a table of roll-ups; `{which}` narrows
    these. Of each fund it has to be stated what was funded: only then are a balance and a rate
    told."""
    return f"""
SELECT {whose}, {", ".join(SUMMED_SIDE_BY_SIDE)}, {DERIVED_OF_WHOLES}
FROM (
    SELECT {whose}, bool_and({TOLD_SQL}) AS is_told,
        {", ".join(f"sum({name}) AS {name}" for name in SUMMED_SIDE_BY_SIDE)}
    FROM (
        SELECT {whose}, {SUMS_SIDE_BY_SIDE} FROM {table}
        WHERE at IS NULL AND {{which}} GROUP BY {whose}, project_fund_id
    ) AS of_funds GROUP BY {whose}
) AS summed
"""


# What follows from the sums of what `is_told`.
DERIVED_OF_WHOLES = ", ".join(
    f"CASE WHEN is_told OR {name == 'net_funded'} THEN {sql} END AS {name}"
    for name, sql in DERIVED_SIDE_BY_SIDE.items()
)
ORGANIZATION_SUMS = sums_of_wholes("organization_id", "finance_organizationfigure")


def organization_sums_function() -> str:
    """The function of the database that adds up anew the sums of the organizations `asked`: within
    a release, and where a project moves to another fund."""
    which = "organization_id = ANY(asked)"
    return f"""
CREATE OR REPLACE FUNCTION {SUM_UP_ORGANIZATIONS}(asked bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
-- One after the other, each with what the one before has written.
SELECT pg_advisory_xact_lock(720240122);
DELETE FROM finance_organizationsums WHERE {which};
INSERT INTO finance_organizationsums (organization_id, {", ".join(SIDE_BY_SIDE)})
{ORGANIZATION_SUMS.format(which=which)}
$$
"""
