"""Reversal: a load that returns its scope to what stood just before another's release."""

from django.db import connection
from django.utils.translation import gettext as _

from finance.loading.lines import kinds_beside
from finance.loading.scopes import Scope
from finance.models import Load
from finance.models.record_kinds import RECORD_MODELS

# Only names of our own tables are put into these.
_WITHDRAW = """
WITH RECURSIVE line AS (
    SELECT id FROM {table} WHERE load_id = %(reversed)s
    UNION SELECT later.id FROM {table} AS later JOIN line ON later.restates_id = line.id
)
INSERT INTO finance_stagedline
    (load_id, model, action, line, fingerprint, project_id, fund_id, record_id, base_amount)
SELECT %(load)s, %(model)s, 'withdraw', line, fingerprint, {project}, {fund}, id, {base_amount}
FROM {table} WHERE id IN (SELECT id FROM line) AND withdrawn_by_id IS NULL
"""
_RESTORE = """
INSERT INTO finance_stagedline
    (load_id, model, action, line, fingerprint, project_id, fund_id, base_amount, values)
SELECT %(load)s, %(model)s, 'add', line, fingerprint, {project}, {fund}, {base_amount},
    to_jsonb(record) - 'id' - 'load_id' - 'withdrawn_by_id' || jsonb_build_object('restates_id', id)
FROM {table} AS record WHERE withdrawn_by_id = %(reversed)s ORDER BY id
"""


def later_loads(load: Load) -> list[Load]:
    """Unreversed loads that were released after it into an overlapping scope, newest first.

    They must be reversed before it. Reversals themselves do not count: what they took back
    was newer than this load, and is gone with them.
    """
    scope = Scope.from_json(load.scope)
    later = (
        Load.objects.unreversed()
        .filter(
            source_id=load.source_id,
            kind__in=kinds_beside(load.kind),
            released_at__gt=load.released_at,
            reverses__isnull=True,
        )
        .order_by("-released_at", "-pk")
    )
    return [other for other in later if scope.overlaps(Scope.from_json(other.scope))]


def refusal(load: Load) -> str:
    """Why the load cannot be reversed, or "" if it can."""
    if load.released_at is None:
        return _("It was never released.")
    if load.kind == Load.Kind.STARTER:
        return _("Each of its sheets is a load of its own: reverse those, the last first.")
    if load.reverses_id is not None:
        return _("A reversal cannot be reversed; load the file again instead.")
    if load.reversals.filter(released_at__isnull=False).exists():
        return _("It was reversed already.")
    if load.reversals.exclude(state=Load.State.REJECTED).exists():
        return _("It is being reversed already.")
    if blocking := later_loads(load):
        return _("Later loads of the same scope must be reversed first: %(loads)s.") % {
            "loads": ", ".join(f"{other.file_name} ({other.pk})" for other in blocking)
        }
    return ""


def late_refusal(load: Load, reversed_load: Load) -> str:
    """Why a reversal that was made may not be released any more, or "" if it may."""
    others = reversed_load.reversals.exclude(pk=load.pk).exclude(state=Load.State.REJECTED)
    if others.exists():
        return _("It is being reversed already.")
    later = Load.objects.unreversed().filter(
        source_id=load.source_id,
        kind__in=kinds_beside(load.kind),
        released_at__gt=load.checked_at,
        reverses__isnull=True,
    )
    scope = Scope.from_json(load.scope)
    if any(scope.overlaps(Scope.from_json(other.scope)) for other in later):
        return _("A later load of the same scope must be reversed first.")
    return ""


def stage_reversal(load: Load) -> None:
    """Stage what reverses `load.reverses`: its records out, what it withdrew in again."""
    for name, model in RECORD_MODELS.items():
        columns = {field.attname for field in model._meta.concrete_fields}
        parts = {
            "table": model._meta.db_table,
            "project": "project_id" if "project_id" in columns else "NULL",
            "fund": "fund_id" if "fund_id" in columns else "NULL",
            "base_amount": "base_amount" if "base_amount" in columns else "NULL",
        }
        values = {"load": load.pk, "reversed": load.reverses_id, "model": name}
        with connection.cursor() as cursor:
            cursor.execute(_WITHDRAW.format(**parts), values)
            cursor.execute(_RESTORE.format(**parts), values)
