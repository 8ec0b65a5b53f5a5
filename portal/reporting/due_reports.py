"""Reading reports due: of all projects or of some, as known on any day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.kit.dates import TODAY, Known
from portal.kit.function_table import called
from portal.models import OPEN, OVERDUE, ReportDue, ReportsAnew, ReportsOf, ReportState
from projects.models import Project

# Reports of more projects than these are worked out on their own page only.
AT_A_GLANCE = 1000


def reports_due(
    known: Known = TODAY,
    projects: Iterable[int] | None = None,
    waiting: Iterable[int] | None = None,
) -> QuerySet[ReportDue]:
    """Reports due, as known then; `projects` (their ids) narrows what is computed at all.

    Those of today are read as they were worked out last, but for projects of which something has
    changed since: `waiting` are these, where they have been read.
    """
    ids = None if projects is None else list(projects)
    day, among = ("date", known.day), ("bigint[]", ids)
    if known.as_of is not None:
        return called(ReportDue, ("timestamptz", known.as_of), day, among)
    if waiting is None:
        found = to_work_out(known.day, ids)
        waiting = found.values_list("project", flat=True)[: AT_A_GLANCE + 1]
    anew = list(waiting if ids is None else {*waiting}.intersection(ids))
    if not anew:
        return called(ReportDue, day, among, name="portal_reports_kept")
    if len(anew) > AT_A_GLANCE or (ids is not None and len(anew) == len(ids)):
        return called(ReportDue, ("timestamptz", None), day, among)
    return called(ReportDue, day, among, ("bigint[]", anew), name="portal_reports_today")


def to_work_out(day: date, projects: Iterable[int] | None = None) -> QuerySet[ReportsOf]:
    """The projects whose reports of that day have to be worked out."""
    old = ReportsOf.objects.filter(Q(day__lt=day) | Q(day__gt=day)).values("pk")
    found = ReportsOf.objects.filter(pk__in=old.union(ReportsAnew.objects.values("project")))
    return found if projects is None else found.filter(project__in=projects)


def waiting_at_a_glance(known: Known, projects: QuerySet) -> list[int] | None:
    """The projects whose reports have to be worked out, others than `projects` among them; None
    where they are so many that a page had better not. `projects` gives ids."""
    if known.as_of is not None:
        return None if len(projects.order_by()[: AT_A_GLANCE + 1]) > AT_A_GLANCE else []
    waiting = to_work_out(known.day).values_list("project", flat=True)
    for asked in (waiting, waiting.filter(project__in=projects)):
        found = list(asked[: AT_A_GLANCE + 1])
        if len(found) <= AT_A_GLANCE:
            return found
    return None


def shown(reports: QuerySet) -> QuerySet:
    """With the names that a list shows; those of withheld projects are left out."""
    related = ("project", "organization", "fund", "load", "document", "stated_by")
    return reports.filter(project__withheld_on__isnull=True).select_related(*related)


def project_reports(
    project: Project, known: Known = TODAY, waiting: Iterable[int] | None = None
) -> list[Any]:
    """The reports of one project; `waiting` as above."""
    return list(shown(reports_due(known, [project.pk], waiting)))


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
