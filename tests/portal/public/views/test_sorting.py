"""By which columns lists can be sorted, and why by others not."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import LoadFactory

pytestmark = pytest.mark.django_db

_SEVERAL = "each row has several, which stand in no order"
_NO_INDEX = "neither an index nor a kept sum has them in this order"
_PLACE = "it says where the row is from, line by line"
# Of each list the columns that cannot be sorted by, and why.
WHY_NOT = {
    "project-list": {"organizations": _SEVERAL, "countries": _SEVERAL},
    "fund-list": {},
    "organization-list": {},
    "contributor-list": {},
    "country-list": {},
    "voucher-list": {"projects": _SEVERAL},
    "document-list": {
        "fund": _NO_INDEX, "languages": _SEVERAL, "size": _NO_INDEX, "newest": _NO_INDEX,
    },
    "decision-list": {"source": _PLACE},
    "sub-grant-list": {"source": _PLACE},
    "report-list": {"by": _NO_INDEX},
    "load-list": {},
    "seal-list": {"lines": "its name is that of its number"},
    "withheld": {},
}  # fmt: skip


@pytest.mark.parametrize("name", WHY_NOT)
def test_each_column_of_a_list_is_one_to_sort_by_or_it_is_said_why_not(client, name):
    table = client.get(reverse(name)).context["view"].table
    unsortable = {bound.name for bound in table.columns.iterall() if not bound.orderable}
    assert unsortable == WHY_NOT[name].keys()


@pytest.mark.parametrize(
    ("name", "column"),
    [("load-list", "new"), ("load-list", "withdrawn"), ("seal-list", "load"),
     ("contributor-list", "overdue")],
)  # fmt: skip
def test_lists_sort_by_what_is_counted_of_each_row(client, name, column):
    for key in (column, f"-{column}"):
        assert client.get(reverse(name), {"sort": key}).context["view"].table.order_by == (key,)


def test_source_files_sort_by_what_they_added_none_as_the_least(client):
    for new in (2, 30, 1, None):
        LoadFactory(
            state="released", released_at=timezone.now(), counts={} if new is None else {"new": new}
        )
    for key, numbers in (("new", [0, 1, 2, 30]), ("-new", [30, 2, 1, 0])):
        rows = client.get("/loads/", {"sort": key}).context["view"].table.data.data
        assert [load.counts.get("new", 0) for load in rows] == numbers
