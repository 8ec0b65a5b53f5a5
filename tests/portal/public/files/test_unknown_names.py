"""A name in an address that its page does not know never gives everything."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.urls import resolve
from lxml import html

from finance.models import Voucher
from portal.kit.web.languages import without_language
from tests.portal.kit import reading
from tests.portal.public.files.tables import NUMBER, TABLES, make_portfolio

pytestmark = pytest.mark.django_db
SAID = "in its address."
PAGES = (
    "/?",
    "/search/?q=x&",
    "/documents/search/?q=x&",
    f"/project/{NUMBER}/?",
    f"/project/{NUMBER}/changes/?",
    f"/project/{NUMBER}/compare/?",
    f"/project/{NUMBER}/records/?figure=expenditure&",
    "/organization/O1/records/?figure=expenditure&",
    "/fund/F1/records/?figure=deposit&",
    "/contributor/G1/?",
    "/fund/F1/annual-report/?",
    "/records/?",
    *TABLES,
)


@pytest.fixture(autouse=True, scope="module")
def _portfolio(module_db):
    make_portfolio()


def _address(page):
    return page.format(voucher=Voucher.objects.first().pk)


@pytest.mark.parametrize("page", TABLES)
def test_a_file_is_refused_in_words(client, page):
    for fmt in ("csv", "json", "xlsx", "pdf", "print"):
        response = client.get(f"{_address(page)}coutry=ML&format={fmt}")
        assert response.status_code == 400, fmt
        assert f"“coutry” {SAID}" in response.content.decode()
    response = client.get(f"{_address(page)}utm_source=a&fbclid=b&format=csv")
    assert response.status_code == 200
    assert reading.body(response)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_so_and_is_not_broken_by_those_who_follow_visitors(client, page):
    response = client.get(f"{_address(page)}coutry=ML")
    assert response.status_code == 200
    assert f"“coutry” {SAID}" in response.content.decode()
    response = client.get(f"{_address(page)}utm_source=a&fbclid=b&as_of=2999-01-01")
    assert response.status_code == 200
    assert SAID not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/documents/?format=csv", "/withheld/?format=xlsx", "/seals/?format=csv",
     f"/project/{NUMBER}/compare/?format=csv",
     f"/project/{NUMBER}/feed/?", "/fund/F1/feed/?", "/fund/F1/reports.ics?", "/documents/feed/?",
     "/seals/entities.jsonl?", "/llms.txt?", "/search/suggestions/?q=a"],
)  # fmt: skip
def test_a_file_without_dates_is_none_of_a_past_day(client, path):
    """Nor is one in words a file that was asked for them."""
    assert reading.body(client.get(path))
    for name in ("as_of=2020-01-31", "until=2020-01-31", "about=maybe", "coutry=ML"):
        response = client.get(f"{path}&{name}")
        assert response.status_code == 400, name
        assert "does not understand" in response.text or "understands" in response.text
    assert reading.body(client.get(f"{path}&utm_source=a"))


@pytest.mark.parametrize("path", ["/documents/", "/withheld/", "/seals/", "/glossary/", "/search/"])
def test_a_page_without_dates_says_so_and_its_files_are_found(client, path):
    said = "This page knows no dates: it is of today."
    assert said not in client.get(path).text
    page = client.get(f"{path}?as_of=2020-01-31").text
    assert said in page
    for link in html.fromstring(page).xpath("//a/@href[contains(., 'format=csv')]"):
        assert reading.body(client.get(urljoin(path, link))), link
    assert "as_of=2020-01-31" in html.fromstring(page).xpath("//nav//a/@href")[0]


def test_only_a_csv_file_is_asked_what_it_is_about(client):
    for name in ("yes", "only"):
        assert reading.body(client.get(f"/projects/?format=csv&about={name}"))
        assert client.get(f"/projects/?format=json&about={name}").status_code == 400
        assert f"“about” {SAID}" in client.get(f"/projects/?about={name}").text
    assert client.get("/projects/?format=csv&about=no").status_code == 400


@pytest.mark.parametrize("path", ["/projects/", "/funds/", "/vouchers/", "/organizations/"])
def test_a_list_shows_nothing_by_it(client, path):
    listed = "//table[@id='table']/tbody/tr/td[2]"
    assert html.fromstring(client.get(path).content).xpath(listed)
    response = client.get(f"{path}?coutry=ML")
    assert not html.fromstring(response.content).xpath(listed)
    assert "The address asks for what this page does not know." in response.content.decode()


def test_no_link_and_no_form_of_a_page_asks_for_what_its_page_does_not_know(client):
    """Each page under each set of names that any other page leads to it with."""
    seen = set()
    for page in PAGES:
        address = _address(page)
        tree = html.fromstring(client.get(address).content)
        links = [str(link) for link in tree.xpath("//a/@href")]
        for form in tree.xpath("//form[not(@method='post')]"):
            names = [*form.xpath(".//input/@name"), *form.xpath(".//select/@name")]
            links.append(f"{form.get('action') or ''}?{'&'.join(f'{name}=' for name in names)}")
        for link in links:
            to = urlsplit(urljoin(f"http://testserver{address}", link))
            names = frozenset(parse_qs(to.query, keep_blank_values=True))
            if to.netloc != "testserver" or not names or to.path.startswith(("/static", "/staff")):
                continue
            key = (resolve(without_language(to.path)).view_name, names)
            if key in seen:
                continue
            seen.add(key)
            response = client.get(f"{to.path}?{to.query}")
            # A form that was sent empty may name nothing that there is.
            assert response.status_code in (200, 302) or link.startswith("?"), link
            content = reading.body(response)
            assert SAID.encode() not in content, link
    assert len(seen) > 40
