"""Background work: checks and exports. Tasks take ids and may be repeated safely."""

from django_tasks import task

from finance.intake import LoadError
from finance.models import Load
from finance.services import check_load
from portal.models import Export
from portal.staff.export_making import make_export


@task()
def check(load_id: int) -> str:
    """Check the load; what is wrong with it is kept as its remarks."""
    load = Load.objects.get(pk=load_id)
    if load.state not in {Load.State.RECEIVED, Load.State.CHECKING}:
        return load.state
    try:
        return check_load(load).state
    except LoadError as error:
        return str(error)


@task()
def make_voucher_export(export_id: int) -> str:
    """Make the file of an export, unless it is there or was deleted meanwhile."""
    export = Export.objects.filter(pk=export_id).first()
    if export is None or export.state == Export.State.READY:
        return ""
    try:
        return make_export(export).state
    except Exception:
        Export.objects.filter(pk=export_id).update(state=Export.State.FAILED)
        raise
