"""Entries are made here, within each release, and anew from all records to compare with.

The rule of each kind of record is one SELECT (`SIMPLE`, `EXPENDITURE`); a release runs it over
the records that it touches, `verify` over all, the preview of a load over what would stand.

Which expenditure counts (docs/domain.md): *reported* replaces all *interim* lines
of its project, organization and year; a *certified* statement is cumulative: the last one counts,
in its own year, less the annual lines of the years that it covers, and *interim* ones among these
are provisional no longer: they turn certified. Each "replaces" and "less" is an opposite entry on
the day from which it holds, so that money up to any day is a plain sum.
"""

# Only constants of this module are put together here.
# ruff: noqa: S608

from collections.abc import Sequence
from typing import Any

from django.db import connection

from finance.figures.roll_ups import roll_up, sum_up_vouchers
from finance.models import Load
from finance.models.record_kinds import names_of
from finance.planning import MANY, fit_for_many

# What an entry says beside when it was known, in the order of every SELECT below.
COLUMNS = (
    "measure", "state", "date", "year", "base_amount", "amount", "currency", "rate",
    "records", "unconverted", "adjusts", "project_id", "fund_id", "project_fund_id",
    "organization_id", "category_id", "kind", "record_id", "replaced_by_id", "load_id", "line",
    "voucher_id", "original_load_id", "original_line",
)  # fmt: skip
NAMES = ", ".join(COLUMNS)
KNOWN_NAMES = f"{NAMES}, known_from, known_until"
_MADE = ", ".join(f"made.{name}" for name in COLUMNS)

_SIMPLE = """
SELECT {measure} AS measure, {state} AS state, line.date, extract(year FROM line.date)::int AS year,
    {sign}line.base_amount AS base_amount, line.amount AS amount, line.currency, line.rate,
    1 AS records, (line.base_amount IS NULL)::int AS unconverted, FALSE AS adjusts,
    {project} AS project_id, {fund} AS fund_id, project.fund_id AS project_fund_id,
    line.{organization} AS organization_id, {category} AS category_id,
    '{kind}' AS kind, line.id AS record_id, NULL::bigint AS replaced_by_id, line.load_id, line.line,
    {voucher} AS voucher_id, original.load_id AS original_load_id, original.line AS original_line,
    line.withdrawn_by_id
FROM finance_{kind} AS line
{voucher_join}
LEFT JOIN projects_project AS project ON project.id = {project}
LEFT JOIN finance_{kind} AS original ON original.id = line.restates_id
"""


def _simple(
    kind: str,
    *,
    measure: str,
    state: str = "''",
    sign: str = "",
    organization: str = "organization_id",
    category: str = "NULL::bigint",
    project: str = "line.project_id",
    fund: str = "line.fund_id",
    is_paid: bool = False,
) -> str:
    join = "LEFT JOIN finance_voucher AS voucher ON voucher.id = line.voucher_id" if is_paid else ""
    return _SIMPLE.format(
        kind=kind,
        measure=measure,
        state=state,
        sign=sign,
        organization=organization,
        category=category,
        project=project,
        fund=fund,
        voucher="line.voucher_id" if is_paid else "NULL::bigint",
        voucher_join=join,
    )


# Each record that counts as it stands; refunds are stated below zero.
SIMPLE = {
    "budgetline": _simple(
        "budgetline", measure="'approved'", category="line.category_id", fund="NULL::bigint"
    ),
    "voucherline": _simple(
        "voucherline",
        measure="CASE WHEN line.kind = 'transfer' THEN 'transfer' ELSE 'refund' END",
        state="CASE WHEN line.kind = 'correction' THEN 'correction' ELSE '' END",
        sign="CASE WHEN line.kind = 'transfer' THEN 1 ELSE -1 END * ",
        fund="voucher.fund_id",
        is_paid=True,
    ),
    "commitment": _simple(
        "commitment",
        measure="'commitment'",
        state="CASE WHEN line.is_pledge THEN 'pledge' ELSE '' END",
        organization="contributor_id",
    ),
    "deposit": _simple("deposit", measure="'deposit'", organization="contributor_id"),
    "fundcost": _simple(
        "fundcost",
        measure="line.kind",
        state="CASE WHEN line.kind = 'to-fund' AND line.other_fund_id IS NOT NULL"
        " THEN 'fund' ELSE '' END",
        project="NULL::bigint",
    ),
}

# The kinds of records that lead to figures of projects, and those of a fund's own money.
OF_PROJECTS = names_of(of_projects=True)
OF_FUNDS = names_of(of_funds=True)

# Over `line`: expenditure lines that stood at a moment of their project and organization,
# numbered `moment`. Days and records go together as [day, id], so that the first of them is
# the day from which something holds and the record for whose sake.
_EXPENDITURE = """
, marked AS (
    SELECT line.*, coalesce(organization_id, 0) AS party, ARRAY[date - DATE '1900-01-01', id] AS at,
        min(ARRAY[date - DATE '1900-01-01', id]) FILTER (WHERE state = 'reported') OVER (
            PARTITION BY project_id, organization_id, moment, year) AS reported
    FROM line
), certified AS (
    SELECT project_id, party, moment, year, min(at) AS since, min(min(at)) OVER (
        PARTITION BY project_id, party, moment ORDER BY year
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS ended
    FROM marked WHERE state = 'certified' GROUP BY 1, 2, 3, 4
), covered AS (
    SELECT line.*, certified.year AS certified_year, greatest(line.at[1], since[1]) AS begins,
        since[2] AS cause, CASE WHEN base_amount IS NOT NULL THEN 'certified'
            WHEN line.year < certified.year THEN 'covers' || line.year
            ELSE 'covers-own' END AS taken_as,
        CASE WHEN line.state = 'interim' THEN least(line.reported, ended) ELSE ended END AS ends
    FROM marked AS line JOIN certified USING (project_id, party, moment)
    WHERE line.state <> 'certified' AND line.year <= certified.year
), settled AS (
    SELECT moment, id, year, min(ARRAY[begins, cause]) AS final FROM covered
    WHERE state = 'interim' AND (ends IS NULL OR begins < ends[1]) GROUP BY 1, 2, 3
), stated (moment, record_id, adjusts, records, year, state, day, replaced_by_id) AS (
    SELECT moment, id, FALSE, 1, year::int, state::text, at[1], NULL::bigint FROM marked
    UNION ALL
    SELECT moment, id, FALSE, n, year, CASE n WHEN 1 THEN 'certified' ELSE 'interim' END, final[1],
        final[2] FROM settled CROSS JOIN (VALUES (1), (-1)) AS moved (n)
    UNION ALL
    SELECT moment, id, FALSE, -1, line.year,
        CASE WHEN final IS NULL THEN 'interim' ELSE 'certified' END,
        greatest(at[1], reported[1]), reported[2]
    FROM marked AS line LEFT JOIN settled USING (moment, id)
    WHERE state = 'interim' AND reported IS NOT NULL
    UNION ALL
    SELECT moment, id, FALSE, -1, year, state, greatest(at[1], ended[1]), ended[2]
    FROM marked JOIN certified USING (project_id, party, moment, year)
    WHERE state = 'certified' AND ended IS NOT NULL
    UNION ALL
    SELECT moment, id, TRUE, 1, certified_year, taken_as, begins, cause FROM covered
    WHERE ends IS NULL OR begins < ends[1]
    UNION ALL
    SELECT moment, id, TRUE, -1, certified_year, taken_as, ends[1], ends[2] FROM covered
    WHERE begins < ends[1]
)"""
# A certified statement's part and its opposite bear opposite signs: `adjusts` turns them. So it is
# with what has no rate (`finance/figures/covering.py`).
_ENTRIES = """
SELECT 'expenditure' AS measure, stated.state, DATE '1900-01-01' + stated.day::int AS date,
    stated.year, sign * line.base_amount AS base_amount, sign * line.amount AS amount,
    line.currency, line.rate, stated.records,
    sign * (line.base_amount IS NULL)::int AS unconverted, stated.adjusts,
    line.project_id, NULL::bigint AS fund_id, project.fund_id AS project_fund_id,
    line.organization_id, line.category_id, 'expenditureline' AS kind, stated.record_id,
    stated.replaced_by_id, line.load_id, line.line, NULL::bigint AS voucher_id,
    original.load_id AS original_load_id, original.line AS original_line{more}
FROM {stated} AS stated
CROSS JOIN LATERAL (SELECT CASE WHEN adjusts THEN -records ELSE records END AS sign) AS turned
JOIN finance_expenditureline AS line ON line.id = stated.record_id
JOIN projects_project AS project ON project.id = line.project_id
LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id
"""
# What tells an entry of expenditure from another of its moment.
_SAME = (
    "{0}.record_id = {1}.record_id AND {0}.adjusts = {1}.adjusts AND {0}.records = {1}.records"
    " AND {0}.year = {1}.year AND {0}.state = {1}.state AND {0}.date = {1}.date"
    " AND coalesce({0}.replaced_by_id, 0) = coalesce({1}.replaced_by_id, 0)"
)
_LINE = "id, project_id, organization_id, year, state, date, base_amount"

# --- Within a release

_ADD = f"""
INSERT INTO finance_entry ({KNOWN_NAMES})
SELECT {NAMES}, %(at)s, NULL FROM ({{rows}} WHERE line.load_id = %(load)s) AS made
"""
_CLOSE = """
UPDATE finance_entry AS entry SET known_until = %(at)s FROM finance_{kind} AS line
WHERE line.withdrawn_by_id = %(load)s AND entry.record_id = line.id AND entry.kind = '{kind}'
AND entry.known_until IS NULL
"""
_CONCERNED = """
SELECT DISTINCT project_id FROM finance_expenditureline
WHERE load_id = %(load)s OR withdrawn_by_id = %(load)s
"""
_RENEW = f"""
WITH concerned AS (
    SELECT DISTINCT project_id, coalesce(organization_id, 0) AS party
    FROM finance_expenditureline WHERE load_id = %(load)s OR withdrawn_by_id = %(load)s
), line AS (
    SELECT {_LINE}, 0 AS moment FROM finance_expenditureline
    WHERE withdrawn_by_id IS NULL AND project_id = ANY(%(ids)s::bigint[])
    AND (project_id, coalesce(organization_id, 0)) IN (SELECT project_id, party FROM concerned)
){_EXPENDITURE}, wanted AS MATERIALIZED (
    SELECT record_id, adjusts, records, year, state, day, replaced_by_id,
        DATE '1900-01-01' + day::int AS date FROM stated
), held AS MATERIALIZED (
    SELECT id, record_id, adjusts, records, year, state, date, replaced_by_id
    FROM finance_entry WHERE kind = 'expenditureline' AND known_until IS NULL
    AND project_id = ANY(%(ids)s::bigint[])
    AND (project_id, coalesce(organization_id, 0)) IN (SELECT project_id, party FROM concerned)
), closed AS (
    UPDATE finance_entry SET known_until = %(at)s WHERE id IN (
        SELECT id FROM held WHERE NOT EXISTS (
            SELECT FROM wanted WHERE {_SAME.format("wanted", "held")}))
), added AS (
    SELECT * FROM wanted WHERE NOT EXISTS (
        SELECT FROM held WHERE {_SAME.format("wanted", "held")})
)
INSERT INTO finance_entry ({KNOWN_NAMES})
SELECT {NAMES}, %(at)s, NULL FROM (
    {_ENTRIES.format(more="", stated="added")} WHERE line.project_id = ANY(%(ids)s::bigint[])
) AS made
"""


def enter(load: Load) -> None:
    """Bring the entries and the sums of them up to date with what a load, just released, did.

    Within the transaction of its release; only what the load touches is looked at.
    """
    names: dict[str, Any] = {"load": load.pk, "at": load.released_at}
    with connection.cursor() as cursor:
        for kind, rows in SIMPLE.items():
            cursor.execute(_CLOSE.format(kind=kind), names)
            cursor.execute(_ADD.format(rows=rows), names)
        cursor.execute(_CONCERNED, names)
        names["ids"] = [pk for (pk,) in cursor.fetchall()]
    if names["ids"]:
        # Any number of lines a project: what the planner takes for few must not be looped over.
        with fit_for_many(MANY), connection.cursor() as cursor:
            cursor.execute(_RENEW, names)
    roll_up(names["at"])
    sum_up_vouchers(load)


# --- As it would be after a release


def would_stand(
    shadows: str, which: str, kinds: Sequence[str] = (*SIMPLE, "expenditureline")
) -> str:
    """The beginning of a statement with `entries`, made from records of these kinds that stand.

    `shadows` are CTEs in the place of tables of records, or ""; `which` narrows the records,
    each a `line`.
    """
    parts = [
        f"{SIMPLE[kind]} WHERE line.withdrawn_by_id IS NULL AND {which}"
        for kind in SIMPLE
        if kind in kinds
    ]
    ctes = [shadows] if shadows else []
    if "expenditureline" in kinds:
        ctes.append(
            f"line AS (SELECT {_LINE}, 0 AS moment FROM finance_expenditureline AS line"
            f" WHERE withdrawn_by_id IS NULL AND {which}){_EXPENDITURE}"
        )
        parts.append(_ENTRIES.format(more=", NULL::bigint", stated="stated"))
    made = " UNION ALL ".join(f"({part})" for part in parts)
    return f"WITH {', '.join([*ctes, f'entries AS ({made})'])}"


# --- Anew from all records

_WHEN = f"""
SELECT {_MADE}, load.released_at AS known_from, withdrawn.released_at AS known_until
FROM ({{rows}} WHERE {{which}}) AS made
JOIN finance_load AS load ON load.id = made.load_id AND load.released_at IS NOT NULL
LEFT JOIN finance_load AS withdrawn ON withdrawn.id = made.withdrawn_by_id
"""
# The moments at which something of a project and organization changed, numbered; what stood at
# each; and of each entry the runs of moments without a gap.
_HISTORY = f"""
WITH history AS (
    SELECT line.*, load.released_at AS since, withdrawn.released_at AS gone
    FROM finance_expenditureline AS line
    JOIN finance_load AS load ON load.id = line.load_id AND load.released_at IS NOT NULL
    LEFT JOIN finance_load AS withdrawn ON withdrawn.id = line.withdrawn_by_id
    WHERE {{which}}
), moments AS (
    SELECT project_id, organization_id, at,
        row_number() OVER (PARTITION BY project_id, organization_id ORDER BY at) AS moment,
        lead(at) OVER (PARTITION BY project_id, organization_id ORDER BY at) AS next
    FROM (
        SELECT project_id, organization_id, since AS at FROM history
        UNION SELECT project_id, organization_id, gone FROM history WHERE gone IS NOT NULL
    ) AS found
), line AS (
    SELECT {", ".join(f"history.{name}" for name in _LINE.split(", "))}, moments.moment
    FROM history JOIN moments ON moments.project_id = history.project_id
        AND coalesce(moments.organization_id, 0) = coalesce(history.organization_id, 0)
    WHERE since <= at AND (gone IS NULL OR gone > at)
){_EXPENDITURE}, runs AS (
    SELECT stated.*, moment - row_number() OVER (
        PARTITION BY record_id, adjusts, records, year, state, day, replaced_by_id
        ORDER BY moment) AS run
    FROM stated
), spans AS (
    SELECT record_id, adjusts, records, year, state, day, replaced_by_id,
        min(moment) AS first, max(moment) AS last
    FROM runs GROUP BY record_id, adjusts, records, year, state, day, replaced_by_id, run
)
SELECT {_MADE}, began.at AS known_from, ended.next AS known_until FROM (
    {_ENTRIES.format(more=", stated.first, stated.last", stated="spans")}
) AS made
JOIN moments AS began ON began.project_id = made.project_id AND began.moment = made.first
    AND coalesce(began.organization_id, 0) = coalesce(made.organization_id, 0)
JOIN moments AS ended ON ended.project_id = made.project_id AND ended.moment = made.last
    AND coalesce(ended.organization_id, 0) = coalesce(made.organization_id, 0)
"""
_OF_PROJECTS = "line.project_id = ANY(%(ids)s::bigint[])"
_WITHOUT_PROJECT = "line.project_id IS NULL"


def worked_out(project_ids: Sequence[int] | None) -> list[str]:
    """The SELECTs that give all entries of these projects, or of no project (None), ever known.

    Each gives the columns `KNOWN_NAMES`; their parameter is `ids`.
    """
    found = []
    for kind, rows in SIMPLE.items():
        if kind == "fundcost":
            which = "FALSE" if project_ids is not None else "TRUE"
        else:
            which = _WITHOUT_PROJECT if project_ids is None else _OF_PROJECTS
        found.append(_WHEN.format(rows=rows, which=which))
    if project_ids is not None:
        found.append(_HISTORY.format(which=_OF_PROJECTS))
    return found


def rebuild(project_ids: Sequence[int] | None) -> None:
    """Make all entries of these projects, or of no project (None), anew from their records."""
    which = "project_id IS NULL" if project_ids is None else "project_id = ANY(%(ids)s::bigint[])"
    names: dict[str, Any] = {"ids": None if project_ids is None else list(project_ids)}
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM finance_entry WHERE {which}", names)
        for rows in worked_out(project_ids):
            cursor.execute(f"INSERT INTO finance_entry ({KNOWN_NAMES}) {rows}", names)


# Where a release and its withdrawal bear the same moment, nobody ever saw the entry.
_DIFFERENCE = f"""
WITH fresh AS ({{fresh}}), kept AS (
    SELECT {KNOWN_NAMES} FROM finance_entry WHERE {{which}}
    AND (known_until IS NULL OR known_until > known_from)
)
SELECT FALSE AS is_kept, * FROM (SELECT {KNOWN_NAMES} FROM fresh EXCEPT ALL SELECT * FROM kept) AS a
UNION ALL
SELECT TRUE, * FROM (SELECT * FROM kept EXCEPT ALL SELECT {KNOWN_NAMES} FROM fresh) AS b
LIMIT 1
"""


def first_difference(project_ids: Sequence[int] | None) -> dict[str, Any] | None:
    """The first entry that the records bear out and is not kept, or the other way round.

    Its columns, and `is_kept`; None where entries and records agree.
    """
    fresh = " UNION ALL ".join(f"({rows})" for rows in worked_out(project_ids))
    which = "project_id IS NULL" if project_ids is None else "project_id = ANY(%(ids)s::bigint[])"
    fresh = f"SELECT * FROM ({fresh}) AS f WHERE known_until IS NULL OR known_until > known_from"
    sql = _DIFFERENCE.format(fresh=fresh, which=which)
    names = {"ids": None if project_ids is None else list(project_ids)}
    with connection.cursor() as cursor:
        cursor.execute(sql, names)
        row = cursor.fetchone()
        names_of = [column.name for column in cursor.description]
        return dict(zip(names_of, row, strict=True)) if row else None
