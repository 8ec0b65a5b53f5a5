"""The lock of releases: how statements run under it."""

import pytest
from django.db import IntegrityError, connection, transaction

from finance.loading.lock import lock_releases
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def test_keys_are_checked_with_each_statement_of_a_release():
    ProjectFactory()
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        lock_releases()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO projects_statuschange (project_id, status, set_on, note)"
                " VALUES (-1, 'on-going', '2020-01-01', '')"
            )
            cursor.execute("SELECT 1")


def test_plans_are_made_anew_within_a_release_and_kept_outside():
    def mode() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            return cursor.fetchone()[0]

    before = mode()
    with transaction.atomic():
        lock_releases()
        assert mode() == "force_custom_plan"
        transaction.set_rollback(True)
    assert mode() == before
