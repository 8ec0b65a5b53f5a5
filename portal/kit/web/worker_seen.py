"""Whether a background worker runs: each says so every half minute, and pages that wait ask."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

SECONDS = 30
_SILENT = timedelta(minutes=3)
_KEY = "worker-seen"


def say_so() -> None:
    """A worker runs now."""
    cache.set(_KEY, timezone.now(), timeout=None)


def last_seen() -> datetime | None:
    """When a worker said so last, if one ever did."""
    seen = cache.get(_KEY)
    return seen if isinstance(seen, datetime) else None


def said_of_worker() -> str:
    """In words that no worker runs; "" while one does."""
    seen = last_seen()
    if seen is not None and timezone.now() - seen < _SILENT:
        return ""
    if seen is None:
        return _(
            "No background worker has run yet: nothing that waits goes on. "
            "Tell whoever runs this portal."
        )
    return _(
        "No background worker has run since %(moment)s: nothing that waits goes on. "
        "Tell whoever runs this portal."
    ) % {"moment": f"{timezone.localtime(seen):%d %b %Y %H:%M %Z}"}
