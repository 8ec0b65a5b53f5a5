"""Background work on documents; tasks take ids and may be repeated safely."""

from django_tasks import task

from documents import intake, services, text_reading
from documents.models import DocumentVersion, Upload
from portal.kit.web.priorities import AWAITED, LONG, UNAWAITED


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
