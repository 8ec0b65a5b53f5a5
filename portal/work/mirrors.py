"""The static copy, made anew when it is due, by a process of its own: nothing waits for it."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from documents.models import DocumentEvent
from portal.mirror.publishing import BEGUN, made_at
from portal.withholding.generated_files import take_copy_away
from projects.models import Withholding, WithholdingOutcome

# Seconds until one that failed is begun again.
_WAIT = 3600


def begin_due_mirror() -> subprocess.Popen[bytes] | None:
    """Begin one if there is none, or one older than it may be, or something was withheld since.

    In that case the one that stands goes first. A second, of another worker, ends at once.
    """
    if not settings.MIRROR_FOLDER:
        return None
    folder = Path(settings.MIRROR_FOLDER)
    if holds_what_is_withheld(folder):
        take_copy_away()
        cache.delete(BEGUN)
    if not is_due(folder) or not cache.add(BEGUN, "", _WAIT):
        return None
    manage = str(settings.BASE_DIR / "manage.py")
    return subprocess.Popen(  # noqa: S603 – this very program
        [sys.executable, manage, "mirror"], stdout=subprocess.DEVNULL, cwd=settings.BASE_DIR
    )


def is_due(folder: Path) -> bool:
    """Whether there is none, or one that is too old."""
    made = made_at(folder)
    return made is None or made <= timezone.now() - timedelta(hours=settings.MIRROR_HOURS)


def holds_what_is_withheld(folder: Path) -> bool:
    """Whether something was withheld, erased or taken out of public view since it was made."""
    made = made_at(folder)
    kinds = (DocumentEvent.Kind.HELD, DocumentEvent.Kind.WITHDRAWN)
    hidden = DocumentEvent.objects.filter(kind__in=kinds)
    changed = (Withholding.objects.all(), WithholdingOutcome.objects.all(), hidden)
    return made is not None and any(rows.filter(at__gt=made).exists() for rows in changed)
