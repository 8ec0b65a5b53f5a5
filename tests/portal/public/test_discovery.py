"""What search engines and catalogues of data find: addresses, descriptions, data, and no sample."""

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from finance.models import Voucher
from portal.about.pages import downloads
from portal.public.views.programs import discovery
from portal.work.iati_files import make_iati_files
from portal.work.packages import make_package
from projects.models import Office
from tests.factories import FundFactory, LoadFactory, ProjectFactory, released, transfer
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture
def office():
    """A real office, with a name that markup would break on."""
    name = "A & B’s <Fund> Office"
    return Office.objects.update_or_create(pk=1, defaults={"name": name, "sample": False})[0]


@pytest.fixture
def sample(office):
    """The same office showing sample data."""
    Office.objects.update(sample=True)


def head(client, url):
    """Names and contents of what the head of a page says."""
    text = client.get(url, follow=True).content.decode()
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', text))
    if canonical := re.search(r'<link rel="canonical" href="([^"]+)"', text):
        found["canonical"] = canonical[1]
    return found


def graph(client, url):
    """The parts of the page's JSON-LD by type."""
    text = client.get(url).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    return {part["@type"]: part for block in found for part in json.loads(block)["@graph"]}


def locations(client, url):
    """The addresses that a site map lists, without the host."""
    response = client.get(url)
    assert response.status_code == 200
    tree = ElementTree.fromstring(response.content)
    urls = [loc.text for loc in tree.iter(_LOC)]
    assert all(url.startswith(settings.SITE_URL + "/") for url in urls)
    return [url.removeprefix(settings.SITE_URL) for url in urls]


# --- Heads of pages


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("/projects/?sort=title&q=water&as_of=2020-01-01", "/projects/"),
        ("/projects/?page=2", "/projects/?page=2"),
        ("/projects/?page=1", "/projects/"),
        ("/projects/?page=<x>", "/projects/"),
        ("/glossary/", "/glossary/"),
    ],
)
def test_a_page_is_known_by_its_address_without_filters_and_dates(client, office, asked, own):
    found = head(client, asked)
    assert found["canonical"] == found["og:url"] == settings.SITE_URL + own


def test_a_fund_asked_for_in_another_case_is_known_by_its_own_code(client, office):
    FundFactory(code="JPS10")
    assert head(client, "/fund/jps10/")["canonical"] == f"{settings.SITE_URL}/fund/JPS10/"


@pytest.mark.parametrize("url", ["/no-such-page/", "/project/none/", "/accounts/login/", "/staff/"])
def test_what_is_no_public_page_has_no_address_of_its_own(client, office, url):
    found = head(client, url)
    assert "canonical" not in found
    assert "og:title" not in found


def test_the_staffs_room_has_no_address_of_its_own(admin_client, office):
    assert "canonical" not in head(admin_client, "/staff/")


def test_a_page_is_described_by_its_opening_words(client, office):
    found = head(client, "/projects/")
    assert found["description"] == found["og:description"]
    assert found["description"].startswith("Each project is an allocation")


def test_a_factsheet_has_one_description(client, office):
    url = ProjectFactory(number="7").get_absolute_url()
    text = client.get(url).content.decode()
    assert text.count('<meta name="description"') == 1
    assert "No money has been recorded" in head(client, url)["description"]


# --- Data of pages


def test_a_factsheet_is_a_data_set_whose_files_are_there(client, office):
    project = ProjectFactory(number="00000007", title="Wells </script><b>&")
    parts = graph(client, project.get_absolute_url())
    data = parts["Dataset"]
    assert data["identifier"] == "00000007"
    assert data["name"] == "00000007 Wells </script><b>&"
    assert parts["Organization"]["name"] == office.name
    assert data["publisher"]["@id"] == parts["Organization"]["@id"]
    formats = {file["contentUrl"].rpartition("=")[2] for file in data["distribution"]}
    assert formats == {"xlsx", "json", "iati"}
    for file in data["distribution"]:
        response = client.get(file["contentUrl"].removeprefix(settings.SITE_URL))
        assert response.status_code == 200
        assert response.headers["Content-Type"].partition(";")[0] == file["encodingFormat"]
        reading.body(response)


def test_the_way_to_a_page_is_told_with_whole_addresses(client, office):
    crumbs = graph(client, ProjectFactory().get_absolute_url())["BreadcrumbList"]
    items = [item["item"] for item in crumbs["itemListElement"]]
    assert items[0] == f"{settings.SITE_URL}/projects/"
    assert all(url.startswith(settings.SITE_URL) for url in items)


@pytest.mark.parametrize(("url", "kind"), [("/", "WebSite"), ("/glossary/", "WebPage")])
def test_a_page_without_files_is_no_data_set(client, office, url, kind):
    assert kind in graph(client, url)
    assert "Dataset" not in graph(client, url)


def test_a_page_of_the_past_is_no_data_set_of_its_own(client, office):
    project = ProjectFactory()
    assert graph(client, f"{project.get_absolute_url()}?as_of=2024-01-01") == {}


# --- Site map


def test_every_address_of_the_site_map_answers(client, office):
    project = ProjectFactory(number="with/slash & more")
    released(transfer(project, 100))
    voucher = Voucher.objects.get()
    parts = locations(client, "/sitemap.xml")
    assert {"/help/factsheets/", "/decisions/"} <= set(locations(client, "/sitemap-pages-1.xml"))
    statements = locations(client, "/sitemap-statements-1.xml")
    assert any(url.endswith("/statement/") for url in statements)
    assert {"/sitemap-pages-1.xml", "/sitemap-projects-1.xml", "/sitemap-vouchers-1.xml"} <= set(
        parts
    )
    pages = [url for part in parts for url in locations(client, part)]
    assert project.get_absolute_url() in pages
    assert voucher.get_absolute_url() in pages
    assert len(pages) == len(set(pages))
    for url in pages:
        response = client.get(url)
        assert response.status_code == 200, url
        reading.body(response)


def test_what_is_withheld_stands_in_no_site_map(client, office):
    project = ProjectFactory(number="SECRET", withheld_on=timezone.localdate())
    ProjectFactory()
    assert project.get_absolute_url() not in locations(client, "/sitemap-projects-1.xml")


def test_long_lists_come_in_parts(client, office, monkeypatch):
    monkeypatch.setattr(discovery, "PART", 2)
    fund = FundFactory()
    urls = {ProjectFactory(fund=fund).get_absolute_url() for _ in range(3)}
    parts = [p for p in locations(client, "/sitemap.xml") if "projects" in p]
    assert parts == ["/sitemap-projects-1.xml", "/sitemap-projects-2.xml"]
    assert {url for part in parts for url in locations(client, part)} == urls


@pytest.mark.parametrize("part", ["projects-9", "nothing-1", "pages-2", "projects-0"])
def test_a_part_that_does_not_exist_is_not_found(client, office, part):
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


# --- Crawlers


def _may_read(robots: str, url: str) -> bool:
    """As RFC 9309 has it: the longest rule that fits decides, and allowing wins a draw."""
    fitting = [(0, True)]
    for kind, path in re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.M):
        pattern = ".*".join(re.escape(piece) for piece in path.split("*"))
        if re.match(pattern, url):
            fitting.append((len(path), kind == "Allow"))
    return max(fitting)[1]


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("/", True),
        ("/project/00102004/", True),
        ("/projects/?page=2", True),
        ("/sitemap-projects-1.xml", True),
        ("/static/css/base.css", True),
        ("/projects/?q=water", False),
        ("/projects/?page=2&sort=title", False),
        ("/projects/?sort=title&page=2", False),
        ("/project/00102004/?as_of=2020-01-01", False),
        ("/project/00102004/records/?figure=approved", False),
        ("/staff/", False),
        ("/admin/", False),
        ("/accounts/login/", False),
    ],
)
def test_crawlers_are_let_into_pages_and_kept_out_of_filters(client, office, url, may):
    robots = client.get("/robots.txt").content.decode()
    assert _may_read(robots, url) is may
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots


# --- Catalogue


def test_the_catalogue_lists_what_can_be_downloaded(client, office):
    LoadFactory()
    response = client.get(reverse("data-catalogue"))
    assert response.headers["Content-Type"] == "application/ld+json"
    catalogue = json.loads(response.content)
    assert {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"} <= catalogue.keys()
    assert len(catalogue["dcat:dataset"]) == len(downloads())
    for data in catalogue["dcat:dataset"]:
        assert data["dct:title"]["@value"]
        assert data["dct:description"]["@value"]
        for file in data["dcat:distribution"]:
            url = urlsplit(file["dcat:downloadURL"]["@id"])
            response = client.get(f"{url.path}?{url.query}")
            assert response.status_code == 200
            kind = response.headers["Content-Type"].partition(";")[0]
            assert file["dcat:mediaType"]["@id"].endswith(f"/{kind}")
            reading.body(response)


def test_the_catalogue_has_the_package_of_all_data_and_what_programs_ask(client, office):
    released(transfer(ProjectFactory(), "100"))
    package = make_package()
    make_iati_files()
    catalogue = json.loads(client.get(reverse("data-catalogue")).content)
    whole = catalogue["dcat:dataset"][0]["dcat:distribution"]
    assert catalogue["dcat:dataset"][0]["dcat:contactPoint"]["vcard:hasURL"]
    iati = {data["@id"]: data for data in catalogue["dcat:dataset"]}[
        f"{settings.SITE_URL}/data/iati/all.xml"
    ]
    [file] = iati["dcat:distribution"]
    assert client.get("/data/iati/all.xml").status_code == 200
    assert file["dcat:mediaType"]["@id"].endswith("/application/xml")
    assert whole["dcat:downloadURL"]["@id"].endswith(package.get_absolute_url())
    assert whole["spdx:checksum"]["spdx:checksumValue"] == package.sha256
    for name in ("dcat:endpointURL", "dcat:endpointDescription"):
        url = catalogue["dcat:service"][name]["@id"]
        assert client.get(url.removeprefix(settings.SITE_URL)).status_code == 200


def test_the_catalogue_gives_no_address_that_the_office_has_not(client, office):
    office.email = ""
    office.save()
    text = client.get(reverse("data-catalogue")).content.decode()
    assert "mailto:" not in text
    assert reverse("contact") in text


def test_the_page_of_all_data_leads_to_the_catalogue(client, office):
    assert f'href="{reverse("data-catalogue")}"' in client.get("/data/").content.decode()


# --- Sample data


@pytest.mark.parametrize("url", ["/sitemap.xml", "/sitemap-pages-1.xml", "/data/catalogue.jsonld"])
def test_sample_data_are_in_no_map_and_no_catalogue(client, sample, url):
    assert client.get(url).status_code == 404
    assert "Sitemap" not in client.get("/robots.txt").content.decode()
    assert "jsonld" not in client.get("/data/").content.decode()


def test_pages_of_sample_data_say_so_and_describe_no_data(client, sample):
    url = ProjectFactory().get_absolute_url()
    found = head(client, url)
    assert found["description"].startswith("Sample data – invented figures")
    assert found["og:description"] == found["description"]
    assert graph(client, url) == {}


def test_describing_a_page_costs_no_query(client, office, django_assert_num_queries):
    # The office, and the words that it added.
    with django_assert_num_queries(2):
        client.get("/glossary/")
