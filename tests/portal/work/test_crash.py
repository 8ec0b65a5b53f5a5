"""Killed processes, lost connections, a full disk: a load is whole or absent, and taken up again.

Real processes over a database of this module's own, which is dropped at the end.
"""

import csv
import io
import itertools
import os
import threading
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.cleanup import CRASHED
from documents.intake import begin_upload, take_whole
from documents.models import DocumentVersion, Upload
from finance.errors import LoadError
from finance.figures.sums import figures_of, total
from finance.loading.services import check_load, receive_load, release_load
from finance.models import KeyFigure, Load, Voucher, VoucherLine
from finance.sealing.verification import Scope as VerifiedScope
from finance.sealing.verification import verify
from portal.models import Export
from portal.work.checks import check, make_voucher_export
from portal.work.exports import ask_for_export
from tests.conftest import use_database
from tests.databases import database
from tests.factories import OrganizationFactory, ProjectFactory, SourceFactory, UserFactory
from tests.portal.work.crash_site import CrashSite
from tests.waiting import PATIENCE, wait_until

HEAD = "voucher,payment_date,fund,payee,project,amount,currency"
# Fewer rows than one sign of progress, and many more.
FEW, MANY = 1_900, 30_000
NUMBERS = itertools.count()
RELEASE = """
from finance.models import Load
from finance.loading.services import release_load
from projects.models import User
load, person = sys.argv[1:]
release_load(load=Load.objects.get(pk=load), by=User.objects.get(pk=person))
"""
UPLOAD = """
import resource
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from projects.models import User
client = Client(HTTP_HOST="localhost")
client.force_login(User.objects.get(pk=sys.argv[1]))
session = client.session
session["account_authentication_methods"] = [{"method": "mfa", "type": "totp"}]
session["account_authentication_methods_user"] = sys.argv[1]
session.save()
file = SimpleUploadedFile("big.csv", b"x" * int(sys.argv[3]))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
answer = client.post("/staff/loads/new/", {
    "kind": "vouchers", "existing_source": sys.argv[2], "complete": "lines", "file": file})
print(answer.status_code, "could not be kept" in answer.content.decode())
"""

TAKE = """
import signal
from django.core.files.uploadedfile import SimpleUploadedFile
from documents import intake
from documents.models import Upload
store = intake._store
def stored(name, file):
    store(name, file)
    print("stored", flush=True)
    signal.pause()
intake._store = stored
upload = Upload.objects.get(pk=sys.argv[1])
intake.take_whole(upload=upload, content=SimpleUploadedFile("r.txt", b"What was done."))
"""
SUBMIT = """
from documents.models import DocumentType, Upload
from documents.services import submit
upload = Upload.objects.get(pk=sys.argv[1])
kind = DocumentType.objects.get(code="other")
submit(upload=upload, title="What was done", type=kind, languages=["en"], document_date=None,
       publish=True)
"""


@pytest.fixture(scope="module")
def own_database(django_db_setup, django_db_blocker):
    """A database of its own: what other processes see has to be committed."""
    base, name = connections["owner"].settings_dict["NAME"], f"test_crash_{os.getpid()}"
    with django_db_blocker.unblock(), database(name):
        use_database(name)
        yield name
        use_database(base)


@pytest.fixture
def site(own_database, tmp_path):
    """Processes over that database, whose kept files lie where this test's do."""
    site = CrashSite(own_database, tmp_path)
    yield site
    site.close()


@pytest.fixture
def world(site):
    """A project with its payee, and two people."""
    project = ProjectFactory(number=f"P{next(NUMBERS):07}")
    project.payee = OrganizationFactory(code=f"payee-of-{project.number}").code
    project.source = SourceFactory(code=f"ledger-of-{project.number}")
    project.clerk = UserFactory(email=f"clerk-{project.number}@x.org", is_staff=True)
    project.chief = UserFactory(
        email=f"chief-{project.number}@x.org", is_staff=True, is_superuser=True
    )
    return project


def received(world, rows):
    line = f"2016-09-15,{world.fund.code},{world.payee},{world.number},10,USD"
    content = "\n".join([HEAD, *(f"V{number},{line}" for number in range(rows))])
    return receive_load(
        source=world.source, kind="vouchers", content=ContentFile(content.encode()),
        name="big.csv", by=world.clerk,
    )  # fmt: skip


def is_absent(load, world):
    """Whether nothing of the load is there but that it waits for its release."""
    load.refresh_from_db()
    return (
        load.state == Load.State.CHECKED
        and not VoucherLine.objects.filter(load=load).exists()
        and not Voucher.objects.filter(fund=world.fund).exists()
        and not KeyFigure.objects.filter(project=world).exists()
        and load.staged_lines.count() == load.counts["new"]
    )


def is_whole(load, world, rows):
    """Whether the load is released in full, and figures and seals agree with the records."""
    load.refresh_from_db()
    result = verify(VerifiedScope(projects=[world.pk]))
    assert result.ok, result.difference
    figures = figures_of([world.pk])
    return (
        load.state == Load.State.RELEASED
        and VoucherLine.objects.filter(load=load).count() == rows
        and total(figures).net_funded == 10 * rows
    )


def checked_by_a_new_worker(site, load, rows):
    site.worker()
    wait_until(lambda: Load.objects.get(pk=load.pk).state == Load.State.CHECKED)
    load.refresh_from_db()
    assert load.counts == {"new": rows, "changed": 0, "withdrawn": 0, "unchanged": 0}
    assert load.staged_lines.count() == rows
    assert not load.remarks.exists()


def test_a_check_whose_worker_was_killed_while_reading_is_taken_up_again(site, world):
    load = received(world, MANY)
    check.enqueue(load.pk)
    worker = site.worker()
    wait_until(lambda: Load.objects.get(pk=load.pk).progress)
    site.kill(worker)
    load.refresh_from_db()
    assert load.state == Load.State.CHECKING
    checked_by_a_new_worker(site, load, MANY)


@pytest.mark.parametrize("end", ["killed", "cut off"])
def test_a_check_that_ends_while_writing_is_taken_up_again(site, world, end):
    load = received(world, FEW)
    with site.held("LOCK TABLE finance_loadremark IN ACCESS EXCLUSIVE MODE"):
        check.enqueue(load.pk)
        worker = site.worker()
        backend = site.stuck()
        if end == "killed":
            site.kill(worker)
        else:
            site.cut_off(backend)
    site.wait_for_end_of(backend)
    load.refresh_from_db()
    checked_by_a_new_worker(site, load, FEW)


@pytest.mark.parametrize("end", ["killed", "cut off"])
def test_a_release_that_ends_in_the_middle_leaves_nothing(site, world, end):
    load = check_load(received(world, FEW))
    with site.held("LOCK TABLE finance_keyfigure IN SHARE MODE"):
        child = site.program(RELEASE, load.pk, world.chief.pk)
        backend = site.stuck()
        if end == "killed":
            site.kill(child)
        else:
            site.cut_off(backend)
            assert "OperationalError" in child.communicate()[1]
    site.wait_for_end_of(backend)
    assert is_absent(load, world)
    assert site.program(RELEASE, load.pk, world.chief.pk).wait(PATIENCE) == 0
    assert is_whole(load, world, FEW)


@pytest.mark.parametrize(("format", "many"), [("csv", MANY), ("xlsx", 8_000)])
def test_an_export_whose_worker_was_killed_in_the_middle_is_made_whole(
    site, world, settings, format, many
):
    settings.MEDIA_ROOT = site.folder / "media"
    release_load(load=check_load(received(world, many)), by=world.chief)
    only = QueryDict(f"project={world.number}")
    export = ask_for_export(owner=world.chief, query=only, format=format)
    make_voucher_export.enqueue(export.pk)
    worker = site.worker()
    wait_until(lambda: 0 < Export.objects.get(pk=export.pk).done < many)
    site.kill(worker)
    export.refresh_from_db()
    assert (export.state, export.file.name) == (Export.State.MAKING, "")
    site.worker()
    wait_until(lambda: Export.objects.get(pk=export.pk).state == Export.State.READY)
    export.refresh_from_db()
    assert (export.done, export.rows, export.base_amount) == (many, many, 10 * many)
    assert [p for p in (site.folder / "media" / "exports").rglob("*") if p.is_file()] == [
        site.folder / "media" / export.file.name
    ]
    assert sum(rows_of(export)) == 10 * many


def rows_of(export):
    """The US$ of each row of the file."""
    with export.file.open() as file:
        content = file.read()
    if export.format == "csv":
        return [
            Decimal(row["US$"]) for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        ]
    head, *rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0].values
    # Under the table stands its total, after a row that is empty.
    told = itertools.takewhile(any, rows)
    return [Decimal(str(row[head.index("US$")])) for row in told]


def in_a_thread(act):
    """The answer of `act` in a thread with a connection of its own, once joined."""
    answers = []

    def run():
        try:
            answers.append(act())
        except LoadError as error:
            answers.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def test_a_page_whose_connection_is_lost_says_to_come_back(site, world):
    load = check_load(received(world, 5))
    client = Client()
    client.force_login(world.chief)
    url, seen = reverse("staff-load-release", args=[load.pk]), {"seen": load.report["content"]}
    with site.held("LOCK TABLE finance_keyfigure IN SHARE MODE"):
        thread, answers = in_a_thread(lambda: client.post(url, seen))
        site.cut_off(site.stuck())
        thread.join()
    assert answers[0].status_code == 503
    assert is_absent(load, world)
    client.post(url, seen)
    assert is_whole(load, world, 5)


def test_of_two_people_who_release_at_once_one_is_refused(site, world):
    load = check_load(received(world, FEW))
    second = UserFactory(email=f"second-{world.number}@x.org")
    with site.held("SELECT pg_advisory_xact_lock(7010001)"):
        pair = [
            in_a_thread(lambda person=person: release_load(load=load, by=person))
            for person in (world.chief, second)
        ]
        both = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: len(site.ask(both)) == 2)
    for thread, _answers in pair:
        thread.join()
    refused = [str(a[0]) for _thread, a in pair if isinstance(a[0], LoadError)]
    load.refresh_from_db()
    assert refused == [f"It is released already, by {load.released_by}."]
    assert is_whole(load, world, FEW)


@pytest.mark.parametrize("size", [1_000_000, 4_000_000], ids=["in memory", "in a file"])
def test_a_full_disk_keeps_nothing_and_is_told_of(site, world, size):
    child = site.program(UPLOAD, world.chief.pk, world.source.pk, size)
    out, errors = child.communicate()
    assert out.split() == ["507", "True"], errors
    assert not Load.objects.filter(source=world.source).exists()
    folders = (site.folder / "media", site.folder / "tmp")
    assert [path for folder in folders for path in folder.rglob("*") if path.is_file()] == []


@pytest.fixture
def upload(site, world, settings):
    """An upload that has begun, whose file lies where those of the processes do."""
    settings.MEDIA_ROOT = site.folder / "media"
    content = b"What was done."
    return begin_upload(by=world.chief, of=world, file_name="r.txt", size=len(content))


def documents_of(site):
    """The files of documents in storage; what workers make of all data lies beside them."""
    media = site.folder / "media"
    made = {media / "packages", media / "iati"}
    return [path for path in media.rglob("*") if path.is_file() and not made & {*path.parents}]


def test_a_process_killed_between_file_and_row_leaves_no_orphan_and_the_upload_goes_on(
    site, upload
):
    child = site.program(TAKE, upload.pk)
    assert child.stdout and child.stdout.readline() == "stored\n"
    site.kill(child)
    assert len(documents_of(site)) == 1
    assert Upload.objects.get(pk=upload.pk).state == Upload.State.CHECKING
    # A quarter of an hour later a worker looks after it.
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - 2 * CRASHED)
    site.worker()
    wait_until(lambda: Upload.objects.get(pk=upload.pk).state == Upload.State.RECEIVING)
    assert documents_of(site) == []
    upload.refresh_from_db()
    take_whole(upload=upload, content=SimpleUploadedFile("r.txt", b"What was done."))
    assert upload.state == Upload.State.DRAFT


def test_a_process_killed_while_it_makes_a_document_leaves_the_draft_whole(site, upload):
    take_whole(upload=upload, content=SimpleUploadedFile("r.txt", b"What was done."))
    with site.held("LOCK TABLE documents_documentevent IN ACCESS EXCLUSIVE MODE"):
        child = site.program(SUBMIT, upload.pk)
        backend = site.stuck()
        site.kill(child)
    site.wait_for_end_of(backend)
    upload.refresh_from_db()
    assert upload.state == Upload.State.DRAFT
    assert not DocumentVersion.objects.filter(sha256=upload.sha256).exists()
    assert len(documents_of(site)) == 1
    _done, errors = site.program(SUBMIT, upload.pk).communicate()
    assert DocumentVersion.objects.filter(sha256=upload.sha256).count() == 1, errors
