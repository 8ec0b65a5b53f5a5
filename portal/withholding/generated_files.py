"""Files that the portal made of its own tables, taken away when something in them is withheld."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max, Q
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
    """What is another as soon as anything is withheld, lifted, erased, or out of view."""
    kinds = (DocumentEvent.Kind.HELD, DocumentEvent.Kind.WITHDRAWN)
    documents = DocumentEvent.objects.filter(kind__in=kinds)
    rows = (Withholding.objects.all(), WithholdingOutcome.objects.all(), documents)
    return tuple(found.aggregate(newest=Max("pk"))["newest"] for found in rows)


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
    # With those that the database took away a moment ago, with a document.
    recent = Q(withdrawn_at=None) | Q(withdrawn_at__gte=timezone.now() - timedelta(hours=1))
    packages = DataPackage.objects.filter(recent)
    names += packages.values_list("file", flat=True)
    names += packages.exclude(delta_file="").values_list("delta_file", flat=True)
    DataPackage.objects.standing().update(withdrawn_at=timezone.now())
    names += IatiFile.objects.values_list("file", flat=True)
    IatiFile.objects.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())

    def delete() -> None:
        for name in names:
            default_storage.delete(name)
        delete_page_files()
        take_copy_away()

    # Only once the database has let go: a file that is gone cannot come back.
    transaction.on_commit(delete)


def take_copy_away() -> None:
    """The static copy that a worker keeps; where this process may not, the worker does it."""
    if not settings.MIRROR_FOLDER:
        return
    try:
        take_away(Path(settings.MIRROR_FOLDER))
    except OSError:
        log.warning("copy_stays_for_the_worker", exc_info=True)
