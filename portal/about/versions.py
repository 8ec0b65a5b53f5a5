"""The version of all that public pages show: what the database counted, the day, and the code."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection

# A database that was restored or promoted counts on from an earlier number: which one it is belongs
# to the version, or pages of the lost hours would be found again.
_VERSION = (
    "SELECT sum(count), (now() AT TIME ZONE (SELECT time_zone FROM projects_office))::date,"
    " 'portal_changes'::regclass::oid, (SELECT system_identifier FROM pg_control_system()),"
    " (SELECT timeline_id FROM pg_control_checkpoint())"
    " FROM portal_changes"
)


def current_version() -> tuple[Any, ...]:
    """What is another whenever a page may be."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return (code_version(), *map(str, cursor.fetchone()))


def given_version() -> int:
    """What is another whenever what the package of all data and our IATI are made of is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(given), 0)::bigint FROM portal_changes")
        return int(cursor.fetchone()[0])


@cache
def code_version() -> str:
    """A digest of the code and templates that draw pages, and of settings they show."""
    found = hashlib.sha256(settings.SITE_URL.encode())
    base = Path(settings.BASE_DIR)
    for folder in ("portal", "projects", "finance", "documents", "templates"):
        for path in sorted((base / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".sql", ".txt", ".csv"):
                found.update(path.read_bytes())
    return found.hexdigest()


def counted_once(what: tuple[Any, ...], count: Callable[[], Any]) -> Any:
    """What `count` gives, or gave before of the same version; None is not kept.

    A page as it was drawn is kept for one address, language and way of asking; what it counts over
    the whole portfolio is the same for many, and for those who are signed in. `what` tells it from
    all else that is counted: its `repr` has to be the same for the same.
    """
    # Read first: a change meanwhile gives it a key that nobody asks for.
    key = hashlib.sha256(repr((*current_version(), *what)).encode()).hexdigest()
    found = caches["counts"].get(key)
    if found is None:
        found = count()
        caches["counts"].set(key, found)
    return found
