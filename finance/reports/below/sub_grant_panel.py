"""What was passed on of a project: the panel of its factsheet."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from finance.models import SubGrant
from finance.reports.below.passed_on import PassedOn, grants_url, known_grants
from finance.reports.below.sub_grant_tables import SubGrantTable
from finance.reports.project_money import ProjectMoney
from portal.kit.dates import Known
from projects.models import Project

SHOWN = 10


def newest_grants(project: Project, known: Known) -> QuerySet[SubGrant]:
    """The newest sub-grants of the project, and one more where there are more."""
    grants = known_grants(known).filter(project=project).select_related(None)
    return grants.select_related("organization", "partner")[: SHOWN + 1]


def sub_grants_panel(money: ProjectMoney, found: Sequence[SubGrant]) -> dict[str, Any] | None:
    """The newest sub-grants, and what share they are; None where none is recorded."""
    if not found:
        return None
    grants = known_grants(money.known).filter(project=money.project)
    passed_on = PassedOn(grants, {"project": money.project.number})
    totals = money.totals
    return {
        "table": SubGrantTable(
            found[:SHOWN],
            orderable=False,
            id="sub-grants-table",
            exclude=("project", "period_start", "period_end", "source"),
        ),
        "summary": passed_on.table(),
        "share": passed_on.share_of(totals.net_funded, totals.parts("net_funded")),
        "more": len(found) > SHOWN,
        "url": grants_url(project=money.project.number),
    }
