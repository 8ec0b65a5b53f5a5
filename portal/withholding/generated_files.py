"""Files that the portal made of its own tables, taken away when something in them is withheld."""

import logging
import posixpath
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from documents.models import DocumentEvent
from finance.loading.lock import lock_releases
from portal.kit.files.folders import take_away
from portal.kit.files.later import delete_page_files
from portal.models import DataPackage, EditionFile, Export, IatiFile
from projects.models import Withholding, WithholdingOutcome

log = logging.getLogger(__name__)
_GIVEN_LOCK = 7_010_002  # any constant; portal/sql/taken_away.sql takes it, too


def what_is_hidden() -> tuple[Any, ...]:
    """What is another as soon as anything is withheld, lifted, erased, or out of view.

    Counted, too: one that commits late has a lower number than the newest.
    """
    kinds = (DocumentEvent.Kind.HELD, DocumentEvent.Kind.WITHDRAWN)
    documents = DocumentEvent.objects.filter(kind__in=kinds)
    rows = (Withholding.objects.all(), WithholdingOutcome.objects.all(), documents)
    wanted = {"newest": Max("pk"), "count": Count("pk")}
    return tuple(tuple(found.aggregate(**wanted).items()) for found in rows)


def lock_what_is_given() -> None:
    """Wait for and hold the lock under which files are put in place or taken away, until the
    transaction ends."""
    lock_releases()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GIVEN_LOCK])


def drop_generated_files() -> None:
    """Take all of them away, whatever they hold; within the transaction that withholds.

    Editions get new ones from the worker, and so do the newest package of all data, our IATI and
    the static copy that it keeps; exports can be asked for again.
    """
    names = list(Export.objects.exclude(file="").values_list("file", flat=True))
    # Those that are being made, too: they may have read already what is withheld now.
    Export.objects.all().delete()
    standing = EditionFile.objects.filter(withdrawn_at=None)
    names += standing.values_list("file", flat=True)
    standing.update(withdrawn_at=timezone.now())
    DataPackage.objects.standing().update(withdrawn_at=timezone.now())
    names += IatiFile.objects.values_list("file", flat=True)
    IatiFile.objects.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())

    def delete() -> None:
        for name in names:
            default_storage.delete(name)
        delete_packages_taken_away()
        delete_page_files()
        take_copy_away()

    # Only once the database has let go: a file that is gone cannot come back.
    transaction.on_commit(delete)


def delete_packages_taken_away() -> None:
    """The files of all packages that were taken away, however long ago: whoever should have
    deleted them may have been down."""
    rows = DataPackage.objects.exclude(withdrawn_at=None).values_list("file", "delta_file")
    names = {name for row in rows for name in row if name}
    for folder in {posixpath.dirname(name) for name in names}:
        there: list[str] = []
        with suppress(FileNotFoundError):
            there = default_storage.listdir(folder)[1]
        for name in names.intersection(posixpath.join(folder, one) for one in there):
            default_storage.delete(name)


def take_copy_away() -> None:
    """The static copy that a worker keeps; where this process may not, the worker does it."""
    if not settings.MIRROR_FOLDER:
        return
    try:
        take_away(Path(settings.MIRROR_FOLDER))
    except OSError:
        log.warning("copy_stays_for_the_worker", exc_info=True)
