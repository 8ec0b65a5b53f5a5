"""Background work: whether a worker lives, what waits for it, and what fails again and again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult

from portal.health.trouble import Check, Trouble
from portal.health.worker_seen import said_of_worker
from portal.kit import formatting
from portal.models import FailingChore

# A restart takes a minute or two; beyond it administrators are told.
MISSED_AFTER = timedelta(minutes=5)
WAITS_LONG = timedelta(minutes=30)
TIMES = 3


@dataclass(frozen=True)
class Queue:
    """What waits for a worker, is worked on, and gave up."""

    waiting: int
    running: int
    failed: int
    oldest: datetime | None

    @property
    def age(self) -> timedelta:
        """How long what waits longest has waited."""
        return timezone.now() - self.oldest if self.oldest else timedelta()


def queue() -> Queue:
    """The queue of tasks as it is."""
    tasks = DBTaskResult.objects
    due = tasks.ready().aggregate(waiting=Count("pk"), oldest=Min("enqueued_at"))
    return Queue(**due, running=tasks.running().count(), failed=tasks.failed().count())


def place_in_queue(path: str, *args: Any) -> str:
    """How many jobs go before one that waits, in words; "" where none of these waits."""
    ready = DBTaskResult.objects.ready()
    mine = ready.filter(task_path=path, args_kwargs__args=list(args)).first()
    if mine is None:
        return ""
    sooner = Q(priority__gt=mine.priority) | Q(
        priority=mine.priority, enqueued_at__lt=mine.enqueued_at
    )
    before = ready.filter(sooner).count() + DBTaskResult.objects.running().count()
    if not before:
        return _("It is the next.")
    words = ngettext("One job goes before it.", "%(count)s jobs go before it.", before)
    return words % {"count": before}


def failed_tasks() -> QuerySet[DBTaskResult]:
    """Background tasks that gave up, newest first."""
    return DBTaskResult.objects.failed().order_by("-finished_at", "-pk")


def failing_kinds() -> dict[str, int]:
    """Kinds of tasks that failed three times or more since one of their kind went well."""
    well = DBTaskResult.objects.successful().filter(task_path=OuterRef("task_path"))
    last_well = well.order_by().values("task_path").annotate(at=Max("finished_at")).values("at")
    failed = failed_tasks().order_by().annotate(last_well=Subquery(last_well))
    since = failed.filter(Q(last_well=None) | Q(finished_at__gt=Subquery(last_well)))
    counted = since.values("task_path").annotate(times=Count("pk")).filter(times__gte=TIMES)
    return dict(counted.values_list("task_path", "times"))


def note_chore(name: str, fault: str) -> None:
    """A chore was done, or failed once more."""
    if not fault:
        FailingChore.objects.filter(name=name).delete()
        return
    made, _is_new = FailingChore.objects.get_or_create(name=name)
    made.times, made.fault = made.times + 1, fault[:300]
    made.save(update_fields=["times", "fault"])


def worker_runs() -> Iterator[Trouble]:
    """A worker has given a sign of life."""
    if said := said_of_worker(MISSED_AFTER):
        yield Trouble(
            "worker", said,
            _("Start manage.py worker, and see in its log why it ended."), tell=True,
        )  # fmt: skip


def queue_moves() -> Iterator[Trouble]:
    """Nothing waits long although a worker runs."""
    found = queue()
    if found.age > WAITS_LONG and not said_of_worker():
        yield Trouble(
            "queue",
            _("%(count)s tasks wait, the oldest for %(minutes)s minutes.")
            % {"count": found.waiting, "minutes": int(found.age.total_seconds() // 60)},
            _("If this lasts, start one more worker."),
            grave=False,
        )


def jobs_succeed() -> Iterator[Trouble]:
    """No kind of work fails again and again."""
    for path, times in failing_kinds().items():
        yield Trouble(
            f"task {path}",
            _("The task %(task)s failed %(times)s times.") % {"task": path, "times": times},
            _("The worker’s log says why. Mend the cause; then do again what asked for it."),
            tell=True,
        )
    for chore in FailingChore.objects.filter(times__gte=TIMES):
        yield Trouble(
            f"chore {chore.name}",
            _("What a worker does each minute fails since %(since)s (%(chore)s): %(fault)s.")
            % {
                "since": formatting.moment(chore.since),
                "chore": chore.name,
                "fault": chore.fault,
            },
            _("Mend the cause; the worker tries again each minute."),
            tell=True,
        )


WORKER = Check("worker", gettext_lazy("Background worker"), worker_runs)
QUEUE = Check("queue", gettext_lazy("What waits for the worker"), queue_moves)
JOBS = Check("jobs", gettext_lazy("Background tasks"), jobs_succeed)
