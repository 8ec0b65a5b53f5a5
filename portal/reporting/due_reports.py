"""Reading reports due: of all projects or of some, as known on any day."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.kit.dates import TODAY, Known
from portal.kit.function_table import called
from portal.models import OPEN, OVERDUE, ReportDue, ReportState
from projects.models import Project

# Reports of more projects than these are worked out on their own page only.
AT_A_GLANCE = 1000


def reports_due(known: Known = TODAY, projects: Iterable[int] | None = None) -> QuerySet[ReportDue]:
    """Reports due, as known then; `projects` (their ids) narrows what is computed
    at all.
    """
    ids = None if projects is None else list(projects)
    return called(ReportDue, ("timestamptz", known.as_of), ("date", known.day), ("bigint[]", ids))


def shown(reports: QuerySet) -> QuerySet:
    """With the names that a list shows; those of withheld projects are left out."""
    related = ("project", "organization", "fund", "load", "document", "stated_by")
    return reports.filter(project__withheld_on__isnull=True).select_related(*related)


def project_reports(project: Project, known: Known = TODAY) -> list[Any]:
    """The reports of one project."""
    return list(shown(reports_due(known, [project.pk])))


def record_of(reports: QuerySet) -> dict[str, Any]:
    """How punctual reports were, in one query: counts by state, and of those in time.

    Reports that are exempt or not due yet count for no share.
    """
    counts = reports.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in ReportState},
        in_time=Count("pk", filter=Q(state=ReportState.RECEIVED, days_late=0)),
    )
    called = counts["received"] + sum(counts[state] for state in OVERDUE)
    share = 100 * counts["in_time"] / called if called else None
    return {**counts, "called": called, "share": share, "open": sum(counts[s] for s in OPEN)}
