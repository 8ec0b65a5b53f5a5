"""The test database: made by the owner's role, used through the web's role, as in production."""

import os
import time
from pathlib import Path

import psycopg2
import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings

from portal.host.reference import load_reference_data
from portal.kit.currency import CODE, LABEL, use_base_currency

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
def django_db_setup(request, django_db_blocker):
    """A fresh database with migrations, grants and reference data, dropped at the end."""
    owner, web = connections["owner"], connections["default"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    base, name = owner.settings_dict["NAME"], f"test_portal_{os.getpid()}{worker}"
    with django_db_blocker.unblock():
        _as_owner(owner, base, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
        for connection in (owner, web):
            connection.close()
            connection.settings_dict["NAME"] = name
        call_command("prepare", verbosity=0)
        owner.close()
    # Of the class: a test beside Playwright's event loop gets connection objects of its own.
    type(web.ops).execute_sql_flush = lambda _operations, sql_list: _flush_as_owner(sql_list)
    yield
    with django_db_blocker.unblock():
        for connection in (owner, web):
            connection.close()
            connection.settings_dict["NAME"] = base
        # Connections of threads that are left over: only their own role may end them.
        _as_owner(
            web,
            base,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND usename = current_user",
        )
        drop_database(owner, base, name)


def drop_database(owner, base: str, name: str) -> None:
    """Drop the database; autovacuum, which the owner may not end, may be at work in it."""
    for left in reversed(range(60)):
        try:
            _as_owner(owner, base, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except psycopg2.errors.InsufficientPrivilege:
            if not left:
                raise
            time.sleep(1)


def _as_owner(owner, database: str, *statements: str) -> None:
    settings = owner.settings_dict
    link = psycopg2.connect(
        dbname=database,
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
    )
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()


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
