"""Databases for tests: one made by `prepare`, kept as a template, copied for whoever needs one.

Under it lies one that has been migrated only, which takes far longer and changes more rarely.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import transaction
from psycopg2.extensions import connection as Link
from psycopg2.extensions import cursor as Cursor

from portal.host.grants import database_sql
from tests.waiting import wait_until

CHECKOUT = Path(__file__).resolve().parent.parent
# Its module hides from processes what a server has not.
AS_RUN = CHECKOUT / "tests" / "as_run"
PREPARED, MIGRATED, SAMPLE = "portal_template_", "portal_migrated_", "portal_sample_"
# Where the files of the whole sample are kept, and what the command said.
SAMPLES, SAID = CHECKOUT / "var" / "sample-of-tests", "said.txt"
MIGRATE = """
import django; django.setup()
from django.db import connections
from portal.management.commands.prepare import migrate
migrate(connections["owner"])
"""
# Any number will do, as long as it stays the same.
TEMPLATE_LOCK, SAMPLE_LOCK = 720_240_118, 720_240_119
# What the database says where rights or triggers forbid something.
REFUSED = r"permission denied|must be owner|are never|is never|[Cc]annot (?:delete|update)"


@contextmanager
def database(name: str) -> Iterator[dict[str, str]]:
    """A prepared database of that name; yields the environment that leads to it."""
    copy_template(name)
    try:
        yield environment(name)
    finally:
        drop_database(name)


@contextmanager
def undone() -> Iterator[None]:
    """What is written to the database inside is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def template() -> str:
    """The name of the database that is copied, which is there now."""
    with closing(_owner()) as link:
        _make_template(link)
    return _prepared()


def copy_template(name: str) -> None:
    """A database of that name as `prepare` leaves it; whoever comes first makes that."""
    with closing(_owner()) as link, link.cursor() as cursor:
        _make_template(link)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_prepared()}"')
        _grant(cursor, name)


@contextmanager
def sample_database(name: str, folder: Path) -> Iterator[dict[str, str]]:
    """A database of that name with the whole sample portfolio, whose files are put into the folder
    (as `VAR_DIR`, and in `SAID` what the command said); yields the environment that leads there.

    The sample is stored once for all tests of the same code.
    """
    with closing(_owner()) as link, link.cursor() as cursor:
        whole, kept = _sample(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{whole}"')
        _grant(cursor, name)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    try:
        yield environment(name) | {"VAR_DIR": str(folder)}
    finally:
        drop_database(name)


def make_all() -> None:
    """All that tests copy: the prepared database, and the whole sample. Else the first test that
    needs one makes it, while all others wait."""
    with closing(_owner()) as link, link.cursor() as cursor:
        _sample(cursor)


def _sample(cursor: Cursor) -> tuple[str, Path]:
    """The database with the whole sample, and the folder of its files, which are there now.

    Until the link is closed nobody else stores or copies them.
    """
    prepared = template()
    whole, kept = prepared.replace(PREPARED, SAMPLE), SAMPLES / prepared
    cursor.execute("SELECT pg_advisory_lock(%s)", [SAMPLE_LOCK])
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [whole])
    if not (cursor.rowcount and kept.exists()):
        cursor.execute(f'DROP DATABASE IF EXISTS "{whole}"')
        _store_sample(cursor, whole, prepared, kept)
    return whole, kept


def _store_sample(cursor: Cursor, name: str, prepared: str, kept: Path) -> None:
    """The whole sample as a database of that name and files; both are there only when done."""
    unready = f"{SAMPLE}unready"
    shutil.rmtree(SAMPLES, ignore_errors=True)
    kept.mkdir(parents=True)
    cursor.execute(f'DROP DATABASE IF EXISTS "{unready}"')
    cursor.execute(f'CREATE DATABASE "{unready}" TEMPLATE "{prepared}"')
    _grant(cursor, unready)
    done = subprocess.run(
        [sys.executable, "manage.py", "sample", "--skip-checks"],
        cwd=CHECKOUT, env=environment(unready) | {"VAR_DIR": str(kept)},
        check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    (kept / SAID).write_bytes(done.stdout)
    cursor.execute(f'ALTER DATABASE "{unready}" RENAME TO "{name}"')


def _grant(cursor: Cursor, name: str) -> None:
    """The rights on a database itself, which are not copied with it."""
    for sql in database_sql(name, urlsplit(os.environ["DATABASE_URL"]).username or ""):
        cursor.execute(sql)


def empty_database(name: str) -> None:
    """A database of that name in which nothing is."""
    with closing(_owner()) as link, link.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        _grant(cursor, name)


def drop_database(name: str) -> None:
    """Drop the database; autovacuum, which the owner may not end, may be at work in it."""
    # Connections of threads that are left over: only their own role may end them.
    with closing(_link(os.environ["DATABASE_URL"])) as link, link.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = current_user",
            [name],
        )
    wait_until(lambda: _dropped(name))


def _dropped(name: str) -> bool:
    with closing(_owner()) as link, link.cursor() as cursor:
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except psycopg2.errors.InsufficientPrivilege:
            return False
    return True


def environment(name: str) -> dict[str, str]:
    """The environment of a process that uses this database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(AS_RUN),
        **{
            key: urlunsplit(urlsplit(os.environ[key])._replace(path=f"/{name}"))
            for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
        },
    }


def _make_template(link: Link) -> None:
    """Prepare a database unless one of the same code is there; those of other code go.

    Until the link is closed nobody else makes or copies one.
    """
    prepared, migrated = _prepared(), _migrated()
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^portal_(template|migrated|sample)_'"
        )
        there = {name for (name,) in cursor.fetchall()}
        if prepared in there:
            return
        for old in there - {migrated}:
            cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        if migrated not in there:
            _make(link, migrated, "template0", "-c", MIGRATE)
        _make(link, prepared, migrated, "manage.py", "prepare", "--verbosity=0", "--skip-checks")


def _make(link: Link, name: str, template: str, *command: str) -> None:
    """A copy in which a command of Python was run; it has its name only when that is done."""
    unready = f"{PREPARED}unready"
    with link.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{unready}" TEMPLATE "{template}"')
        run = [sys.executable, *command]
        subprocess.run(run, cwd=CHECKOUT, env=environment(unready), check=True)
        cursor.execute(f'ALTER DATABASE "{unready}" RENAME TO "{name}"')


@cache
def _prepared() -> str:
    """The name for the code of today: all of it, since all of it may have a part in the making.

    The day is in it because history tells when reference data came.
    """
    return PREPARED + _digest(
        str(date.today()),
        os.environ["DATABASE_URL"],
        _migrated(),
        *(
            path
            for app in ("projects", "finance", "documents", "portal")
            for path in (CHECKOUT / app).rglob("*.*")
            if path.suffix != ".pyc"
        ),
    )


@cache
def _migrated() -> str:
    """The name for the tables as migrations make them."""
    files = [CHECKOUT / "requirements-dev.lock", CHECKOUT / "portal" / "settings.py"]
    for pattern in ("*/migrations/*.py", "*/sql/before/*.sql"):
        files += CHECKOUT.glob(pattern)
    return MIGRATED + _digest(*files)


def _digest(*parts: str | Path) -> str:
    """A short digest of texts, and of the paths and contents of files."""
    digest = hashlib.sha256()
    for part in sorted(parts, key=str):
        name = part.relative_to(CHECKOUT) if isinstance(part, Path) else part
        digest.update(str(name).encode())
        if isinstance(part, Path) and part.is_file():
            digest.update(part.read_bytes())
    return digest.hexdigest()[:16]


def _owner() -> Link:
    return _link(os.environ["DATABASE_OWNER_URL"])


def _link(url: str) -> Link:
    link = psycopg2.connect(url)
    link.autocommit = True
    return link
