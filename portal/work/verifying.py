"""Verifying everything: by command, and in the background for an administrator who asks."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from documents.verification import check_versions
from finance.models import VerifyResult
from finance.sealing.verification import Scope, verify
from portal.kit.web.priorities import LONG
from portal.models import Verification
from portal.models.project_tallies import first_wrong_tally
from portal.reporting.kept_reports import check_kept_reports
from portal.work.checkpoints import check_checkpoints
from portal.work.time_stamps import check_time_stamps
from projects.models import Office


def check_project_tallies(progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """Whether a number of projects kept is not how many there are, in words."""
    progress(_("numbers of projects"), 0, 1)
    if found := first_wrong_tally():
        facet, value = found
        yield _("The number of projects kept of %(facet)s %(value)s is not how many there are.") % {
            "facet": facet,
            "value": value,
        }


# Looked at where everything is.
_FURTHER = (
    check_versions,
    check_checkpoints,
    check_time_stamps,
    check_kept_reports,
    check_project_tallies,
)


def verify_all(progress: Callable[[str, int, int], None], expected: str = "") -> VerifyResult:
    """All that is stored: records, figures, seals, files, checkpoints, time stamps."""
    Office.current().use_currency()
    return verify(Scope(None, progress), expected=expected, more=_FURTHER)


def ask_for_verification(by: Any) -> bool:
    """Begin one in the background; False where one is under way."""
    with transaction.atomic():
        open_ones = Verification.objects.select_for_update().filter(under_way=True)
        if (one := open_ones.first()) is not None:
            if _is_worked_on(one):
                return False
            # Its worker was killed once too often, or the task failed.
            _end(one, None)
        asked, is_new = Verification.objects.get_or_create(under_way=True, defaults={"by": by})
        if is_new:
            verify_everything.enqueue(asked.pk)
        return is_new


def _is_worked_on(one: Verification) -> bool:
    tasks = DBTaskResult.objects.filter(
        task_path=verify_everything.module_path, args_kwargs__args=[one.pk]
    )
    return tasks.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)).exists()


@task(priority=-20, queue_name=LONG)
def verify_everything(pk: int) -> str:
    """Verify, and keep how far it is; may be repeated."""
    one = Verification.objects.get(pk=pk)
    if not one.under_way:
        return ""
    try:
        result = verify_all(_progress(one))
    except Exception:
        # It goes on; only the verification does not seem under way for ever.
        _end(one, None)
        raise
    _end(one, result)
    return "ok" if result.ok else "differs"


def _progress(one: Verification) -> Callable[[str, int, int], None]:
    """Writes a row only where a person would see a change."""

    def tell(what: str, done: int, count: int) -> None:
        percent = done * 100 // count if count else 0
        if (what, percent) != (one.step, one.percent):
            one.step, one.percent = what[:100], percent
            one.save(update_fields=["step", "percent"])

    return tell


def _end(one: Verification, result: VerifyResult | None) -> None:
    one.under_way, one.ended_at, one.result = None, timezone.now(), result
    one.save(update_fields=["under_way", "ended_at", "result"])
