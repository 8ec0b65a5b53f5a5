"""The one lock under which records change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

RELEASE_LOCK = 7_010_001  # any constant; one lock for all releases


def lock_releases() -> None:
    """Wait for and hold the one lock under which records change, until the transaction ends.

    Foreign keys are checked with each statement: all that wait for the end are read again by
    every history trigger that has no context. Statements are planned anew each time: the checks
    keep their plan, and one made for an empty table would read it whole for each row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELEASE_LOCK])


@contextmanager
def keys_checked_by_index() -> Iterator[None]:
    """Within the block foreign keys of many rows are checked by one plan each, over an index.

    Planning each check anew takes three times as long as the check. Only a plan that reads a
    whole table, made while it was empty, must never be kept: here none is made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        # Staged lines are sorted in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        yield
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        cursor.execute("SET LOCAL enable_seqscan = on")
