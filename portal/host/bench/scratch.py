"""A database and a folder that exist only while something is measured."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import ProgrammingError, connections

TRIES = 60


@contextmanager
def scratch(
    template: str = "template1", *, pages_kept: int = 0, keep: str | None = None
) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield an empty folder, and the environment that leads to an empty prepared database.

    It is a copy of the template, which had better be prepared already: that takes half a minute.
    One to keep bears the name given, is made only where there is none, and stays.
    """
    name = keep or f"portal_bench_{secrets.token_hex(4)}"
    web_url = os.environ["DATABASE_URL"]
    owner_url = os.environ.get("DATABASE_OWNER_URL", web_url)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # Nothing is collected there, which each process would say again.
        (Path(folder) / "static").mkdir()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": _in_database(web_url, name),
            "DATABASE_OWNER_URL": _in_database(owner_url, name),
            "VAR_DIR": folder,
            # With none, each page is drawn.
            "PAGES_KEPT": str(pages_kept),
            # What it empties is its own.
            "REDIS_URL": "",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }
        _make(name, template)
        try:
            run(environment, "manage.py", "prepare", "--verbosity=0", "--skip-checks")
            yield Path(folder), environment
        finally:
            if not keep:
                _drop(name)


def _make(name: str, template: str) -> None:
    """The database, unless it was kept."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if not cursor.rowcount:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _drop(name: str) -> None:
    """Drop the database; autovacuum may be at work in it, which the owner may not end."""
    for left in reversed(range(TRIES)):
        try:
            with connections["owner"].cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            return
        except ProgrammingError:
            if not left:
                raise
            time.sleep(1)


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run Python with these arguments in that environment; return what it printed."""
    return subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _in_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
