"""A portal without a single record answers well everywhere: it is how each one begins."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.factories import UserFactory
from tests.portal.kit import reading
from tests.portal.test_addresses import CLOSED, OWN, named
from tests.portal.withholding.crawl import LIST

pytestmark = pytest.mark.django_db
# What there is none of: a logo, a signed seal, something to withhold.
NOTHING = CLOSED | OWN | {
    "follow", "office-logo", "seal-checkpoint-newest", "staff-withhold",
}  # fmt: skip
GOOD = {200, 301, 302, 405}


def addresses():
    """Every page whose address names no thing, and a country, which reference data has."""
    names = [name for name in named(get_resolver()) if not name.startswith("admin:")]
    for name in sorted(set(names) - NOTHING):
        try:
            yield name, reverse(name)
        except NoReverseMatch:
            continue
    yield "country", reverse("country", args=["ML"])


@pytest.mark.parametrize("who", ["a visitor", "an administrator"])
def test_every_page_of_an_empty_portal_answers(who):
    client = Client()
    if who == "an administrator":
        client.force_login(UserFactory(email="boss@fund.int", is_staff=True, is_superuser=True))
    found = list(addresses())
    assert len(found) > 60
    wrong = {}
    for name, url in found:
        answer = client.get(url)
        text = reading.body(answer).decode(errors="replace")
        if answer.status_code not in GOOD or "example.org" in text:
            wrong[name] = answer.status_code
    assert wrong == {}


def test_every_file_of_an_empty_list_can_be_had(client):
    lists = [(name, url) for name, url in addresses() if name.endswith("-list")]
    assert len(lists) > 8
    wrong = {}
    for name, url in lists:
        # Drawn alike for all of them.
        for form in LIST if name == "project-list" else set(LIST) - {"pdf", "print"}:
            answer = client.get(url, {"format": form} if form else {})
            if answer.status_code != 200 or not reading.body(answer):
                wrong[f"{name} as {form}"] = answer.status_code
    assert wrong == {}


def test_an_empty_portal_says_that_nothing_is_known_and_not_that_nothing_matches(client):
    for url, words in {
        "/projects/": "No project is known yet.",
        "/organizations/": "No organization is known yet.",
        "/vouchers/": "No voucher is known yet.",
        "/funds/statement/": "No income of any fund is stated",
    }.items():
        text = client.get(url).content.decode()
        assert words in text, url
        assert "Compare some of them" not in text, url
    assert "Nothing matches these filters." in client.get("/projects/?q=x").content.decode()
