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
from documents.models import Document, DocumentPage, DocumentVersion, Reading

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
        _keep_pages(version, [])
        return
    try:
        found = inspect("read", whole, out, version.media_type)
    except Refused:
        _keep_pages(version, [])
        raise
    reading.pages = found["pages"]
    reading.state = Reading.State.READ if found["with_text"] else Reading.State.NO_TEXT
    with out.open(encoding="utf-8") as lines:
        texts = [(number, json.loads(line)) for number, line in enumerate(lines, 1)]
    _keep_pages(version, [(n, text) for n, text in texts[:MAX_PAGES] if text])


@transaction.atomic
def _keep_pages(version: DocumentVersion, texts: list[tuple[int, str]]) -> None:
    """Search these instead of what the document had before; only its newest version counts."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
    newest = document.versions.first()
    if newest is not None and newest.pk != version.pk:
        return
    document.pages.all().delete()
    language = language_of_pages(document)
    pages = [
        DocumentPage(document=document, version=version, number=n, language=language, text=text)
        for n, text in texts
    ]
    DocumentPage.objects.bulk_create(pages, batch_size=200)


def language_of_pages(document: Document) -> str:
    """The language whose endings are known in the text of a document: its first."""
    return next(iter(document.languages), "")


def index_again(document: Document) -> None:
    """The language of a document was corrected: its text is found by the endings of that one."""
    language = language_of_pages(document)
    document.pages.exclude(language=language).update(language=language)


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
