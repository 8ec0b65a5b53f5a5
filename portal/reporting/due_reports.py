"""Reading reports due: of all projects or of some, as known on any day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.kit.dates import TODAY, Known
from portal.kit.function_table import called
from portal.kit.together import Shaped
from portal.models import OPEN, OVERDUE, ReportDue, ReportsAnew, ReportsOf, ReportState
from portal.reporting.tallies import told
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
        return _as_kept(known.day, ids)
    if len(anew) > AT_A_GLANCE or (ids is not None and len(anew) == len(ids)):
        return called(ReportDue, ("timestamptz", None), day, among)
    return called(ReportDue, day, among, ("bigint[]", anew), name="portal_reports_today")


def _as_kept(day: date, projects: list[int] | None) -> QuerySet[ReportDue]:
    """As they were worked out last."""
    return called(ReportDue, ("date", day), ("bigint[]", projects), name="portal_reports_kept")


def to_work_out(day: date, projects: Iterable[int] | None = None) -> QuerySet[ReportsOf]:
    """The projects whose reports of that day have to be worked out."""
    old = ReportsOf.objects.filter(Q(day__lt=day) | Q(day__gt=day)).values("pk")
    found = ReportsOf.objects.filter(pk__in=old.union(ReportsAnew.objects.values("project")))
    return found if projects is None else found.filter(project__in=projects)


_WAITING = Shaped(lambda day: to_work_out(day).values_list("project", flat=True)[: AT_A_GLANCE + 1])


def all_waiting(known: Known) -> list[int] | None:
    """All projects whose reports of today have to be worked out; None where they are too many to
    be worked out at a glance, or where it is not of today."""
    if known.as_of is not None:
        return None
    found = list(_WAITING.of(day=known.day))
    return None if len(found) > AT_A_GLANCE else found


def waiting_at_a_glance(known: Known, projects: QuerySet) -> list[int] | None:
    """The projects whose reports have to be worked out, others than `projects` among them; None
    where they are so many that a page had better not. `projects` gives ids."""
    if known.as_of is not None:
        return None if len(projects.order_by()[: AT_A_GLANCE + 1]) > AT_A_GLANCE else []
    if (waiting := all_waiting(known)) is not None:
        return waiting
    among = to_work_out(known.day).values_list("project", flat=True).filter(project__in=projects)
    found = list(among[: AT_A_GLANCE + 1])
    return found if len(found) <= AT_A_GLANCE else None


RELATED = ("project", "organization", "fund", "load", "document", "stated_by")


def shown(reports: QuerySet, *related: str) -> QuerySet:
    """With the names that a list shows (`related`: only these); those of withheld projects are
    left out."""
    named = reports.select_related(*(related or RELATED))
    return named.filter(project__withheld_on__isnull=True)


_OF_PROJECT = ("organization", "load", "document", "stated_by")
_KEPT = Shaped(lambda project, day: shown(_as_kept(day, [project]), *_OF_PROJECT))


def project_reports(
    project: Project, known: Known = TODAY, waiting: Iterable[int] | None = None
) -> list[Any]:
    """The reports of one project; `waiting` as above."""
    if known.as_of is None and waiting is not None and project.pk not in waiting:
        found = list(_KEPT.of(project=project.pk, day=known.day))
    else:
        found = list(shown(reports_due(known, [project.pk], waiting), *_OF_PROJECT))
    for report in found:
        report.project, report.fund = project, project.fund
    return found


def record_of(reports: QuerySet) -> dict[str, Any]:
    """How punctual reports were, in one query: counts by state, and of those in time.

    Reports that are exempt or not due yet count for no share.
    """
    counts = reports.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in ReportState},
        in_time=Count("pk", filter=Q(state=ReportState.RECEIVED, days_late=0)),
    )
    return _record(counts)


def record_told(known: Known, waiting: Sequence[int], **whose: int) -> dict[str, Any]:
    """The same of all reports of today that may be shown, or of those of a `fund` or of an
    `organization`: as they are tallied. `waiting` are `all_waiting`."""
    found = told(known.day, waiting, **whose)
    counts = {
        state.value: sum(count for (of, _in_time), count in found.items() if of == state)
        for state in ReportState
    }
    return _record({**counts, "in_time": found[ReportState.RECEIVED.value, True]})


def _record(counts: dict[str, int]) -> dict[str, Any]:
    called = counts["received"] + sum(counts[state] for state in OVERDUE)
    share = 100 * counts["in_time"] / called if called else None
    return {**counts, "called": called, "share": share, "open": sum(counts[s] for s in OPEN)}
