"""Where mail goes: pages put it into the queue, background work gives it to the mail server."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import get_connection


def _keep_private(folder: Path) -> None:
    """Mails hold links that let in: on disk only the portal's own user reads them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def delivery() -> Any:
    """A connection to the mail server itself, for tasks of the worker; never in a request."""
    if settings.MAIL_DELIVERY.endswith(".filebased.EmailBackend"):
        _keep_private(Path(settings.EMAIL_FILE_PATH))
    is_queued = settings.EMAIL_BACKEND == settings.MAIL_QUEUE
    return get_connection(settings.MAIL_DELIVERY if is_queued else None)
