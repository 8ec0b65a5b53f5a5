"""Files too large to be drawn while a visitor waits: who may wait for one, and where they lie."""

from contextlib import suppress
from datetime import datetime

from django.core.files.storage import default_storage

FOLDER = "page-files"


class MadeLater(Exception):
    """The file is drawn in the background; where nobody does so, it is drawn at once."""


def delete_page_files(before: datetime | None = None) -> int:
    """Delete those older than that, or all; returns how many."""
    names: list[str] = []
    with suppress(FileNotFoundError):
        names = default_storage.listdir(FOLDER)[1]
    count = 0
    for name in names:
        path = f"{FOLDER}/{name}"
        with suppress(FileNotFoundError):
            if before is None or default_storage.get_modified_time(path) < before:
                default_storage.delete(path)
                count += 1
    return count
