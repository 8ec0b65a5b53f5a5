"""Reports that somebody still has to send, for the projects of the gateway."""

from collections.abc import Iterable

from portal.models import OPEN, ReportDue
from portal.reporting.due_reports import reports_due, shown

SHOWN = 20


def open_reports(projects: Iterable[int]) -> list[ReportDue]:
    """The soonest of them, those overdue first."""
    reports = shown(reports_due(projects=projects)).filter(state__in=OPEN)
    return list(reports.order_by("due_on", "pk")[:SHOWN])
