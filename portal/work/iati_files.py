"""Our IATI files: made on each release, kept, taken away with what is withheld."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone, translation

from finance.models import Seal
from portal.about.versions import given_version
from portal.iati.publishing.files import Made, write_files
from portal.kit.files.about import notice_of
from portal.models import IatiFile
from portal.withholding.generated_files import lock_what_is_given, what_is_hidden
from projects.models import Office

_WAIT_AFTER_FAILURE = 3600
_MAKING_LOCK = 7_010_008  # any constant
# What changes between releases is gathered for so long.
GATHERED = timedelta(hours=1)


def make_due_iati_files() -> int:
    """Make them if anything was released since, or taken away; within the hour, if anything else in
    them has changed. Returns how many were made.

    What failed is tried again after an hour: what is wrong is in the log.
    """
    basis = basis_now()
    newest = IatiFile.objects.standing().first()
    if basis is None or (newest is not None and not _is_due(newest, basis)):
        return 0
    # Of the release alone: each edit since would begin anew what has just failed.
    begun = f"iati-files-begun-{_release_of(basis)}"
    with _alone() as is_alone:
        if not is_alone or not cache.add(begun, "", _WAIT_AFTER_FAILURE):
            return 0
        count = make_iati_files()
        cache.delete(begun)
    return count


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else makes them, of whichever release; until the end nobody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_MAKING_LOCK])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        # A lost connection has freed it already.
        if is_alone and connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MAKING_LOCK])


def _is_due(newest: IatiFile, basis: str) -> bool:
    """By what it was made from: the release it was made of, and what has changed since."""
    if _release_of(newest.basis) != _release_of(basis):
        return True
    waits = newest.made_at > timezone.now() - GATHERED
    return not waits and newest.basis != basis


def _release_of(basis: str) -> str:
    return basis.partition("-")[0]


def basis_now() -> str | None:
    """What the files would be made from: the release with what the office is called, and a count
    of changes since. None where nothing was ever released."""
    seal, office = Seal.objects.newest(), Office.current()
    if seal is None:
        return None
    said = (seal.number, office.iati_org_id, office.iati_org_type, office.name)
    return f"{hashlib.sha256(repr(said).encode()).hexdigest()[:40]}-{given_version()}"


def make_iati_files() -> int:
    """Make all of them now; none where something was withheld meanwhile, which they may hold."""
    hidden, basis = what_is_hidden(), basis_now() or ""
    with tempfile.TemporaryDirectory() as folder:
        made = write_iati_files(Path(folder))
        with transaction.atomic():
            lock_what_is_given()
            if what_is_hidden() != hidden:
                return 0
            old = _put_in_place(made, basis)
    for name in old:
        default_storage.delete(name)
    return len(made)


def write_iati_files(folder: Path) -> list[Made]:
    """Write them into a folder, as of one moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), translation.override("en"):
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        office = Office.current()
        office.use_currency()
        return write_files(folder, timezone.now().replace(microsecond=0), notice_of(office))


def _put_in_place(made: list[Made], basis: str) -> list[str]:
    """The new files instead of those before; returns the names of these."""
    # With those that the database took away by itself.
    old = list(IatiFile.objects.values_list("file", flat=True))
    IatiFile.objects.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    for one in made:
        row = IatiFile(
            name=one.name, kind=one.kind, fund=one.fund, is_own=one.is_own, basis=basis,
            activities=one.activities, size=one.size, sha256=one.sha256,
        )  # fmt: skip
        with one.path.open("rb") as file:
            row.file.save(f"{one.path.stem}.xml", File(file))
    # Rows of what is gone say nothing that the newest do not.
    IatiFile.objects.exclude(withdrawn_at=None).delete()
    return old
