"""Whether a background worker runs: each says so every half minute, and pages that wait ask."""

import os
import socket
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit import formatting
from portal.models import WorkerSign

SECONDS = 30
# One that lives misses no two signs.
_LIVES = timedelta(seconds=2 * SECONDS + 10)
SILENT = timedelta(minutes=3)
_FORGOTTEN = timedelta(days=1)


def say_so() -> None:
    """This worker runs now."""
    now = timezone.now()
    name = f"{socket.gethostname()} {os.getpid()}"
    WorkerSign.objects.update_or_create(name=name, defaults={"seen_at": now})
    # The newest stays, whenever it was.
    old = WorkerSign.objects.filter(seen_at__lt=now - _FORGOTTEN).exclude(name=name)
    old.delete()


def last_seen() -> datetime | None:
    """When a worker said so last, if one ever did."""
    return WorkerSign.objects.aggregate(seen=Max("seen_at"))["seen"]


def workers() -> int:
    """How many run now, as far as their signs tell: one that was killed counts a minute longer."""
    return WorkerSign.objects.filter(seen_at__gt=timezone.now() - _LIVES).count()


def said_of_worker(silent: timedelta = SILENT) -> str:
    """In words that no worker runs; "" while one does."""
    seen = last_seen()
    if seen is not None and timezone.now() - seen < silent:
        return ""
    if seen is None:
        return _(
            "No background worker has run yet: nothing that waits goes on. "
            "Tell whoever runs this portal."
        )
    return _(
        "No background worker has run since %(moment)s: nothing that waits goes on. "
        "Tell whoever runs this portal."
    ) % {"moment": formatting.moment(seen)}
