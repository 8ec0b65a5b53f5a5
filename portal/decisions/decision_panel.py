"""Who approved this: the panel of a factsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from finance.models import Decision
from portal.decisions.decision_tables import DecisionTable
from portal.decisions.reading import known_decisions, with_papers
from portal.kit.dates import Known
from projects.models import Project

SHOWN = 10
# Columns that a table of few rows does without where none of them has anything in it, and whence.
_MAY_GO = {
    "reference": "reference",
    "organization": "organization_id",
    "amount": "amount",
    "description": "description",
    "conditions": "conditions",
    "papers": "papers",
}


def newest_decisions(project: Project, known: Known) -> QuerySet[Decision]:
    """The newest decisions about the project, and one more where there are more."""
    decisions = known_decisions(known).filter(project=project).select_related(None)
    return decisions.select_related("fund", "organization")[: SHOWN + 1]


def decisions_panel(
    project: Project, known: Known, decisions: Iterable[Decision]
) -> dict[str, Any]:
    """The newest decisions about the project; without a table where none is recorded."""
    found = with_papers(decisions, known)
    if not found:
        return {"first": None}
    first = min(found, key=lambda decision: (decision.date, decision.pk))
    return {
        "table": DecisionTable(
            found[:SHOWN],
            orderable=False,
            id="decisions-table",
            exclude=("fund", "project", "source", *_empty(found[:SHOWN])),
        ),
        "more": len(found) > SHOWN,
        # The first approval of all is told in words only where all are known.
        "first": first if len(found) <= SHOWN else None,
        "url": f"{reverse('decision-list')}?{urlencode({'project': project.number})}",
    }


def _empty(decisions: Sequence[Decision]) -> list[str]:
    """The columns in which no row has anything."""
    return [
        name
        for name, of in _MAY_GO.items()
        if all(getattr(decision, of) in (None, "", []) for decision in decisions)
    ]
