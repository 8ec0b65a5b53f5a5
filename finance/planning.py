"""What the database's planner has to be told about statements over many lines."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

MANY = 50  # lines that no nested loop should go through


@contextmanager
def fit_for_many(lines: int) -> Iterator[None]:
    """Keeps nested loops out of the plans of a transaction's statements over many lines.

    Staged lines are too new to have statistics: the planner takes them for few, and a loop
    over all pairs of a million lines would take days.
    """
    if lines < MANY:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


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
