"""Tasks whose worker died: found by the lock that a living one holds, and taken up again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

ATTEMPTS = 3
# What a lost connection raises, and a deadlock: nothing is wrong with the task itself.
_OUTAGES = ("django.db.utils.OperationalError", "django.db.utils.InterfaceError")
# Tasks and releases take their advisory locks from different ranges.
LOCK_SPACE = 7_010_002


@contextmanager
def task_lock(task: DBTaskResult) -> Iterator[None]:
    """Hold the session lock that says this task is being worked on."""
    key = lock_key(task)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, key])
    try:
        yield
    finally:
        # A lost connection has freed it already.
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, key])


def lock_key(task: DBTaskResult) -> int:
    """A 31-bit number of the task."""
    return task.id.int % 2**31


def recover_tasks() -> int:
    """Put abandoned tasks back to READY, or to FAILED after three; returns how many."""
    recovered = 0
    # Between a worker's claim of a task and its lock lies a moment.
    claimed = timezone.now() - timedelta(seconds=settings.TASK_GRACE_SECONDS)
    for task in DBTaskResult.objects.running().filter(started_at__lt=claimed):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, lock_key(task)])
            if not cursor.fetchone()[0]:
                continue
            recovered += _put_back(task)
    return recovered


def retry_after_outage(task: DBTaskResult) -> int:
    """Put a task back to READY that failed for want of the database, unless thrice."""
    lost = task.exception_class_path in _OUTAGES
    if task.status != TaskResultStatus.FAILED or not lost or len(task.worker_ids) >= ATTEMPTS:
        return 0
    failed = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.FAILED)
    return failed.update(
        status=TaskResultStatus.READY,
        started_at=None,
        finished_at=None,
        exception_class_path="",
        traceback="",
    )


def _put_back(task: DBTaskResult) -> int:
    attempts = len(task.worker_ids)
    rows = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
    if attempts >= ATTEMPTS:
        return rows.update(
            status=TaskResultStatus.FAILED,
            finished_at=F("started_at"),
            traceback=f"Abandoned by {attempts} workers in turn, which were killed.",
        )
    return rows.update(status=TaskResultStatus.READY, started_at=None)
