"""The test database: made by the owner's role, used through the web's role, as in production."""

import asyncio
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings as django_settings
from django.core.signals import request_finished
from django.db import close_old_connections, connections
from django.test import Client, TransactionTestCase, override_settings
from factory.django import DjangoModelFactory
from hypothesis import HealthCheck, settings
from pytest import TempPathFactory
from pytest_django import DjangoDbBlocker, Settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from portal.kit.apart import run_apart
from portal.kit.currency import CODE, LABEL, use_base_currency
from projects.models import User
from tests.databases import copy_template, database, drop_database, undone
from tests.forked import forking
from tests.real_files import ALL, RealFiles

# Versions of the database begin anew with each test: pages kept would be those of another.
django_settings.PAGES_KEPT = 0
django_settings.CACHES["counts"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# Tests ask for more in a minute than a visitor may.
django_settings.API_PER_MINUTE = 0

# For the ORM, as below for what tests ask.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How long a machine takes decides nothing. By default the same examples are drawn each time, so
# that a test tells the same of the same code; `make fuzz` draws others, and more of those that
# cost little.
_STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("portal", parent=_STEADY, derandomize=True, database=None)
settings.register_profile("fuzz", parent=_STEADY, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "portal"))

# Seconds of CPU that the longest files take, about. They go first: last, one of them would leave
# a worker alone with it.
LONG = {
    "tests/browser": 250,
    "tests/portal/withholding/test_walk.py": 100,
    "tests/portal/work/test_crash.py": 45,
    "tests/portal/test_raw_input.py": 40,
    "tests/portal/public/test_records.py": 35,
    "tests/portal/host/test_bench.py": 30,
    "tests/finance/figures/test_fund_identity.py": 25,
}


# Those of production take half a second a password, on purpose.
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Fixtures of tests that are not quick.
SLOW = {"db", "transactional_db", "live_server", "cluster", "own_database"}
SLOW |= {"browser", "site", "clamd", "silent_clamd", "s3", "redis"}


# Files of tests that need no database and take long all the same: strangers' files are read in
# processes of their own, real files whole.
NOT_QUICK = (
    "tests/documents/test_active_files.py",
    "tests/documents/test_hostile_files.py",
    "tests/finance/formats/test_doubts.py",
    "tests/finance/formats/test_limits.py",
    "tests/finance/formats/test_real_files.py",
    "tests/finance/formats/test_workbooks.py",
    "tests/portal/host/",
    "tests/portal/iati/test_writer.py",
)


def _bundle(nodeid: str) -> str:
    """What stays with one worker: a file, and all that share the site with its browser."""
    path = nodeid.partition("::")[0]
    return "tests/browser" if path.startswith("tests/browser/") else path


class BundleScheduling(LoadFileScheduling):
    """Gives whole bundles to workers, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        return _bundle(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BundleScheduling:
    """How tests are given to workers."""
    return BundleScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest bundles first; the order within a file stays. What is quick is marked so."""
    items.sort(key=lambda item: -LONG.get(_bundle(item.nodeid), 0))
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        is_long = item.nodeid.startswith(NOT_QUICK)
        if not item.get_closest_marker("django_db") and used.isdisjoint(SLOW) and not is_long:
            item.add_marker("quick")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()


_ask = Client.request
_streaming: list[Any] = []


@contextmanager
def _no_loop_running() -> Iterator[None]:
    """Playwright's loop counts as running in this thread, also in tests that come after its own.

    What is asked here is answered as in a server, where none runs; with the connections of the
    test, for Django has others where a loop runs.
    """
    running = asyncio._get_running_loop()
    if running is None:
        yield
        return
    of_test = _connections()
    asyncio._set_running_loop(None)
    of_thread = _connections()
    _use_connections(of_test)
    try:
        yield
    finally:
        _use_connections(of_thread)
        asyncio._set_running_loop(running)


def _connections() -> dict[str, Any]:
    return {alias: connections[alias] for alias in connections}


def _use_connections(those: dict[str, Any]) -> None:
    for alias, connection in those.items():
        connections[alias] = connection


def _remembering(client: Client, **request: Any) -> Any:
    with _no_loop_running():
        answer = _ask(client, **request)
    if answer.streaming:
        _streaming.append(answer)
    return answer


Client.request = _remembering  # type: ignore[assignment]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """What a test asked for and did not read to its end is closed with it, as a server does.

    Else its transaction would end whenever the rest is collected: in the middle of another test.
    """
    try:
        return (yield)
    finally:
        # The connection is the test's.
        request_finished.disconnect(close_old_connections)
        while _streaming:
            _streaming.pop().close()
        request_finished.connect(close_old_connections)


@pytest.fixture(
    scope="module", params=ALL, ids=lambda files: "large" if files.is_large else "small"
)
def real_files(request: pytest.FixtureRequest) -> RealFiles:
    """Files of the kinds that sources send: small ones, and the real ones where they lie."""
    return request.param


@pytest.fixture(autouse=True, scope="session")
def _forked_readers() -> Iterator[None]:
    """Strangers' files are looked into by processes that had not to be started."""
    with forking():
        yield


@pytest.fixture
def real_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are looked into as the portal does it."""
    for name in ("documents.files.running", "finance.formats.containers.workbooks"):
        monkeypatch.setattr(f"{name}.run_apart", run_apart)


@pytest.fixture(autouse=True)
def base_currency() -> None:
    """Each test begins in US$, whatever office the one before it had."""
    use_base_currency(CODE, LABEL)


@pytest.fixture(autouse=True, scope="module")
def _numbers_from_one() -> None:
    """Each file's projects are numbered alike, whatever ran before it: a page that must not say
    540 never has a project of that number by chance."""
    for made in DjangoModelFactory.__subclasses__():
        made.reset_sequence(1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database with migrations, grants and reference data, dropped at the end."""
    base, name = connections["default"].settings_dict["NAME"], f"test_portal_{os.getpid()}"
    with django_db_blocker.unblock(), database(name):
        use_database(name)
        yield
        use_database(base)


@pytest.fixture(scope="module")
def module_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: TempPathFactory
) -> Iterator[Path]:
    """A transaction around the tests of a module: rows made once in it are there for each of them.

    So are their files, in the folder that it gives. Each test still undoes its own rows. No test
    of such a module may be transactional.
    """
    folder = tmp_path_factory.mktemp("media")
    of_tests = override_settings(MEDIA_ROOT=folder, PASSWORD_HASHERS=HASHERS)
    with django_db_blocker.unblock(), of_tests, undone():
        use_base_currency(CODE, LABEL)
        yield folder


def use_database(name: str) -> None:
    """Let Django's two connections lead to another database."""
    for connection in (connections["owner"], connections["default"]):
        connection.close()
        connection.settings_dict["NAME"] = name


# Names of the module whose tests leave their rows to each other.
_rows_stay: list[str] = []


@pytest.fixture(scope="module")
def rows_stay(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[None]:
    """All tests of the module are transactional, and each finds what those before it committed.

    A new copy of the database is made after the last one only.
    """
    _rows_stay.append(request.node.nodeid)
    yield
    _rows_stay.clear()
    with django_db_blocker.unblock():
        _begin_anew()


def _begin_anew(_case: TransactionTestCase | None = None) -> None:
    """After a transactional test: a new copy, for the web's role could not empty the tables."""
    if _rows_stay:
        return
    name = connections["default"].settings_dict["NAME"]
    for connection in connections.all():
        connection.close()
    drop_database(name)
    copy_template(name)


# The stubs do not know it.
TransactionTestCase._fixture_teardown = _begin_anew  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _signed_in_with_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """`client.force_login` leaves a session that has given its second factor, as staff need."""
    plain = Client.force_login

    def force_login(client: Client, user: User, backend: str | None = None) -> None:
        plain(client, user, backend)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(autouse=True)
def _own_settings(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Files lie in a folder of the test or of its module; passwords cost little."""
    of_module = "module_db" in request.fixturenames
    settings.MEDIA_ROOT = request.getfixturevalue("module_db") if of_module else tmp_path / "media"
    settings.PASSWORD_HASHERS = HASHERS
    # What a demo collected in this checkout may be older than the source.
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
