"""Warnings of a check: what may well be right, but somebody should have looked at it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.sums import ZERO, Totals
from finance.loading.content.doubts import doubts
from finance.loading.content.old_rates import old_rates
from finance.loading.content.stated_rates import stated_rates
from finance.loading.preview import totals_after, totals_before
from finance.loading.remarks import remark
from finance.loading.staging import batches, staged_projects
from finance.models import Load, LoadRemark
from finance.models.record_kinds import MONEY_MODELS, RECORD_MODELS, names_of
from finance.planning import fit_for_many
from portal.kit.currency import NO_CURRENCY, in_base, told_in_base
from portal.kit.formatting import money
from projects.models import Project
from projects.models.places import ROUNDED

BATCH = 2000
# An amount this many times the largest of the project's history is unusual.
UNUSUAL = 10
FULL = Decimal(100)
HISTORY = 3  # records that make a history
# An amount above this much, or above all that stands of its kind, is hardly meant.
HUGE = Decimal(10_000_000_000)
WHOLE = 20  # records of a kind that make a whole to compare with
SMALL = 100_000  # what is below is not compared at all

KINDS = {
    "above-net-funded": gettext_lazy("Expenditure above the net funded amount"),
    "refund-above-transfers": gettext_lazy("Refunds above transfers"),
    "outside-project": gettext_lazy("Date outside the project"),
    "unusual-amount": gettext_lazy("Unusual amount against the project’s history"),
    "huge-amount": gettext_lazy("Amount beyond all others"),
    "after-today": gettext_lazy("Money after today, expenditure of a year not begun"),
    "not-over": gettext_lazy("Year-end figure of a year that is not over"),
    "other-year": gettext_lazy("Expenditure of a year in which its period does not end"),
    "report-day": gettext_lazy("Report received on a day on which it cannot have come"),
    "far-ahead": gettext_lazy("Budget, commitment or rate of a day far ahead"),
    "shares": gettext_lazy("Shares of countries that do not add up to 100 %"),
    "ends-before-start": gettext_lazy("An end before its start"),
    "overlapping-budgets": gettext_lazy("Overlapping budgets"),
    "two-levels": gettext_lazy("Two levels that state the same kind of money"),
    "unknown-status": gettext_lazy("Status not stated, or unknown"),
    "left-out": gettext_lazy("Left out of the file"),
    "without-rate": in_base(gettext_lazy("No rate of exchange: left out of %(currency)s sums")),
    "old-rate": gettext_lazy("Converted by an old rate of exchange"),
    "stated-base_amount-deviates": in_base(
        gettext_lazy("Stated %(currency)s amount far from its rate, or that of the day")
    ),
    "rounded-amount": in_base(gettext_lazy("%(currency)s amount stated twice, once rounded")),
    "many-decimals": gettext_lazy("More decimals than the currency has"),
    "row-of-totals": gettext_lazy("Looks like a row of totals"),
    "hidden-row": gettext_lazy("Hidden rows"),
    "hidden-column": gettext_lazy("Hidden columns"),
    "unread-sheet": gettext_lazy("Sheets that are not read"),
    "unread-column": gettext_lazy("Columns of money that are not read"),
    "control-totals": gettext_lazy("Control totals differ"),
    "twice": gettext_lazy("Looks as if it were stated twice"),
    "no-part": gettext_lazy("Payee takes no part in the project"),
    "other-fund": gettext_lazy("Fund that is not the project’s"),
    "transfers-above-budget": gettext_lazy("Transfers above the approved budget"),
    "budget-below-zero": gettext_lazy("Approved budget below zero"),
    "spending-below-zero": gettext_lazy("Expenditure below zero"),
    "indirect-cost": gettext_lazy("Indirect cost above its rate"),
}

_BELOW_ZERO = {
    "budget-below-zero": (
        gettext_lazy("Project %(number)s: its budget would come to %(currency)s %(amount)s."),
        "approved",
    ),
    "spending-below-zero": (
        gettext_lazy("Project %(number)s: its expenditure would come to %(currency)s %(amount)s."),
        "expenditure",
    ),
}

# A withdrawal of more than this part of the scope's lines or dollars is confirmed by itself.
WITHDRAWAL_NEEDS_CONFIRMING = Decimal("0.05")
# What a person has to say by itself, whatever else was looked at.
GRAVE = ("after-today", "far-ahead", "huge-amount")

_OUTSIDE = """
WITH dated AS MATERIALIZED ({dated})
SELECT staged.line, staged.values ->> 'date', dated.number, dated.start, dated."end"
FROM dated JOIN finance_stagedline AS staged ON staged.project_id = dated.id
WHERE (dated.start IS NOT NULL OR dated."end" IS NOT NULL)
AND staged.load_id = %s AND staged.action = 'add' AND staged.values ? 'date'
AND coalesce(staged.values ->> 'kind', '') NOT IN ('refund', 'correction')
AND staged.model <> 'budgetline'
AND CASE WHEN staged.model = 'expenditureline' THEN
    (staged.values ->> 'year')::int < extract(year FROM dated.start)
    OR (staged.values ->> 'year')::int > extract(year FROM dated."end")
ELSE
    (staged.values ->> 'date')::date < dated.start
    OR (staged.values ->> 'date')::date > dated."end"
END
ORDER BY staged.line LIMIT 1000
"""
_UNUSUAL = """
WITH concerned AS MATERIALIZED (
    SELECT DISTINCT project_id FROM finance_stagedline WHERE load_id = %(load)s
), history AS MATERIALIZED (
    SELECT project_id, max(abs(base_amount)) AS most FROM {table}
    WHERE withdrawn_by_id IS NULL AND project_id IN (SELECT project_id FROM concerned)
    GROUP BY project_id HAVING count(base_amount) >= %(history)s
)
SELECT staged.line, staged.base_amount, project.number, history.most
FROM history
JOIN finance_stagedline AS staged ON staged.project_id = history.project_id
JOIN projects_project AS project ON project.id = history.project_id
WHERE staged.load_id = %(load)s AND staged.action = 'add' AND staged.model = %(model)s
AND abs(staged.base_amount) > history.most * %(times)s
ORDER BY staged.line LIMIT 1000
"""
_LARGE = """
SELECT EXISTS (SELECT FROM finance_stagedline WHERE load_id = %(load)s AND action = 'add'
AND model = %(model)s AND abs(base_amount) > %(small)s)
"""
_HUGE = """
WITH whole AS MATERIALIZED (
    SELECT count(base_amount) AS n, coalesce(sum(abs(base_amount)), 0) AS total FROM {table}
    WHERE withdrawn_by_id IS NULL
)
SELECT staged.line, staged.base_amount FROM finance_stagedline AS staged, whole
WHERE staged.load_id = %(load)s AND staged.action = 'add' AND staged.model = %(model)s
AND abs(staged.base_amount) > %(small)s AND (abs(staged.base_amount) > %(huge)s
    OR whole.n >= %(whole)s AND abs(staged.base_amount) > whole.total)
ORDER BY staged.line LIMIT 1000
"""
# A budget or commitment may well lie ahead; what was paid or spent cannot.
_AFTER_TODAY = """
SELECT line, coalesce(values ->> 'year', values ->> 'date') FROM finance_stagedline
WHERE load_id = %(load)s AND action = 'add'
AND CASE WHEN model = 'expenditureline' THEN (values ->> 'year')::int > extract(year FROM %(today)s)
ELSE model IN ('voucherline', 'deposit', 'fundcost', 'otherflow', 'decision', 'subgrant')
    AND (values ->> 'date')::date > %(today)s END
ORDER BY line LIMIT 1000
"""
# A year-end figure is of a year that has ended.
_NOT_OVER = """
SELECT line, values ->> 'year' FROM finance_stagedline
WHERE load_id = %(load)s AND action = 'add' AND model = 'expenditureline'
AND values ->> 'state' = 'reported' AND (values ->> 'year')::int = extract(year FROM %(today)s)
ORDER BY line LIMIT 1000
"""
# A plan reaches decades ahead at most, and a rate is known for the month to come.
_FAR_AHEAD = """
SELECT line, coalesce(values ->> 'date', values ->> 'effective_on') FROM finance_stagedline
WHERE load_id = %(load)s AND action = 'add'
AND coalesce(values ->> 'date', values ->> 'effective_on')::date > %(today)s
    + CASE WHEN model IN ('budgetline', 'commitment') THEN interval '30 years'
        WHEN model = 'exchangerate' THEN interval '2 months' END
ORDER BY line LIMIT 1000
"""


def warnings_of(load: Load, models: Collection[str]) -> Iterator[LoadRemark]:
    """Warnings about what is staged; at most 1,000 of a kind."""
    yield from _sums(load)
    yield from _outside(load)
    yield from _without_rate(load)
    yield from old_rates(load)
    yield from stated_rates(load)
    yield from _after_today(load)
    yield from doubts(load, models)
    if load.kind == Load.Kind.PROJECTS:
        yield from _projects(load)
    for name in models:
        if name in MONEY_MODELS:
            yield from _huge(load, name)
        if name in names_of(has_history=True):
            yield from _unusual(load, name)


def _sums(load: Load) -> Iterator[LoadRemark]:
    for ids in batches(sorted(staged_projects(load)), BATCH):
        after = defaultdict(Totals, totals_after(load, ids))
        before = defaultdict(Totals, totals_before(ids))
        worse = [pk for pk in ids if _faults(after[pk]) - _faults(before[pk])]
        numbers = dict(Project.objects.filter(pk__in=worse).values_list("pk", "number"))
        for pk in worse:
            for code in sorted(_faults(after[pk]) - _faults(before[pk])):
                yield remark(load, code, None, numbers[pk], _text(code, numbers[pk], after[pk]))


def _faults(totals: Totals) -> set[str]:
    """What is surely wrong; what is not converted may make up for it."""
    faults = set()
    converted = not totals.parts("net_funded").unconverted
    if totals.expenditure > max(totals.net_funded, ZERO) and converted:
        faults.add("above-net-funded")
    if totals.refund > totals.transfer and converted:
        faults.add("refund-above-transfers")
    if totals.approved < 0 and not totals.parts("approved").unconverted:
        faults.add("budget-below-zero")
    if totals.expenditure < 0 and not totals.parts("expenditure").unconverted:
        faults.add("spending-below-zero")
    if totals.approved > 0 and totals.net_funded > totals.approved and converted:
        faults.add("transfers-above-budget")
    return faults


def _text(code: str, number: str, totals: Totals) -> str:
    if code == "above-net-funded":
        return told_in_base(
            _(
                "Project %(number)s: expenditure of %(currency)s %(spent)s would exceed the net "
                "funded amount of %(currency)s %(net)s."
            ),
            number=number,
            spent=money(totals.expenditure),
            net=money(totals.net_funded),
        )
    if code == "transfers-above-budget":
        return told_in_base(
            _(
                "Project %(number)s: the net funded amount of %(currency)s %(net)s would exceed "
                "the approved budget of %(currency)s %(approved)s."
            ),
            number=number,
            net=money(totals.net_funded),
            approved=money(totals.approved),
        )
    if code in _BELOW_ZERO:
        text, figure = _BELOW_ZERO[code]
        return told_in_base(text, number=number, amount=money(getattr(totals, figure)))
    return told_in_base(
        _(
            "Project %(number)s: refunds of %(currency)s %(refund)s would exceed transfers of "
            "%(currency)s %(transfer)s."
        ),
        number=number,
        refund=money(totals.refund),
        transfer=money(totals.transfer),
    )


def _outside(load: Load) -> Iterator[LoadRemark]:
    concerned = Project.objects.filter(pk__in=load.staged_lines.values("project_id"))
    dated = concerned.order_by().with_start().with_end(timezone.localdate())
    sql, values = dated.values("id", "number", "start", "end").query.sql_with_params()
    with fit_for_many(load.staged_lines.count()), connection.cursor() as cursor:
        # Only what the ORM wrote is put in.
        cursor.execute(_OUTSIDE.format(dated=sql), [*values, load.pk])
        for line, on, number, start, end in cursor.fetchall():
            yield remark(
                load,
                "outside-project",
                line,
                on,
                _("Project %(number)s runs from %(start)s to %(end)s.")
                % {"number": number, "start": start or "…", "end": end or "…"},
            )


def _unusual(load: Load, name: str) -> Iterator[LoadRemark]:
    # Only the names of our own tables are put in.
    sql = _UNUSUAL.format(table=RECORD_MODELS[name]._meta.db_table)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"load": load.pk, "model": name}
        values |= {"times": UNUSUAL, "history": HISTORY}
        cursor.execute(sql, values)
        for line, base_amount, number, most in cursor.fetchall():
            yield remark(
                load,
                "unusual-amount",
                line,
                base_amount,
                told_in_base(
                    _("The largest amount of project %(number)s so far is %(currency)s %(most)s."),
                    number=number,
                    most=money(Decimal(most)),
                ),
            )


def _without_rate(load: Load) -> Iterator[LoadRemark]:
    # What a decision states is added up nowhere.
    rows = load.staged_lines.filter(
        action="add", base_amount__isnull=True, values__has_key="amount"
    ).exclude(model="decision")
    for line, currency in rows.order_by("line").values_list("line", "values__currency")[:1000]:
        text = (
            _("It is not said in which currency this is; it is shown, not added up.")
            if currency == NO_CURRENCY
            else _("No rate of %(currency)s is known for that day; it is shown, not added up.")
        )
        yield remark(load, "without-rate", line, currency, text % {"currency": currency})


def _huge(load: Load, name: str) -> Iterator[LoadRemark]:
    # Only the names of our own tables are put in.
    sql = _HUGE.format(table=MONEY_MODELS[name]._meta.db_table)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"load": load.pk, "model": name}
        values |= {"huge": HUGE, "whole": WHOLE, "small": SMALL}
        cursor.execute(_LARGE, values)
        if not cursor.fetchone()[0]:
            return
        cursor.execute(sql, values)
        for line, base_amount in cursor.fetchall():
            text = told_in_base(
                _(
                    "%(currency)s %(amount)s is more than all %(records)s so far together, or "
                    "above %(currency)s %(limit)s."
                ),
                amount=money(Decimal(base_amount)),
                records=MONEY_MODELS[name]._meta.verbose_name_plural,
                limit=money(HUGE),
            )
            yield remark(load, "huge-amount", line, base_amount, text)


def _after_today(load: Load) -> Iterator[LoadRemark]:
    found = {
        "after-today": (
            _AFTER_TODAY,
            _("%(day)s lies ahead: nothing can have been paid or spent then."),
        ),
        "far-ahead": (
            _FAR_AHEAD,
            _("%(day)s lies so far ahead that it is hardly meant."),
        ),
        "not-over": (
            _NOT_OVER,
            _("%(day)s is not over: a figure of it is interim, unless it is certified."),
        ),
    }
    values: dict[str, Any] = {"load": load.pk, "today": timezone.localdate()}
    with connection.cursor() as cursor:
        for code, (sql, text) in found.items():
            cursor.execute(sql, values)
            for line, on in cursor.fetchall():
                yield remark(load, code, line, on, text % {"day": on})


def _projects(load: Load) -> Iterator[LoadRemark]:
    """What is odd about projects as a register states them."""
    for line, values in load.staged_lines.filter(model="project").values_list("line", "values"):
        stated = values or {}
        shares = [
            None if share is None else Decimal(share)
            for _country, share in stated.get("countries", ())
        ]
        if words := shares_in_words(stated.get("number", ""), shares):
            yield remark(load, "shares", line, stated.get("number", ""), words)
        if (on := stated.get("status_on") or "") > timezone.localdate().isoformat():
            text = _("“%(activity)s” has its status from %(day)s on, which lies ahead.")
            words = text % {"activity": stated["number"], "day": on}
            yield remark(load, "after-today", line, on, words)
        start = stated.get("planned_start")
        for end in (stated.get("original_end"), stated.get("stated_end")):
            if start and end and end < start:
                text = _("“%(activity)s” ends on %(end)s, before it begins on %(start)s.")
                words = text % {"activity": stated["number"], "end": end, "start": start}
                yield remark(load, "ends-before-start", line, end, words)


def shares_in_words(name: str, shares: Sequence[Decimal | None]) -> str:
    """What is wrong with the shares of a project's places, or "" where nothing is."""
    stated = [share for share in shares if share is not None]
    total = sum(stated, ZERO)
    if not stated or (abs(total - FULL) <= ROUNDED and len(stated) == len(shares)):
        return ""
    if len(stated) < len(shares) and total < FULL:
        return _(
            "“%(name)s”: %(count)d of its places have no share; the shares stated add up to "
            "%(total)s %%."
        ) % {"name": name, "count": len(shares) - len(stated), "total": f"{total.normalize():f}"}
    return _("“%(name)s”: the shares of its places add up to %(total)s %%, not to 100 %%.") % {
        "name": name,
        "total": f"{total.normalize():f}",
    }


def withdraws_much(load: Load) -> bool:
    """Whether more than 5 % of the scope's lines or dollars would go."""
    lines, standing = load.counts.get("withdrawn", 0), load.report.get("standing", 0)
    base_amount = Decimal(load.report.get("withdrawn_base_amount", 0))
    standing_base_amount = Decimal(load.report.get("standing_base_amount", 0))
    return (
        lines > WITHDRAWAL_NEEDS_CONFIRMING * standing
        or base_amount > WITHDRAWAL_NEEDS_CONFIRMING * standing_base_amount
    )
