"""Background work: checks and releases of loads. Tasks take ids and may be repeated safely."""

from django_tasks import task

from finance.intake import LoadError
from finance.models import Load
from finance.services import check_load


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
