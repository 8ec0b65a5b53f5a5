"""The web role may refresh the statistics of the planner."""

import pytest
from django.db import connection

from finance.statistics import MAINTAIN_SINCE, refresh_statistics
from tests.factories import ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db


def known_rows():
    """How many rows of voucher lines the planner believes there are; -1: it does not know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'finance_voucherline'")
        return cursor.fetchone()[0]


def test_the_web_role_may_refresh_them():
    if connection.pg_version < MAINTAIN_SINCE:
        pytest.skip("PostgreSQL before 17 lets only owners ANALYZE")
    released(*(transfer(ProjectFactory(), n) for n in range(1, 8)))
    refresh_statistics()
    assert known_rows() == 7
