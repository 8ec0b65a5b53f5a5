"""A scanner that passes what it did not look into is not believed; real clamds of each kind."""

import gzip
import random

import pytest
from django.core.cache import cache
from django.urls import reverse

from documents import scanner
from documents.cleanup import clean_up, scan_waiting
from documents.models import Document
from tests.documents.conftest import clamd_running
from tests.documents.files import docx, pdf
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _nothing_known(db):
    cache.clear()


@pytest.fixture
def submitted(take, submit):
    """A completed upload that waits for the scanner."""

    def complete(content=None, name="report.pdf"):
        return submit(take(content or pdf(), name))

    return complete


def test_the_file_that_tries_the_scanner_is_tiny_and_packed_deep():
    data = scanner.nested()
    assert len(data) < 3000
    for _ in range(scanner.DEPTH):
        data = gzip.decompress(data)
    assert data == b"nothing"


def test_a_scanner_set_as_the_readme_tells_is_believed(scanned, submitted):
    assert scanner.fault() == ""
    upload = submitted()
    assert scan_waiting() == 1
    upload.refresh_from_db()
    assert upload.state == "done"
    assert scanner.said_of_fault() == ""


def test_a_scanner_that_passes_what_it_skipped_lets_nothing_through(
    silent_clamd, settings, submitted, client
):
    settings.CLAMD_ADDRESS, settings.DOCUMENT_MAX_MB = silent_clamd, 2
    upload = submitted()
    clean_up()
    upload.refresh_from_db()
    assert (upload.state, upload.scanned_at) == ("waiting", None)
    assert not Document.objects.exists()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("staff")).content.decode()
    assert "not to be believed" in page and "AlertExceedsMax yes" in page


def test_once_it_is_set_right_what_waited_goes_on(
    silent_clamd, clamd, settings, submitted, monkeypatch
):
    settings.CLAMD_ADDRESS, settings.DOCUMENT_MAX_MB = silent_clamd, 2
    upload = submitted()
    clean_up()
    # As if the same address had been set right: what was found wrong is soon tried again.
    monkeypatch.setattr(scanner, "_key", lambda: "scanner-same")
    assert scanner.fault() == "silent"
    settings.CLAMD_ADDRESS = clamd
    assert scanner.fault() == "silent"
    monkeypatch.setattr(scanner, "AGAIN", 0)
    clean_up()
    upload.refresh_from_db()
    assert upload.state == "done"


def test_a_scanner_with_limits_below_ours_is_not_believed(settings, tmp_path, submitted):
    with clamd_running(tmp_path, limit="1M") as address:
        settings.CLAMD_ADDRESS, settings.DOCUMENT_MAX_MB = address, 2
        upload = submitted()
        assert scan_waiting() == 0
        assert scanner.fault() == "small"
        assert "StreamMaxLength" in scanner.said_of_fault() and "2 MB" in scanner.said_of_fault()
        upload.refresh_from_db()
        assert upload.state == "waiting"


def test_a_scanner_that_is_away_is_said_to_be(settings, tmp_path):
    settings.CLAMD_ADDRESS = str(tmp_path / "nobody")
    assert scanner.fault() == "away"
    assert "CLAMD_ADDRESS" in scanner.said_of_fault()


def test_it_is_tried_once_an_hour_and_not_for_each_file(scanned, submitted, monkeypatch):
    assert scanner.fault() == ""
    monkeypatch.setattr(scanner, "_examined", lambda: pytest.fail("tried again"))
    submitted()
    assert scan_waiting() == 1
    monkeypatch.setattr(scanner, "BELIEVED", 0)
    monkeypatch.setattr(scanner, "_examined", lambda: "silent")
    assert scanner.fault() == "silent"


def _noise(size):
    return random.Random(1).randbytes(size)  # noqa: S311


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(docx("x", **{"word/b.bin": _noise(5 << 20)}), id="too large"),
        # Of this clamd says “OK” even with its alerts on.
        pytest.param(docx("x", **{"word/b.bin": bytes(3 << 20)}), id="unpacks to more"),
        pytest.param(
            docx("x", **{f"word/b{n}.bin": _noise(1 << 18) for n in range(9)}), id="many parts"
        ),
    ],
)
def test_what_it_cannot_look_into_is_refused_with_what_to_do(content, scanned, submitted, settings):
    assert scanner.fault() == ""
    settings.DOCUMENT_MAX_MB = 100
    upload = submitted(content, "r.docx")
    settings.DOCUMENT_MAX_MB = 2
    scan_waiting()
    upload.refresh_from_db()
    assert (upload.state, upload.refusal) == ("refused", "unscannable")
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not Document.objects.exists()


def test_packed_too_deep_is_refused(scanned, submitted, settings):
    part = scanner.nested()
    upload = submitted(docx("x", **{"word/media/image1.bin": part}), "r.docx")
    scan_waiting()
    upload.refresh_from_db()
    assert upload.refusal == "unscannable"
    assert "MaxRecursion" in upload.detail
