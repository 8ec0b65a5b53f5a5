"""What is counted over the whole portfolio is counted once for each version of it."""

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from lxml import html

from portal.about.versions import counted_once
from tests.factories import FundFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "of-this-test"}
    settings.CACHES = {**django_settings.CACHES, "counts": kept}
    # Versions of the database begin anew with each test.
    caches["counts"].clear()


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


def test_lists_of_a_past_day_and_of_today_offer_choices_of_their_own(client):
    ProjectFactory(fund=FundFactory(name="Fund with projects"))
    FundFactory(name="Fund without any")

    def offered(address):
        page = html.fromstring(client.get(address).content)
        return [option.strip() for option in page.xpath("//select[@name='fund']/option/text()")]

    both = ["any", "Fund with projects", "Fund without any"]
    for address in ("/projects/", "/projects/overspent/"):
        # Whatever was in a fund then: none may be left out by today's projects.
        assert offered(f"{address}?as_of=2020-01-01") == both
        assert offered(address) == both[:2]
