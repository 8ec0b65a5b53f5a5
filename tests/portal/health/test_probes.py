"""What programs that watch are told: /healthz, /readyz, /metrics."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.health.answers import COUNTER
from portal.health.worker_seen import say_so
from portal.models import Answered, Backup, OutgoingMail, SlowPage
from portal.work.checks import check
from tests.waiting import silent_port

READY = "database: ok\nmigrations: ok\nstorage: ok\n"
SAMPLE = re.compile(r'portal_[a-z_]+(\{[a-z]+="[a-z0-9_-]+"\})? -?[0-9.e+-]+')


@pytest.fixture
def no_database(monkeypatch):
    """The database's port is silent, for every connection that is made anew."""
    with silent_port() as port:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "PORT", port)
        yield
    connection.close()


@pytest.mark.django_db
def test_a_site_that_is_well_says_so_to_whatever_host_and_scheme(settings, client):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["portal.example.org"]
    for path, text in (("/healthz", "ok\n"), ("/readyz", READY)):
        response = client.get(path, headers={"host": "10.1.2.3:8000"})
        assert (response.status_code, response.content.decode()) == (200, text)
        assert client.post(path).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_process_without_a_database_lives_but_is_not_ready(no_database, settings):
    settings.METRICS_TOKEN = "t"
    client = Client()
    assert client.get("/healthz").content == b"ok\n"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content.decode() == (
        "database: does not answer\nmigrations: not known to be up to date\nstorage: ok\n"
    )
    assert client.get("/metrics", headers={"authorization": "Bearer t"}).status_code == 503


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_not_ready_says_which_and_nothing_more(client, settings, tmp_path):
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'finance'")
    broken = tmp_path / "a file"
    broken.touch()
    settings.MEDIA_ROOT = broken / "media"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content.decode() == (
        "database: ok\nmigrations: not known to be up to date\nstorage: cannot be reached\n"
    )


# --- Metrics


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "networks", "proxies", "headers", "status"),
    [
        ("", [], 0, {}, 404),
        ("", [], 0, {"authorization": "Bearer "}, 404),
        ("right", [], 0, {"authorization": "Bearer right"}, 200),
        ("right", [], 0, {"authorization": "Bearer wrong"}, 404),
        ("right", [], 0, {"authorization": "Basic right"}, 404),
        ("", ["127.0.0.0/8"], 0, {}, 200),
        ("", ["10.0.0.0/8", "::1/128"], 0, {}, 404),
        ("", ["10.0.0.0/8"], 0, {"x-forwarded-for": "10.0.0.1"}, 404),
        ("", ["10.0.0.0/8"], 1, {"x-forwarded-for": "10.0.0.1"}, 200),
        ("", ["fd00::7/128"], 1, {"x-forwarded-for": "fd00::7"}, 200),
        ("", ["fd00::7/128"], 1, {"x-forwarded-for": "fd00::8"}, 404),
        ("", ["127.0.0.0/8"], 1, {"x-forwarded-for": "192.0.2.1"}, 404),
        ("", ["127.0.0.0/8"], 1, {"x-forwarded-for": "no address"}, 404),
    ],
)
def test_figures_are_for_whom_settings_name(
    client, settings, token, networks, proxies, headers, status
):
    settings.METRICS_TOKEN, settings.METRICS_FROM = token, networks
    settings.TRUSTED_PROXIES = proxies
    response = client.get("/metrics", headers=headers)
    assert response.status_code == status
    if status == 404:
        assert response.content == b"Not found\n"


def _figures(client):
    """What /metrics says, each line of which is of the form that Prometheus reads."""
    text = client.get("/metrics").content.decode()
    assert text.endswith("\n")
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    assert [line for line in lines if not SAMPLE.fullmatch(line)] == []
    named = set(re.findall(r"^# TYPE portal_(\w+) (?:gauge|counter)$", text, re.M))
    assert {re.split(r"[{ ]", line)[0].removeprefix("portal_") for line in lines} <= named
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_figures_say_what_waits_and_when_what_was_last(client, settings):
    settings.METRICS_FROM = ["127.0.0.1"]
    before = _figures(client)
    assert before["portal_workers"] == 0
    assert before['portal_check_ok{check="worker"}'] == 0
    assert "portal_worker_seen_timestamp_seconds" not in before
    now = timezone.now()
    say_so()
    result = check.enqueue(1)
    tasks = DBTaskResult.objects.filter(pk=result.id)
    tasks.update(
        status=TaskResultStatus.READY, finished_at=None, enqueued_at=now - timedelta(hours=1)
    )
    OutgoingMail.objects.create(sender="a@x.org", subject="x", content=b"")
    Backup.objects.create(began_at=now, ended_at=now, ok=True, size=7)
    figures = _figures(client)
    assert figures["portal_workers"] == figures['portal_queue_tasks{state="waiting"}'] == 1
    assert 3600 <= figures["portal_queue_age_seconds"] < 7200
    assert figures['portal_mails{state="waiting"}'] == 1
    assert figures["portal_backup_size_bytes"] == 7
    assert figures["portal_backup_timestamp_seconds"] == pytest.approx(now.timestamp(), abs=1)
    assert figures["portal_worker_seen_timestamp_seconds"] >= int(now.timestamp())
    assert figures['portal_check_ok{check="worker"}'] == 1


@pytest.mark.django_db
def test_answers_are_counted_by_status_and_probes_are_not(client, settings):
    settings.METRICS_FROM = ["127.0.0.1"]
    COUNTER.write_down()
    Answered.objects.all().delete()
    for path in ("/", "/glossary/", "/nowhere/", "/healthz", "/readyz"):
        client.get(path)
    figures = _figures(client)
    assert figures['portal_responses_total{status="200"}'] == 2
    assert figures['portal_responses_total{status="404"}'] == 1
    assert figures['portal_response_seconds_total{status="200"}'] > 0
    again = _figures(client)
    assert [name for name in figures if "response" in name and figures[name] != again[name]] == []


@pytest.mark.django_db
def test_what_processes_count_adds_up_and_slow_pages_are_named_by_pattern():
    COUNTER.write_down()
    Answered.objects.all().delete()
    for seconds in (0.5, 4.0, 9.0):
        COUNTER.count(200, seconds, "/project/<path:number>/")
        COUNTER.write_down()
    COUNTER.write_down()
    sums = Answered.objects.get()
    assert (sums.status, sums.count, sums.seconds) == (200, 3, 13.5)
    slow = SlowPage.objects.get()
    assert (slow.page, slow.count, slow.slowest) == ("/project/<path:number>/", 2, 9.0)


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_written_down_is_kept(no_database):
    COUNTER.count(200, 1.0, "/")
    with pytest.raises(OperationalError, match="connection to server"):
        COUNTER.write_down()
    assert COUNTER._counted.answers[200][0] >= 1
