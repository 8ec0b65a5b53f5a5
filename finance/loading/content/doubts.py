"""Warnings about lines beside each other, and beside what their project is."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.loading.remarks import remark
from finance.models import Load, LoadRemark
from finance.models.record_kinds import MONEY_MODELS
from portal.kit.currency import told_in_base
from portal.kit.formatting import day, money, percent
from projects.models import Office, Participation

_TOLERANCE = Decimal(1)
_MOST = 1000

# What two lines share that look like one stated twice.
_SAME = {
    "voucherline": ("date", "organization_id", "kind"),
    "budgetline": ("date", "organization_id", "category_id"),
    "expenditureline": ("year", "organization_id", "category_id", "state"),
    "commitment": ("date", "contributor_id", "arrangement", "is_pledge", "due_on"),
    "deposit": ("date", "contributor_id", "arrangement", "payer_reference"),
    "fundcost": ("date", "organization_id", "kind"),
    "subgrant": ("date", "organization_id", "partner_id"),
    "decision": ("date", "organization_id", "kind", "reference", "description"),
}

# Records of projects that name an organization which takes part in them.
_WITH_PAYEE = ("voucherline", "budgetline", "expenditureline", "subgrant")

# Only names of our own tables and columns are put into these.
_TWICE = """
WITH came AS (
    SELECT line, values, coalesce(project_id, -1) AS project, coalesce(fund_id, -1) AS fund,
        concat_ws('|', {key}, values ->> 'voucher_number', values ->> 'currency') AS key,
        (values ->> 'amount')::numeric AS amount
    FROM finance_stagedline WHERE load_id = %(load)s AND model = %(model)s AND action = 'add'
    AND record_id IS NULL AND NOT values ? 'restates_id'
), numbered AS (
    SELECT line, amount, min(line) OVER same AS first FROM came
    WINDOW same AS (PARTITION BY project, fund, key, amount)
)
SELECT line, amount, first FROM numbered WHERE line > first ORDER BY line LIMIT {most}
"""
_NO_PART = """
WITH parts AS MATERIALIZED (
    SELECT project_id, organization_id FROM projects_participation WHERE role = %(role)s
    AND project_id IN (SELECT project_id FROM finance_stagedline WHERE load_id = %(load)s)
)
SELECT staged.line, organization.name, project.number FROM finance_stagedline AS staged
JOIN projects_project AS project ON project.id = staged.project_id
JOIN projects_organization AS organization
    ON organization.id = (staged.values ->> 'organization_id')::bigint
WHERE staged.load_id = %(load)s AND staged.action = 'add'
AND staged.model = ANY(%(models)s)
AND EXISTS (SELECT FROM parts WHERE parts.project_id = staged.project_id)
AND NOT EXISTS (SELECT FROM parts WHERE parts.project_id = staged.project_id
    AND parts.organization_id = organization.id)
ORDER BY staged.line LIMIT {most}
"""
_OTHER_FUND = """
SELECT staged.line, paying.code, project.number, own.code FROM finance_stagedline AS staged
JOIN projects_project AS project ON project.id = staged.project_id
JOIN projects_fund AS own ON own.id = project.fund_id
JOIN projects_fund AS paying ON paying.id = (staged.values ->> 'voucher_fund_id')::bigint
WHERE staged.load_id = %(load)s AND staged.action = 'add' AND staged.model = 'voucherline'
AND paying.id <> own.id ORDER BY staged.line LIMIT {most}
"""
_OTHER_YEAR = """
SELECT line, values ->> 'year', (values ->> 'date')::date FROM finance_stagedline
WHERE load_id = %(load)s AND action = 'add' AND model = 'expenditureline'
AND (values ->> 'year')::int <> extract(year FROM (values ->> 'date')::date)
ORDER BY line LIMIT {most}
"""
_RECEIVED = """
SELECT line, values ->> 'year', (values ->> 'received_on')::date FROM finance_stagedline
WHERE load_id = %(load)s AND action = 'add' AND model = 'reportreceived'
AND ((values ->> 'received_on')::date > %(today)s
    OR extract(year FROM (values ->> 'received_on')::date) < (values ->> 'year')::int)
ORDER BY line LIMIT {most}
"""
# What is not converted, or stated of no category, may be any part of either: without it no rate is
# known. A budget without any category says nothing of a rate.
_ALL_KNOWN = "bool_and(base_amount IS NOT NULL AND category_id IS NOT NULL)"
_INDIRECT = """
WITH concerned AS MATERIALIZED (
    SELECT DISTINCT staged.project_id FROM finance_stagedline AS staged
    JOIN finance_budgetcategory AS category
    ON category.id = (staged.values ->> 'category_id')::bigint AND category.is_indirect
    WHERE staged.load_id = %(load)s AND staged.model = %(model)s AND staged.action = 'add'
), line AS (
    SELECT project_id, category_id, base_amount FROM {table}
    WHERE withdrawn_by_id IS NULL AND project_id IN (SELECT project_id FROM concerned)
    AND id NOT IN (SELECT record_id FROM finance_stagedline
        WHERE load_id = %(load)s AND model = %(model)s AND action = 'withdraw')
    UNION ALL
    SELECT project_id, (values ->> 'category_id')::bigint, base_amount FROM finance_stagedline
    WHERE load_id = %(load)s AND model = %(model)s AND action = 'add'
    AND project_id IN (SELECT project_id FROM concerned)
), total AS (
    SELECT line.project_id, coalesce(sum(base_amount) FILTER (WHERE is_indirect), 0) AS indirect,
        coalesce(sum(base_amount) FILTER (WHERE NOT is_indirect), 0) AS direct
    FROM line LEFT JOIN finance_budgetcategory AS category ON category.id = line.category_id
    GROUP BY 1 HAVING {known}
), budget AS (
    SELECT line.project_id, sum(base_amount) FILTER (WHERE is_indirect)
        / nullif(sum(base_amount) FILTER (WHERE NOT is_indirect), 0) AS rate,
        count(category_id) = 0 OR {known} AS is_known
    FROM finance_budgetline AS line
    LEFT JOIN finance_budgetcategory AS category ON category.id = line.category_id
    WHERE line.withdrawn_by_id IS NULL AND line.project_id IN (SELECT project_id FROM concerned)
    -- A budget is measured by the office's rate, what was spent by its budget's.
    AND %(model)s <> 'budgetline'
    GROUP BY 1
), allowed AS (
    SELECT total.*, coalesce(CASE WHEN budget.rate > 0 THEN budget.rate END, %(rate)s) AS rate,
        coalesce(budget.rate > 0, false) AS is_own
    FROM total LEFT JOIN budget ON budget.project_id = total.project_id
    WHERE budget.is_known IS NOT FALSE
)
SELECT project.number, indirect, direct, 100 * rate, is_own FROM allowed
JOIN projects_project AS project ON project.id = allowed.project_id
WHERE direct > 0 AND indirect > direct * rate + %(tolerance)s ORDER BY 1 LIMIT {most}
"""


def doubts(load: Load, models: Iterable[str]) -> Iterator[LoadRemark]:
    """Warnings of lines twice, payees without a part, other funds, much indirect cost, and days
    that do not go with their year."""
    for name in models:
        if name in _SAME:
            yield from _twice(load, name)
        if name in ("budgetline", "expenditureline"):
            yield from _indirect(load, name)
    if set(_WITH_PAYEE) & set(models):
        yield from _no_part(load)
    if "voucherline" in models:
        yield from _other_fund(load)
    if "expenditureline" in models:
        yield from _other_year(load)
    if "reportreceived" in models:
        yield from _received(load)


def _rows(sql: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _twice(load: Load, name: str) -> Iterator[LoadRemark]:
    key = ", ".join(f"coalesce(values ->> '{column}', '')" for column in _SAME[name])
    sql = _TWICE.format(key=key, most=_MOST)
    for line, amount, first in _rows(sql, load=load.pk, model=name):
        text = _("Row %(row)s states the same, with the same amount.") % {"row": first}
        yield remark(load, "twice", line, amount, text)


def _no_part(load: Load) -> Iterator[LoadRemark]:
    sql, role = _NO_PART.format(most=_MOST), Participation.Role.PARTICIPATING
    for line, name, number in _rows(sql, load=load.pk, role=role, models=list(_WITH_PAYEE)):
        text = _("“%(name)s” is no participating organization of project %(number)s.")
        yield remark(load, "no-part", line, name, text % {"name": name, "number": number})


def _other_fund(load: Load) -> Iterator[LoadRemark]:
    for line, code, number, own in _rows(_OTHER_FUND.format(most=_MOST), load=load.pk):
        text = _("Project %(number)s is of the fund %(own)s; %(code)s pays.")
        values = {"number": number, "own": own, "code": code}
        yield remark(load, "other-fund", line, code, text % values)


def _other_year(load: Load) -> Iterator[LoadRemark]:
    for line, year, end in _rows(_OTHER_YEAR.format(most=_MOST), load=load.pk):
        text = _(
            "It is stated of %(year)s, and its period ends on %(day)s: by year it counts in "
            "%(year)s, and up to a day from %(day)s on."
        )
        yield remark(load, "other-year", line, end, text % {"year": year, "day": day(end)})


def _received(load: Load) -> Iterator[LoadRemark]:
    today = timezone.localdate()
    for line, year, on in _rows(_RECEIVED.format(most=_MOST), load=load.pk, today=today):
        text = _("A report on %(year)s can hardly have come on %(day)s, before that year began.")
        if on > today:
            text = _("No report can have come on %(day)s, which lies ahead; until then it is told "
                     "as not received.")  # fmt: skip
        yield remark(load, "report-day", line, on, text % {"year": year, "day": day(on)})


def _indirect(load: Load, name: str) -> Iterator[LoadRemark]:
    sql = _INDIRECT.format(table=MONEY_MODELS[name]._meta.db_table, known=_ALL_KNOWN, most=_MOST)
    office = Office.current().indirect_rate / 100
    rows = _rows(sql, load=load.pk, model=name, rate=office, tolerance=_TOLERANCE)
    for number, indirect, direct, rate, is_own in rows:
        text = told_in_base(
            _(
                "Project %(number)s: indirect cost of %(currency)s %(indirect)s would be more than "
                "the %(rate)s of the direct cost of %(currency)s %(direct)s that its budget has."
            )
            if is_own
            else _(
                "Project %(number)s: indirect cost of %(currency)s %(indirect)s would be more than "
                "%(rate)s of the direct cost of %(currency)s %(direct)s, the office’s rate."
            ),
            number=number,
            rate=percent(rate),
            indirect=money(indirect),
            direct=money(direct),
        )
        yield remark(load, "indirect-cost", None, number, text)
