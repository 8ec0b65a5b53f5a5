"""The file of an edition: as it was published, gone as soon as something is withheld."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from finance.reports.editions import publish_edition
from portal.models import EditionFile, Export
from portal.withholding.erasure import erase
from portal.withholding.services import withhold
from portal.work.editions import make_edition_files
from portal.work.exports import ask_for_export, make_export
from projects.models import Project, Withholding
from tests.databases import REFUSED
from tests.factories import FundFactory, ProjectFactory, UserFactory, released, transfer
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
URL = "/fund/F1/annual-report/2020/1/"
FILE = f"{URL}as-published.xlsx"
THEN = timezone.now() - timedelta(days=9)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project():
    project = ProjectFactory(number="1", title="Water for Ansongo", fund=FundFactory(code="F1"))
    released(transfer(project, "700"), moment=THEN)
    day = timezone.localdate() - timedelta(days=1)
    publish_edition(fund=project.fund, year=2020, as_of=day)
    return project


def texts(client):
    """All texts of the file."""
    workbook = reading.sheets(client.get(FILE))
    return {cell.value for sheet in workbook for row in sheet.iter_rows() for cell in row}


def test_the_file_stays_as_it_was_whatever_is_renamed(client, project):
    assert client.get(FILE).status_code == 404
    assert "is being made" in client.get(URL).content.decode()
    assert make_edition_files() == 1
    assert make_edition_files() == 0
    Project.objects.filter(pk=project.pk).update(title="Another name")
    assert {"Water for Ansongo", 700} <= texts(client)
    page = client.get(URL).content.decode()
    content = reading.body(client.get(FILE))
    assert hashlib.sha256(content).hexdigest() in page
    assert "Another name" in page
    assert "made anew" not in page
    answer = client.get(FILE)
    assert "no-store" in answer.headers["Cache-Control"]
    reading.body(answer)


def test_what_is_withheld_takes_the_file_away_at_once_and_the_next_is_without_it(
    client, project, django_capture_on_commit_callbacks
):
    make_edition_files()
    name = EditionFile.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        withhold(kind="project-title", target_id=project.pk, reason="danger", by=UserFactory())
    assert client.get(FILE).status_code == 404
    assert not default_storage.exists(name)
    make_edition_files()
    found = texts(client)
    assert 700 in found
    assert "Water for Ansongo" not in found
    assert "made anew" in client.get(URL).content.decode()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_erasing_takes_it_away_too(client, project):
    by = UserFactory()
    withhold(kind="project-title", target_id=project.pk, reason="danger", by=by)
    make_edition_files()
    name = EditionFile.objects.get().file.name
    erase(withholding=Withholding.objects.get(), reason="law", by=by)
    assert not default_storage.exists(name)
    assert client.get(FILE).status_code == 404


def test_what_was_withdrawn_stays_so_and_no_row_goes(project):
    make_edition_files()
    made = EditionFile.objects.all()
    made.update(withdrawn_at=timezone.now())
    for change in (
        lambda: made.update(withdrawn_at=None),
        lambda: made.update(sha256="0"),
        made.delete,
    ):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            change()


def test_exports_of_staff_go_with_what_is_withheld_and_none_that_has_read_it_stays(
    project, rf, django_capture_on_commit_callbacks
):
    query = rf.get("/").GET
    ready, slow = (
        ask_for_export(owner=UserFactory(), query=query, format="csv") for _n in range(2)
    )
    name = make_export(ready).file.name
    with django_capture_on_commit_callbacks(execute=True):
        withhold(kind="project-title", target_id=project.pk, reason="danger", by=UserFactory())
    assert not default_storage.exists(name)
    assert not Export.objects.exists()
    # A worker that was in the midst of it keeps nothing.
    with pytest.raises(DatabaseError, match="did not affect any rows"):
        make_export(slow)
    assert not default_storage.exists("exports") or not default_storage.listdir("exports")[1]
