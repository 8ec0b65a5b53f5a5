"""The test database: made by the owner's role, used through the web's role, as in production."""

import os
from pathlib import Path

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings

from portal.host.reference import load_reference_data
from portal.kit.currency import CODE, LABEL, use_base_currency
from tests.databases import database

# Playwright's own event loop runs on in the thread of the tests that come after its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How long a machine takes decides nothing. By default the same examples are drawn each time, so
# that a test tells the same of the same code; `make fuzz` draws others, and more of those that
# cost little.
_STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("portal", parent=_STEADY, derandomize=True, database=None)
settings.register_profile("fuzz", parent=_STEADY, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "portal"))

CHECKOUT = Path(__file__).resolve().parent.parent

# Files whose tests take minutes: last, they would leave one worker alone with them.
LONG = frozenset(
    {"test_walk.py", "test_sample.py", "test_fund_identity.py", "test_accessibility.py"}
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the order within a file stays."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data files; tests that need it are skipped where it is not there."""
    folder = Path(os.environ.get("SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real data files are not at {folder} (set SHARED_DATA)")
    return folder


@pytest.fixture(autouse=True)
def base_currency():
    """Each test begins in US$, whatever office the one before it had."""
    use_base_currency(CODE, LABEL)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """A database with migrations, grants and reference data, dropped at the end."""
    owner, web = connections["owner"], connections["default"]
    name = f"test_portal_{os.getpid()}"
    # Of the class: a test beside Playwright's event loop gets connection objects of its own.
    type(web.ops).execute_sql_flush = lambda _operations, sql_list: _flush_as_owner(sql_list)
    with django_db_blocker.unblock(), database(name):
        base = owner.settings_dict["NAME"]
        use_database(name)
        yield
        use_database(base)


def use_database(name: str) -> None:
    """Let Django's two connections lead to another database."""
    for connection in (connections["owner"], connections["default"]):
        connection.close()
        connection.settings_dict["NAME"] = name


def _flush_as_owner(sql_list) -> None:
    """Empty the tables between transactional tests; the web's role could not."""
    tables = [m._meta.db_table for m in apps.get_models() if hasattr(m, "web_may_update")]
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for statement in sql_list:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    connections["owner"].close()
    # The tests that follow on this database expect it as `prepare` left it; groups need rights.
    ContentType.objects.clear_cache()
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using="owner")
    connections["owner"].close()
    ContentType.objects.clear_cache()
    load_reference_data()


@pytest.fixture(autouse=True)
def _signed_in_with_second_factor(monkeypatch):
    """`client.force_login` leaves a session that has given its second factor, as staff need."""
    plain = Client.force_login

    def force_login(client, user, backend=None):
        plain(client, user, backend)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    """Files written by a test go to its own folder; static files come unhashed."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # What a demo collected in this checkout may be older than the source.
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
