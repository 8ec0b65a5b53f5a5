"""Whoever needs a moment without writers gets it among visitors, and ends none of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections, transaction

from portal.host.locks import Busy, without_writers
from projects.models import Fund
from tests.factories import FundFactory
from tests.waiting import PATIENCE, wait_until

FIRST_AND_LAST = """
    SELECT (array_agg(relname ORDER BY oid))[1], (array_agg(relname ORDER BY oid DESC))[1]
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND has_table_privilege(oid, 'DELETE')
"""
WAITS_FOR = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass)"

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("rows_stay"),
]


def take_all() -> bool:
    """In a thread of its own, whose connection is closed at the end."""
    try:
        with without_writers(connections["owner"], PATIENCE):
            return True
    finally:
        connections.close_all()


def test_who_needs_what_is_taken_while_having_what_is_waited_for_goes_on():
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic(), connection.cursor() as writer:
            writer.execute(FIRST_AND_LAST)
            first, last = writer.fetchone()
            writer.execute(f'DELETE FROM "{last}" WHERE FALSE')
            taking = beside.submit(take_all)
            wait_until(lambda: writer.execute(WAITS_FOR, [last]) or writer.fetchone()[0])
            writer.execute(f'DELETE FROM "{first}" WHERE FALSE')
            assert not taking.done()
        assert taking.result()


def test_others_read_meanwhile_and_write_afterwards():
    with without_writers(connections["owner"], PATIENCE), connection.cursor() as cursor:
        assert Fund.objects.first() is None
        cursor.execute("SET lock_timeout = '10ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            FundFactory()
        cursor.execute("RESET lock_timeout")
    FundFactory()


def test_it_gives_up_where_a_writer_takes_long_and_leaves_nothing_locked():
    with transaction.atomic():
        FundFactory()
        with pytest.raises(Busy, match="timeout"), without_writers(connections["owner"], 0):
            pytest.fail("it was begun all the same")
        FundFactory()
