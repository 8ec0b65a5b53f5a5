"""The one lock under which records change."""

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
