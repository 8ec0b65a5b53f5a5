"""What may take minutes has a queue of its own, which a worker can be kept from."""

import os

import pytest
from django.db import connections
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from finance.sealing.verification import verify_recent
from portal.work.mail import send_waiting
from tests.conftest import use_database
from tests.databases import database
from tests.portal.work.crash_site import CrashSite
from tests.waiting import PATIENCE


@pytest.fixture
def site(django_db_setup, django_db_blocker, tmp_path):
    base, name = connections["owner"].settings_dict["NAME"], f"test_queues_{os.getpid()}"
    with django_db_blocker.unblock(), database(name):
        use_database(name)
        site = CrashSite(name, tmp_path)
        yield site
        site.close()
        use_database(base)


def done():
    """What was done of the two."""
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    return {path.rpartition(".")[2] for path in tasks.values_list("task_path", flat=True)}


def test_a_worker_for_what_is_quick_leaves_what_is_long_to_others(site):
    verify_recent.enqueue()
    send_waiting.enqueue()
    worker = ("manage.py", "worker", "--batch", "--no-startup-delay")
    assert site.start(*worker, "--queue-name=default").wait(PATIENCE) == 0
    assert done() == {"send_waiting"}
    assert site.start(*worker).wait(PATIENCE) == 0
    assert done() == {"send_waiting", "verify_recent"}
