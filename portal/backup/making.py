"""Making a backup while the site runs: all of it as of one moment, whole or not at all.

pg_dump and the list of files read one snapshot of the database, so a release is in both or in
neither. Files are written before the rows that name them, and never changed; those that go
meanwhile, as by erasure, make it begin anew.
"""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connections, transaction

from finance.models import Seal
from portal.backup.files import named_files
from portal.backup.programs import BackupError, address_of_owner, gpg, postgres_program
from portal.backup.sets import PIECE, SetWriter
from portal.health.version import version

NAME = "portal-*.tar*"
_ATTEMPTS = 2


class _Gone(Exception):
    """A file that is needed went while the set was made."""


@dataclass
class Made:
    """A set as it lies there now."""

    path: Path
    files: int
    missing: list[str] = field(default_factory=list)


def make_set(target: Path, *, key: str = "", beside: Sequence[Path] = ()) -> Made:
    """Write a set into the folder; encrypted to the public key in the file `key`, if one is given.

    `beside` are files, such as that of the settings, which go into encrypted sets.
    """
    if beside and not key:
        raise BackupError("Settings hold secrets: they go into encrypted sets only.")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in target.glob("portal-*.part"):
        # Of a backup that was killed; two at once do not run.
        left.unlink()
    for attempt in range(1, _ATTEMPTS + 1):
        name = f"portal-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar{'.gpg' if key else ''}"
        part = target / f"{name}.part"
        try:
            with _stream(part, key) as stream:
                made = _write(stream, bool(key), beside, strict=attempt < _ATTEMPTS)
            made.path = target / name
            _settle(part, made.path)
        except _Gone:
            continue
        finally:
            part.unlink(missing_ok=True)
        return made
    raise BackupError("Files went while the set was made.")


def _write(stream: IO[bytes], encrypted: bool, beside: Sequence[Path], *, strict: bool) -> Made:
    writer = SetWriter(stream)
    about: dict[str, Any] = {"version": version()}
    with _snapshot() as (snapshot, moment):
        about["made_at"] = moment.isoformat()
        newest = Seal.objects.using("owner").newest()
        about["seal"] = [newest.number, newest.hash] if newest else None
        files = named_files("owner")
        _dump(writer, snapshot)
    missing = list(_copy(writer, files))
    if missing and strict:
        raise _Gone
    if encrypted:
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        writer.add_bytes("keys/SECRET_KEY", "\n".join(secrets).encode())
        for path in beside:
            writer.add_bytes(f"keys/{path.name}", path.read_bytes())
    writer.close({**about, "missing": missing})
    count = sum(name.startswith("files/") for name in writer.parts)
    return Made(Path(), count, missing)


@contextmanager
def _snapshot() -> Iterator[tuple[str, datetime]]:
    """A moment of the database that other connections can read as well, until the end."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # A large database takes longer than a page may.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), clock_timestamp()")
        yield cursor.fetchone()


def _dump(writer: SetWriter, snapshot: str) -> None:
    """The database, in pieces that fit into memory: how large it gets nobody knows before."""
    address, environment = address_of_owner()
    command = [postgres_program("pg_dump"), *address, "--format=custom", "--no-owner"]
    command += ["--no-privileges", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603
        number = 0
        with child:
            while child.stdout and (piece := child.stdout.read(PIECE)):
                writer.add_bytes(f"database/{number:05}", piece)
                number += 1
        if child.returncode:
            errors.seek(0)
            raise BackupError(f"pg_dump failed: {errors.read().decode(errors='replace').strip()}")


def _copy(writer: SetWriter, files: dict[str, bool]) -> Iterator[str]:
    """Copy the files; yields those that are needed and not there."""
    for name, needed in files.items():
        try:
            file = default_storage.open(name)
        except FileNotFoundError:
            if needed:
                yield name
            continue
        with file:
            writer.add(f"files/{name}", file, file.size)


# --- The file itself


@contextmanager
def _stream(part: Path, key: str) -> Iterator[IO[bytes]]:
    """What is written to it is in the file at the end, encrypted where there is a key."""
    if not key:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        return
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as errors:
        command = [gpg(), "--batch", "--no-tty", "--homedir", home, "--trust-model", "always"]
        command += ["--compress-algo", "none", "--recipient-file", key, "--encrypt"]
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=errors)  # noqa: S603
            try:
                if child.stdin is not None:
                    yield child.stdin
                    child.stdin.close()
            except BrokenPipeError:
                pass
            except BaseException:
                child.kill()
                child.wait()
                raise
            if child.wait():
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip()
                raise BackupError(f"gpg failed: {said}")
            os.fsync(file.fileno())


def _settle(part: Path, path: Path) -> None:
    """Give it its name, with its sum beside it as `sha256sum --check` reads it."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def drop_old_sets(target: Path, keep: int) -> list[str]:
    """Delete all but the newest; returns the names of those that went."""
    sets = sorted(p for p in target.glob(NAME) if p.suffix in (".tar", ".gpg"))
    old = sets[:-keep] if keep else []
    for path in old:
        path.unlink()
        path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)
    return [path.name for path in old]
