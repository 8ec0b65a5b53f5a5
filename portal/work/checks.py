"""Background work: checks and exports. Tasks take ids and may be repeated safely."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from finance.errors import LoadError
from finance.loading.services import check_load
from finance.models import Load
from portal.models import Export
from portal.work.exports import make_export
from projects.models import Office


@task()
def check(load_id: int) -> str:
    """Check the load; what is wrong with it is kept as its remarks."""
    Office.current().use_currency()
    load = Load.objects.get(pk=load_id)
    if load.state not in {Load.State.RECEIVED, Load.State.CHECKING}:
        return load.state
    try:
        return check_load(load).state
    except LoadError as error:
        return str(error)


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


@task()
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
