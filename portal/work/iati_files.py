"""Our IATI files: made on each release, kept, taken away with what is withheld."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone, translation

from documents.models import Document
from finance.loading.lock import lock_releases
from finance.models import Seal
from portal.iati.publishing.files import Made, write_files
from portal.kit.files.about import notice_of
from portal.models import IatiFile
from projects.models import Office, Withholding, WithholdingOutcome

_WAIT_AFTER_FAILURE = 3600


def make_due_iati_files() -> int:
    """Make them if anything was released since, or taken away; returns how many were made.

    What failed is tried again after an hour: what is wrong is in the log.
    """
    basis = basis_now()
    if basis is None or IatiFile.objects.standing().filter(basis=basis).exists():
        return 0
    if not cache.add(f"iati-files-begun-{basis}", "", _WAIT_AFTER_FAILURE):
        return 0
    count = make_iati_files()
    cache.delete(f"iati-files-begun-{basis}")
    return count


def basis_now() -> str | None:
    """What the files would be made from, in short; None where nothing was ever released."""
    seal, office = Seal.objects.newest(), Office.current()
    if seal is None:
        return None
    newest = Document.objects.aggregate(newest=Max("pk"))["newest"] or 0
    said = (seal.number, newest, office.iati_org_id, office.iati_org_type, office.name)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def make_iati_files() -> int:
    """Make all of them now; none where something was withheld meanwhile, which they may hold."""
    withheld, basis = _withheld(), basis_now() or ""
    with tempfile.TemporaryDirectory() as folder:
        made = write_iati_files(Path(folder))
        with transaction.atomic():
            lock_releases()
            if _withheld() != withheld:
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
    standing = IatiFile.objects.filter(withdrawn_at=None)
    old = list(standing.values_list("file", flat=True))
    standing.update(withdrawn_at=timezone.now())
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


def _withheld() -> tuple[Any, ...]:
    """What is another as soon as anything is withheld, lifted or erased."""
    rows = (Withholding.objects.all(), WithholdingOutcome.objects.all())
    return tuple(found.aggregate(newest=Max("pk"))["newest"] for found in rows)
