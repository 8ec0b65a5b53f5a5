"""Where mail goes: pages put it into the queue, background work gives it to the mail server."""

from typing import Any

from django.conf import settings
from django.core.mail import get_connection


def delivery() -> Any:
    """A connection to the mail server itself, for tasks of the worker; never in a request."""
    is_queued = settings.EMAIL_BACKEND == settings.MAIL_QUEUE
    return get_connection(settings.MAIL_DELIVERY if is_queued else None)
