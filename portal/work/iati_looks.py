"""Looking at our own IATI by the rules of the standard, in the background."""

import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from portal.iati.checking.looking import ERROR, WARNING, Look, look_at
from portal.iati.publishing.files import ALL, ORGANISATION
from portal.kit.web.priorities import AWAITED, LONG
from portal.models import IatiLook
from portal.work.iati_files import write_iati_files

KEPT = 10  # looks that can still be compared


def ask_for_look(by: Any) -> bool:
    """Begin one in the background; False where one is under way."""
    with transaction.atomic():
        open_ones = IatiLook.objects.select_for_update().filter(under_way=True)
        if (one := open_ones.first()) is not None:
            if _is_worked_on(one):
                return False
            # Its worker was killed once too often, or the task failed.
            _end(one, None)
        asked, is_new = IatiLook.objects.get_or_create(under_way=True, defaults={"by": by})
        if is_new:
            look_at_our_iati.enqueue(asked.pk)
        return is_new


def _is_worked_on(one: IatiLook) -> bool:
    tasks = DBTaskResult.objects.filter(
        task_path=look_at_our_iati.module_path, args_kwargs__args=[one.pk]
    )
    return tasks.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)).exists()


@task(priority=AWAITED, queue_name=LONG)
def look_at_our_iati(pk: int) -> str:
    """Write the files as they would be published now, and look at them; may be repeated."""
    one = IatiLook.objects.get(pk=pk)
    if not one.under_way:
        return ""
    try:
        look = look_at_files()
    except Exception:
        # It goes on; only the look does not seem under way for ever.
        _end(one, None)
        raise
    _end(one, look)
    return f"{one.errors} errors"


def look_at_files() -> Look:
    """What is found in the file of all activities and in that of the organisation."""
    look, today = Look(), timezone.localdate()
    with tempfile.TemporaryDirectory() as folder:
        for made in write_iati_files(Path(folder)):
            if made.name in (ALL, ORGANISATION):
                look_at(made.path, today, into=look)
    return look


def _end(one: IatiLook, look: Look | None) -> None:
    one.under_way, one.ended_at = None, timezone.now()
    if look is not None:
        one.activities, one.found = look.activities, look.as_json()
        one.errors, one.warnings = look.count(ERROR), look.count(WARNING)
    one.save()
    old = IatiLook.objects.values_list("pk", flat=True)[KEPT:]
    IatiLook.objects.filter(pk__in=list(old)).delete()
