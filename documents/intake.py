"""Taking files in: whole or in parts, looked into, kept, scanned. Nothing here is public yet.

Order matters: what names a file is committed before the file is written, and a version is made
only once its file is whole, looked into and, where a scanner is configured, scanned clean.
"""

import contextlib
import hashlib
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from documents import scanner
from documents.files import kinds
from documents.files.clamav import Beyond, NotScanned
from documents.files.names import safe_name
from documents.files.refused import Refused
from documents.files.running import inspect
from documents.models import (
    Document,
    DocumentType,
    DocumentVersion,
    ReportPeriod,
    Upload,
    UploadPart,
)
from documents.models.uploads import CRASHED, PART_SIZE
from documents.reporters import likely_reporter
from projects.models import Fund, Project, User

log = logging.getLogger(__name__)
PIECE = 1 << 20
OPEN_AT_ONCE = 200  # so many files one person may have on their way
# A person waits while a file is looked into: so many at once, lest the site waits too.
AT_ONCE = 4
AT_ONCE_EACH = 2
_ZIP = "documents.upload_zip"


def begin_upload(*, by: User, of: Project | Fund | Document, file_name: str, size: int) -> Upload:
    """Announce a file for a project, a fund, or as a new version of a document.

    Raises Refused where the announced size is nothing or too much, or too many are on their way.
    """
    if Upload.objects.open().filter(by=by.pk).count() >= OPEN_AT_ONCE:
        raise Refused("too-many")
    _check_size(size)
    document = of if isinstance(of, Document) else None
    owner = (document.project or document.fund) if document else of
    upload = Upload(
        by=by,
        document=document,
        project=owner if isinstance(owner, Project) else None,
        fund=owner if isinstance(owner, Fund) else None,
        file_name=safe_name(file_name),
        declared_size=size,
    )
    upload.save(force_insert=True)
    return upload


def _check_size(size: int) -> None:
    if size <= 0:
        raise Refused("empty")
    if size > settings.DOCUMENT_MAX_MB << 20:
        raise Refused("too-large")


def keep_part(*, upload: Upload, number: int, content: bytes) -> None:
    """Keep one part; sending it again replaces it. Raises Refused, and OSError on a full disk."""
    with transaction.atomic():
        # Only one writer at a time, so that the part lies under the name that is known.
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        last = locked.part_count - 1
        wanted = PART_SIZE if number < last else locked.declared_size - last * PART_SIZE
        if locked.state != Upload.State.RECEIVING or not 0 <= number <= last:
            raise Refused("changed")
        if len(content) != wanted:
            raise Refused("changed")
        name = locked.part_name(number)
        default_storage.delete(name)
        _store(name, content)
        UploadPart.objects.update_or_create(
            upload=locked, number=number, defaults={"size": len(content)}
        )
        locked.save(update_fields=["touched_at"])


def _store(name: str, content: bytes | IO[bytes]) -> None:
    with tempfile.SpooledTemporaryFile(max_size=2 * PART_SIZE) as file:
        if isinstance(content, bytes):
            file.write(content)
            file.seek(0)
            kept = default_storage.save(name, File(file, name))
        else:
            kept = default_storage.save(name, File(content, name))
    if kept != name:
        default_storage.delete(kept)
        raise OSError(f"{name} is taken")


def finish_parts(*, upload: Upload) -> Upload:
    """All parts have been sent: put them together, and look into the file. Raises Refused."""
    sizes = dict(upload.parts.values_list("number", "size"))
    if set(sizes) != set(range(upload.part_count)):
        raise Refused("missing-part")
    with _claimed(upload), tempfile.TemporaryDirectory(prefix="upload-") as folder:
        whole = Path(folder) / "in"
        with whole.open("wb") as out:
            for number in range(upload.part_count):
                with default_storage.open(upload.part_name(number)) as part:
                    for piece in part.chunks(PIECE):
                        out.write(piece)
        _look_into(upload, whole)
    delete_parts(upload)
    return upload


def take_whole(*, upload: Upload, content: Any) -> Upload:
    """Take a file that came at one go (an UploadedFile). Raises OSError on a full disk."""
    with _claimed(upload), tempfile.TemporaryDirectory(prefix="upload-") as folder:
        whole = Path(folder) / "in"
        with whole.open("wb") as out:
            for piece in content.chunks(PIECE):
                out.write(piece)
        _look_into(upload, whole)
    return upload


@contextlib.contextmanager
def _claimed(upload: Upload) -> Iterator[None]:
    """Nobody else looks into it meanwhile; should this fail, it can be tried again."""
    states = Upload.State
    mine = Upload.objects.filter(pk=upload.pk, state=states.RECEIVING)
    if not mine.update(state=states.CHECKING, touched_at=timezone.now()):
        raise Refused("changed")
    upload.state = states.CHECKING
    try:
        _check_load(upload)
        yield
    except BaseException:
        # Whatever it was, an exit of the process too: it goes on, and the claim is given back.
        forget_file(upload)
        Upload.objects.filter(pk=upload.pk, state=states.CHECKING).update(state=states.RECEIVING)
        raise


def _check_load(upload: Upload) -> None:
    """Raises Refused while others, or more of the same person, are looked into."""
    alive = timezone.now() - CRASHED
    checking = Upload.objects.filter(state=Upload.State.CHECKING, touched_at__gte=alive)
    owners = list(checking.values_list("by", flat=True))
    if len(owners) > AT_ONCE or owners.count(upload.by_id) > AT_ONCE_EACH:
        raise Refused("busy")


def _look_into(upload: Upload, whole: Path) -> None:
    """Refuse it, or keep it as a draft with what it tells of itself."""
    out = whole.with_name("out")
    try:
        if whole.stat().st_size != upload.declared_size:
            raise Refused("changed")
        more = ["zip"] if upload.by.has_perm(_ZIP) else []
        found = inspect("check", whole, out, upload.file_name, *more)
        kept = out if found["rewritten"] else whole
        digest = _digest(kept)
        if upload.document is not None:
            newest = upload.document.versions.first()
            if newest is not None and newest.sha256 == digest:
                raise Refused("same-version")
    except Refused as error:
        refuse(upload=upload, code=error.code, detail=error.detail)
        return
    _suggest(upload, found)
    if same := same_file(upload, digest):
        upload.warnings["same"] = same
    extension = kinds.EXTENSIONS[found["kind"]][0]
    upload.file_name = safe_name(upload.file_name, found["kind"])
    upload.media_type, upload.rewritten = found["kind"], found["rewritten"]
    upload.sha256, upload.size = digest, kept.stat().st_size
    upload.stored_name = f"documents/{timezone.now():%Y/%m}/{upload.pk.hex}{extension}"
    # The name first: should this process die now, the clean-up knows what to look for.
    upload.save()
    with kept.open("rb") as file:
        _store(upload.stored_name, file)
    upload.state = Upload.State.DRAFT
    if not settings.CLAMD_ADDRESS:
        upload.scanned_at, upload.scan_skipped = timezone.now(), True
    upload.save()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _suggest(upload: Upload, found: dict[str, Any]) -> None:
    upload.warnings = found["warnings"]
    if upload.document is not None:
        document = upload.document
        upload.title, upload.type = document.title, document.type
        upload.languages, upload.document_date = document.languages, document.document_date
        upload.year_reported, upload.period = document.year_reported, document.period
        upload.organization = document.organization
        return
    said = found["suggested"]
    upload.title = said["title"]
    upload.type = DocumentType.objects.filter(code=said["type"]).first()
    upload.languages = [said["language"]] if said["language"] else []
    upload.document_date = said["date"] or None
    if upload.type is None or not upload.type.is_report:
        return
    if upload.type.is_annual_report:
        # Of a quarter or half that the file does not name, the uploader is asked.
        upload.period = (said["period"] or ReportPeriod.YEAR).strip("?")
        upload.year_reported = said["year"]
    else:
        upload.period = ReportPeriod.FINAL
    upload.organization = likely_reporter(
        upload.project, upload.by, f"{upload.file_name} {said['title']}"
    )


def same_file(upload: Upload, digest: str) -> list[int]:
    """Ids of documents of the same project or fund that have this very file."""
    versions = DocumentVersion.objects.filter(
        sha256=digest, document__project=upload.project, document__fund=upload.fund
    ).exclude(document__state=Document.State.WITHDRAWN)
    return sorted(set(versions.order_by().values_list("document_id", flat=True)))


def refuse(*, upload: Upload, code: str, detail: str = "") -> None:
    """Nothing of the file stays; the uploader reads why."""
    log.warning("An uploaded file was refused: %s", code)
    upload.state, upload.refusal, upload.detail = Upload.State.REFUSED, code, detail
    upload.save()
    forget_file(upload)
    delete_parts(upload)


def forget_file(upload: Upload) -> None:
    """Delete the file of an upload that became no version."""
    if upload.stored_name and upload.version_id is None:
        default_storage.delete(upload.stored_name)
        Upload.objects.filter(pk=upload.pk, version=None).update(stored_name="")
        upload.stored_name = ""


def delete_parts(upload: Upload) -> None:
    """Delete the parts; a part may lie there that no row tells of, so all names are tried."""
    for number in range(upload.part_count):
        default_storage.delete(upload.part_name(number))
    upload.parts.all().delete()


def scan_file(*, upload: Upload) -> bool:
    """Have the file scanned, or go on waiting; whether there was a verdict."""
    if upload.scanned_at is not None or not upload.stored_name:
        return True
    upload.scan_skipped = not settings.CLAMD_ADDRESS
    if settings.CLAMD_ADDRESS:
        try:
            with default_storage.open(upload.stored_name) as file:
                found = scanner.verdict(file)
        except Beyond as error:
            refuse(upload=upload, code="unscannable", detail=str(error)[:200])
            return True
        except (NotScanned, OSError) as error:
            log.warning("A file waits for the virus scanner: %s", error)
            return False
        if found:
            refuse(upload=upload, code="virus", detail=found)
            return True
    upload.scanned_at = timezone.now()
    upload.save(update_fields=["scanned_at", "scan_skipped", "touched_at"])
    return True
