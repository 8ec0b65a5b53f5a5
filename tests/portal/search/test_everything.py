"""One search leads to everything: by number, code, name, title, text, misspelt or with too much."""

from datetime import date

import pytest
from lxml import html

from documents.models import Document, DocumentPage, DocumentVersion
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
    women = OrganizationFactory(
        code="UN-WOMEN", name="UN Entity for Gender Equality", short_name="UN Women",
        other_names="UNIFEM\nDevelopment Fund for Women",
    )  # fmt: skip
    hope = OrganizationFactory(code="NGO-NP-1", name="हिमाल सामुदायिक विकास केन्द्र", short_name="")
    norway = OrganizationFactory(
        code="NOR", name="Government of Norway", short_name="Norway", other_names="Norad"
    )
    famous = ProjectFactory(number="00102004", title=TITLE, fund=fund, status="on-going")
    justice = ProjectFactory(
        number="00102005", title="Access to justice", narrative="Courts and clinics.", fund=other
    )
    wells = ProjectFactory(number="SOM10/0000127", title="Wells", narrative="Water.", fund=other)
    for project, country in ((famous, mali), (justice, somalia), (wells, south)):
        ProjectCountry.objects.create(project=project, country=country)
        ParticipationFactory(
            project=project, organization=undp, award_number=f"UNDP-0071{project.number[-4:]}"
        )
    for organization in (women, hope):
        ParticipationFactory(project=wells, organization=organization)
    document = DocumentFactory(
        project=wells, title="Évaluation finale des puits", document_date=date(2021, 3, 1)
    )
    version = DocumentVersion.objects.create(
        document=document, file_name="p.pdf", media_type="application/pdf", size=9, sha256="0" * 64
    )
    DocumentPage.objects.create(
        document=document, version=version, number=4, language="en",
        text="Hydrogeologists drilled eleven boreholes beyond the escarpment.",
    )  # fmt: skip
    DocumentFactory(project=wells, title="Secret wells", state=Document.State.WITHDRAWN)
    booked(
        commitment(fund, "66000000", contributor_id=norway.pk, arrangement="SAA-UNA00-NO-1"),
        deposit(fund, "66000000", contributor_id=norway.pk, arrangement="SAA-UNA00-NO-1"),
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
        # Numbers and codes, however they are written.
        ("00102004", "/project/00102004/"),
        ("102004", "/project/00102004/"),
        (" 102004 ", "/project/00102004/"),
        ("0102004", "/project/00102004/"),
        ("#102004", "/project/00102004/"),
        ("project 102004", "/project/00102004/"),
        ("001020", "/project/0010200"),
        ("som10/0000127", "/project/SOM10/0000127/"),
        ("SOM10", "/fund/SOM10/"),
        ("som 10", "/fund/SOM10/"),
        ("una00", "/fund/UNA00/"),
        ("UNDP-00712004", "/project/00102004/"),
        ("undp 00712004", "/project/00102004/"),
        ("UNDP00712004", "/project/00102004/"),
        ("712004", "/project/00102004/"),
        ("00712004", "/project/00102004/"),
        ("award UNDP-00712004", "/project/00102004/"),
        ("UNDP-0071200", "/project/00102004/"),
        ("000127", "/voucher/"),
        ("127", "/voucher/"),
        ("voucher 000127", "/voucher/"),
        ("pv-9", "/voucher/"),
        ("PV 9", "/voucher/"),
        ("pv9", "/voucher/"),
        ("SAA-UNA00-NO-1", "/contributor/NOR/"),
        ("saa una00 no 1", "/contributor/NOR/"),
        ("UNA00-NO-1", "/contributor/NOR/"),
        ("SAA-UNA", "/contributor/NOR/"),
        ("XM-DAC-41114", "/organization/UNDP/"),
        ("41114", "/organization/UNDP/"),
        # With the zeros of their last number or without, and letters taken for digits.
        ("UNDP-712004", "/project/00102004/"),
        ("undp 712004", "/project/00102004/"),
        ("SAA-UNA00-NO-01", "/contributor/NOR/"),
        ("IO2OO4", "/project/00102004/"),
        # Beside words that say what it is a number of, and as a pasted address.
        ("project number 00102004", "/project/00102004/"),
        ("voucher no. 127", "/voucher/"),
        ("000127 una00", "/voucher/"),
        ("fund una00", "/fund/UNA00/"),
        ("https://example.org/project/00102004/?from=2017#figures", "/project/00102004/"),
        # Names, short, former, in part.
        ("undp", "/organization/UNDP/"),
        ("united nations development", "/organization/UNDP/"),
        ("UNIFEM", "/organization/UN-WOMEN/"),
        ("unwomen", "/organization/UN-WOMEN/"),
        ("Development Fund for Women", "/organization/UN-WOMEN/"),
        ("Norway", "/contributor/NOR/"),
        ("norw", "/contributor/NOR/"),
        ("government norway", "/contributor/NOR/"),
        ("norad", "/contributor/NOR/"),
        ("हिमाल सामुदायिक", "/organization/NGO-NP-1/"),
        ("Mali", "/project/00102004/"),
        ("south sudan", "/country/SS/"),
        ("Soudan du Sud", "/country/SS/"),
        ("Somalie", "/country/SO/"),
        # In languages that no page speaks, and misspelt in one.
        ("Zuid-Soedan", "/country/SS/"),
        ("Südsudan", "/country/SS/"),
        ("Südsduan", "/country/SS/"),
        ("Somailja", "/country/SO/"),
        ("mali", "/country/ML/"),
        # Titles, texts and terms.
        ("gender based strategy", "/project/00102004/"),
        ("sexual violence Mali", "/project/00102004/"),
        ("justice Somalia", "/project/00102005/"),
        ("water South Sudan", "/project/SOM10/0000127/"),
        ("courts", "/project/00102005/"),
        ("puits", "https://example.org/document.pdf"),
        ("evaluation finale", "https://example.org/"),
        ("boreholes escarpment", "https://example.org/"),
        ("court clinic", "/project/00102005/"),
        ("court's clinic", "/project/00102005/"),
        ("strategies gender", "/project/00102004/"),
        ("evaluation finale wells", "https://example.org/"),
        ("evaluation 127", "https://example.org/"),
        ("delivery rate", "/glossary/#delivery-rate"),
        ("delivery rates", "/glossary/#delivery-rate"),
        ("what is the delivery rate", "/glossary/#delivery-rate"),
        # Misspelt.
        ("Malli", "/country/ML/"),
        ("justise", "/project/00102005/"),
        ("acess to justice", "/project/00102005/"),
        ("sexual violense", "/project/00102004/"),
        ("clincs", "/project/00102005/"),
        # Letters that changed places, twice or beside another slip.
        ("jsutcie", "/project/00102005/"),
        ("jstuice", "/project/00102005/"),
        ("clniisc", "/project/00102005/"),
        ("jsutise", "/project/00102005/"),
        ("sratetgy", "/project/00102004/"),
        ("Somlia", "/country/SO/"),
        ("zomalia", "/country/SO/"),
        ("Somalai", "/country/SO/"),
        ("Norwey", "/contributor/NOR/"),
        ("Noway", "/contributor/NOR/"),
        ("nroway", "/contributor/NOR/"),
        ("delivry rate", "/glossary/#delivery-rate"),
        ("osmalai", "/country/SO/"),
        ("strtagey genedr", "/project/00102004/"),
        ("southsudan", "/country/SS/"),
        ("genderbased violence", "/project/00102004/"),
        ("evalution finale", "https://example.org/"),
        ("strategie gender", "/project/00102004/"),
        # With words too many.
        ("sexual violence Mali money", "/project/00102004/"),
        ("how much did Norway give", "/contributor/NOR/"),
        ("Norway money", "/contributor/NOR/"),
        ("donor norwey", "/contributor/NOR/"),
        ("country mali", "/country/ML/"),
        ("the courts of heaven", "/project/00102005/"),
        ("evaluation finale du projet", "https://example.org/"),
    ],
)  # fmt: skip
def test_what_somebody_remembers_leads_there_in_one_click(client, query, url):
    found = hits(client, query)
    assert found, query
    first_three = [address for *_rest, address in found[:3]]
    assert any(address.startswith(url) for address in first_three), found


def test_exact_codes_stand_first_then_names_then_titles_then_texts(client):
    assert hits(client, "SOM10")[0][3] == "/fund/SOM10/"
    assert hits(client, "000127")[0][3].startswith("/voucher/")
    assert hits(client, "102004")[0][3] == "/project/00102004/"
    assert hits(client, "Norway")[0][3] == "/contributor/NOR/"
    assert hits(client, "gender")[0][3] == "/organization/UN-WOMEN/"
    assert [group.split(" (")[0] for group, *_rest in hits(client, "evaluation")] == [
        "Documents",
    ]  # fmt: skip


def test_a_number_beside_the_word_for_what_it_is_lacks_nothing(client):
    for asked in ("voucher no. 000127", "award number 712004", "project 102004", "fund SOM10"):
        page = client.get("/search/", {"q": asked}).content.decode()
        assert "Nothing has all of these words" not in page, asked


def test_vouchers_of_one_number_are_told_apart_by_payee_or_fund(client):
    assert hits(client, "voucher 000127 undp")[0][0] == "Vouchers (1)"


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
    facts = hits(client, "SAA-UNA00-NO-1")[0][2]
    assert facts == (
        "Government of Norway to UN Action Against Sexual Violence · "
        "signed on 1 Feb 2020 · US$ 66,000,000"
    )
    facts = hits(client, "712004")[0][2]
    assert "award UNDP-00712004 of UNDP" in facts
    assert "US$ 500,000" in facts
    assert "also known as UNIFEM" in hits(client, "unifem")[0][2]
    assert "US$ 500,000" in next(hit[2] for hit in hits(client, "mali") if hit[3] == "/country/ML/")


def test_what_was_found_instead_is_said(client):
    page = client.get("/search/", {"q": "justise"}).content.decode()
    assert "Nothing here is spelt “justise”. Searched for <b>justice</b> instead." in page
    page = client.get("/search/", {"q": "sexual violence Mali money"}).content.decode()
    assert "Nothing has all of these words." in page
    assert "<mark>Mali</mark>" in page


def test_an_organization_that_gives_and_its_page_as_contributor_lead_to_each_other(client):
    page = client.get("/organization/NOR/").content.decode()
    assert 'href="/contributor/NOR/"' in page
    assert "gave US$\xa066,000,000" in page
    assert "Norad" in page
    assert 'href="/organization/NOR/"' in client.get("/contributor/NOR/").content.decode()


def test_lists_of_names_know_other_names_too(client):
    assert "UN Entity for Gender" in client.get("/organizations/?q=unifem").content.decode()


@pytest.mark.parametrize("query", ["qqqqq", "zzz zzz", "%", "'", "…", "\\", "a" * 500])
def test_what_is_nowhere_is_said_to_be_nowhere(client, query):
    assert hits(client, query) == []
    page = client.get("/search/", {"q": query}).content.decode()
    assert "Nothing was found" in page


def test_what_is_withdrawn_is_not_found(client):
    assert "Secret" not in " ".join(name for _group, name, *_rest in hits(client, "secret wells"))


def test_suggestions_come_while_one_writes_and_say_what_they_are(client):
    answer = client.get("/search/suggestions/", {"q": "justi"}).json()
    assert answer["hits"][0] == {
        "name": "Access to justice",
        "kind": "Projects",
        "facts": "00102005 · Pipeline/Approved, as stated · Somalia",
        "url": "/project/00102005/",
    }
    assert client.get("/search/suggestions/").json() == {"hits": []}


def test_what_is_no_word_costs_no_more_than_any_search(client, django_assert_max_num_queries):
    """Each word that stands nowhere has hundreds of neighbours; letters without end have more."""
    for asked in ("a" * 500, " ".join(f"qzx{letter * 9}" for letter in "abcdefghijkl")):
        with django_assert_max_num_queries(400):
            assert client.get("/search/", {"q": asked}).status_code == 200
