"""Files that the portal made of its own tables, taken away when something in them is withheld."""

import logging
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.kit.files.folders import take_away
from portal.kit.files.later import delete_page_files
from portal.models import DataPackage, EditionFile, Export, IatiFile

log = logging.getLogger(__name__)


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
    packages = DataPackage.objects.standing()
    names += packages.values_list("file", flat=True)
    names += packages.exclude(delta_file="").values_list("delta_file", flat=True)
    packages.update(withdrawn_at=timezone.now())
    published = IatiFile.objects.filter(withdrawn_at=None)
    names += published.values_list("file", flat=True)
    published.update(withdrawn_at=timezone.now())

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
