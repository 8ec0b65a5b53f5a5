"""Background work on documents; tasks take ids and may be repeated safely."""

from django_tasks import task

from documents import intake, services
from documents.models import Upload


@task()
def scan_upload(upload_id: str) -> str:
    """Have the file scanned, and let it go on if its uploader has completed it.

    Where the scanner is down, the sweep of the worker tries again each minute.
    """
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None or not intake.scan_file(upload=upload):
        return ""
    return services.advance(upload=upload).state
