"""Files come in whole or not at all: cut lines, full disks, crashes, and storage elsewhere."""

import hashlib
import os
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from documents import intake, review, services
from documents.access import grant_access, withdraw_access
from documents.cleanup import CRASHED, DRAFTS, UNFINISHED, clean_up
from documents.files.refused import Refused
from documents.models import (
    Document,
    DocumentEvent,
    DocumentVersion,
    Download,
    FundRule,
    Upload,
)
from documents.models.uploads import PART_SIZE
from documents.refusals import warning_texts
from documents.verification import check_versions
from tests.databases import REFUSED
from tests.documents.files import docx, pdf, pdf_with
from tests.factories import ProjectFactory, UserFactory


@pytest.fixture
def local_files(settings):
    """The files that lie in storage now."""
    return lambda: sorted(
        str(p.relative_to(settings.MEDIA_ROOT))
        for p in settings.MEDIA_ROOT.rglob("*")
        if p.is_file()
    )


@pytest.fixture(params=["local", "s3"])
def storage(request):
    """Files on this disk, and on a real server that speaks S3."""
    if request.param == "s3":
        request.getfixturevalue("bucket")
    return request.param


def _parts(content):
    return [content[at : at + PART_SIZE] for at in range(0, len(content), PART_SIZE)]


def _large_docx(size):
    import random

    noise = random.Random(2).randbytes(size)  # noqa: S311
    return docx("The large report of the project.", **{"word/media/noise.bin": noise})


def test_a_file_in_parts_arrives_on_disk_and_on_s3(storage, keeper, project, submit):
    content = _large_docx(3 * PART_SIZE)
    upload = intake.begin_upload(by=keeper, of=project, file_name="r.docx", size=len(content))
    parts = _parts(content)
    # In any order, one of them twice, as after a broken line.
    for number in [3, 0, 2, 0, 1]:
        intake.keep_part(upload=upload, number=number, content=parts[number])
    intake.finish_parts(upload=upload)
    assert upload.state == "draft"
    submit(upload)
    version = DocumentVersion.objects.get()
    with version.file.open("rb") as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == version.sha256
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert not default_storage.exists(upload.part_name(0))
    assert not list(check_versions(lambda *_: None))


def test_a_part_of_the_wrong_size_or_place_is_not_kept(keeper, project, local_files):
    upload = intake.begin_upload(by=keeper, of=project, file_name="r.pdf", size=PART_SIZE + 5)
    for number, content in [(0, b"short"), (1, b"123456"), (2, b"12345"), (-1, b"")]:
        with pytest.raises(Refused):
            intake.keep_part(upload=upload, number=number, content=content)
    with pytest.raises(Refused, match="missing-part"):
        intake.finish_parts(upload=upload)
    assert local_files() == []


def test_what_is_too_large_is_refused_before_it_is_sent(keeper, project, settings):
    settings.DOCUMENT_MAX_MB = 1
    with pytest.raises(Refused, match="too-large"):
        intake.begin_upload(by=keeper, of=project, file_name="r.pdf", size=(1 << 20) + 1)
    with pytest.raises(Refused, match="empty"):
        intake.begin_upload(by=keeper, of=project, file_name="r.pdf", size=0)


def test_a_full_disk_leaves_neither_row_nor_file(keeper, project, monkeypatch, local_files, submit):
    content = pdf()
    save = FileSystemStorage._save

    def full(self, name, file):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    upload = intake.begin_upload(by=keeper, of=project, file_name="r.pdf", size=len(content))
    with pytest.raises(OSError, match="No space"):
        intake.take_whole(upload=upload, content=SimpleUploadedFile("r.pdf", content))
    upload.refresh_from_db()
    assert (upload.state, upload.stored_name, local_files()) == ("receiving", "", [])
    # The same upload goes on once there is room.
    monkeypatch.setattr(FileSystemStorage, "_save", save)
    intake.take_whole(upload=upload, content=SimpleUploadedFile("r.pdf", content))
    submit(upload)
    assert Document.objects.get().versions.count() == 1


def test_a_crash_between_file_and_row_leaves_no_orphan(take, local_files, monkeypatch):
    # The process dies after the file was written: the row still says that it is being checked.
    upload = take(pdf())
    Upload.objects.update(state="checking", touched_at=timezone.now() - 2 * CRASHED)
    assert len(local_files()) == 1
    clean_up()
    upload.refresh_from_db()
    assert (upload.state, upload.stored_name, local_files()) == ("receiving", "", [])


def test_what_nobody_finishes_goes_with_its_files(keeper, project, take, local_files):
    take(pdf())
    parts = intake.begin_upload(by=keeper, of=project, file_name="r.pdf", size=5)
    intake.keep_part(upload=parts, number=0, content=b"12345")
    assert len(local_files()) == 2
    clean_up()
    assert len(local_files()) == 2
    Upload.objects.update(touched_at=timezone.now() - UNFINISHED - timedelta(hours=1))
    clean_up()
    assert len(local_files()) == 1
    Upload.objects.update(touched_at=timezone.now() - DRAFTS - timedelta(hours=1))
    clean_up()
    assert local_files() == [] and not Upload.objects.exists()


def test_a_failed_admission_leaves_the_draft(take, submit, monkeypatch, local_files):
    upload = take(pdf())

    def fail(*_args, **_options):
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "note", fail)
    with pytest.raises(RuntimeError):
        submit(upload)
    upload.refresh_from_db()
    assert upload.state == "draft" and len(local_files()) == 1
    assert not Document.objects.exists()


def test_the_same_file_in_the_same_project_is_pointed_out(take, submit):
    first = submit(take(pdf()))
    again, elsewhere = take(pdf()), take(pdf(), of=ProjectFactory())
    assert again.warnings["same"] == [first.version.document_id]
    assert "same" not in elsewhere.warnings
    same_version = take(pdf(), of=first.version.document)
    assert same_version.refusal == "same-version"


def test_a_new_version_replaces_and_the_old_one_stays(take, submit):
    document = submit(take(pdf())).version.document
    submit(take(pdf("Second edition of the report."), of=document), title="Second")
    document.refresh_from_db()
    assert document.title == "Second"
    assert [v.number for v in document.versions.all()] == [2, 1]
    assert [e.kind for e in document.events.order_by("pk")] == [
        "uploaded", "published", "replaced",
    ]  # fmt: skip


def test_what_is_received_counts_from_the_beginning_of_the_upload(take, submit):
    upload = take(pdf())
    Upload.objects.update(begun_at=timezone.now() - timedelta(days=2))
    upload.refresh_from_db()
    version = submit(upload).version
    assert version.uploaded_at == upload.begun_at


def test_a_fund_may_demand_review(take, submit, project):
    FundRule.objects.create(fund=project.fund, review=True)
    upload = submit(take(pdf()))
    assert (upload.state, Document.objects.count()) == ("review", 0)
    chief = UserFactory(is_staff=True)
    with pytest.raises(ValidationError):
        review.send_back(upload=upload, note=" ")
    review.send_back(upload=upload, note="Take the names out.")
    upload.refresh_from_db()
    assert (upload.state, upload.note) == ("draft", "Take the names out.")
    review.approve(upload=submit(upload), by=chief)
    assert Document.objects.get().state == "public"
    assert DocumentEvent.objects.get(kind="published").by == chief
    held = submit(take(pdf("Other words of it.")), publish=False)
    assert held.state == "review"
    assert review.approve(upload=held, by=chief).state == "held"


def test_a_file_tells_its_title_type_language_and_year(take):
    text = "Le rapport narratif de la mission et des projets pour les communes du pays. " * 4
    upload = take(docx(text), "Rapport_narratif_2023-12-31.docx")
    assert upload.title == "Rapport narratif 2023-12-31"
    assert upload.type.code == "annual-narrative-report"
    assert upload.languages == ["fr"]
    upload.refresh_from_db()
    assert str(upload.document_date) == "2023-12-31"


def test_uploaders_are_warned_of_changes_telephones_and_coordinates(take):
    changed = '<w:p><w:ins w:author="A" w:id="1"><w:r><w:t>new</w:t></w:r></w:ins></w:p>'
    upload = take(docx("Call +223 20 22 33 44 at 12.63921, -8.00289.", body=changed), "r.docx")
    assert set(upload.warnings) == {"changes", "phone", "place"}
    assert upload.warnings["phone"] == ["1: +223 20 22 33 44"]
    sound = take(pdf("US$ 1,234,567.89 in 2016-2017, 12.5 % of 00102004. The report of it."))
    assert set(sound.warnings) == {"untagged", "no-language"}


def test_uploaders_are_told_who_is_named_and_how_the_file_can_be_heard_and_found(take):
    named = take(pdf("We thank Mrs. Awa Diallo (awa.diallo@example.org) for her help."))
    assert named.warnings["person"] == ["1: Mrs. Awa Diallo"]
    assert named.warnings["mail"] == ["1: awa.diallo@example.org"]

    def good(document):
        document.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        document.Root.StructTreeRoot = document.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
        )
        document.Root.Lang = "en"

    assert take(pdf_with(good)).warnings == {}

    def no_title(document):
        del document.docinfo["/Title"]

    assert "untitled" in take(pdf_with(no_title)).warnings

    def picture(document):
        document.pages[0].Contents = document.make_stream(b"")

    assert set(take(pdf_with(picture)).warnings) == {"scanned"}
    texts = [row["text"] for row in warning_texts(named.warnings)]
    assert len(texts) == len(named.warnings) and all(texts)


def test_history_is_never_changed(take, submit, db):
    submit(take(pdf()))
    with pytest.raises((InternalError, ProgrammingError), match=REFUSED), transaction.atomic():
        DocumentEvent.objects.update(reason="nothing happened")
    sql = "DELETE FROM documents_documentevent"
    with (
        pytest.raises((InternalError, ProgrammingError), match=REFUSED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_downloads_are_never_taken_back(take, submit):
    document = submit(take(pdf())).version.document
    Download.objects.create(document=document, version=1)
    for change in (
        lambda: Download.objects.update(version=2),
        lambda: Download.objects.all().delete(),
    ):
        with pytest.raises((InternalError, ProgrammingError), match=REFUSED), transaction.atomic():
            change()
    assert Download.objects.get().version == 1


def test_100_MB_take_less_than_20_MB_of_memory(storage, keeper, project, tmp_path, settings):
    source = tmp_path / "large.docx"
    source.write_bytes(_large_docx(99 << 20))
    size = source.stat().st_size
    upload = intake.begin_upload(by=keeper, of=project, file_name="l.docx", size=size)
    file = TemporaryUploadedFile("l.docx", "application/octet-stream", size, None)
    with source.open("rb") as source_file:
        while piece := source_file.read(1 << 20):
            file.write(piece)
    file.seek(0)
    # What the first use of the storage loads is no part of the file.
    default_storage.save("first", ContentFile(b"first"))
    _reset_peak()
    before = _memory("VmRSS")
    intake.take_whole(upload=upload, content=file)
    assert upload.state == "draft"
    assert _memory("VmHWM") - before < 20 << 10
    file.close()
    # Nor does it take memory to read it back.
    _reset_peak()
    before = _memory("VmRSS")
    with default_storage.open(upload.stored_name) as kept:
        assert sum(len(piece) for piece in kept.chunks(1 << 20)) == size
    assert _memory("VmHWM") - before < 20 << 10


def _memory(which):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which))


def _reset_peak():
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip(f"the peak of memory cannot be reset as user {os.getuid()}")


def test_without_a_scanner_nothing_is_said_to_have_passed_it(take, settings):
    settings.CLAMD_ADDRESS = ""
    upload = take(pdf())
    assert upload.scanned_at and upload.scan_skipped


def test_a_right_is_not_given_twice(keeper, project):
    days = {"valid_from": date(2024, 1, 1), "valid_to": date(2024, 12, 31)}
    right = grant_access(user=keeper, by=None, of=project, **days)
    with pytest.raises(ValidationError, match="already"):
        grant_access(user=keeper, by=None, of=project, valid_from=date(2024, 6, 1))
    grant_access(user=keeper, by=None, of=project, valid_from=date(2025, 1, 1))
    withdraw_access(right=right, by=None)
    grant_access(user=keeper, by=None, of=project, **days)
