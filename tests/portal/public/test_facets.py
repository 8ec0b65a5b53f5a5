"""Facets, filters in words, ranges and columns of the list of projects; projects of vouchers."""

from datetime import date

import pytest
from lxml import html

from portal.public import facets
from projects.models import Organization, ProjectCountry, Status
from tests.factories import (
    CountryFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    commitment,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portfolio():
    """Three projects of two funds, in two countries, of two organizations and statuses."""
    mali, chad = CountryFactory(code="m1", name="Mali"), CountryFactory(code="c1", name="Chad")
    one, two = OrganizationFactory(code="ONE"), OrganizationFactory(code="TWO")
    first, second = FundFactory(code="F1", name="First"), FundFactory(code="F2", name="Second")
    rows = (
        ("A", first, mali, one, Status.ON_GOING, 100, 2020),
        ("B", first, chad, one, Status.ON_GOING, 2_000, 2021),
        ("C", second, mali, two, Status.CANCELLED, 30_000, 2022),
    )
    lines = []
    for number, fund, country, organization, status, amount, year in rows:
        project = ProjectFactory(number=number, fund=fund, status=status)
        ProjectCountry.objects.create(project=project, country=country)
        ParticipationFactory(project=project, organization=organization)
        lines.append(transfer(project, amount, date(year, 1, 1)))
    released(*lines)


def _page(client, query=""):
    response = client.get(f"/projects/?{query}")
    assert response.status_code == 200, query
    return html.fromstring(response.content)


def _facet(page, name):
    """The values of a facet with their counts."""
    values = page.xpath(f"//div[@aria-labelledby='facet-{name}']//li[a]")
    return {value.find("a").text.strip(): value.find("span").text for value in values}


def _rows(page):
    return [row[0] for row in reading.page_rows(html.tostring(page, encoding="unicode"))]


def test_facets_count_what_the_other_filters_leave(client):
    page = _page(client)
    assert _facet(page, "fund") == {"First": "2", "Second": "1"}
    assert _facet(page, "country") == {"Mali": "2", "Chad": "1"}
    assert _facet(page, "year") == {"2020": "1", "2021": "1", "2022": "1"}
    page = _page(client, "country=m1")
    assert _facet(page, "fund") == {"First": "1", "Second": "1"}
    assert _facet(page, "country") == {"Mali": "2", "Chad": "1"}  # its own filter set aside
    assert _facet(page, "status") == {"On Going": "1", "Cancelled": "1"}
    page = _page(client, "country=m1&status=cancelled&year_min=2022")
    assert _facet(page, "status") == {"Cancelled": "1"}
    assert _facet(page, "country") == {"Mali": "1"}


def test_each_link_of_a_facet_leads_to_as_many_as_it_says(client):
    for query in ("", "fund=F1", "as_of=2030-01-01&country=m1"):
        page = _page(client, query)
        values = page.xpath("//div[starts-with(@aria-labelledby, 'facet-')]//li[a]")
        assert len(values) > 4
        for value in values:
            link = value.find("a")
            if not link.get("aria-current"):
                found = _page(client, link.get("href").removeprefix("?"))
                assert str(len(_rows(found))) == value.find("span").text, link.get("href")


def test_a_facet_of_too_many_is_left_out(client, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 1)
    assert not _facet(_page(client), "fund")
    # One is found, but without its own filter there would be three to count.
    page = _page(client, "fund=F2&country=m1")
    assert _facet(page, "status") == {}
    assert _facet(page, "fund") == {}


def test_without_its_only_filter_a_facet_tells_the_kept_numbers_of_all(client, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 1)
    assert _facet(_page(client, "fund=F2"), "fund") == {"First": "2", "Second": "1"}


def test_each_filter_stands_in_words_and_goes_alone(client):
    page = _page(client, "fund=F1&year_min=2020&net_funded_min=1500&sort=-number&page=1")
    chips = page.xpath("//ul[@class='chips']//li[a/b]/a")
    said = [" ".join(chip.text_content().split()) for chip in chips]
    assert said == [
        "Remove the filter Fund: First ×",
        "Remove the filter Payment or spending since: 2020 ×",
        "Remove the filter Net funded amount, at least: 1,500 ×",
    ]
    assert _rows(page) == ["B"]
    without_amount = chips[2].get("href")
    assert without_amount == "?fund=F1&year_min=2020&sort=-number"
    assert _rows(_page(client, without_amount.removeprefix("?"))) == ["B", "A"]


def _offered(client, query=""):
    """Codes of the funds that may be asked for, and those that are."""
    options = _page(client, query).xpath("//select[@name='fund']/option")
    return [each.get("value") for each in options], [
        each.get("value") for each in options if "selected" in each.attrib
    ]


def test_a_field_for_which_nothing_is_asked_offers_what_was_added_since(client):
    assert _offered(client, "status=on-going") == (["", "F1", "F2"], [""])
    ProjectFactory(fund=FundFactory(code="NEW", name="Newest"))
    assert _offered(client) == (["", "F1", "NEW", "F2"], [""])
    assert _offered(client, "fund=NEW") == (["", "F1", "NEW", "F2"], ["NEW"])
    assert _offered(client) == (["", "F1", "NEW", "F2"], [""])


def test_ranges_of_years_and_amounts(client):
    assert _rows(_page(client, "year_min=2021&year_max=2021")) == ["B"]
    assert _rows(_page(client, "year_max=2021&sort=number")) == ["A", "B"]
    assert _rows(_page(client, "net_funded_min=100&net_funded_max=2000&sort=number")) == ["A", "B"]
    page = _page(client, "net_funded_min=5&net_funded_max=1")
    assert "The end lies before the beginning" in page.text_content()
    assert _rows(page) == []


@pytest.mark.parametrize("value", ["nonsense", "9" * 300, "NaN", "1e999", "-1", "\0", "0.001"])
def test_a_wrong_end_of_a_range_is_no_server_error(client, value):
    for name in ("net_funded_min", "net_funded_max", "year_min", "year_max"):
        assert client.get("/projects/", {name: value}).status_code == 200
    assert client.get("/vouchers/", {"total_min": value}).status_code == 200


def test_columns_are_chosen_in_the_address_for_page_and_file(client):
    query = "column=balance&column=status&column=nonsense"
    heads = _page(client, query).xpath("//thead//th")
    assert [" ".join(head.text_content().split()) for head in heads] == [
        "Project number",
        "Status",
        "Balance with organizations",
    ]
    first_line = reading_csv(client, query)
    assert first_line[:3] == ["Project number", "Status", "Balance with organizations"]
    # What is chosen stays while one filters and sorts.
    kept = _page(client, query).xpath("//details[@class='filters']//input[@name='column']/@value")
    assert kept == ["balance", "status", "nonsense"]


def reading_csv(client, query):
    """The headings of the list as CSV."""
    response = client.get(f"/projects/?{query}&format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    line = next(line for line in text.splitlines() if line.startswith("Project number"))
    return line.split(",")


def test_a_voucher_shows_the_projects_that_it_paid(client):
    project = ProjectFactory(number="MANY", title="Wells")
    released(transfer(project, 10, date(2023, 1, 1)), expenditure(project, 5, 2023))
    page = html.fromstring(client.get("/vouchers/?project=MANY").content)
    (link,) = page.xpath("//tbody//td/a[abbr]")
    assert link.get("href") == "/project/MANY/"
    assert link.text_content() == "MANY"
    text = b"".join(client.get("/vouchers/?project=MANY&format=csv").streaming_content).decode()
    assert "MANY Wells" in text


def test_a_year_of_a_budget_alone_is_none_of_payment_or_spending(client):
    released(budget(ProjectFactory(number="D"), 5, date(2023, 4, 1)))
    assert "2023" not in _facet(_page(client), "year")
    assert _rows(_page(client, "year_min=2023")) == []
    assert "D" in _rows(_page(client))


@pytest.mark.parametrize("path", ["/organizations/", "/vouchers/", "/contributors/"])
def test_each_link_of_a_facet_of_any_list_leads_to_as_many_as_it_says(client, givers, path):
    values = _links(client.get(path))
    assert len(values) > 1
    for value in values:
        address = path + value.find("a").get("href")
        found = len(_rows(html.fromstring(client.get(address).content)))
        assert str(found) == value.find("span").text, address


def test_facets_of_vouchers_count_what_the_other_filters_leave(client):
    page = html.fromstring(client.get("/vouchers/?fund=F1").content)
    assert _facet(page, "fund") == {"First": "2", "Second": "1"}
    assert _facet(page, "year") == {"2020": "1", "2021": "1"}


def test_lists_too_long_to_be_counted_have_no_facets(client, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 2)
    assert not _links(client.get("/vouchers/"))
    page = html.fromstring(client.get("/vouchers/?fund=F1").content)
    assert _facet(page, "year") == {"2020": "1", "2021": "1"}
    assert not _facet(page, "fund")


@pytest.fixture
def givers():
    """Contributors and organizations of two kinds."""
    kinds = Organization.Kind
    for number, kind in enumerate((kinds.GOVERNMENT, kinds.GOVERNMENT, kinds.PRIVATE)):
        giver = OrganizationFactory(code=f"G{number}", kind=kind)
        released(
            commitment(
                FundFactory(code=f"G{number}"), 100, contributor_id=giver.pk, arrangement="A"
            )
        )
    ParticipationFactory(
        project=ProjectFactory(number="D"),
        organization=OrganizationFactory(code="K", kind=kinds.PRIVATE),
    )


def _links(response):
    page = html.fromstring(response.content)
    return page.xpath("//div[starts-with(@aria-labelledby, 'facet-')]//li[a]")
