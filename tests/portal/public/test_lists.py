"""Lists and pages of entities: queries, order, filters, accents, and what strange addresses do."""

import subprocess
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from finance.models import Load, Voucher
from projects.models import ProjectCountry, Status
from tests.factories import (
    CountryFactory,
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


def _names(client, url):
    """The first cells of the rows of a list."""
    response = client.get(url)
    assert response.status_code == 200, url
    return [row[0] for row in reading.page_rows(response.content.decode())]


def test_projects_are_filtered_by_each_of_their_traits(client):
    fund = FundFactory(code="F1")
    country, organization = CountryFactory(code="c1"), OrganizationFactory(code="O1")
    wanted = ProjectFactory(number="WANTED", fund=fund, status=Status.SUSPENDED)
    other = ProjectFactory(number="OTHER")
    ParticipationFactory(project=wanted, organization=organization)
    ProjectCountry.objects.create(project=wanted, country=country)
    released(transfer(wanted, 10, date(2021, 1, 1)), transfer(other, 10, date(2020, 1, 1)))
    for query in ("fund=F1", "country=c1", "organization=O1", "status=suspended", "year=2021"):
        assert _names(client, f"/projects/?{query}") == ["WANTED"], query
        assert _names(client, f"/projects/?{query}&q=other") == [], query


def test_projects_are_found_by_any_part_of_their_number_and_by_words_in_either_number(client):
    ProjectFactory(number="00102004", title="Clinic on the hill")
    ProjectFactory(number="00999999", title="Clinics of the coast")
    for part in ("102", "2004", "0200"):
        assert _names(client, f"/projects/?q={part}") == ["00102004"], part
    for word in ("clinic", "clinics"):
        assert len(_names(client, f"/projects/?q={word}")) == 2, word


def test_a_word_without_digits_is_looked_for_in_the_index_alone(client):
    """As another condition beside it, a part of a number would have all rows read."""
    ProjectFactory(title="Clinic on the hill")
    with CaptureQueriesContext(connection) as asked:
        client.get("/projects/?q=clinic")
    statements = [query["sql"] for query in asked]
    assert not [one for one in statements if '"number"' in one and " LIKE " in one]


def test_vouchers_are_filtered_by_number_project_and_year(client):
    one, two = ProjectFactory(number="ONE"), ProjectFactory(number="TWO")
    released(transfer(one, 10, date(2021, 1, 1)), transfer(two, 10, date(2020, 1, 1)))
    for query in ("q=v2021", "project=one", "year=2021", f"fund={one.fund.code}"):
        assert _names(client, f"/vouchers/?{query}") == ["1 Jan 2021"], query


@pytest.mark.parametrize("path", ["/projects/", "/vouchers/", "/documents/", "/organizations/"])
@pytest.mark.parametrize("name", ["fund", "year", "country", "status", "kind", "type", "payee"])
@pytest.mark.parametrize(
    "value", ["nonsense", "\0", "9" * 300, "NaN", "1e999", "-1", "1999.5", "٢٠٢٠"]
)
def test_a_wrong_filter_value_is_no_server_error(client, path, name, value):
    assert client.get(path, {name: value}).status_code == 200


def test_pages_of_a_list_hold_each_row_once(client):
    ProjectFactory.create_batch(60, title="Same title")
    found = [name for page in (1, 2, 3) for name in _names(client, f"/projects/?page={page}")]
    assert len(found) == len(set(found)) == 60


@pytest.mark.parametrize(
    "path",
    [
        "/project/nope/", "/project/nope/vouchers/", "/project/nope/documents/",
        "/project/nope/key-figures/", "/project/a%00b/", "/project/a%00b/vouchers/",
        f"/project/{'9' * 3000}/", "/fund/nope/", "/fund/%00/", "/organization/nope/",
        "/organization/%00/", "/country/nope/", "/country/%00/", "/voucher/0/",
        "/voucher/99999999999999999999/", "/load/0/", "/load/99999999999999999999/",
        "/document/0/", "/document/99999999999999999999/",
        "/document/1/v99999999999999999999/", "/voucher/-1/", "/voucher/x/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_a_404_that_helps(client, path):
    response = client.get(path)
    assert response.status_code == 404
    tree = html.fromstring(response.content.decode())
    assert tree.xpath("//main//form[@action='/search/']")
    assert tree.xpath("//main//a[@href='/projects/']")


def test_codes_that_differ_in_case_alone_each_have_their_page(client):
    for code in ("abc", "ABC"):
        OrganizationFactory(code=code, name=f"Organization {code}")
        FundFactory(code=code, name=f"Fund {code}")
    for code in ("abc", "ABC"):
        assert f"Organization {code}" in client.get(f"/organization/{code}/").content.decode()
        assert f"Fund {code}" in client.get(f"/fund/{code}/").content.decode()
    assert client.get("/fund/Abc/").status_code == 200


def test_a_list_shows_short_names_and_its_files_the_full_ones(client):
    part = ParticipationFactory(
        organization__name="United <b>Nations</b> Something", organization__short_name="UNS"
    )
    cell = html.fromstring(client.get("/projects/").content.decode()).xpath("//td//abbr")[0]
    assert (cell.text_content(), cell.get("title")) == ("UNS", part.organization.name)
    rows = reading.json_object(client.get("/projects/?format=json"))["rows"]
    assert rows[0]["organizations"] == part.organization.name


def test_all_matches_of_a_search_for_countries_are_listed_alone(client):
    project = ProjectFactory()
    for number in range(10):
        place = CountryFactory(name=f"Îles {number}")
        ProjectCountry.objects.create(project=project, country=place)
    ProjectCountry.objects.create(project=project, country=CountryFactory(name="Mali"))
    page = html.fromstring(client.get("/search/?q=iles").content)
    url = page.xpath("//a[starts-with(@href, '/countries/')]/@href")[-1]
    assert _names(client, url) == [f"Îles {number}" for number in range(10)]


def test_links_to_the_form_carry_the_whole_address_of_a_project(client):
    project = ProjectFactory(number="A&B=1")
    page = html.fromstring(client.get(project.get_absolute_url()).content)
    links = set(page.xpath("//main//a[starts-with(@href, '/feedback/')]/@href"))
    asked = {parse_qs(urlsplit(link).query)["page"][0] for link in links}
    assert links
    assert asked == {project.get_absolute_url()}


def test_a_country_counts_a_project_by_its_share(client):
    mali, chad = CountryFactory(name="Aaa"), CountryFactory(name="Bbb")
    project = ProjectFactory()
    for country, share in ((mali, 25), (chad, 75)):
        ProjectCountry.objects.create(project=project, country=country, share=share)
    unshared = ProjectFactory()
    for country in (mali, chad):
        ProjectCountry.objects.create(project=unshared, country=country)
    released(transfer(project, 1000), transfer(unshared, 7))
    rows = reading.page_rows(client.get("/countries/").content.decode())
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("Aaa", "2", "250"), ("Bbb", "2", "750"), ("Several countries", "1", "7"),
    ]  # fmt: skip
    assert _names(client, "/country/several/") == [unshared.number]


def test_a_fund_page_adds_up_its_projects(client):
    fund = FundFactory(code="F1")
    one, two = ProjectFactory(fund=fund), ProjectFactory(fund=fund)
    released(transfer(one, 1000), transfer(two, 500), transfer(two, -100), expenditure(one, 700))
    page = html.fromstring(client.get("/fund/F1/").content.decode())
    facts = [fact.text_content() for fact in page.xpath("//section[@id='glance']//dd")]
    assert [fact.strip() for fact in facts] == ["0", "1,400", "700", "50.0\xa0%", "700"]


def test_a_load_that_is_not_released_is_not_shown(client):
    load = LoadFactory()
    assert client.get(load.get_absolute_url()).status_code == 404
    assert _names(client, "/loads/") == []
    assert Load.objects.count() == 1


def test_a_voucher_whose_lines_were_withdrawn_is_gone(client):
    project = ProjectFactory()
    source = released(transfer(project, 10)).source
    voucher = Voucher.objects.get()
    assert client.get(voucher.get_absolute_url()).status_code == 200
    released(source=source, models={type(voucher.lines.first())}, projects=[project])
    assert client.get(voucher.get_absolute_url()).status_code == 404
    assert _names(client, "/vouchers/") == []


def test_a_list_fills_the_width_of_its_paper(client, tmp_path):
    """In half of it each line takes twice the room, and all pages twice the time and more."""
    released(transfer(ProjectFactory(number="WIDE"), 10))
    file = tmp_path / "list.pdf"
    file.write_bytes(client.get("/projects/?format=pdf").content)
    laid = subprocess.run(
        ["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    page = html.fromstring(laid.encode()).xpath("//page")[0]
    (head,) = [word for word in page.iter("word") if word.text == "Delivery"]
    assert float(head.get("xmax")) > float(page.get("width")) * 0.9


def test_a_status_has_the_same_mark_in_lists_as_on_its_page(client):
    project = ProjectFactory(number="DONE", status=Status.OPERATIONALLY_CLOSED)
    mark = 'class="status status-half"'
    assert mark in client.get(project.get_absolute_url()).content.decode()
    assert mark in client.get("/projects/").content.decode()
