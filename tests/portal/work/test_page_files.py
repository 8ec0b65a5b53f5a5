"""PDFs and workbooks of many rows are made by the worker, once for all who ask."""

import io
import os
import time

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from portal.health.worker_seen import say_so
from portal.kit.files.later import FOLDER
from portal.models import WorkerSign
from portal.withholding.generated_files import drop_generated_files
from portal.work import page_files
from portal.work.page_files import delete_old_page_files, make_page_file
from projects.models import Fund
from tests.factories import FundFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rows_stay")]
URL = "/funds/?format=pdf"


@pytest.fixture(autouse=True)
def many(settings):
    settings.PDF_AT_ONCE = 2
    FundFactory.create_batch(3)
    # What was asked for in the tests before.
    DBTaskResult.objects.all().delete()
    WorkerSign.objects.all().delete()


def asked():
    """What the worker is asked to make."""
    made = DBTaskResult.objects.filter(task_path=make_page_file.module_path)
    return [task.args_kwargs["args"] for task in made.order_by("enqueued_at")]


def kept():
    return default_storage.listdir(FOLDER)[1]


def test_who_comes_first_asks_and_all_wait_on_a_page_that_looks_again(client):
    say_so()
    first, second = client.get(URL), Client().get(URL)
    assert [(page.status_code, page["Refresh"]) for page in (first, second)] == [(202, "5")] * 2
    assert "The file is being made" in first.text
    assert "No background worker" not in first.text
    assert first["Cache-Control"] == "no-store"
    assert len(asked()) == 1


def test_without_a_worker_the_page_says_so(client):
    assert "No background worker has run yet" in client.get(URL).text


def test_once_made_everybody_gets_it_until_something_changes(client):
    client.get(URL)
    assert make_page_file.call(*asked()[0]) == "ready"
    file = Client().get(URL)
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert "funds-" in file["Content-Disposition"]
    Fund.objects.update(name="Anew")
    assert client.get(URL).status_code == 202
    assert len(asked()) == 2


def test_what_changed_while_it_was_drawn_is_not_kept(client):
    client.get(URL)
    Fund.objects.update(name="Anew")
    assert make_page_file.call(*asked()[0]) == "changed"
    assert not default_storage.exists(FOLDER)


def test_few_rows_and_closed_pages_are_drawn_at_once(client, settings):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    UserFactory.create_batch(3)
    assert client.get("/staff/people/?format=pdf").status_code == 200
    settings.PDF_AT_ONCE = Fund.objects.count()
    assert client.get(URL).status_code == 200
    assert asked() == []


def test_a_file_that_cannot_be_drawn_is_told(client, settings):
    client.get(URL)
    settings.PDF_MAX_ROWS = 2
    with pytest.raises(page_files.NotDrawn):
        make_page_file.call(*asked()[0])
    settings.PDF_MAX_ROWS = 1500
    page = client.get(URL)
    assert "could not be made" in page.text
    assert "Refresh" not in page


def test_only_so_many_wait(client, monkeypatch):
    monkeypatch.setattr(page_files, "MOST_WAITING", 1)
    assert client.get(URL).status_code == 202
    assert client.get(f"{URL}&sort=name").status_code == 429
    assert client.get(URL).status_code == 202


def test_files_go_after_a_day_and_when_something_is_withheld(client):
    client.get(URL)
    make_page_file.call(*asked()[0])
    assert delete_old_page_files() == 0
    drop_generated_files()
    assert kept() == []
    assert client.get(URL).status_code == 202
    make_page_file.call(*asked()[-1])
    then = time.time() - 25 * 3600
    os.utime(default_storage.path(f"{FOLDER}/{kept()[0]}"), (then, then))
    assert delete_old_page_files() == 1


def test_a_large_workbook_of_a_fund_is_made_by_the_worker_too(client, monkeypatch):
    monkeypatch.setattr("portal.public.views.funds.AT_ONCE", 0)
    fund = ProjectFactory().fund
    url = f"/fund/{fund.code}/workbook.xlsx"
    page = client.get(url)
    assert page.status_code == 202
    assert f'href="/fund/{fund.code}/"' in page.text
    assert make_page_file.call(*asked()[0]) == "ready"
    file = client.get(url)
    assert file["Content-Type"].endswith("spreadsheetml.sheet")
    book = load_workbook(io.BytesIO(file.getvalue()), read_only=True)
    assert "Projects" in book.sheetnames
