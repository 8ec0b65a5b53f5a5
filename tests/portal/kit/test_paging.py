"""Lists are counted up to a bound, and go on beyond it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from projects.models import Country
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(monkeypatch):
    """Twelve rows are counted, of 25 that the filter finds."""
    monkeypatch.setattr("portal.kit.tables.paging.COUNTED", 12)
    Country.objects.all().delete()
    Country.objects.bulk_create(
        Country(code=f"C{number:02}", name=f"Land {number:02}") for number in range(25)
    )


def codes(response):
    """The codes on a page, in its order."""
    return [row[0] for row in reading.page_rows(response.content)]


URL = "/countries/?kind=country"


def page(site, number):
    response = site.get(f"{URL}&page={number}")
    return response, html.fromstring(response.content)


def words(tree, css):
    return " ".join(tree.xpath(f"//*[@class='{css}']")[0].text_content().split())


def test_beyond_the_bound_it_says_more_than(site):
    response, tree = page(site, 1)
    assert "More than 12 results" in words(tree, "results")
    assert "Rows 1–10 of more than 12" in words(tree, "pages")
    assert "Downloads contain all rows" in response.text


def test_the_count_stops_at_the_bound(site):
    with CaptureQueriesContext(connection) as captured:
        site.get(URL)
    counts = [query["sql"] for query in captured if "COUNT(*)" in query["sql"]]
    assert [sql for sql in counts if "projects_country" in sql] == [
        sql for sql in counts if "LIMIT 13" in sql
    ]
    assert len(counts) == 1


def test_next_leads_to_every_row(site):
    seen, url = [], URL
    while url:
        response = site.get(url)
        seen += codes(response)
        following = html.fromstring(response.content).xpath("//a[@rel='next']/@href")
        url = f"/countries/{following[0]}" if following else ""
    known = Country.objects.filter(kind="country").order_by("sort_name", "pk")
    assert seen == list(known.values_list("code", flat=True))
    assert len(seen) == 25


@pytest.mark.parametrize(
    ("number", "links"),
    [(1, "1 2 …"), (2, "1 2 3 …"), (3, "1 2 3")],
)
def test_pages_beyond_are_linked_as_far_as_they_are_known(site, number, links):
    _response, tree = page(site, number)
    found = tree.xpath("//nav[@class='pages']//li")
    shown = [text for item in found if (text := item.text_content().strip())]
    assert " ".join(text for text in shown if text[0] in "0123456789…") == links


@pytest.mark.parametrize("number", ["4", "99999999999999999999999999", "0", "-1", "x"])
def test_a_page_that_is_not_there_shows_one_that_is(site, number):
    response, _tree = page(site, number)
    assert response.status_code == 200
    assert codes(response)


def test_files_hold_every_row(site):
    response = site.get(f"{URL}&format=csv")
    lines = b"".join(response.streaming_content).decode().strip().splitlines()
    assert len(lines) == 1 + 25
