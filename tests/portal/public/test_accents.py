"""Names are found and sorted whatever their accents; strange words and pages do not fail."""

import pytest
from lxml import html

from projects.models import ProjectCountry
from tests.factories import (
    CountryFactory,
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def accents(module_db):
    """An Éthiopie of every kind, between Denmark and Ethiopia Beta, before Zambia."""
    fund = FundFactory(name="Éthiopie Fund", code="ETH")
    for name in ("Zambia", "Éthiopie", "Ethiopia Beta", "Denmark"):
        project = ProjectFactory(title=name, number=f"N-{name}", fund=fund)
        organization = OrganizationFactory(name=name)
        ParticipationFactory(project=project, organization=organization)
        country = CountryFactory(name=name)
        ProjectCountry.objects.create(project=project, country=country)
        DocumentFactory(title=name, project=project)
        released(transfer(project, 10, organization_id=organization.pk))


IN_ORDER = ["Denmark", "Ethiopia Beta", "Éthiopie", "Zambia"]


@pytest.mark.parametrize(
    ("url", "column"),
    [
        ("/projects/?sort=title_", 1),
        ("/organizations/?sort=name", 0),
        ("/countries/?sort=name", 0),
        ("/documents/?sort=title_", 0),
    ],
)
def test_names_sort_regardless_of_accents(client, accents, url, column):
    rows = reading.page_rows(client.get(url).content.decode())
    assert [row[column] for row in rows] == IN_ORDER
    rows = reading.page_rows(client.get(url.replace("sort=", "sort=-")).content.decode())
    assert [row[column] for row in rows] == IN_ORDER[::-1]


@pytest.mark.parametrize("path", ["/projects/", "/organizations/", "/documents/", "/funds/"])
@pytest.mark.parametrize("word", ["ethiopie", "ÉTHIOPIE", "éthiopie"])
def test_names_are_found_regardless_of_accents(client, accents, path, word):
    found = reading.page_rows(client.get(path, {"q": word}).content.decode())
    assert len(found) == 1
    assert "Éthiopie" in " ".join(found[0])


def test_the_search_finds_every_kind_of_entity(client, accents):
    tree = html.fromstring(client.get("/search/?q=ethiopie").content.decode())
    headings = {h.text_content().split()[0] for h in tree.xpath("//section//h2")}
    assert headings == {"Projects", "Funds", "Organizations", "Countries", "Documents"}


@pytest.mark.parametrize("word", ["%", "'", "\\", "&|!():*", "\0", "…", "\ud800", "' OR 1=1 --"])
def test_a_search_without_a_word_finds_nothing_and_does_not_fail(client, accents, word):
    response = client.get("/search/", {"q": word.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    response = client.get("/projects/", {"q": word.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/projects/", "/vouchers/", "/documents/", "/loads/", "/funds/"])
@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "9" * 5000, "\0"])
def test_a_wrong_page_number_gives_a_page(client, accents, path, page):
    assert client.get(path, {"page": page}).status_code == 200
