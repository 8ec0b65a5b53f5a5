"""Key figures as they would be after a release: the same SQL over what would stand then.

Tables of records are shadowed by what stands less what would be withdrawn plus what would be
added, so that there is one definition of which record counts.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from finance.figures import Totals, figures_of, preview_totals
from finance.loading.lines import MODELS
from finance.models import Load

# The models that the effects on key figures are read from.
_SHADOWED = ("budgetline", "voucherline", "expenditureline", "commitment", "deposit")

_SHADOW = """{table} AS (
    SELECT {columns} FROM {table}
    WHERE project_id = ANY(%(projects)s::bigint[]) AND retired_by_id IS NULL
    AND id NOT IN (SELECT record_id FROM finance_stagedline
        WHERE load_id = %(load)s AND model = '{model}' AND action = 'withdraw')
    UNION ALL
    SELECT {staged} FROM finance_stagedline AS staged,
        LATERAL jsonb_populate_record(NULL::{table}, staged.values) AS record
    WHERE staged.load_id = %(load)s AND staged.model = '{model}' AND staged.action = 'add'
    AND staged.project_id = ANY(%(projects)s::bigint[])
)"""


_BY_FUND = """
SELECT fund_id, measure, coalesce(sum(usd) FILTER (WHERE stands), 0),
    coalesce(sum(usd) FILTER (WHERE will_stand), 0)
FROM (
    SELECT record.fund_id, {of_record} AS measure, record.usd, TRUE AS stands, record.id NOT IN (
        SELECT record_id FROM finance_stagedline
        WHERE load_id = %(load)s AND model = '{model}' AND action = 'withdraw') AS will_stand
    FROM {table} AS record
    WHERE record.fund_id = ANY(%(funds)s::bigint[]) AND record.retired_by_id IS NULL
    UNION ALL
    SELECT fund_id, {of_staged}, usd, FALSE, TRUE FROM finance_stagedline
    WHERE load_id = %(load)s AND model = '{model}' AND action = 'add'
    AND fund_id = ANY(%(funds)s::bigint[])
) AS lines GROUP BY 1, 2
"""
# What a record of a fund counts as, and how a staged line says so.
_FUND_MEASURES = {
    "commitment": (
        "CASE WHEN record.is_pledge THEN 'pledge' ELSE 'commitment' END",
        "CASE WHEN (values ->> 'is_pledge')::boolean THEN 'pledge' ELSE 'commitment' END",
    ),
    "deposit": ("'deposit'", "'deposit'"),
    "fundcost": ("record.kind", "values ->> 'kind'"),
}


def staged_funds(load: Load) -> list[int]:
    """Ids of the funds whose own records would change: contributions and costs."""
    rows = load.staged_lines.filter(model__in=_FUND_MEASURES, fund_id__isnull=False).order_by()
    return [pk for pk in rows.values_list("fund_id", flat=True).distinct() if pk is not None]


def fund_totals(
    load: Load, fund_ids: Sequence[int]
) -> dict[int, dict[str, tuple[Decimal, Decimal]]]:
    """For each fund what the release would change: measure → US$ before and after.

    Measures are commitment, pledge, deposit, and the kinds of fund costs.
    """
    found: dict[int, dict[str, tuple[Decimal, Decimal]]] = {}
    staged = set(load.staged_lines.order_by().values_list("model", flat=True).distinct())
    with connection.cursor() as cursor:
        for model in sorted(staged & _FUND_MEASURES.keys()):
            of_record, of_staged = _FUND_MEASURES[model]
            table = MODELS[model]._meta.db_table
            statement = _BY_FUND.format(
                model=model, table=table, of_record=of_record, of_staged=of_staged
            )
            cursor.execute(statement, {"load": load.pk, "funds": list(fund_ids)})
            for fund, measure, before, after in cursor.fetchall():
                if before != after:
                    found.setdefault(fund, {})[measure] = (before, after)
    return found


def totals_before(project_ids: Sequence[int]) -> dict[int, Totals]:
    """Today's totals by project; absent where there are none."""
    totals: dict[int, Totals] = {}
    for figure in figures_of(project_ids):
        totals.setdefault(figure.project_id, Totals()).add(figure)
    return totals


def _shadow(name: str) -> str:
    model = MODELS[name]
    columns = [str(field.column) for field in model._meta.concrete_fields]
    # What a staged line says beside its values.
    beside = {"id": "-staged.id", "project_id": "staged.project_id"}
    return _SHADOW.format(
        table=model._meta.db_table,
        model=name,
        columns=", ".join(columns),
        staged=", ".join(beside.get(column, f"record.{column}") for column in columns),
    )


def totals_after(load: Load, project_ids: Sequence[int]) -> dict[int, Totals]:
    """The totals by project as the release of the load would leave them."""
    staged = set(load.staged_lines.order_by().values_list("model", flat=True).distinct())
    shadows = ", ".join(_shadow(name) for name in _SHADOWED if name in staged)
    if not shadows:
        return totals_before(project_ids)
    return preview_totals(shadows, {"load": load.pk, "projects": list(project_ids)})
