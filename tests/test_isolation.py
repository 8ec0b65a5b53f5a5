"""A test that empties the tables leaves the database as `prepare` made it."""

import asyncio

import pytest
from django.contrib.auth.models import Group

from finance.models import BudgetCategory
from projects.models import Country


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("turn", ["first", "after a flush"])
def test_reference_data_is_there_whatever_ran_before(turn):
    assert Country.objects.exists(), turn
    assert BudgetCategory.objects.exists(), turn
    clerks = Group.objects.filter(permissions__codename="view_load")
    assert clerks.exists(), turn


@pytest.mark.django_db
def test_assistants_are_answered_in_a_thread_whose_loop_counts_as_running(client):
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    try:
        answered = client.post("/api/mcp", "{}", content_type="application/json")
    finally:
        asyncio._set_running_loop(None)
        loop.close()
    assert answered.status_code < 500
