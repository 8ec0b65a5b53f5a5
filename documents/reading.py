"""Reading the text of documents in the background; may be repeated."""

import json
import logging
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from documents.files.refused import Refused
from documents.files.running import inspect
from documents.models import DocumentPage, DocumentVersion, Reading

log = logging.getLogger(__name__)
MAX_PAGES = 5000
_NO_TEXT = frozenset({"image/jpeg", "image/png", "image/webp", "application/zip"})


def unread(limit: int) -> list[int]:
    """Ids of versions that nobody has begun to read, noted as waiting from now on."""
    versions = DocumentVersion.objects.filter(reading=None).order_by("-pk")[:limit]
    ids = list(versions.values_list("pk", flat=True))
    Reading.objects.bulk_create([Reading(version_id=pk) for pk in ids], ignore_conflicts=True)
    return ids


def read_version(version: DocumentVersion) -> Reading:
    """Keep the text of each page, and a picture of the first."""
    reading, _made = Reading.objects.get_or_create(version=version)
    if reading.state != Reading.State.WAITING:
        return reading
    try:
        with tempfile.TemporaryDirectory(prefix="reading-") as folder:
            whole, out = Path(folder) / "in", Path(folder) / "out"
            with version.file.open("rb") as kept, whole.open("wb") as copy:
                for piece in kept.chunks(1 << 20):
                    copy.write(piece)
            _text(reading, whole, out)
            _picture(reading, whole, out.with_name("picture"))
    except Refused as error:
        encrypted = error.code == "encrypted"
        reading.state = Reading.State.ENCRYPTED if encrypted else Reading.State.FAILED
    except OSError:
        log.exception("The file of a document could not be read")
        reading.state = Reading.State.FAILED
    reading.save()
    return reading


def _text(reading: Reading, whole: Path, out: Path) -> None:
    version = reading.version
    if version.media_type in _NO_TEXT:
        reading.state = Reading.State.NONE
        return
    found = inspect("read", whole, out, version.media_type)
    reading.pages = found["pages"]
    reading.state = Reading.State.READ if found["with_text"] else Reading.State.NO_TEXT
    language = next(iter(version.document.languages), "")
    with out.open(encoding="utf-8") as lines:
        pages = [
            DocumentPage(
                document_id=version.document_id,
                version=version,
                number=number,
                language=language,
                text=text,
            )
            for number, line in enumerate(lines, 1)
            if number <= MAX_PAGES and (text := json.loads(line))
        ]
    with transaction.atomic():
        newest = DocumentVersion.objects.filter(document=version.document_id).first()
        # Only the newest version is searched.
        if newest is not None and newest.pk != version.pk:
            return
        DocumentPage.objects.filter(document=version.document_id).delete()
        DocumentPage.objects.bulk_create(pages, batch_size=200)


def _picture(reading: Reading, whole: Path, out: Path) -> None:
    try:
        drawn = inspect("draw", whole, out, reading.version.media_type)["drawn"]
    except Refused:
        return
    if drawn:
        # Its name is on record before it is written.
        reading.preview = f"previews/{reading.version_id}.webp"
        reading.save(update_fields=["preview"])
        default_storage.delete(reading.preview)
        with out.open("rb") as file:
            default_storage.save(reading.preview, File(file))
