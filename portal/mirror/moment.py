"""One moment of the database, which several processes can share; and what a copy says of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from finance.models import Seal
from portal.mirror.own_pages import ABOUT


@contextmanager
def one_moment(snapshot: str = "") -> Iterator[None]:
    """All is read as it is now, or as another process reads it, and nothing is written."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                if snapshot:
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        yield


def shared_moment() -> str:
    """The moment of this transaction, for others, as long as it lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        return cursor.fetchone()[0]


def told_of(moment: datetime) -> dict[str, Any]:
    """What pages of the copy say of it."""
    return {
        "copied_at": moment,
        "site_url": settings.SITE_URL,
        "about_url": ABOUT,
        "seal": Seal.objects.newest(),
    }
