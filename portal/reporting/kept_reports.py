"""Reports due of today, worked out once and kept: by the worker, a few hundred projects at a time.

What they rest on is told by triggers (portal/sql/reports_kept.sql), which mark each project that
changes. The worker takes away the marks that it sees and only then works the projects out: a change
that is not committed yet leaves its mark for the next time. It holds the rows of `ReportsOf`
meanwhile, so that two workers never do the same and a change of rules comes after it.
"""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.kit.dates import TODAY
from portal.kit.function_table import called
from portal.models import ReportDue, ReportKept, ReportsAnew, ReportsOf
from portal.reporting.due_reports import to_work_out
from portal.reporting.tallies import check_tallies, counted, move

BATCH = 500
_COLUMNS = [str(field.column) for field in ReportKept._meta.concrete_fields]
# Only names of our own columns and tables are put together here.
_INSERT = (
    f"INSERT INTO portal_reportkept ({', '.join(_COLUMNS)}) SELECT {', '.join(_COLUMNS)}"  # noqa: S608
    " FROM portal_reports_due(NULL, %s, %s)"
)


def keep_reports() -> int:
    """Work out those of all projects of which something has changed, or the day; returns how many
    projects that were."""
    count = 0
    while done := _keep_some():
        count += done
    return count


def _keep_some() -> int:
    day = TODAY.day
    with transaction.atomic():
        waiting = to_work_out(day).order_by("pk").select_for_update(skip_locked=True)
        ids = list(waiting.values_list("pk", flat=True)[:BATCH])
        if ids:
            ReportsAnew.objects.filter(project__in=ids).delete()
            before = counted(ids)
            ReportKept.objects.filter(project__in=ids).delete()
            with connection.cursor() as cursor:
                cursor.execute(_INSERT, [day, ids])
            move(before, counted(ids))
            ReportsOf.objects.filter(pk__in=ids).update(day=day)
    return len(ids)


def check_kept_reports(progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """Each project of which a report kept is not what it is when worked out again, in words."""
    day = TODAY.day
    kept_ids = list(_kept(day).values_list("pk", flat=True))
    for start in range(0, len(kept_ids), BATCH):
        progress(_("reports due"), start, len(kept_ids))
        ids = kept_ids[start : start + BATCH]
        kept = set(ReportKept.objects.filter(project__in=ids).values_list(*_COLUMNS))
        fresh = called(ReportDue, ("timestamptz", None), ("date", day), ("bigint[]", ids))
        place = _COLUMNS.index("project_id")
        wrong = {row[place] for row in kept ^ set(fresh.values_list(*_COLUMNS))}
        # What has changed since the list was made is worked out again by itself.
        still = _kept(day).filter(pk__in=wrong).select_related("project")
        for one in still.order_by("pk"):
            yield _("The reports kept for project %(number)s are not those that are due.") % {
                "number": one.project.number
            }
    yield from check_tallies()


def _kept(day: date) -> QuerySet[ReportsOf]:
    return ReportsOf.objects.exclude(pk__in=to_work_out(day).values("pk"))
