"""A disk without room is told of, in place of an error that nobody understands."""

import tempfile
from functools import partial
from pathlib import Path

import pytest
from django.urls import reverse

from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_disk(monkeypatch):
    """Temporary files go to a device that has no room."""
    monkeypatch.setattr(tempfile, "TemporaryFile", partial(Path("/dev/full").open, "w+b"))


# openpyxl leaves its half-written archive to be collected, which then cannot be closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_asks_for_an_excel_file_is_told_what_needs_no_room(client, full_disk):
    ProjectFactory()
    answer = client.get(reverse("project-list"), {"format": "xlsx"})
    assert answer.status_code == 507
    text = answer.content.decode()
    assert "There is no room left to make this" in text
    assert "CSV or JSON" in text


def test_other_formats_need_no_room(client, full_disk):
    project = ProjectFactory()
    answer = client.get(reverse("project-list"), {"format": "csv"})
    assert project.number in b"".join(answer.streaming_content).decode()
