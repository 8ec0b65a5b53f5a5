"""Files that the portal made of its own tables, taken away when something in them is withheld."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.kit.files.later import delete_page_files
from portal.models import DataPackage, EditionFile, Export, IatiFile


def drop_generated_files() -> None:
    """Take all of them away, whatever they hold; within the transaction that withholds.

    Editions get new ones from the worker, and so do the newest package of all data and our IATI;
    exports can be asked for again.
    """
    names = list(Export.objects.exclude(file="").values_list("file", flat=True))
    # Those that are being made, too: they may have read already what is withheld now.
    Export.objects.all().delete()
    standing = EditionFile.objects.filter(withdrawn_at=None)
    names += standing.values_list("file", flat=True)
    standing.update(withdrawn_at=timezone.now())
    packages = DataPackage.objects.standing()
    names += packages.values_list("file", flat=True)
    packages.update(withdrawn_at=timezone.now())
    published = IatiFile.objects.filter(withdrawn_at=None)
    names += published.values_list("file", flat=True)
    published.update(withdrawn_at=timezone.now())

    def delete() -> None:
        for name in names:
            default_storage.delete(name)
        delete_page_files()

    # Only once the database has let go: a file that is gone cannot come back.
    transaction.on_commit(delete)
