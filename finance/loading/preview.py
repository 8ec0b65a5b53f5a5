"""Key figures as they would be after a release: the same SQL over what would stand then.

Tables of records are shadowed by what stands less what would be withdrawn plus what would be
added, so that there is one definition of which record counts, for a project and for a fund.
"""

# Only constants of our modules are put together here.
# ruff: noqa: S608

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from finance.figures.changes import BeforeAndAfter
from finance.figures.making import OF_FUNDS, OF_PROJECTS, would_stand
from finance.figures.sums import TOLD_BY, Totals, figures_of, totals_at
from finance.models import Load
from finance.models.record_kinds import RECORD_MODELS
from portal.kit.tables.parts import NO_PARTS, Parts

NOTHING = (Decimal(0), NO_PARTS)
_BY_PROJECT = f"""
SELECT project_id, measure, state, coalesce(sum(base_amount), 0), sum(records)::int,
    sum(unconverted)::int, {TOLD_BY}
FROM entries GROUP BY 1, 2, 3 HAVING sum(records) <> 0
"""
_SHADOW = """{table} AS (
    SELECT {columns} FROM {table}
    WHERE {scope} = ANY(%(ids)s::bigint[]) AND withdrawn_by_id IS NULL
    AND id NOT IN (SELECT record_id FROM finance_stagedline
        WHERE load_id = %(load)s AND model = '{model}' AND action = 'withdraw')
    UNION ALL
    SELECT {staged} FROM finance_stagedline AS staged,
        LATERAL jsonb_populate_record(NULL::{table}, staged.values) AS record
    WHERE staged.load_id = %(load)s AND staged.model = '{model}' AND staged.action = 'add'
    AND staged.{scope} = ANY(%(ids)s::bigint[])
)"""


_BY_FUND = f"""
SELECT fund_id, CASE state WHEN 'pledge' THEN state ELSE measure END,
    coalesce(sum(base_amount), 0), sum(unconverted)::int, {TOLD_BY}
FROM entries GROUP BY 1, 2
"""


def staged_funds(load: Load) -> list[int]:
    """Ids of the funds whose own records would change: contributions and costs."""
    rows = load.staged_lines.filter(model__in=OF_FUNDS, fund_id__isnull=False).order_by()
    return [pk for pk in rows.values_list("fund_id", flat=True).distinct() if pk is not None]


def fund_totals(load: Load, fund_ids: Sequence[int]) -> dict[int, dict[str, BeforeAndAfter]]:
    """For each fund what the release would change: measure → its sum before and after.

    Measures are those of the funds' own records: contributions, pledges and costs.
    """
    before = _own_sums("", load, fund_ids)
    after = _own_sums(_shadows(load, OF_FUNDS, "fund_id"), load, fund_ids)
    found: dict[int, dict[str, BeforeAndAfter]] = {}
    for key in sorted(before.keys() | after.keys()):
        was, held_before = before.get(key, NOTHING)
        will, held_after = after.get(key, NOTHING)
        sums = BeforeAndAfter(
            before=was, after=will, held_before=held_before, held_after=held_after
        )
        if sums.differs:
            found.setdefault(key[0], {})[key[1]] = sums
    return found


def _own_sums(
    shadows: str, load: Load, fund_ids: Sequence[int]
) -> dict[tuple[int, str], tuple[Decimal, Parts]]:
    """Sums by fund and measure over the funds' own records, or what shadows them."""
    parameters: dict[str, Any] = {"load": load.pk, "ids": list(fund_ids)}
    entries = would_stand(shadows, "line.fund_id = ANY(%(ids)s::bigint[])", OF_FUNDS)
    with connection.cursor() as cursor:
        cursor.execute(entries + _BY_FUND, parameters)
        return {
            (fund, measure): (base_amount, Parts(unconverted=unconverted, told_by=told_by))
            for fund, measure, base_amount, unconverted, told_by in cursor.fetchall()
        }


def _shadows(load: Load, models: Sequence[str], scope: str) -> str:
    """CTEs in place of the tables of those models of which the load has staged lines."""
    staged = set(load.staged_lines.order_by().values_list("model", flat=True).distinct())
    return ", ".join(_shadow(name, scope) for name in models if name in staged)


def totals_before(project_ids: Sequence[int]) -> dict[int, Totals]:
    """Today's totals by project; absent where there are none."""
    totals: dict[int, Totals] = {}
    for figure in figures_of(project_ids):
        totals.setdefault(figure.project_id, Totals()).add(figure)
    return totals


def _shadow(name: str, scope: str) -> str:
    model = RECORD_MODELS[name]
    columns = [str(field.column) for field in model._meta.concrete_fields]
    # What a staged line says beside its values.
    beside = {"id": "-staged.id", "project_id": "staged.project_id", "fund_id": "staged.fund_id"}
    return _SHADOW.format(
        table=model._meta.db_table,
        model=name,
        scope=scope,
        columns=", ".join(columns),
        staged=", ".join(beside.get(column, f"record.{column}") for column in columns),
    )


def totals_compared(
    load: Load, project_ids: Sequence[int]
) -> tuple[dict[int, Totals], dict[int, Totals]]:
    """Totals by project before and after, which tell the amounts that they leave out."""
    before = {pk: totals for (_at, pk), totals in totals_at([timezone.now()], project_ids).items()}
    shadows = _shadows(load, OF_PROJECTS, "project_id")
    return before, totals_after(load, project_ids) if shadows else before


def totals_after(load: Load, project_ids: Sequence[int]) -> dict[int, Totals]:
    """The totals by project as the release of the load would leave them."""
    shadows = _shadows(load, OF_PROJECTS, "project_id")
    if not shadows:
        return totals_before(project_ids)
    return _totals(shadows, {"load": load.pk, "ids": list(project_ids)})


def _totals(shadows: str, parameters: dict[str, Any]) -> dict[int, Totals]:
    """Totals by project over tables of records that `shadows`, CTEs, puts in their place.

    `parameters` has `ids`, of the projects, and what the shadows ask for.
    """
    totals: dict[int, Totals] = {}
    entries = would_stand(shadows, "line.project_id = ANY(%(ids)s::bigint[])", OF_PROJECTS)
    with transaction.atomic(), connection.cursor() as cursor:
        # Staged lines are too new to have statistics: nested loops would take hours.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(entries + _BY_PROJECT, parameters)
        for project_id, *figure in cursor.fetchall():
            totals.setdefault(project_id, Totals()).count(*figure)
        cursor.execute("SET LOCAL enable_nestloop = on")
    return totals
