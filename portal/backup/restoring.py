"""Restoring a set into an empty database and an empty storage; in any others it refuses to.

The set is read three times: to check it whole before anything is touched, for the files, for the
database. The database comes last and in one transaction; if that fails the files go again.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.backup.programs import BackupError, address_of_owner, gpg, postgres_program
from portal.backup.sets import checked_manifest, read_parts
from portal.models import OutgoingMail


@contextmanager
def _opened(source: Path) -> Iterator[IO[bytes]]:
    """The set as a stream, decrypted by the keys of whoever runs this. Raises BackupError."""
    if source.suffix != ".gpg":
        with source.open("rb") as file:
            yield file
        return
    # GnuPG itself asks for a passphrase where the key has one.
    command = [gpg(), "--quiet", "--decrypt", str(source)]
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603
        fault: BackupError | None = None
        try:
            if child.stdout is not None:
                yield child.stdout
                # What is left, so that it ends by itself.
                while child.stdout.read(1 << 20):
                    pass
        except BackupError as error:
            fault = error
        finally:
            if child.stdout is not None:
                child.stdout.close()
        if child.wait():
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            raise BackupError(f"gpg cannot decrypt the set: {said}") from fault
        if fault is not None:
            raise fault


def check_set(source: Path) -> dict[str, Any]:
    """The manifest, once all parts are what they were. Raises BackupError."""
    with _opened(source) as stream:
        return checked_manifest(stream)


def refuse_unless_empty() -> None:
    """Raises BackupError where there is anything that could be overwritten or mixed up."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p', 'v', 'm', 'S')"
        )
        if cursor.fetchone()[0]:
            raise BackupError(
                "The database is not empty: make a new one, and name it in DATABASE_URL and "
                "DATABASE_OWNER_URL."
            )
    if found := _first_file(""):
        raise BackupError(
            f"There are kept files already, such as {found}: name an empty VAR_DIR or bucket."
        )


def _first_file(folder: str) -> str:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return ""
    if files:
        return f"{folder}{files[0]}"
    return next(filter(None, (_first_file(f"{folder}{name}/") for name in folders)), "")


def bring_back(source: Path, keys_to: Path | None) -> None:
    """Files and database out of a set that was checked. Raises BackupError and OSError."""
    written: list[str] = []
    try:
        _bring_files(source, written, keys_to)
        _bring_database(source)
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def _bring_files(source: Path, written: list[str], keys_to: Path | None) -> None:
    with _opened(source) as stream:
        for name, content in read_parts(stream):
            kind, _slash, rest = name.partition("/")
            if kind == "files":
                written.append(rest)
                kept = default_storage.save(rest, File(content, rest))
                if kept != rest:
                    written[-1] = kept
                    raise BackupError(f"{rest} could only be kept as {kept}.")
            elif kind == "keys" and keys_to is not None:
                keys_to.mkdir(mode=0o700, parents=True, exist_ok=True)
                path = keys_to / Path(rest).name
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(content.read())


def _bring_database(source: Path) -> None:
    address, environment = address_of_owner()
    command = [postgres_program("pg_restore"), *address, "--no-owner", "--no-privileges"]
    command += ["--single-transaction", "--exit-on-error"]
    with tempfile.TemporaryFile() as errors, _opened(source) as stream:
        child = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=errors)  # noqa: S603
        try:
            for name, content in read_parts(stream):
                if name.startswith("database/") and child.stdin is not None:
                    while piece := content.read(1 << 20):
                        child.stdin.write(piece)
        except BrokenPipeError:
            # It has ended, and says why.
            pass
        child.communicate()
        if child.returncode:
            errors.seek(0)
            raise BackupError(
                f"pg_restore failed: {errors.read().decode(errors='replace').strip()}"
            )


def settle_after_restore() -> int:
    """What would happen twice does not: sessions end, waiting mails wait for staff; how many."""
    Session.objects.all().delete()
    held = _("It comes from a backup, and may have been sent already.")
    waiting = OutgoingMail.objects.waiting()
    return waiting.update(given_up_at=timezone.now(), fault=held)


def is_same_secret(source: Path) -> bool:
    """Whether second factors of the set can be read with the SECRET_KEY that is set here."""
    known = {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS}
    with _opened(source) as stream:
        for name, content in read_parts(stream):
            if name == "keys/SECRET_KEY":
                return content.read().decode().split("\n")[0] in known
    return True


def about(manifest: dict[str, Any]) -> str:
    """What the set is, in a line."""
    size = sum(part[0] for part in manifest["parts"].values())
    files = sum(name.startswith("files/") for name in manifest["parts"])
    said = {"of": manifest["made_at"], "version": manifest["version"], "files": files}
    return json.dumps({**said, "bytes": size, "seal": manifest["seal"]})
