"""Which line to be added stands in the place of which record to be withdrawn.

Lines are paired within a project (or fund), first by what surely says that they are the same, in
the end by their order: so as many lines count as changed as can.
"""

from collections import Counter
from typing import Any

from django.db import connection

from finance.models import Load
from finance.models.record_kinds import RECORD_MODELS

# For each kind of record the columns that tell that two lines are of one thing, surest first.
_ALIKE: dict[str, tuple[tuple[str, ...], ...]] = {
    "voucherline": (
        ("voucher_number", "organization_id", "kind"),
        ("date", "organization_id"),
        ("organization_id",),
    ),
    "budgetline": (
        ("date", "organization_id", "category_id"),
        ("organization_id", "category_id"),
        ("organization_id",),
    ),
    "expenditureline": (
        ("year", "organization_id", "category_id", "state"),
        ("year", "organization_id", "category_id"),
        ("organization_id",),
    ),
    "commitment": (
        ("arrangement", "contributor_id", "date"),
        ("contributor_id", "date"),
        ("contributor_id",),
    ),
    "deposit": (
        ("arrangement", "contributor_id", "date"),
        ("contributor_id", "date"),
        ("contributor_id",),
    ),
    "fundcost": (("kind", "date", "organization_id"), ("kind",)),
    "otherflow": (("flow_type", "date", "organization_id"), ("organization_id",)),
    "subgrant": (
        ("date", "organization_id", "partner_id"),
        ("organization_id", "partner_id"),
        ("organization_id",),
    ),
    "decision": (("date", "kind", "reference"), ("date", "kind"), ("date",)),
    "reportreceived": (("kind", "year", "organization_id"), ("kind", "organization_id")),
    "exchangerate": (("currency", "effective_on"),),
}

# Only names of our own tables and columns are put into these.
_PAIR = """
WITH gone AS (
    SELECT staged.id, staged.record_id, staged.project_id,
        CASE WHEN staged.project_id IS NULL THEN staged.fund_id END AS fund_id, {old_key} AS key,
        row_number() OVER (PARTITION BY staged.project_id,
            CASE WHEN staged.project_id IS NULL THEN staged.fund_id END, {old_key}
            ORDER BY staged.line, staged.id) AS n
    FROM finance_stagedline AS staged
    JOIN {table} AS record ON record.id = staged.record_id {old_voucher}
    WHERE staged.load_id = %(load)s AND staged.model = %(model)s
    AND staged.action = 'withdraw' AND NOT staged.replaced
), came AS (
    SELECT staged.id, staged.project_id,
        CASE WHEN staged.project_id IS NULL THEN staged.fund_id END AS fund_id, {new_key} AS key,
        row_number() OVER (PARTITION BY staged.project_id,
            CASE WHEN staged.project_id IS NULL THEN staged.fund_id END, {new_key}
            ORDER BY staged.line, staged.id) AS n
    FROM finance_stagedline AS staged {new_voucher}
    WHERE staged.load_id = %(load)s AND staged.model = %(model)s
    AND staged.action = 'add' AND staged.record_id IS NULL
), pair AS (
    SELECT came.id AS came, gone.id AS gone, gone.record_id FROM came JOIN gone
    ON came.key = gone.key AND came.n = gone.n
    AND came.project_id IS NOT DISTINCT FROM gone.project_id
    AND came.fund_id IS NOT DISTINCT FROM gone.fund_id
), marked AS (
    UPDATE finance_stagedline SET replaced = true WHERE id IN (SELECT gone FROM pair)
)
UPDATE finance_stagedline AS staged SET record_id = pair.record_id
FROM pair WHERE staged.id = pair.came
"""
_RESTATED = """
WITH pair AS (
    SELECT came.id AS came, gone.id AS gone, gone.record_id
    FROM finance_stagedline AS came JOIN finance_stagedline AS gone
    ON gone.load_id = came.load_id AND gone.model = came.model AND gone.action = 'withdraw'
    AND gone.record_id = (came.values ->> 'restates_id')::bigint
    WHERE came.load_id = %(load)s AND came.action = 'add'
), marked AS (
    UPDATE finance_stagedline SET replaced = true WHERE id IN (SELECT gone FROM pair)
)
UPDATE finance_stagedline AS staged SET record_id = pair.record_id
FROM pair WHERE staged.id = pair.came
"""
_LEFT = """
SELECT model, least(count(*) FILTER (WHERE action = 'add' AND record_id IS NULL),
    count(*) FILTER (WHERE action = 'withdraw' AND NOT replaced))
FROM finance_stagedline WHERE load_id = %s GROUP BY model
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE action = 'add' AND record_id IS NULL),
    count(*) FILTER (WHERE action = 'add' AND record_id IS NOT NULL),
    count(*) FILTER (WHERE action = 'withdraw' AND NOT replaced)
FROM finance_stagedline WHERE load_id = %s
"""


def pair_lines(load: Load) -> Counter[str]:
    """Pair what is staged; returns how many lines are new, changed and withdrawn."""
    if "correction" in load.options:
        _run(_RESTATED, load)
    for model, left in _left(load):
        for columns in (*_ALIKE.get(model, ()), ()):
            if left <= 0:
                break
            left -= _run(_statement(model, columns), load, model)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [load.pk])
        new, changed, withdrawn = cursor.fetchone()
        return Counter({"new": new, "changed": changed, "withdrawn": withdrawn})


def _left(load: Load) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [load.pk])
        return [row for row in cursor.fetchall() if row[0] in RECORD_MODELS]


def _run(sql: str, load: Load, model: str = "") -> int:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"load": load.pk, "model": model}
        cursor.execute(sql, values)
        return cursor.rowcount


def _statement(model: str, columns: tuple[str, ...]) -> str:
    voucher = "voucher_number" in columns
    joined = "LEFT JOIN finance_voucher AS voucher ON voucher.id = "
    return _PAIR.format(
        table=RECORD_MODELS[model]._meta.db_table,
        old_key=_key(columns, "to_jsonb(record)", "voucher.number"),
        new_key=_key(
            columns, "staged.values", "coalesce(staged.values ->> 'voucher_number', voucher.number)"
        ),
        old_voucher=f"{joined} record.voucher_id" if voucher else "",
        new_voucher=f"{joined} (staged.values ->> 'voucher_id')::bigint" if voucher else "",
    )


def _key(columns: tuple[str, ...], values: str, number: str) -> str:
    """The columns as one text; without a voucher's number there is none."""
    parts = [
        f"nullif({number}, '')"
        if column == "voucher_number"
        else f"coalesce({values} ->> '{column}', '')"
        for column in columns
    ]
    return " || '|' || ".join(parts) or "''"
