"""What a person waits for goes first, and pages say how many jobs go before it."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from documents.tasks import read_text, scan_upload
from finance.loading.services import receive_load
from portal.health.work import place_in_queue
from portal.inbox.digest import send_digests
from portal.work.checks import check
from portal.work.mail import send_waiting
from portal.work.page_files import make_page_file
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_what_a_person_waits_for_goes_before_what_nobody_waits_for():
    for number in range(3):
        read_text.enqueue(number)
    send_digests.enqueue("2026-11-30")
    make_page_file.enqueue("/", "", "en", "key")
    check.enqueue(1)
    scan_upload.enqueue("an-upload")
    send_waiting.enqueue()
    order = [task.task_path.rsplit(".", 1)[1] for task in DBTaskResult.objects.ready()]
    assert order == [
        "send_waiting", "check", "scan_upload", "make_page_file",
        "read_text", "read_text", "read_text", "send_digests",
    ]  # fmt: skip


def test_a_page_that_waits_says_its_place(client):
    content = ContentFile(b"x")
    load = receive_load(source=SourceFactory(), kind="vouchers", content=content, name="x.csv")
    check.enqueue(-1)
    check.enqueue(load.pk)
    client.force_login(UserFactory(is_staff=True))
    answer = client.get(reverse("staff-load-progress", args=[load.pk])).json()
    # Without a worker that comes first.
    assert "worker" in answer["words"]
    assert place_in_queue(check.module_path, load.pk) == "One job goes before it."
    DBTaskResult.objects.filter(args_kwargs__args=[-1]).delete()
    assert place_in_queue(check.module_path, load.pk) == "It is the next."
    assert place_in_queue(check.module_path, 0) == ""
