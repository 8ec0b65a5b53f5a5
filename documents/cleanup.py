"""What crashes and changed minds leave behind: taken up again, or deleted with its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from documents import intake, scanner, services
from documents.models import Upload
from documents.models.uploads import CRASHED

UNFINISHED = timedelta(days=7)  # so long may a broken line keep a file from arriving
DRAFTS = timedelta(days=60)
REFUSED = timedelta(days=30)  # so long its uploader can read why
_State = Upload.State


def clean_up() -> int:
    """Delete what nobody will finish, and take up what a dead process left; how many uploads."""
    scanner.fault()  # tried from time to time also where nothing waits
    return _take_up_crashed() + _delete_old() + scan_waiting()


def _older(span: timedelta, **which: object) -> list[Upload]:
    before = timezone.now() - span
    return list(Upload.objects.filter(touched_at__lt=before, **which))


def _take_up_crashed() -> int:
    crashed = _older(CRASHED, state=_State.CHECKING)
    for upload in crashed:
        intake.forget_file(upload)
        Upload.objects.filter(pk=upload.pk, state=_State.CHECKING).update(state=_State.RECEIVING)
    # A process may have died between a refusal and the deletion of the file.
    left = _older(CRASHED, state=_State.REFUSED, version=None)
    left = [upload for upload in left if upload.stored_name or upload.parts.exists()]
    for upload in left:
        intake.forget_file(upload)
        intake.delete_parts(upload)
    return len(crashed) + len(left)


def _delete_old() -> int:
    old = _older(UNFINISHED, state=_State.RECEIVING)
    old += _older(DRAFTS, state=_State.DRAFT)
    old += _older(REFUSED, state=_State.REFUSED)
    for upload in old:
        drop(upload)
    return len(old)


def drop(upload: Upload) -> None:
    """Delete an upload that became no version, files first: a row without a file does no harm."""
    if upload.version_id is not None:
        return
    intake.forget_file(upload)
    intake.delete_parts(upload)
    upload.delete()


@contextmanager
def dropped_on_error(upload: Upload | None) -> Iterator[None]:
    """Drop the upload, if there is one, when what it is part of fails; the error goes on."""
    try:
        yield
    except Exception:
        if upload:
            drop(upload)
        raise


def scan_waiting() -> int:
    """Try again what the scanner owes a verdict; returns for how many there is one now."""
    count = 0
    for upload in Upload.objects.unscanned().exclude(stored_name="").order_by("begun_at"):
        if not intake.scan_file(upload=upload):
            break  # it is down: the rest waits, too
        services.advance(upload=upload)
        count += 1
    return count
