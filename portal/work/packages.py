"""The package of all data: made on each release, kept, taken away with what is withheld."""

import hashlib
import logging
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone, translation

from finance.models import Seal
from portal.about.versions import given_version
from portal.models import Checkpoint, DataPackage, TimeStamp
from portal.package import parquet, script
from portal.package.checking import checked
from portal.package.checkpoints import key_text, signed_sums
from portal.package.deltas import write_delta
from portal.package.manifest import manifest_of
from portal.package.verify import SIGNED_SUMS, SUMS
from portal.package.writing import (
    MANIFEST,
    TABLES,
    Written,
    as_json,
    write_table,
    write_text,
)
from portal.withholding.generated_files import (
    delete_packages_taken_away,
    lock_what_is_given,
    what_is_hidden,
)
from portal.work.checkpoints import office_key
from projects.models import Office

log = logging.getLogger(__name__)

_WAIT_AFTER_FAILURE = 3600
# What changes between releases is gathered for so long.
GATHERED = timedelta(hours=1)


def make_due_package() -> DataPackage | None:
    """Make one if something was released since the newest, or if that was taken away; within the
    hour, if anything else in it has changed, such as a document that is public now.

    One that failed is tried again after an hour: what is wrong is in the log.
    """
    seal = Seal.objects.newest()
    newest = DataPackage.objects.standing().first()
    if seal is None or (newest is not None and not _is_due(newest, seal)):
        return None
    delete_packages_taken_away()
    if not cache.add(f"package-begun-{seal.number}", "", _WAIT_AFTER_FAILURE):
        return None
    package = make_package()
    cache.delete(f"package-begun-{seal.number}")
    return package


def _is_due(newest: DataPackage, seal: Seal) -> bool:
    if newest.seal_number != seal.number:
        return True
    waits = newest.made_at > timezone.now() - GATHERED
    return not waits and newest.changes != given_version()


def _delete_files(package: DataPackage) -> None:
    for name in filter(None, (package.file.name, package.delta_file.name)):
        default_storage.delete(str(name))


def make_package() -> DataPackage | None:
    """Make one now; None where something was withheld meanwhile, which it may hold.

    Raises PackageError where a sum is not that of the portal.
    """
    hidden = what_is_hidden()
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as changes:
        with translation.override("en"):
            package = _built(file)
        package.delta = _delta_or_none(file, changes)
        file.seek(0)
        changes.seek(0)
        with transaction.atomic():
            lock_what_is_given()
            if what_is_hidden() != hidden:
                return None
            if package.delta:
                package.delta_file.save(f"{package.name}-delta.zip", File(changes), save=False)
            package.file.save(f"{package.name}.zip", File(file))
    drop_old_packages()
    return package


def _delta_or_none(file: IO[bytes], changes: IO[bytes]) -> dict[str, Any]:
    """The delta, or none where the package before cannot be read: the next is made all the same."""
    try:
        return _delta(file, changes)
    except Exception:
        log.exception("No delta: the package before it cannot be read")
        changes.seek(0)
        changes.truncate()
        return {}


def _delta(file: IO[bytes], changes: IO[bytes]) -> dict[str, Any]:
    """Write what changed since the newest package; what is said of it, empty where there is none.

    One that was taken away is none: what was withheld must not be told from what is missing.
    """
    before = DataPackage.objects.standing().first()
    if before is None:
        return {}
    try:
        old = before.file.open()
    except OSError:
        return {}
    with old, zipfile.ZipFile(old) as one, zipfile.ZipFile(file) as other:
        said = write_delta(one, other, changes)
    if not said:
        return {}
    size = changes.tell()
    counted = [{k: t[k] for k in ("name", "added", "changed", "withdrawn")} for t in said["tables"]]
    return {"from": said["from"], "size": size, "sha256": _digest(changes), "tables": counted}


def _built(file: IO[bytes]) -> DataPackage:
    """Write all of it into the file, as of one moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        changes = given_version()
        office, seal, moment = Office.current(), Seal.objects.newest(), timezone.now()
        office.use_currency()
        name = _name(timezone.localdate(moment).isoformat())
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            written = {table.name: write_table(archive, table) for table in TABLES}
            checks = checked(written, archive.namelist())
            typed = {}
            if parquet.is_there():
                typed = {t.name: parquet.write_parquet(archive, t, written[t.name]) for t in TABLES}
            checkpoint = Checkpoint.objects.filter(size=seal.number if seal else 0).first()
            stamp = _newest_stamp(seal)
            signer = _signer()
            manifest = manifest_of(
                written, typed, office=office, site=settings.SITE_URL, name=name, moment=moment,
                seal=seal, checks=checks, key=checkpoint.key if checkpoint else "", stamp=stamp,
                signed_by=key_text(*signer) if signer else "",
            )  # fmt: skip
            note = checkpoint.note if checkpoint else ""
            tables = [*written.values(), *typed.values()]
            sums = _write_texts(archive, tables, manifest, note, stamp)
            if signer:
                write_text(archive, SIGNED_SUMS, signed_sums(signer[0], name, sums, signer[1]))
    size = file.tell()
    return DataPackage(
        name=name, as_of=moment, seal_number=seal.number if seal else 0, size=size,
        sha256=_digest(file), manifest=manifest, changes=changes,
    )  # fmt: skip


def _signer() -> tuple[str, Ed25519PrivateKey] | None:
    """The office's key; one that cannot be read is none: what is public is given all the same."""
    try:
        return office_key()
    except Exception:
        log.exception("The package is not signed: the office's key cannot be read")
        return None


def _newest_stamp(seal: Seal | None) -> TimeStamp | None:
    """The newest that there is of the seals in the package: it covers all before it."""
    number = seal.number if seal else 0
    given = TimeStamp.objects.exclude(answer=None).filter(seal__number__lte=number)
    return given.select_related("seal").order_by("-seal__number").first()


def _write_texts(
    archive: zipfile.ZipFile,
    tables: list[Written],
    manifest: dict[str, Any],
    note: str,
    stamp: TimeStamp | None,
) -> str:
    """Returns the SHA-256 of the list of all files."""
    files = [*tables, write_text(archive, MANIFEST, as_json(manifest))]
    files.append(write_text(archive, script.NAME, script.script()))
    if note:
        files.append(write_text(archive, "checkpoint.txt", note))
    if stamp is not None:
        files.append(write_text(archive, "timestamp.tsr", bytes(stamp.answer or b"")))
    lines = "".join(f"{one.sha256}  {one.name}\n" for one in files)
    return write_text(archive, SUMS, lines).sha256


def _name(day: str) -> str:
    """The day, and a number where it has several."""
    count = DataPackage.objects.filter(name__startswith=day).count()
    return f"{day}-{count + 1}" if count else day


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def drop_old_packages() -> int:
    """Take away those beyond the number that is kept; returns how many.

    Kept are so many of the newest, and the last of each of so many releases.
    """
    if not settings.PACKAGES_KEPT:
        return 0
    standing = list(DataPackage.objects.standing())
    last: dict[int, int] = {}
    for one in standing:
        last.setdefault(one.seal_number, one.pk)
    kept = {*list(last.values())[: settings.PACKAGES_KEPT]}
    old = [one for one in standing[settings.PACKAGES_KEPT :] if one.pk not in kept]
    DataPackage.objects.filter(pk__in=[one.pk for one in old]).update(withdrawn_at=timezone.now())
    for one in old:
        _delete_files(one)
    return len(old)


def write_package(folder: Path) -> DataPackage | None:
    """Make one now and put a copy of it into a folder."""
    package = make_package()
    if package is not None:
        with package.file.open() as file, (folder / f"{package.name}.zip").open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
    return package
