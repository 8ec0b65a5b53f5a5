"""The version of all that public pages show: what the database counted, the day, and the code."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

_VERSION = (
    "SELECT sum(count), (now() AT TIME ZONE (SELECT time_zone FROM projects_office))::date"
    " FROM portal_changes"
)


def current_version() -> tuple[Any, ...]:
    """What is another whenever a page may be."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return (code_version(), *map(str, cursor.fetchone()))


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
