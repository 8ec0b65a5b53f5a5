"""When the money of projects first moved: kept for today, looked up for a past day."""

# Only constants of this module are put together here.
# ruff: noqa: S608

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum

from finance.models import BudgetLine, ExpenditureLine, Load, SubGrant, VoucherLine
from finance.models.records import IS_TRANSFER, RecordQuerySet
from portal.kit.dates import Known

# A budget of IATI states the period that it is for, and no day of approval: its date is the first
# day of the period. What was converted anew by a file of rates may be one of these.
_OF_PERIODS = (Load.Kind.IATI.value, Load.Kind.RATES.value)
_IS_APPROVAL = Q(amount__gt=0) & ~Q(period_start=F("date"), load__kind__in=_OF_PERIODS)

_COLUMNS = (
    "first_approved", "first_transfer", "first_spent", "passed_on", "grants", "grants_left_out",
)  # fmt: skip
_WORKED_OUT = f"""
SELECT asked.id AS project_id,
    (SELECT min(line.date) FROM finance_budgetline AS line
        JOIN finance_load AS load ON load.id = line.load_id
        WHERE line.project_id = asked.id AND line.withdrawn_by_id IS NULL AND line.amount > 0
        AND (line.period_start IS DISTINCT FROM line.date
            OR load.kind NOT IN ({", ".join(f"'{kind}'" for kind in _OF_PERIODS)}))
    ) AS first_approved,
    (SELECT min(line.date) FROM finance_voucherline AS line
        WHERE line.project_id = asked.id AND line.withdrawn_by_id IS NULL
        AND is_transfer(line.kind, line.amount)
    ) AS first_transfer,
    (SELECT min(line.year) FROM finance_expenditureline AS line
        WHERE line.project_id = asked.id AND line.withdrawn_by_id IS NULL AND line.amount <> 0
    ) AS first_spent,
    passed_on, grants, grants_left_out
FROM unnest(%s::bigint[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT sum(base_amount) AS passed_on, count(*) AS grants,
        count(*) FILTER (WHERE base_amount IS NULL) AS grants_left_out
    FROM finance_subgrant
    WHERE project_id = asked.id AND withdrawn_by_id IS NULL
) AS given
"""
_PUT = f"""
INSERT INTO finance_projectpace (project_id, {", ".join(_COLUMNS)})
SELECT project_id, {", ".join(_COLUMNS)} FROM ({_WORKED_OUT}) AS fresh
ON CONFLICT (project_id) DO UPDATE SET ({", ".join(_COLUMNS)}) =
    ROW ({", ".join(f"EXCLUDED.{name}" for name in _COLUMNS)})
"""
# What none of the records tells need not have a row.
_DIFFER = f"""
SELECT number FROM ({_WORKED_OUT}) AS fresh
JOIN projects_project AS project ON project.id = fresh.project_id
LEFT JOIN finance_projectpace AS kept ON kept.project_id = fresh.project_id
WHERE (kept.first_approved, kept.first_transfer, kept.first_spent, kept.passed_on,
        coalesce(kept.grants, 0), coalesce(kept.grants_left_out, 0))
    IS DISTINCT FROM (fresh.first_approved, fresh.first_transfer, fresh.first_spent,
        fresh.passed_on, fresh.grants::int, fresh.grants_left_out::int)
ORDER BY number LIMIT 1
"""


def put_pace(project_ids: Sequence[int]) -> None:
    """Keep when the money of these projects first moved, as their records of today have it."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [list(project_ids)])


def first_wrong_pace(project_ids: Sequence[int]) -> str | None:
    """The number of a project of which something else is kept than its records say, if any."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER, [list(project_ids)])
        found = cursor.fetchone()
    return found[0] if found else None


# --- Of a row's project, as known then


def first_approved(known: Known) -> Any:
    """The day of its first approved budget; None where no day of approval is stated."""
    if not known.is_past:
        return F("pace__first_approved")
    return _first(BudgetLine.objects.filter(_IS_APPROVAL), known, "date")


def first_transfer(known: Known) -> Any:
    """The day of its first transfer."""
    if not known.is_past:
        return F("pace__first_transfer")
    return _first(VoucherLine.objects.filter(IS_TRANSFER), known, "date")


def first_spent(known: Known) -> Any:
    """The first year of which spending is reported."""
    if not known.is_past:
        return F("pace__first_spent")
    return _first(ExpenditureLine.objects.exclude(amount=0), known, "year")


def passed_on(known: Known) -> dict[str, Any]:
    """What sub-grants add up to, how many there are, and how many amounts the sum leaves out."""
    names = ("passed_on", "grants", "grants_left_out")
    if not known.is_past:
        return {name: F(f"pace__{name}") for name in names}
    grants = SubGrant.objects.known_at(known.as_of).up_to(known.until)
    of_project = grants.filter(project=OuterRef("pk")).order_by().values("project")
    sums = (Sum("base_amount"), Count("pk"), Count("pk", filter=Q(base_amount=None)))
    return {
        name: Subquery(of_project.annotate(n=total).values("n"))
        for name, total in zip(names, sums, strict=True)
    }


def _first(records: RecordQuerySet, known: Known, name: str) -> Subquery:
    found = records.known_at(known.as_of).up_to(known.until).filter(project=OuterRef("pk"))
    # The first by order would be looked for among all records, the newest or the oldest first.
    return Subquery(found.order_by().values("project").annotate(n=Min(name)).values("n"))
