"""The programs beside us: PostgreSQL's pg_dump and pg_restore, and GnuPG."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from portal.host.embedded import EmbeddedError, binary


class BackupError(RuntimeError):
    """There is no backup, or it cannot be restored; the text says why and what to do."""


def postgres_program(name: str) -> str:
    """The path of a program that is not older than the server."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        wanted = cursor.fetchone()[0]
    for path in _candidates(name):
        if path.exists() and _major(path) >= wanted:
            return str(path)
    raise BackupError(
        f"There is no {name} of PostgreSQL {wanted} or newer: install postgresql-client-{wanted}."
    )


def _candidates(name: str) -> Iterator[Path]:
    if found := shutil.which(name):
        yield Path(found)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    try:
        yield binary(name)
    except EmbeddedError:
        return


def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0


def address_of_owner() -> tuple[list[str], dict[str, str]]:
    """Arguments and environment that lead a program to the database as its owner.

    The environment, unlike the command line, is not shown to other users.
    """
    settings = connections["owner"].settings_dict
    arguments = [f"--username={settings['USER']}", f"--dbname={settings['NAME']}", "--no-password"]
    if settings["HOST"]:
        arguments.append(f"--host={settings['HOST']}")
    if settings["PORT"]:
        arguments.append(f"--port={settings['PORT']}")
    return arguments, os.environ | {"PGPASSWORD": str(settings["PASSWORD"])}


def gpg() -> str:
    """The path of GnuPG."""
    if found := shutil.which("gpg"):
        return found
    raise BackupError("There is no gpg, which encrypted backups need: install gnupg.")
