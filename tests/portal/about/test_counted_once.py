"""What is counted over the whole portfolio is counted once for each version of it."""

import pytest
from django.conf import settings as django_settings

from portal.about.versions import counted_once
from tests.factories import FundFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "of-this-test"}
    settings.CACHES = {**django_settings.CACHES, "counts": kept}


def test_the_same_is_counted_once_until_something_changes():
    asked = []

    def count():
        asked.append(1)
        return len(asked)

    assert [counted_once(("a",), count), counted_once(("a",), count)] == [1, 1]
    assert counted_once(("b",), count) == 2
    FundFactory()
    assert counted_once(("a",), count) == 3


def test_nothing_is_not_kept():
    found = iter([None, 5])
    assert [counted_once(("c",), lambda: next(found)) for _n in range(2)] == [None, 5]


def test_lists_and_home_tell_what_came_since(client):
    assert client.get("/projects/").context["count"] == 0
    ProjectFactory()
    for _again in range(2):
        assert client.get("/projects/").context["count"] == 1
    assert client.get("/").status_code == 200
