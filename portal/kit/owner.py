"""The database as its owner sees it, for what the web's role may not do."""

import contextlib
from collections.abc import Iterator

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextlib.contextmanager
def as_owner() -> Iterator[BaseDatabaseWrapper]:
    """Let the owner's connection serve the alias `default` too, for migrations.

    Some migrations of libraries ask for `default` whatever they run on; from a second
    connection they would wait for ever for locks that the first one holds.
    """
    web, owner = connections["default"], connections["owner"]
    connections["default"] = owner
    try:
        yield owner
    finally:
        connections["default"] = web
