"""What staff do with loads: receive, release."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from finance.figures import rebuild_key_figures
from finance.intake import Intake
from finance.models import Load, Source
from finance.seals import seal_release

RELEASE_LOCK = 7_010_001  # any constant; one lock for all releases
REBUILD_BATCH = 500


@contextmanager
def received_file(
    *, source: Source, kind: str, path: Path, by=None, reason: str = "", received_at=None
) -> Iterator[Load]:
    """A load of the file at `path`, within one transaction; nothing stays if that fails."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        load = Load(
            source=source,
            kind=kind,
            file_name=path.name,
            sha256=sha256,
            size=path.stat().st_size,
            reason=reason,
            received_at=received_at or timezone.now(),
            received_by=by,
        )
        file.seek(0)
        try:
            with transaction.atomic():
                lock_releases()
                load.file.save(path.name, File(file), save=False)
                load.full_clean(exclude=["file"])
                load.save()
                yield load
        except BaseException:
            if load.file.name:
                load.file.storage.delete(load.file.name)
            raise


def lock_releases() -> None:
    """Wait for and hold the one lock under which records change, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELEASE_LOCK])


def release_load(*, load: Load, intake: Intake, by=None, moment: datetime | None = None) -> Load:
    """Make what `intake` took in public and bring key figures up to date.

    The time is the database's clock, under the lock; only the sample portfolio, which
    invents its past, gives a `moment`.
    """
    if moment is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment = cursor.fetchone()[0]
    load.released_at = moment
    load.released_by = by
    load.counts = dict(intake.counts)
    load.save(update_fields=["released_at", "released_by", "counts", "report"])
    for batch in _batches(sorted(intake.touched), REBUILD_BATCH):
        rebuild_key_figures(batch)
    seal_release(load)
    return load


def _batches(items: list[int], size: int) -> Iterable[list[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
