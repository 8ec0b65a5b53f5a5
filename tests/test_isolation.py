"""A test that empties the tables leaves the database as `prepare` made it."""

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
