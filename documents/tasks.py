"""Background work on documents; tasks take ids and may be repeated safely."""

from django.core.files.uploadedfile import UploadedFile
from django_tasks import task

from documents import intake, services, text_reading
from documents.files.refused import Refused
from documents.models import Document, DocumentVersion, Upload
from portal.kit.web.priorities import AWAITED, LONG, UNAWAITED
from projects.models import Fund, Project, User


def receive_file(*, by: User, of: Project | Fund | Document, file: UploadedFile) -> Upload:
    """Take in a file that a form sent whole, and have it scanned: a draft.

    Raises Refused, and OSError on a full disk.
    """
    upload = intake.begin_upload(by=by, of=of, file_name=file.name or "", size=file.size or 0)
    intake.take_whole(upload=upload, content=file)
    if upload.state == Upload.State.REFUSED:
        raise Refused(upload.refusal, upload.detail)
    have_scanned(upload)
    return upload


def have_scanned(upload: Upload) -> None:
    """Have a draft scanned that has not been."""
    if upload.state == Upload.State.DRAFT and upload.scanned_at is None:
        scan_upload.enqueue(str(upload.pk))


@task(priority=AWAITED)
def scan_upload(upload_id: str) -> str:
    """Have the file scanned, and let it go on if its uploader has completed it.

    Where the scanner is down, the clean-up of the worker tries again each minute.
    """
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None or not intake.scan_file(upload=upload):
        return ""
    return services.advance(upload=upload).state


@task(priority=UNAWAITED, queue_name=LONG)
def read_text(version_id: int) -> str:
    """Read the text of a version, for the search, and draw its first page."""
    rows = DocumentVersion.objects.select_related("document")
    version = rows.filter(pk=version_id).first()
    return text_reading.read_version(version).state if version else ""


def read_what_is_unread(limit: int = 50) -> int:
    """Have versions read that nobody has begun to read; returns how many."""
    ids = text_reading.unread(limit)
    for pk in ids:
        read_text.enqueue(pk)
    return len(ids)
