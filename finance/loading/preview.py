"""Key figures as they would be after a release: the same SQL over what would stand then.

Tables of records are shadowed by what stands less what would be withdrawn plus what would be
added, so that there is one definition of which record counts.
"""

from collections.abc import Sequence

from finance.figures import Totals, figures_of, preview_totals
from finance.loading.lines import MODELS
from finance.models import Load

# The models that the effects on key figures are read from.
_SHADOWED = ("budgetline", "voucherline", "expenditureline", "commitment", "deposit")

_SHADOW = """{table} AS (
    SELECT * FROM {table} WHERE project_id = ANY(%(projects)s) AND retired_by_id IS NULL
    AND id NOT IN (SELECT record_id FROM finance_stagedline
        WHERE load_id = %(load)s AND model = '{model}' AND action = 'withdraw')
    UNION ALL
    SELECT record.* FROM finance_stagedline AS staged, LATERAL jsonb_populate_record(
        NULL::{table},
        staged.values || jsonb_build_object('id', -staged.id, 'project_id', staged.project_id)
    ) AS record
    WHERE staged.load_id = %(load)s AND staged.model = '{model}' AND staged.action = 'add'
    AND staged.project_id = ANY(%(projects)s)
)"""


def totals_before(project_ids: Sequence[int]) -> dict[int, Totals]:
    """Today's totals by project; absent where there are none."""
    totals: dict[int, Totals] = {}
    for figure in figures_of(project_ids):
        totals.setdefault(figure.project_id, Totals()).add(figure)
    return totals


def totals_after(load: Load, project_ids: Sequence[int]) -> dict[int, Totals]:
    """The totals by project as the release of the load would leave them."""
    staged = set(load.staged_lines.order_by().values_list("model", flat=True).distinct())
    shadows = ", ".join(
        _SHADOW.format(table=MODELS[name]._meta.db_table, model=name)
        for name in _SHADOWED
        if name in staged
    )
    if not shadows:
        return totals_before(project_ids)
    return preview_totals(shadows, {"load": load.pk, "projects": list(project_ids)})
