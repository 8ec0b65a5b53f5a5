"""The static copy that a worker keeps: made when it is due, gone when something is withheld."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from portal.mirror.own_pages import DESCRIPTION
from portal.withholding import generated_files
from portal.withholding.services import withhold
from portal.work import mirrors
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def a_copy(folder: Path, as_of: datetime) -> None:
    """What stands for a copy as of then."""
    folder.mkdir()
    (folder / DESCRIPTION).write_text(json.dumps({"as_of": as_of.isoformat()}))


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes that were begun, none of which runs."""
    found: list[Any] = []
    monkeypatch.setattr(mirrors.subprocess, "Popen", lambda *a, **_k: found.append(a))
    return found


def test_it_is_begun_once_where_there_is_none_or_one_that_is_old(
    tmp_path: Path, settings: Any, begun: list[Any]
) -> None:
    mirrors.begin_due_mirror()
    assert begun == []
    settings.MIRROR_FOLDER = str(tmp_path / "copy")
    mirrors.begin_due_mirror()
    mirrors.begin_due_mirror()
    assert len(begun) == 1
    a_copy(tmp_path / "copy", timezone.now() - timedelta(hours=3))
    assert not mirrors.is_due(tmp_path / "copy")
    settings.MIRROR_HOURS = 2
    assert mirrors.is_due(tmp_path / "copy")


def test_withholding_takes_it_away_at_once_and_the_next_is_begun(
    tmp_path: Path, settings: Any, begun: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    folder = tmp_path / "copy"
    settings.MIRROR_FOLDER = str(folder)
    a_copy(folder, timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        _withhold()
    assert list(tmp_path.iterdir()) == []
    mirrors.begin_due_mirror()
    assert len(begun) == 1


def test_where_the_site_may_not_delete_it_the_worker_does(
    tmp_path: Path,
    settings: Any,
    begun: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    folder = tmp_path / "copy"
    settings.MIRROR_FOLDER = str(folder)
    a_copy(folder, timezone.now() - timedelta(minutes=1))

    def refuse(_folder: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(generated_files, "take_away", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            _withhold()
    assert folder.is_dir()
    mirrors.begin_due_mirror()
    assert list(tmp_path.iterdir()) == []
    assert len(begun) == 1


def _withhold() -> None:
    project, by = ProjectFactory(), UserFactory(is_staff=True)
    withhold(kind="project", target_id=project.pk, reason="Danger.", by=by)


def test_the_page_of_data_says_where_it_is_if_the_office_publishes_one(
    client: Any, settings: Any
) -> None:
    assert b'id="copy"' not in client.get("/data/").content
    settings.MIRROR_URL = "https://copy.example.org/"
    assert b'href="https://copy.example.org/"' in client.get("/data/").content
