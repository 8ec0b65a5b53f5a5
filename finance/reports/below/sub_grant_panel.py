"""What was passed on of a project: the panel of its factsheet."""

from typing import Any

from finance.reports.below.passed_on import PassedOn, grants_url, known_grants
from finance.reports.below.sub_grant_tables import SubGrantTable
from finance.reports.project_money import ProjectMoney

SHOWN = 10


def sub_grants_panel(money: ProjectMoney) -> dict[str, Any] | None:
    """The newest sub-grants, and what share they are; None where none is recorded."""
    grants = known_grants(money.known).filter(project=money.project)
    found = list(grants[: SHOWN + 1])
    if not found:
        return None
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
