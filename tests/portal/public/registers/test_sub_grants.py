"""Sub-grants: on factsheet, fund and organization, as a list and for programs."""

import json
from datetime import date

import pytest
from lxml import html

from finance.loading.services import acknowledge_warnings, open_warnings, release_load
from finance.models import Load, SubGrant
from portal.withholding.services import withhold
from projects.models import Organization, Project
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    released,
    transfer,
)
from tests.portal.kit import reading
from tests.portal.public.registers.loads import SUB_GRANTS, load_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def project() -> Project:
    """A project that received 1,000 and passed on 250 to two partners."""
    project = ProjectFactory(number="7", fund=FundFactory(code="F1", name="First fund"))
    undp = OrganizationFactory(code="UNDP", name="Development Programme")
    ParticipationFactory(project=project, organization=undp)
    OrganizationFactory(code="WRN", name="Women’s Relief Network")
    OrganizationFactory(code="INT", name="Relief International")
    released(transfer(project, "1000", organization_id=undp.pk))
    load = load_of(
        SUB_GRANTS,
        "2021-03-01,7,UNDP,WRN,local,yes,200,USD,2021-04-01,2022-03-31,Boats",
        "2021-03-02,7,UNDP,INT,,,50,USD,,,",
    )
    assert load.state == Load.State.CHECKED, list(load.remarks.values_list("message", flat=True))
    release_load(load=load)
    return project


def _cells(client, url, anchor):
    page = html.fromstring(client.get(url).content.decode())
    rows = page.xpath(f"//table[@id='{anchor}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


@pytest.mark.parametrize("url", ["/project/7/", "/fund/F1/", "/organization/UNDP/"])
def test_pages_tell_how_much_was_passed_on_and_to_whom(client, url):
    text = " ".join(client.get(url).content.decode().replace("\xa0", " ").split())
    assert "US$ 250 was passed on: 25.0 % of the net funded amount." in text
    assert _cells(client, url, "passed-on") == [
        ["Local", "1", "200", "80.0 %"],
        ["Type not stated", "1", "50", "20.0 %"],
        ["of all: led by women, where stated", "1", "200", "80.0 %"],
    ]


def test_a_partner_sees_what_it_received(client):
    text = " ".join(client.get("/organization/WRN/").content.decode().replace("\xa0", " ").split())
    assert "As an implementing partner" in text and "received US$ 200" in text
    assert "/sub-grants/?partner=WRN" in text


def test_the_list_shows_what_each_figure_is_made_of(client):
    rows = _cells(client, "/sub-grants/?fund=F1&partner_type=local", "table")
    assert [row[1:5] for row in rows] == [
        ["Women’s Relief Network", "Local", "yes", "Development Programme"]
    ]
    rows = _cells(client, "/sub-grants/?partner_type=-", "table")
    assert [row[1:4] for row in rows] == [["Relief International", "n/a", "n/a"]]
    assert len(_cells(client, "/sub-grants/?women_led=true", "table")) == 1


def test_an_amount_without_a_rate_leaves_the_share_unknown(client):
    load = load_of(SUB_GRANTS, "2021-05-01,7,UNDP,INT,international,no,9,XOF,,,")
    acknowledge_warnings(load=load, codes=open_warnings(load), by=UserFactory())
    release_load(load=load)
    text = client.get("/project/7/").content.decode()
    assert "is not known: not all amounts could be converted" in " ".join(text.split())


def test_programs_and_files_have_them(client):
    answer = client.get("/api/v1/sub-grants/?partner=WRN").json()
    [told] = answer["results"]
    assert (told["partner"]["code"], told["partner_type"], told["women_led"]) == (
        "WRN", "local", True,
    )  # fmt: skip
    assert told["base_amount"] == "200.00"
    assert len(json.loads(bytes(reading.body(client.get("/sub-grants/?format=json"))))["rows"]) == 2


def organization(code: str) -> Organization:
    """The organization with this code."""
    return Organization.objects.get(code=code)


def test_sub_grants_of_withheld_projects_are_one_sum_without_a_partner(client, project):
    Project.objects.filter(pk=project.pk).update(withheld_on=date(2025, 1, 1))
    assert "belong to withheld projects" in client.get("/sub-grants/").content.decode()
    assert client.get("/api/v1/sub-grants/").json()["results"] == []
    ParticipationFactory(project=ProjectFactory(number="8"), organization=organization("UNDP"))
    release_load(load=load_of(SUB_GRANTS, "2021-03-01,8,UNDP,INT,,,7,USD,,,"))
    page = client.get("/sub-grants/").content.decode()
    assert "2 sub-grants of withheld projects" in page and "257" in page
    assert "Women’s Relief Network" not in page.split("<table")[1]
    # Of one partner alone nothing is said of them.
    assert "withheld projects" not in client.get("/sub-grants/?partner=WRN").content.decode()


def test_no_figure_adds_them_again(client):
    rows = client.get("/api/v1/projects/7/").json()
    assert rows["result"]["figures"]["expenditure"]["value"] in (None, "0.00")
    assert SubGrant.objects.known_at().count() == 2


def test_what_cannot_be_is_refused_in_words():
    load = load_of(
        SUB_GRANTS,
        "2021-03-01,7,UNDP,UNDP,local,,1,USD,,,",
        "2021-03-01,7,UNDP,WRN,local,,1,USD,2022-01-01,2021-01-01,",
        "2021-03-01,7,UNDP,Nobody,local,,1,USD,,,",
    )
    said = " ".join(load.remarks.values_list("message", flat=True))
    assert load.state == Load.State.FAULTY
    for words in ("grants nothing to itself", "ends before it begins", "no organization “Nobody”"):
        assert words in said


def test_partners_and_types_of_withheld_projects_alone_are_not_offered(client, project):
    page = html.fromstring(client.get("/sub-grants/").content.decode())
    assert page.xpath("//select[@name='partner_type']/option/@value") == ["", "local", "-"]
    withhold(kind="project", target_id=project.pk, reason="danger", by=UserFactory())
    body = client.get("/sub-grants/").content.decode()
    assert "Relief International" not in body
    assert html.fromstring(body).xpath("//select[@name='partner_type']/option/@value") == [""]
    assert client.get("/sub-grants/?partner=WRN&format=csv").status_code == 400
