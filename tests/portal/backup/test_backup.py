"""A set made during a load is of before or after it, and is all there once restored elsewhere."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from documents.intake import begin_upload, take_whole
from documents.models import DocumentType, DocumentVersion
from documents.services import submit
from finance.loading.services import check_load, receive_load, release_load
from finance.models import Load, VoucherLine
from portal.backup.files import named_files
from portal.backup.sets import SetWriter
from portal.management.commands.backup import BACKUP_LOCK
from portal.models import Backup, OutgoingMail
from tests.conftest import use_database
from tests.databases import database, drop_database, environment
from tests.documents.files import pdf
from tests.factories import OrganizationFactory, ProjectFactory, SourceFactory, UserFactory
from tests.portal.work.crash_site import CrashSite
from tests.waiting import PATIENCE

HEAD = "voucher,payment_date,fund,payee,project,amount,currency"
RELEASE = """
from finance.models import Load
from finance.loading.services import release_load
from projects.models import User
load, person = sys.argv[1:]
release_load(load=Load.objects.get(pk=load), by=User.objects.get(pk=person))
"""
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+Z]+|\d\d?:\d\d(?::\d\d)?|\"(?:url|source)\": \"[^\"]*\""
)


@pytest.fixture(scope="module")
def own_database(django_db_setup, django_db_blocker):
    """A database of its own: what other processes see has to be committed."""
    base, name = connections["owner"].settings_dict["NAME"], f"test_backup_{os.getpid()}"
    with django_db_blocker.unblock(), database(name):
        use_database(name)
        yield name
        use_database(base)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the files of that database lie."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="module")
def site(own_database, folder):
    """Processes over that database."""
    site = CrashSite(own_database, folder)
    yield site
    site.close()


@pytest.fixture
def kept(folder, settings):
    """Files lie where those of the processes do."""
    settings.MEDIA_ROOT = folder / "media"


@pytest.fixture(scope="module")
def gpg_home():
    """A person with a key; sockets of GnuPG need a short path."""
    home = tempfile.mkdtemp(prefix="gpg")
    run = {"env": os.environ | {"GNUPGHOME": home}, "check": True, "capture_output": True}
    make = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "keeper@x.org"]
    subprocess.run([*make, "future-default", "default", "never"], **run)
    public = subprocess.run(["gpg", "--armor", "--export", "keeper@x.org"], **run).stdout
    (Path(home) / "public.asc").write_bytes(public)
    yield Path(home)
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], **run)
    shutil.rmtree(home)


def _received(world, rows, first=0):
    line = f"2016-09-15,{world.fund.code},{world.payee},{world.number},10,USD"
    content = "\n".join([HEAD, *(f"V{first + number},{line}" for number in range(rows))])
    return check_load(
        receive_load(
            source=world.source, kind="vouchers", content=ContentFile(content.encode()),
            name="big.csv", by=world.clerk,
        )
    )  # fmt: skip


def _document(world):
    content = pdf("What was done")
    upload = begin_upload(by=world.chief, of=world, file_name="r.pdf", size=len(content))
    take_whole(upload=upload, content=SimpleUploadedFile("r.pdf", content))
    kind = DocumentType.objects.get(code="other")
    submit(
        upload=upload, title="What was done", type=kind, languages=["en"], document_date=None,
        publish=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(own_database, django_db_blocker):
    """A project with its payee, its source and two people."""
    project = ProjectFactory(number="P1")
    project.payee = OrganizationFactory(code="payee").code
    project.source = SourceFactory(code="ledger")
    project.clerk = UserFactory(email="clerk@x.org", is_staff=True)
    project.chief = UserFactory(email="chief@x.org", is_staff=True, is_superuser=True)
    return project


def _pages(world):
    """What sampled pages say, but for the moment at which they are asked for."""
    client = Client()
    urls = ("/", f"/project/{world.number}/?format=json", f"/fund/{world.fund.code}/?format=json",
            "/vouchers/?format=json", "/documents/?format=json", "/seals/?format=json")  # fmt: skip
    answers = [client.get(url) for url in urls]
    assert [answer.status_code for answer in answers] == [200] * len(urls)
    return [CHANGING.sub("", _text(answer)) for answer in answers]


def _text(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


@contextmanager
def _empty_database(name):
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield
        finally:
            connections.close_all()
            drop_database(name)


def _manage(*arguments, **env):
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=Path(__file__).resolve().parents[3], env=env, text=True, capture_output=True,
        timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@contextmanager
def _restored(source, name, settings, folder, *more, **env):
    """The set in a database and a folder of its own, which this process reads meanwhile."""
    here = connections["owner"].settings_dict["NAME"]
    media = settings.MEDIA_ROOT
    with _empty_database(name):
        code, said = _manage(
            "restore", source, *more, **(environment(name) | {"VAR_DIR": str(folder)} | env)
        )
        assert (code, "All agrees" in said) == (0, True), said
        use_database(name)
        settings.MEDIA_ROOT = folder / "media"
        try:
            yield said
        finally:
            use_database(here)
            settings.MEDIA_ROOT = media


def test_sets_made_in_and_after_a_load_restore_what_was_before_and_after_it(
    site, world, kept, settings, tmp_path, gpg_home
):
    release_load(load=_received(world, 5), by=world.chief)
    _document(world)
    OutgoingMail.objects.create(sender="a@x.org", recipients=["b@x.org"], subject="x", content=b"y")
    Client().force_login(world.chief)
    before = _pages(world)
    load = _received(world, 400, first=100)
    (tmp_path / "portal.env").write_text("SECRET_KEY=x\n")
    with site.held("LOCK TABLE finance_keyfigure IN SHARE MODE"):
        child = site.program(RELEASE, load.pk, world.chief.pk)
        site.stuck()
        # Its rows are written and not committed: that is how far between it gets.
        code, said = _manage(
            "backup", tmp_path / "sets", "--key", gpg_home / "public.asc",
            "--with", tmp_path / "portal.env", **site.environment(),
        )  # fmt: skip
        assert code == 0, said
    assert child.wait(PATIENCE) == 0, child.communicate()
    after = _pages(world)
    assert before != after
    code, said = _manage("backup", tmp_path / "later", **site.environment())
    assert (code, "not encrypted" in said) == (0, True), said
    assert [(b.ok, b.encrypted, b.remark) for b in Backup.objects.all()] == [
        (True, False, ""), (True, True, ""),
    ]  # fmt: skip
    (first,), (second,) = (tmp_path / "sets").glob("*.gpg"), (tmp_path / "later").glob("*.tar")
    assert b"What was done" not in first.read_bytes()
    for made in (first, second):
        check = ["sha256sum", "--check", "--quiet", f"{made.name}.sha256"]
        assert subprocess.run(check, cwd=made.parent).returncode == 0

    name = connection.settings_dict["NAME"]
    keys = tmp_path / "keys"
    restored = _restored(
        first, f"{name}_r1", settings, tmp_path / "r1", "--keys-to", keys, GNUPGHOME=str(gpg_home)
    )
    with restored as said:
        assert _pages(world) == before
        assert Load.objects.get(pk=load.pk).state == Load.State.CHECKED
        assert VoucherLine.objects.count() == 5
        with DocumentVersion.objects.get().file.open("rb") as file:
            assert file.read().startswith(b"%PDF")
        # What was signed in or on its way is not so a second time.
        assert not Session.objects.exists()
        assert OutgoingMail.objects.waiting().count() == 0
        assert "1 mails waited" in said
    assert (keys / "portal.env").read_text() == "SECRET_KEY=x\n"
    assert (keys / "SECRET_KEY").read_text() == settings.SECRET_KEY
    assert (keys / "SECRET_KEY").stat().st_mode & 0o077 == 0
    with _restored(second, f"{name}_r2", settings, tmp_path / "r2"):
        assert _pages(world) == after
        assert VoucherLine.objects.count() == 405


def test_nothing_is_restored_over_anything_and_nothing_by_halves(
    site, world, kept, settings, tmp_path
):
    call_command("backup", tmp_path, verbosity=0)
    (made,) = tmp_path.glob("*.tar")
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", made)
    name = f"{site.database}_r3"
    with _empty_database(name):
        use_database(name)
        try:
            settings.MEDIA_ROOT = tmp_path / "media"
            (tmp_path / "media" / "loads").mkdir(parents=True)
            (tmp_path / "media" / "loads" / "old.csv").touch()
            with pytest.raises(CommandError, match=r"kept files already, such as loads/old\.csv"):
                call_command("restore", made)
            settings.MEDIA_ROOT = tmp_path / "other"
            broken = tmp_path / "broken.tar"
            with broken.open("wb") as file:
                writer = SetWriter(file)
                writer.add_bytes("database/00000", b"no dump")
                writer.add_bytes("files/loads/a.csv", b"rows")
                writer.close({"made_at": "", "version": "", "seal": None})
            with pytest.raises(CommandError, match="pg_restore failed"):
                call_command("restore", broken)
            assert [path for path in (tmp_path / "other").rglob("*") if path.is_file()] == []
        finally:
            use_database(site.database)


def test_what_fails_or_is_missing_is_noted_for_staff(site, world, kept, settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.touch()
    with pytest.raises(CommandError):
        call_command("backup", blocked)
    failed = Backup.objects.first()
    assert (failed.ok, failed.ended_at is None, "blocked" in failed.remark) == (False, False, True)
    with pytest.raises(CommandError, match="go into encrypted sets only"):
        call_command("backup", tmp_path / "sets", beside=[blocked])
    with closing(psycopg2.connect(environment(site.database)["DATABASE_URL"])) as link:
        link.cursor().execute("SELECT pg_advisory_lock(%s)", [BACKUP_LOCK])
        with pytest.raises(CommandError, match="under way already"):
            call_command("backup", tmp_path / "sets")
    # One that was killed left its half; two older ones are there.
    (tmp_path / "sets").mkdir(exist_ok=True)
    for left in ("portal-20200101T000000Z.tar.part", "portal-20200101T000000Z.tar",
                 "portal-20200102T000000Z.tar.gpg"):  # fmt: skip
        (tmp_path / "sets" / left).touch()
    load = receive_load(
        source=world.source, kind="vouchers", content=ContentFile(b"x"), name="x.csv",
        by=world.clerk,
    )  # fmt: skip
    load.file.storage.delete(load.file.name)
    call_command("backup", tmp_path / "sets", keep=2)
    noted = Backup.objects.first()
    assert noted.ok and load.file.name in noted.remark
    names = sorted(path.name for path in (tmp_path / "sets").iterdir())
    assert len(names) == 3 and names[0] == "portal-20200102T000000Z.tar.gpg"
    assert names[1].startswith(f"portal-{timezone.now():%Y}")


def test_files_of_every_field_are_named(site, world, kept):
    # A version and its upload name the same one.
    found = named_files("default")
    assert found[DocumentVersion.objects.get().file.name] is True
    assert {name.split("/")[0] for name in found} >= {"loads", "documents"}
