"""Locks of a database in which visitors are: who waits for one makes all wait who come after."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

# PostgreSQL ends who waits for us, while we wait for them, after a second. It takes as long
# until vacuuming makes way, so now and then we have to wait longer than that.
MOMENT, LONGER, EVERY = 0.5, 2.0, 5


class Busy(Exception):
    """Something holds a table for longer than visitors should wait for it."""


@contextmanager
def waiting_at_most(owner: BaseDatabaseWrapper, seconds: float) -> Iterator[None]:
    """No statement of the owner waits longer than that for a lock; raises Busy where one would."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, FALSE)", [_milliseconds(seconds)])
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy(str(error)) from error
        raise
    finally:
        with owner.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@contextmanager
def without_writers(owner: BaseDatabaseWrapper, seconds: float) -> Iterator[None]:
    """A transaction during which others only read; raises Busy after so many seconds.

    Whoever takes one table after the other may wait for somebody who waits for them. So here it is
    all within a moment or none, and then once more.
    """
    end = time.monotonic() + seconds
    with transaction.atomic(using=owner.alias):
        attempt = 1
        while (fault := _try(owner, MOMENT if attempt % EVERY else LONGER)) is not None:
            if time.monotonic() > end:
                raise Busy(str(fault)) from fault
            attempt += 1
            time.sleep(MOMENT)
        yield


def _try(owner: BaseDatabaseWrapper, moment: float) -> OperationalError | None:
    """Take all of them within the moment; why that did not go, and then none is taken."""
    try:
        with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(format('%I', relname), ', ' ORDER BY oid), "
                "current_setting('statement_timeout') FROM pg_class "
                "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
                "AND pg_has_role(relowner, 'USAGE')"
            )
            names, before = cursor.fetchone()
            if names is None:
                return None
            limit = "SELECT set_config('statement_timeout', %s, TRUE)"
            cursor.execute(limit, [_milliseconds(moment)])
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(limit, [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled | LockNotAvailable | DeadlockDetected):
            return error
        raise
    return None


def _milliseconds(seconds: float) -> str:
    return f"{int(seconds * 1000)}ms"
