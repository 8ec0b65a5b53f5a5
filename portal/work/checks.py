"""Background work: checks and exports. Tasks take ids and may be repeated safely."""

from datetime import timedelta

from django.utils import timezone, translation
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from finance.errors import LoadError
from finance.loading.services import check_load
from finance.models import Load
from portal.iati.in_steps import check_in_steps, release_in_steps
from portal.kit.web.languages import language_for
from portal.kit.web.priorities import AWAITED, LONG
from portal.models import Export
from portal.work.exports import make_export
from projects.models import Office, User


@task(priority=AWAITED)
def check(load_id: int) -> str:
    """Check the load; what is wrong with it is kept as its remarks."""
    Office.current().use_currency()
    load = Load.objects.get(pk=load_id)
    if load.state not in {Load.State.RECEIVED, Load.State.CHECKING}:
        return load.state
    try:
        with translation.override(language_for(load.received_by, Office.current())):
            return (check_in_steps if load.kind == Load.Kind.IATI else check_load)(load).state
    except LoadError as error:
        return str(error)


@task(priority=AWAITED, queue_name=LONG)
def release_iati(load_id: int, user_id: int, seen: str) -> str:
    """Release a file of IATI, which takes longer than a page may; why it was not stays with it."""
    Office.current().use_currency()
    load = Load.objects.get(pk=load_id)
    if load.state != Load.State.CHECKED:
        return load.state
    by = User.objects.get(pk=user_id)
    try:
        with translation.override(language_for(by, Office.current())):
            return release_in_steps(load, by=by, seen=seen).state
    except LoadError as error:
        report = load.report | {"not_released": str(error)}
        Load.objects.filter(pk=load_id, state=Load.State.CHECKED).update(report=report)
        return str(error)


def is_being_released(load: Load) -> bool:
    """Whether the release of a file of IATI waits or is under way."""
    waiting = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    tasks = DBTaskResult.objects.filter(task_path=release_iati.module_path, status__in=waiting)
    return tasks.filter(args_kwargs__args__0=load.pk).exists()


def waits_in_vain(load: Load) -> bool:
    """Whether the load waits for a check that no worker will begin or end by itself.

    `manage.py load` checks in its own process: a check without a task has an hour.
    """
    if not load.waits_for_check:
        return False
    checks = DBTaskResult.objects.filter(
        task_path=check.module_path, args_kwargs__args=[load.pk]
    ).values_list("status", flat=True)
    states = set(checks)
    if states & {TaskResultStatus.READY, TaskResultStatus.RUNNING}:
        return False
    in_time = load.received_at > timezone.now() - timedelta(hours=1)
    return bool(states) or load.state == Load.State.RECEIVED or not in_time


@task(priority=AWAITED, queue_name=LONG)
def make_voucher_export(export_id: int) -> str:
    """Make the file of an export, unless it is there or was deleted meanwhile."""
    export = Export.objects.filter(pk=export_id).first()
    if export is None or export.state == Export.State.READY:
        return ""
    try:
        Office.current().use_currency()
        return make_export(export).state
    except Exception:
        # It goes on, whatever it was; only the export does not seem under way for ever.
        Export.objects.filter(pk=export_id).update(state=Export.State.FAILED)
        raise
