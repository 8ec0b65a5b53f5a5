"""One search leads to everything: by number, code, name, title, text, misspelt or with too much."""

import pytest
from lxml import html

from documents.models import Document
from projects.models import Country, OrganizationIdentifier, ProjectCountry
from tests.factories import (
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    booked,
    commitment,
    deposit,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
TITLE = (
    "Deployment of National Staff in Mali Supporting the development of a National Strategy on "
    "Gender Based Violence, including Sexual Violence in Conflict"
)


@pytest.fixture(scope="module", autouse=True)
def _portfolio(module_db):
    mali, somalia, south = (Country.objects.get(code=code) for code in ("ML", "SO", "SS"))
    fund = FundFactory(code="UNA00", name="UN Action Against Sexual Violence")
    other = FundFactory(code="SOM10", name="Somalia Joint Fund")
    undp = OrganizationFactory(
        code="UNDP", name="United Nations Development Programme", short_name="UNDP"
    )
    OrganizationIdentifier.objects.create(organization=undp, value="XM-DAC-41114")
    norway = OrganizationFactory(code="NOR", name="Norway", short_name="")
    famous = ProjectFactory(number="00102004", title=TITLE, fund=fund, status="on-going")
    justice = ProjectFactory(
        number="00102005", title="Access to justice", narrative="Courts and clinics.", fund=other
    )
    wells = ProjectFactory(number="SOM10/0000127", title="Wells", narrative="Water.", fund=other)
    for project, country in ((famous, mali), (justice, somalia), (wells, south)):
        ProjectCountry.objects.create(project=project, country=country)
        ParticipationFactory(
            project=project, organization=undp, award_number=f"UNDP-{project.number[-4:]}"
        )
    DocumentFactory(project=wells, title="Évaluation finale des puits")
    DocumentFactory(project=wells, title="Secret wells", state=Document.State.WITHDRAWN)
    booked(
        commitment(fund, "66000000", contributor_id=norway.pk, arrangement="SAA-77"),
        deposit(fund, "66000000", contributor_id=norway.pk, arrangement="SAA-77"),
    )
    released(
        transfer(famous, "500000", organization_id=undp.pk, voucher="000127"),
        transfer(justice, "250.40", organization_id=undp.pk, voucher="PV-9"),
    )


def hits(client, query):
    """Heading, name and facts of each hit, in order."""
    page = html.fromstring(client.get("/search/", {"q": query}).content.decode())
    return [
        (
            " ".join(section.xpath(".//h2")[0].text_content().split()),
            " ".join(entry.xpath(".//h3")[0].text_content().split()),
            " ".join((entry.xpath("./div|./p") or entry)[0].text_content().split()),
            entry.xpath(".//h3/a/@href")[0],
        )
        for section in page.xpath("//main//section")
        for entry in section.xpath(".//li")
    ]


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("00102004", "/project/00102004/"),
        ("102004", "/project/00102004/"),
        (" 102004 ", "/project/00102004/"),
        ("som10/0000127", "/project/SOM10/0000127/"),
        ("SOM10", "/fund/SOM10/"),
        ("una00", "/fund/UNA00/"),
        ("UNDP-2004", "/project/00102004/"),
        ("undp", "/organization/UNDP/"),
        ("XM-DAC-41114", "/organization/UNDP/"),
        ("united nations development", "/organization/UNDP/"),
        ("Norway", "/contributor/NOR/"),
        ("norw", "/contributor/NOR/"),
        ("Mali", "/project/00102004/"),
        ("sexual violence Mali", "/project/00102004/"),
        ("gender based strategy", "/project/00102004/"),
        ("sexual violence Mali money", "/project/00102004/"),
        ("Malli", "/project/00102004/"),
        ("justise", "/project/00102005/"),
        ("acess to justice", "/project/00102005/"),
        ("justice Somalia", "/project/00102005/"),
        ("water South Sudan", "/project/SOM10/0000127/"),
        ("south sudan", "/country/SS/"),
        ("Somlia", "/country/SO/"),
        ("SAA-77", "/contributor/NOR/"),
        ("puits", "https://example.org/document.pdf"),
        ("evaluation finale", "https://example.org/"),
        ("delivery rate", "/glossary/#delivery-rate"),
        ("000127", "/voucher/"),
        ("pv-9", "/voucher/"),
    ],
)  # fmt: skip
def test_what_somebody_remembers_leads_there_in_one_click(client, query, url):
    found = hits(client, query)
    assert found, query
    first_three = [address for *_rest, address in found[:3]]
    assert any(address.startswith(url) for address in first_three), found


def test_an_exact_code_stands_before_what_only_begins_so(client):
    assert hits(client, "SOM10")[0][3] == "/fund/SOM10/"
    assert hits(client, "000127")[0][3].startswith("/voucher/")
    assert hits(client, "102004")[0][3] == "/project/00102004/"


def test_mali_is_not_somalia(client):
    assert "Somalia" not in " ".join(name for _group, name, *_rest in hits(client, "Mali"))


def test_each_hit_says_what_it_is(client):
    facts = {url: facts for _group, _name, facts, url in hits(client, "102004")}
    assert facts["/project/00102004/"] == (
        "00102004 · On Going · Mali · UN Action Against Sexual Violence · "
        "Net funded amount: US$ 500,000"
    )
    [(group, _name, facts, _url)] = [hit for hit in hits(client, "norway") if "Norway" in hit[1]]
    assert group == "Organizations and contributors (1)"
    assert "66,000,000" in facts
    facts = hits(client, "undp")[0][2]
    assert "3 projects" in facts
    assert "500,250" in facts


def test_what_was_found_instead_is_said(client):
    page = client.get("/search/", {"q": "justise"}).content.decode()
    assert "These match <b>justice</b>" in page
    page = client.get("/search/", {"q": "sexual violence Mali money"}).content.decode()
    assert "No project has all of these words." in page
    assert "<mark>Mali</mark>" in page


@pytest.mark.parametrize("query", ["qqqqq", "zzz zzz", "%", "'", "…", "\\", "a" * 500])
def test_what_is_nowhere_is_said_to_be_nowhere(client, query):
    assert hits(client, query) == []
    page = client.get("/search/", {"q": query}).content.decode()
    assert "Nothing was found" in page


def test_what_is_withdrawn_is_not_found(client):
    assert "Secret" not in " ".join(name for _group, name, *_rest in hits(client, "secret wells"))


def test_suggestions_come_while_one_writes(client):
    answer = client.get("/search/suggestions/", {"q": "justi"}).json()
    assert answer["hits"][0] == {
        "name": "Access to justice", "code": "00102005", "url": "/project/00102005/",
    }  # fmt: skip
    assert client.get("/search/suggestions/").json() == {"hits": []}
