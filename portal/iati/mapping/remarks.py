"""What may well be right in an IATI file, but somebody should have looked at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from finance.loading.remarks import remark
from finance.loading.warnings import shares_in_words
from finance.models import Load, LoadRemark
from finance.models.record_kinds import MONEY_MODELS, RECORD_MODELS, names_of
from portal.iati.errors import FaultyActivity
from portal.iati.kept import DAC_REGIONS
from portal.iati.stated import (
    ACTUAL_END,
    ACTUAL_START,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    StatedBudget,
)
from portal.iati.values import shown
from projects.models import Status

MAX_OF_A_KIND = 1000
_LEVELS = names_of(in_iati=True, of_projects=True)

# Only names of our own tables are put into these.
_STANDING = """
SELECT project_id, '{name}' AS model FROM {table} WHERE withdrawn_by_id IS NULL AND project_id IN
    (SELECT id FROM family)
"""
_TWO_LEVELS = """
WITH concerned AS MATERIALIZED (
    SELECT DISTINCT project_id AS id FROM finance_stagedline
    WHERE load_id = %(load)s AND action = 'add' AND project_id IS NOT NULL
), pairs AS MATERIALIZED (
    SELECT parent_id, id FROM projects_project
    WHERE parent_id IS NOT NULL
    AND (id IN (SELECT id FROM concerned) OR parent_id IN (SELECT id FROM concerned))
), family AS (
    SELECT parent_id AS id FROM pairs UNION SELECT id FROM pairs
), there AS MATERIALIZED (
    SELECT DISTINCT project_id, model FROM finance_stagedline
    WHERE load_id = %(load)s AND action = 'add' AND project_id IN (SELECT id FROM family)
    UNION {standing}
)
SELECT parent.number, above.model, count(*)
FROM pairs
JOIN there AS above ON above.project_id = pairs.parent_id
JOIN there AS below ON below.project_id = pairs.id AND below.model = above.model
JOIN projects_project AS parent ON parent.id = pairs.parent_id
WHERE above.model = ANY(%(models)s)
GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1000
"""


class Remarks:
    """Warnings about one load, gathered while its file is read."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.found: list[LoadRemark] = []
        self.counts: Counter[str] = Counter()

    def add(self, code: str, line: int | None, value: object, message: str) -> None:
        """Note a warning; of a kind, at most so many."""
        self.counts[code] += 1
        if self.counts[code] <= MAX_OF_A_KIND:
            self.found.append(remark(self.load, code, line, value, message))

    def about(self, activity: StatedActivity) -> None:
        """What is odd about an activity itself: its places, dates and status."""
        name = shown(activity.identifier)
        if words := shares_in_words(name, _shares(activity)):
            self.add("shares", activity.line, activity.identifier, words)
        dates = activity.dates
        shown_start = ACTUAL_START if ACTUAL_START in dates else PLANNED_START
        shown_end = ACTUAL_END if ACTUAL_END in dates else PLANNED_END
        pairs = [(PLANNED_START, PLANNED_END), (ACTUAL_START, ACTUAL_END), (shown_start, shown_end)]
        for start, end in dict.fromkeys(pairs):
            if start in dates and end in dates and dates[end] < dates[start]:
                text = _("“%(activity)s” ends on %(end)s, before it begins on %(start)s.")
                stated = {"activity": name, "end": dates[end], "start": dates[start]}
                self.add("ends-before-start", activity.line, dates[end], text % stated)
        if not Status.of_iati(activity.status).stage.iati:
            text = (
                _("“%(activity)s” has the status “%(status)s”, which the standard does not know.")
                if activity.status
                else _("“%(activity)s” states no status.")
            )
            stated = {"activity": name, "status": shown(activity.status)}
            self.add("unknown-status", activity.line, activity.status, text % stated)

    def backwards(self, activity: StatedActivity, budget: StatedBudget) -> None:
        """A budget whose period ends before it begins."""
        text = _("A budget of “%(activity)s” ends on %(end)s, before it begins on %(start)s.")
        name, start, end = shown(activity.identifier), budget.period_start, budget.period_end
        stated = {"activity": name, "start": start, "end": end}
        self.add("ends-before-start", budget.line, end, text % stated)

    def overlapping_budgets(
        self, activity: StatedActivity, budgets: Sequence[StatedBudget]
    ) -> None:
        """Budgets of one time, of which it is not certain which holds."""
        first = min(budgets, key=lambda budget: budget.line)
        text = _(
            "“%(activity)s” states overlapping budgets (%(start)s to %(end)s): which of them "
            "holds is not certain."
        )
        stated = {
            "activity": shown(activity.identifier),
            "start": first.period_start,
            "end": first.period_end,
        }
        self.add("overlapping-budgets", first.line, activity.identifier, text % stated)

    def left_out(self, activity: FaultyActivity) -> None:
        """An activity that was left out by choice, with the first of its faults."""
        first = activity.faults[0]
        text = _("“%(activity)s” is left out: %(fault)s") % {
            "activity": shown(activity.identifier) or "?",
            "fault": first.reason,
        }
        self.add("left-out", first.line or activity.line, activity.identifier, text)

    def two_levels(self) -> None:
        """Programmes and their parts that state the same kind of money, which then adds up."""
        standing = " UNION ".join(
            _STANDING.format(name=name, table=RECORD_MODELS[name]._meta.db_table)
            for name in _LEVELS
        )
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"load": self.load.pk, "models": list(_LEVELS)}
            cursor.execute(_TWO_LEVELS.format(standing=standing), values)
            for number, model, parts in cursor.fetchall():
                text = _(
                    "“%(activity)s” and %(parts)d of its parts both state %(records)s: money "
                    "that both state counts twice."
                )
                stated = {
                    "activity": shown(number),
                    "parts": parts,
                    "records": MONEY_MODELS[model]._meta.verbose_name_plural,
                }
                self.add("two-levels", None, number, text % stated)

    def levels(self, found: Counter[tuple[str, int]]) -> None:
        """Levels of hierarchy that state the same kind of money; `found` counts by both."""
        for model in sorted({model for model, _level in found}):
            levels = sorted(level for name, level in found if name == model)
            if len(levels) > 1:
                text = _("Activities of the levels %(levels)s all state %(records)s.")
                stated = {
                    "levels": ", ".join(map(str, levels)),
                    "records": MONEY_MODELS[model]._meta.verbose_name_plural,
                }
                self.add("two-levels", None, model, text % stated)


def _shares(activity: StatedActivity) -> list[Decimal | None]:
    """The share of each place; of one that is stated again, all its shares."""
    regions = [each for each in activity.regions if each.vocabulary in DAC_REGIONS]
    stated = [(each.code, each.percentage) for each in activity.countries]
    stated += [(each.code, each.percentage) for each in regions]
    shares: dict[str, Decimal | None] = {}
    for code, share in stated:
        before = shares.get(code)
        shares[code] = share if before is None else before + (share or 0)
    return list(shares.values())
