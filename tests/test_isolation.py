"""A test that empties the tables leaves the database as `prepare` made it."""

import asyncio

import pytest
from django.contrib.auth.models import Group

from finance.models import BudgetCategory
from projects.models import Country
from tests.factories import ProjectFactory


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("turn", ["first", "after a flush"])
def test_reference_data_is_there_whatever_ran_before(turn):
    assert Country.objects.exists(), turn
    assert BudgetCategory.objects.exists(), turn
    clerks = Group.objects.filter(permissions__codename="view_load")
    assert clerks.exists(), turn


@pytest.fixture
def loop_running():
    """A loop counts as running in the thread of the test, as once a browser was there."""
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    yield
    asyncio._set_running_loop(None)
    loop.close()


def test_what_is_asked_beside_a_running_loop_is_answered_from_the_rows_of_the_test(
    loop_running, db, client
):
    assert client.post("/api/mcp", "{}", content_type="application/json").status_code < 500
    project = ProjectFactory()
    assert client.get(project.get_absolute_url()).status_code == 200
