"""What is wrong is found, told to the administrators once, and named by doctor."""

import io
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from finance.models import VerifyResult
from portal.health import database, outside
from portal.health.checks import WATCHED
from portal.health.keeping import BACKUP
from portal.health.storage import disks
from portal.health.trouble import Trouble
from portal.health.worker_seen import say_so
from portal.models import Backup, FailingChore, OutgoingMail, Prepared, ToldMatter, WorkerSign
from portal.work.checks import check
from portal.work.telling import tell_administrators, tell_without_worker
from projects.models import Office, User
from tests.factories import FundFactory, LoadFactory
from tests.waiting import silent_port

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_the_migrations_of_the_code_are_those_that_django_would_run():
    run = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    assert database._known_migrations() == set(run)


@pytest.fixture
def well(settings, tmp_path):
    """A portal in which nothing is wrong, with one administrator."""
    settings.MEDIA_ROOT = tmp_path
    settings.DISK_FULL_PERCENT = 101
    settings.CLAMD_ADDRESS = "127.0.0.1:3310"
    Office.objects.update_or_create(pk=1, defaults={"sample": False, "time_zone": "UTC"})
    User.objects.create_superuser("chief@x.org", "x")
    User.objects.create_user("staff@x.org", is_staff=True)
    now = timezone.now()
    LoadFactory(state="released", released_at=now)
    say_so()
    VerifyResult.objects.create(began_at=now, ended_at=now, ok=True)
    Backup.objects.create(began_at=now, ended_at=now, ok=True)
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE


def _found():
    return {trouble.key for one in WATCHED for trouble in one.troubles()}


def _fail(times):
    for _time in range(times):
        made = DBTaskResult.objects.filter(pk=check.enqueue(0).id)
        made.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())


def _no_worker():
    WorkerSign.objects.update(seen_at=timezone.now() - timedelta(minutes=6))


def _differs():
    now = timezone.now()
    VerifyResult.objects.create(began_at=now, ended_at=now, ok=False, difference="Load 7 differs.")


def _backup(**values):
    Backup.objects.all().delete()
    if values:
        Backup.objects.create(**values)


def _old_backup():
    _backup(began_at=timezone.now() - 40 * HOUR, ended_at=timezone.now(), ok=True)


def _failed_backup():
    now = timezone.now()
    Backup.objects.create(began_at=now, ended_at=now, ok=False, remark="The disk is full.")


TOLD = {
    "a job that failed three times": (lambda: _fail(3), "task portal.work.checks.check"),
    "a chore that failed three times": (
        lambda: FailingChore.objects.create(name="send_due", times=3, fault="OSError: x"),
        "chore send_due",
    ),
    "no worker for five minutes": (_no_worker, "worker"),
    "a difference": (_differs, "verify"),
    "no backup": (_backup, "backup-missing"),
    "an old backup": (_old_backup, "backup-old"),
    "a failed backup": (_failed_backup, "backup-failed"),
}


@pytest.mark.parametrize("matter", TOLD)
def test_administrators_are_told_once_for_each_matter(well, matter):
    assert _found() == set()
    assert tell_administrators() == 0
    happens, key = TOLD[matter]
    happens()
    assert _found() == {key}
    assert [tell_administrators() for _round in range(3)] == [1, 0, 0]
    mail = OutgoingMail.objects.get()
    assert mail.recipients == ["chief@x.org"]
    assert b"/staff/health/" in bytes(mail.content)
    assert ToldMatter.objects.get().key == key


def test_a_full_disk_is_told_of_with_where(well, settings):
    settings.DISK_FULL_PERCENT = 0
    assert {key.split()[0] for key in _found()} == {"disk"}
    assert tell_administrators() >= 1
    assert str(settings.MEDIA_ROOT).encode() in bytes(
        OutgoingMail.objects.order_by("pk")[0].content
    ).replace(b"=\n", b"")


def test_the_disk_of_backups_is_watched(well):
    now = timezone.now()
    name = "/dev/shm/portal.tar"  # noqa: S108 - a disk of its own on every Linux
    Backup.objects.create(began_at=now, ended_at=now, ok=True, name=name)
    assert "backups" in [str(disk.name) for disk in disks()]


def test_backups_are_missed_where_only_forms_were_filled_in():
    Office.objects.update_or_create(pk=1, defaults={"sample": False})
    assert BACKUP.troubles() == []
    FundFactory()
    assert [trouble.key for trouble in BACKUP.troubles()] == ["backup-missing"]


def test_administrators_are_mailed_of_a_certificate_that_ends(well, settings, monkeypatch):
    settings.HTTPS = True
    ends = Trouble("certificate-ends", "The certificate of x ends in 3 days.")
    asked = []
    monkeypatch.setattr(outside, "certificate_holds", lambda: asked.append(1) or [ends])
    cache.delete("health-certificate-en")
    assert [tell_administrators(), tell_administrators(), len(asked)] == [1, 0, 1]
    cache.delete("health-certificate-en")


def test_what_is_mended_and_comes_again_is_told_again(well):
    _no_worker()
    assert tell_administrators() == 1
    say_so()
    assert tell_administrators() == 0
    assert not ToldMatter.objects.exists()
    _no_worker()
    assert tell_administrators() == 1


def test_two_failures_or_a_success_since_are_no_matter(well):
    _fail(3)
    done = DBTaskResult.objects.filter(pk=check.enqueue(0).id)
    done.update(status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now())
    _fail(2)
    assert _found() == set()


def test_while_no_worker_runs_a_web_process_tells_and_sends(well, settings, tmp_path):
    settings.MAIL_DELIVERY = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    tell_without_worker()
    assert not (tmp_path / "mail").exists()
    _no_worker()
    tell_without_worker()
    tell_without_worker()
    (file,) = (tmp_path / "mail").iterdir()
    assert "No background worker has run since" in file.read_text().replace("=\n", "")
    assert not OutgoingMail.objects.exists()


def test_backups_are_looked_after_only_where_there_is_something_to_lose(well, settings):
    _backup()
    for values in ({"sample": True}, {"sample": False}):
        Office.objects.update(**values)
        assert ("backup-missing" in _found()) is not values["sample"]
    settings.BACKUP_HOURS = 0
    assert _found() == set()


# --- Doctor


def _doctor():
    said = io.StringIO()
    try:
        call_command("doctor", stdout=said)
    except CommandError as error:
        return re.sub(r"\s+", " ", f"{said.getvalue()} {error}")
    return re.sub(r"\s+", " ", said.getvalue())


@pytest.mark.django_db(databases=["default", "owner"])
def test_doctor_names_what_is_wrong_and_how_it_is_mended(well, settings, tmp_path):
    file = tmp_path / "a file"
    file.touch()
    Prepared.objects.update(digest="another")
    _no_worker()
    with connection.cursor() as cursor, silent_port() as port:
        cursor.execute("SET LOCAL statement_timeout = '30s'")
        with override_settings(
            MEDIA_ROOT=file / "media", CLAMD_ADDRESS=f"127.0.0.1:{port}", CLAMD_SECONDS=1,
            MAIL_DELIVERY="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, SECRET_KEY="secret", DISK_FULL_PERCENT=0,
            SEAL_KEY_FILE="/nowhere/key.pem",
        ):  # fmt: skip
            said = _doctor()
    for words in (
        "Functions and views of the database are not those of this version",
        "Run manage.py prepare.",
        "statement_timeout is 30 s",
        "Files cannot be kept",
        "SECRET_KEY",
        "The key of SEAL_KEY_FILE cannot be read",
        "% full",
        "No background worker has run since",
        "The mail server 127.0.0.1:",
        "The virus scanner: It does not answer",
        "have to be mended",
    ):
        assert words in said, words


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_doctor_says_once_that_there_is_no_database(monkeypatch):
    with silent_port() as port:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "PORT", port)
        said = _doctor()
    connection.close()
    assert said.count("The database does not answer.") == 1
    assert "Start PostgreSQL, or correct DATABASE_URL." in said
