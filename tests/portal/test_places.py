"""What costs much is answered so many at a time, and everything else beside it."""

import http.client
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import resolve

from portal.kit.web.places import is_heavy
from tests.databases import CHECKOUT, database, environment
from tests.factories import FundFactory, UserFactory
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.django_db
HELD = """
import django; django.setup()
import signal
from django.db import transaction
from django.test import RequestFactory
from portal.kit.web.places import take_place
with transaction.atomic():
    take_place(RequestFactory().get("/projects/?format=pdf", REMOTE_ADDR="10.0.0.9"))
    print("taken", flush=True)
    signal.pause()
"""


@pytest.fixture
def one_place(settings):
    """Of each kind one place."""
    settings.HEAVY_PER_VISITOR = settings.HEAVY_FILES = settings.HEAVY_PAGES = 1


@dataclass
class Other:
    """Another process that is answering a file, for as long as tests want it."""

    child: subprocess.Popen[str] | None = None

    def answer(self):
        """It has taken its place when this returns."""
        if self.child is None or self.child.poll() is not None:
            self.end()
            self.child = subprocess.Popen(
                [sys.executable, "-c", HELD], cwd=CHECKOUT, text=True, stdout=subprocess.PIPE,
                env=environment(connection.settings_dict["NAME"]) | {"HEAVY_FILES": "1"},
            )  # fmt: skip
            assert self.child.stdout is not None
            assert self.child.stdout.readline() == "taken\n"
        return self.child

    def end(self):
        """It has none any more when its connection is gone."""
        if self.child:
            self.child.kill()
            self.child.communicate(timeout=PATIENCE)
            self.child = None


@pytest.fixture(scope="module")
def other():
    """One process for all tests of this module."""
    process = Other()
    yield process
    process.end()


@pytest.fixture
def held(one_place, other):
    """Another process that is answering a file."""
    return other.answer()


@pytest.fixture
def alone(one_place, other):
    """Nobody else is answering anything."""
    other.end()
    wait_until(_all_free)


def _all_free():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0]


def body(response):
    return b"".join(response) if response.streaming else response.content


FILES = ["/funds/?format=csv", "/funds/?format=xlsx", "/funds/?format=print", "/funds/?format=json",
         "/seals/entities.jsonl"]  # fmt: skip
PAGES = [
    "/funds/?as_of=2020-01-01",
    "/funds/?q=x",
    "/search/?q=x",
    "/funds/statement/",
    "/records/",
]


@pytest.mark.parametrize("url", FILES)
def test_one_file_too_many_is_refused_in_plain_words(client, held, url):
    response = client.get(url)
    assert response.status_code == 429
    assert response["Retry-After"] == response["Refresh"] == "5"
    assert "Please wait a moment" in response.text
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("url", ["/", "/funds/", "/data/", *PAGES[:3]])
def test_what_is_no_file_goes_on_beside_it(client, held, url):
    assert client.get(url).status_code == 200


def test_a_process_that_is_killed_leaves_its_place(client, held):
    assert client.get(FILES[0]).status_code == 429
    held.send_signal(signal.SIGKILL)
    held.wait(PATIENCE)
    wait_until(lambda: client.get(FILES[2]).status_code == 200)


@pytest.mark.django_db(transaction=True)
def test_a_stream_holds_its_place_until_its_end(alone, monkeypatch):
    monkeypatch.setattr("portal.kit.files.streams.PIECE", 1)
    FundFactory.create_batch(5)
    with ThreadPoolExecutor(1) as other:

        def beside(url):
            """As a request of another connection is answered."""
            response = Client().get(url)
            body(response)
            connection.close()
            return response.status_code

        stream = Client().get("/funds/?format=csv")
        next(iter(stream.streaming_content))
        assert other.submit(beside, "/funds/?format=json").result() == 429
        assert other.submit(beside, "/funds/").result() == 200
        b"".join(stream)
        assert other.submit(beside, "/funds/?format=json").result() == 200
        left = Client().get("/funds/?format=csv")
        assert other.submit(beside, "/funds/?format=json").result() == 429
        left.close()
        del left
        assert other.submit(beside, "/funds/?format=json").result() == 200


@pytest.mark.parametrize("url", [*FILES, *PAGES, "/vouchers/?until=2020-01-01", "/reports/"])
def test_what_is_kept_takes_no_place(client, held, settings, url):
    settings.PAGES_KEPT = 100
    settings.HEAVY_FILES = settings.HEAVY_PAGES = 20
    settings.HEAVY_PER_VISITOR = 20
    caches["pages"].clear()
    kept = client.get(url)
    body(kept)
    assert kept.status_code == 200
    settings.HEAVY_FILES = settings.HEAVY_PAGES = settings.HEAVY_PER_VISITOR = -1
    unchanged = client.get(url, headers={"if-none-match": kept["ETag"]})
    assert unchanged.status_code == 304
    if not kept.streaming:
        assert client.get(url).status_code == 200
    caches["pages"].clear()
    assert client.get(url).status_code == 429


def test_people_who_signed_in_count_for_themselves(client, held, settings):
    settings.HEAVY_FILES = 5
    same_address = {"REMOTE_ADDR": "10.0.0.9"}
    assert client.get("/funds/?format=print", **same_address).status_code == 429
    client.force_login(UserFactory())
    assert client.get("/funds/?format=print", **same_address).status_code == 200
    Session.objects.all().delete()
    assert client.get("/funds/?format=print", **same_address).status_code == 429


def test_visitors_are_told_apart_behind_a_proxy(client, held, settings):
    settings.HEAVY_FILES, settings.TRUSTED_PROXIES = 5, 1
    for address, status in (("10.0.0.9", 429), ("10.0.0.8", 200)):
        response = client.get("/funds/?format=print", headers={"x-forwarded-for": address})
        assert response.status_code == status


def test_zero_lifts_the_limits(client, held, settings):
    settings.HEAVY_PER_VISITOR = 0
    assert client.get("/funds/?format=print").status_code == 200


def test_what_only_reads_what_is_stored_is_not_heavy(rf):
    def view(request): ...

    for url in ("/", "/projects/?page=3&sort=title", "/project/P1/", "/funds/?as_of="):
        assert not is_heavy(rf.get(url), view)


@pytest.mark.parametrize("kind", ["project", "fund", "organization", "contributor"])
def test_twins_of_things_draw_all_reports_at_once_and_so_are_heavy(rf, kind):
    url = f"/{kind}/A1.md"
    assert is_heavy(rf.get(url), resolve(url).func)


# --- Real processes


@pytest.fixture
def site(tmp_path):
    """The site with two processes; yields its port and a link to its database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = f"{connection.settings_dict['NAME']}_places"
    with database(name) as way:
        own = way | {
            "VAR_DIR": str(tmp_path), "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2",
            "TRUSTED_PROXIES": "1", "READ_SECONDS": str(PATIENCE), "HEAVY_PER_VISITOR": "2",
            "HEAVY_FILES": "3", "PAGES_KEPT": "0",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi"]
        child = subprocess.Popen(command, cwd=CHECKOUT, env=own, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: asked(port, "/healthz") == 200, child)
            with closing(psycopg2.connect(way["DATABASE_OWNER_URL"])) as link:
                yield port, link
        finally:
            child.terminate()
            child.wait(PATIENCE)


def asked(port, url, address="10.0.0.1"):
    """The status of the answer, read to its end; 0 where nobody answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as link:
        try:
            link.request("GET", url, headers={"Host": "localhost", "X-Forwarded-For": address})
            response = link.getresponse()
            response.read()
        except ConnectionError:
            return 0
        return response.status


@pytest.mark.parametrize(("addresses", "answered"), [(1, 2), (8, 3)], ids=["one", "many"])
def test_eight_of_the_worst_at_once_leave_the_home_page_answered(site, addresses, answered):
    port, link = site
    urls = [f"/vouchers/?format={form}" for form in ("pdf", "print", "xlsx", "csv")] * 2
    with ThreadPoolExecutor(8) as visitors, link.cursor() as cursor:
        # Whoever reads vouchers waits, as if they took very long.
        cursor.execute("LOCK TABLE finance_voucher IN ACCESS EXCLUSIVE MODE")
        answers = [
            visitors.submit(asked, port, url, f"10.0.0.{number % addresses}")
            for number, url in enumerate(urls)
        ]
        wait_until(lambda: sum(answer.done() for answer in answers) == 8 - answered)
        assert {answer.result() for answer in answers if answer.done()} == {429}
        assert [asked(port, "/") for _ in range(8)] == [200] * 8
        link.rollback()
        statuses = sorted(answer.result() for answer in answers)
    assert statuses == [200] * answered + [429] * (8 - answered)
    assert asked(port, urls[0]) == 200
