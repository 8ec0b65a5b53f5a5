"""`manage.py worker`: background work that survives a killed worker.

django-tasks-db leaves a task RUNNING for ever when its worker is killed. So a running task
holds a session advisory lock; each worker, at its start and every minute, puts RUNNING tasks
whose lock is free back to READY, three times, and then marks them FAILED. It also deletes
the exports whose day is over, keeps the reports due of the day and begins its reminders, mails
those who follow something what is new, tells the administrators what is wrong, tries again the mail
that could not be sent, makes the files of editions, the package of all data and our IATI, begins
the copy of the site, signs seals, and cleans up uploads: scans what waits for the virus scanner,
deletes what nobody finished.
"""

import logging
import os
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult
from structlog.contextvars import bound_contextvars

from documents import scanner
from documents.cleanup import clean_up
from documents.tasks import read_what_is_unread
from portal.about.feedback import mail_waiting_feedback
from portal.following.digests import send_digests
from portal.health.work import note_chore
from portal.health.worker_seen import SECONDS, say_so
from portal.inbox.at_once import tell_at_once
from portal.inbox.digest import begin_digest
from portal.models.project_tallies import fold_tallies
from portal.reporting.kept_reports import keep_reports
from portal.reporting.reminders import begin_batch
from portal.work.checkpoints import sign_due_checkpoint
from portal.work.editions import make_edition_files
from portal.work.exports import delete_expired_exports
from portal.work.iati_files import make_due_iati_files
from portal.work.mail import send_due
from portal.work.mirrors import begin_due_mirror
from portal.work.packages import make_due_package
from portal.work.page_files import delete_old_page_files
from portal.work.recovery import recover_tasks, retry_after_outage, task_lock
from portal.work.telling import tell_administrators
from portal.work.time_stamps import ask_due_time_stamps

log = logging.getLogger(__name__)
# Each minute, and each whatever becomes of the others.
CHORES: tuple[Callable[[], Any], ...] = (
    recover_tasks,
    delete_expired_exports,
    delete_old_page_files,
    keep_reports,
    fold_tallies,
    begin_batch,
    tell_administrators,
    send_digests,
    begin_digest,
    tell_at_once,
    send_due,
    mail_waiting_feedback,
    clean_up,
    # What may take long comes after all that somebody waits for.
    make_edition_files,
    sign_due_checkpoint,
    ask_due_time_stamps,
    make_due_package,
    make_due_iati_files,
    begin_due_mirror,
    read_what_is_unread,
)


class Worker(db_worker.Worker):
    """A worker whose tasks can be seen to be alive."""

    def run(self) -> None:
        """Look for abandoned tasks beside the work and say that it runs, until the process ends."""
        say_so()
        recover_tasks()
        scanner.examine_if_any()
        stop = threading.Event()
        for beside in (_recover_until, _say_so_until):
            threading.Thread(target=beside, args=(stop,), daemon=True).start()
        try:
            super().run()
        finally:
            stop.set()

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run the task under its lock, which the server frees should this process die."""
        with bound_contextvars(task=str(db_task_result.id)), task_lock(db_task_result):
            super().run_task(db_task_result)
        retry_after_outage(db_task_result)


def _recover_until(stop: threading.Event) -> None:
    while not stop.wait(settings.TASK_RECOVERY_SECONDS):
        close_old_connections()
        do_chores()
        connection.close()


def _say_so_until(stop: threading.Event) -> None:
    """Apart from the chores, of which one may take long."""
    while not stop.wait(SECONDS):
        close_old_connections()
        try:
            say_so()
        except Error:
            log.warning("The database is away")
        connection.close()


def do_chores() -> None:
    """All of them; storage may be away for one, and the next minute tells."""
    for chore in CHORES:
        try:
            chore()
        except Exception as error:
            # Whatever fails of one chore, the others are done and the worker goes on.
            log.exception("%s failed", chore.__name__)
            _note(chore.__name__, f"{type(error).__name__}: {error}")
        else:
            _note(chore.__name__, "")


def _note(chore: str, fault: str) -> None:
    """Keep that a chore failed, and how often in a row, or forget that it did."""
    try:
        note_chore(chore, fault)
    except Error:
        log.warning("The database is away")


class Command(db_worker.Command):
    """The worker of django-tasks-db, with the recovery of abandoned tasks."""

    help = "Run background work; tasks of a killed worker are taken up again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Those of the library; without a queue named, one worker does everything."""
        super().add_arguments(parser)
        parser.set_defaults(queue_name="*")

    def handle(self, **options: Any) -> None:
        """Start it with our worker in the place of the library's."""
        db_worker.Worker = Worker  # type: ignore[misc]
        options["reload"] = bool(os.environ.get("WORKER_RELOAD"))
        super().handle(**options)
