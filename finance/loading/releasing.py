"""What the release of a checked load does to the records, within one transaction."""

from typing import Any

from django.db import connection, models

from finance.loading.entities import stating
from finance.loading.rates import restate
from finance.loading.staging import staged_projects
from finance.models import Load, StagedLine, VoucherLine
from finance.models.record_kinds import RECORD_MODELS
from finance.planning import fit_for_many, keys_checked_by_index

# What the statement itself gives, and the salt, which the database draws.
_OWN = frozenset({"id", "load_id", "source_id", "line", "fingerprint", "withdrawn_by_id", "salt"})

# Only names of our own tables and columns are put into these.
_VOUCHERS = """
INSERT INTO finance_voucher (source_id, number, payment_date, payee_id, fund_id, key)
SELECT DISTINCT ON (values ->> 'voucher_key') %(source)s, values ->> 'voucher_number',
    (values ->> 'date')::date, (values ->> 'organization_id')::bigint,
    (values ->> 'voucher_fund_id')::bigint, values ->> 'voucher_key'
FROM finance_stagedline
WHERE load_id = %(load)s AND model = 'voucherline' AND values ? 'voucher_key'
ORDER BY values ->> 'voucher_key', id
ON CONFLICT (source_id, key) DO NOTHING
"""
_ADD = """
INSERT INTO {table} (load_id, source_id, line, fingerprint, {columns})
SELECT staged.load_id, %(source)s, staged.line, staged.fingerprint, {values}
FROM finance_stagedline AS staged
CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, staged.values) AS record {join}
WHERE staged.load_id = %(load)s AND staged.model = %(model)s AND staged.action = 'add'
ORDER BY staged.id
"""
_WITHDRAW = """
UPDATE {table} SET withdrawn_by_id = %(load)s FROM finance_stagedline AS staged
WHERE staged.load_id = %(load)s AND staged.model = %(model)s AND staged.action = 'withdraw'
AND {table}.id = staged.record_id AND {table}.withdrawn_by_id IS NULL
"""
_VOUCHER = (
    "LEFT JOIN finance_voucher AS voucher "
    "ON voucher.source_id = %(source)s AND voucher.key = staged.values ->> 'voucher_key'"
)


class Stale(Exception):
    """What a check wanted to withdraw does not stand any more."""


def apply_load(load: Load) -> set[int]:
    """Add and withdraw what is staged; returns the ids of the projects concerned.

    Raises Stale where a record that was to be withdrawn is gone already.
    """
    touched = set(staged_projects(load))
    if load.kind in stating.MODELS:
        if load.reverses is None:
            stating.apply(load)
    else:
        _take_records(load)
    if load.reverses is not None:
        stating.restore(load, load.reverses)
    if load.kind == Load.Kind.RATES:
        restated, projects = restate(load)
        load.report["restated"] = restated
        touched |= projects
    load.staged_lines.all().delete()
    return touched


def _take_records(load: Load) -> None:
    staged = load.staged_lines.order_by().values_list("model", "action").distinct()
    wanted = {(model, action) for model, action in staged}
    names = {"load": load.pk, "source": load.source_id}
    many = fit_for_many(load.staged_lines.count())
    with many, connection.cursor() as cursor, keys_checked_by_index():
        for name in sorted({model for model, _action in wanted}):
            values: dict[str, Any] = {**names, "model": name}
            if (name, StagedLine.Action.WITHDRAW) in wanted:
                cursor.execute(_WITHDRAW.format(table=RECORD_MODELS[name]._meta.db_table), values)
                if cursor.rowcount != _count(load, name, StagedLine.Action.WITHDRAW):
                    raise Stale
            if name == "voucherline":
                cursor.execute(_VOUCHERS, values)
            if (name, StagedLine.Action.ADD) in wanted:
                cursor.execute(_addition(RECORD_MODELS[name]), values)


def _count(load: Load, name: str, action: str) -> int:
    return load.staged_lines.filter(model=name, action=action).count()


def _addition(model: type[models.Model]) -> str:
    columns, sources = [], []
    for field in model._meta.concrete_fields:
        name = field.attname
        if name in _OWN:
            continue
        columns.append(f'"{name}"')
        if name == "voucher_id":
            sources.append("coalesce(record.voucher_id, voucher.id)")
        elif name == "project_id":
            sources.append("staged.project_id")
        else:
            sources.append(f'record."{name}"')
    return _ADD.format(
        table=model._meta.db_table,
        columns=", ".join(columns),
        values=", ".join(sources),
        join=_VOUCHER if model is VoucherLine else "",
    )
