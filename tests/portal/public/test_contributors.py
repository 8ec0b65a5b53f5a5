"""A contributor's page, and its annual statement, whose figures are the page's."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import html
from pypdf import PdfReader

from projects.models import Fund, Organization
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    booked,
    commitment,
    deposit,
    expenditure,
    fund_cost,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def given():
    """Two funds; a government that owes, another, and two individuals."""
    first, second = FundFactory(code="F1", name="First fund"), FundFactory(code="F2")
    gov, other = OrganizationFactory(code="GOV", name="Government"), OrganizationFactory(code="OTH")
    people = [
        OrganizationFactory(code=f"P{n}", name=f"Person {n}", kind="individuals") for n in (1, 2)
    ]
    booked(
        commitment(first, "1000", contributor_id=gov.pk, arrangement="S1", due_on=date(2020, 6, 1)),
        commitment(first, "500", contributor_id=gov.pk, arrangement="S1", due_on=date(2021, 6, 1)),
        deposit(first, "900.40", contributor_id=gov.pk, arrangement="S1", payer_reference="PAY-77"),
        deposit(first, "99.60", date(2021, 2, 1), contributor_id=gov.pk, arrangement="S1"),
        deposit(second, "10", contributor_id=gov.pk),
        deposit(first, "3000", contributor_id=other.pk),
        deposit(first, "7", contributor_id=people[0].pk, payer_reference="secret"),
        deposit(first, "8", contributor_id=people[1].pk),
        fund_cost(first, "aa-fee", "100"),
    )
    project = ProjectFactory(number="1", fund=first)
    released(transfer(project, "2000"), expenditure(project, "500"))


def cells(client, url, anchor):
    """The rows of a table of the page, as texts."""
    page = html.fromstring(client.get(url).content.decode())
    rows = page.xpath(f"//table[@id='{anchor}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_the_page_tells_what_is_due_and_what_came(client):
    url = "/contributor/GOV/?until=2020-12-31"
    assert cells(client, url, "arrangements")[0] == [
        "First fund", "S1", "USD 1,500.00", "USD 599.60",
        "1,500", "900", "500", "100", "0", "0",
    ]  # fmt: skip
    assert [row[-1] for row in cells(client, url, "schedule")] == ["overdue", "not due"]
    assert cells(client, url, "deposits")[-1][2:4] == ["S1", "PAY-77"]
    assert [row[-1] for row in cells(client, "/contributor/GOV/", "schedule")] == [
        "paid", "overdue",
    ]  # fmt: skip


def _together(client, url):
    """The sentence below the key facts."""
    found = html.fromstring(client.get(url).content.decode()).xpath("//p[@class='lead']")
    return " ".join(found[0].text_content().split()) if found else ""


def test_one_sentence_says_what_the_figures_mean_together(client):
    assert _together(client, "/contributor/GOV/") == (
        "The deposits for commitments come to 66.7 % of what was committed, and US$ 500 is "
        "overdue. By its share of each fund, 12.3 % of what it gave is reported as spent, and "
        "US$ 861 is left."
    )
    # It promised nothing.
    assert _together(client, "/contributor/OTH/").startswith("By its share of each fund, 12.5 %")


def test_no_sentence_tells_a_share_of_what_is_not_converted(client):
    gov, fund = Organization.objects.get(code="GOV"), Fund.objects.get(code="F1")
    booked(
        commitment(
            fund, "9", contributor_id=gov.pk, arrangement="S1", currency="XTS", base_amount=None
        )
    )
    assert "committed" not in _together(client, "/contributor/GOV/")


def test_nothing_is_said_to_be_due_or_not_where_no_day_is_stated(client):
    gov, fund = Organization.objects.get(code="GOV"), Fund.objects.get(code="F1")
    signed = {"contributor_id": gov.pk, "arrangement": "S2"}
    booked(commitment(fund, "10", **signed))
    assert "committed" not in _together(client, "/contributor/GOV/")
    booked(deposit(fund, "10", **signed))
    # 1,010 of 1,510: once it is paid, its day does not matter.
    assert "come to 66.9 % of what" in _together(client, "/contributor/GOV/")


def test_deposits_without_a_commitment_pay_nothing_of_what_was_committed(client):
    other, fund = Organization.objects.get(code="OTH"), Fund.objects.get(code="F1")
    signed = {"contributor_id": other.pk, "arrangement": "S9"}
    booked(commitment(fund, "3000", due_on=date(2199, 1, 1), **signed))
    assert "committed" not in _together(client, "/contributor/OTH/")


def test_the_share_is_notional_says_how_and_follows_the_formula(client):
    text = client.get("/contributor/GOV/").content.decode()
    assert "Share = own deposits ÷ all deposits of the fund to date" in text
    # 1000 of 4015; net funded 2000, spent 500, total balance 4015 − 100 − 500 = 3415
    assert cells(client, "/contributor/GOV/", "share")[0] == [
        "First fund", "1,000", "4,015", "24.91 %", "498", "125", "851",
    ]  # fmt: skip


def test_individuals_appear_only_as_a_sum(client):
    figures = ("overdue", "not_due", "exchange_differences", "unmatched_deposits")
    for url in (
        *("/contributors/", "/contributor/P1/", "/contributor/P2/", "/fund/F1/"),
        *(f"/contributors/outstanding/?figure={figure}" for figure in figures),
        "/fund/F1/records/?figure=deposit",
        "/contributor/P1/records/?figure=deposit",
        "/contributor/P1/statement/2020/",
        "/fund/F1/report/?report_by=flow",
        "/organizations/",
        "/organization/P1/",
        "/search/?q=on+1",
    ):
        text = client.get(url).content.decode()
        assert "Person" not in text, url
        assert "secret" not in text, url
    assert cells(client, "/contributor/P1/", "given") == [["First fund", "2020", "0", "0", "15"]]
    rows = reading.page_rows(_page(client, "/contributors/"))
    assert sorted(row[4] for row in rows) == ["1,010", "15", "3,000"]
    assert [row[4] for row in rows if row[0] == "Individuals, as a sum"] == ["15"]


def test_what_is_outstanding_of_individuals_names_no_arrangement_and_files_say_what_they_hold(
    client,
):
    person, fund = Organization.objects.get(code="P1"), Fund.objects.get(code="F1")
    booked(
        commitment(fund, "70", contributor_id=person.pk, arrangement="Jane-Roe"),
        commitment(fund, "90", contributor_id=Organization.objects.get(code="OTH").pk),
    )
    for figure in ("outstanding", "not_due", "exchange_differences", "unmatched_deposits"):
        for page in ("/contributors/", "/fund/F1/", "/contributor/P1/"):
            url = f"{page}outstanding/?figure={figure}"
            assert "Jane-Roe" not in _page(client, url), url
            assert "Jane-Roe" not in reading.body(client.get(f"{url}&format=csv")).decode()
    url = "/contributors/outstanding/?figure=not_due&fund=F1&kind=individuals&format=json"
    made = reading.json_object(client.get(url))
    assert [row["counted"] for row in made["rows"]] == ["70.00"]
    assert "Kind of contributor" in str(made["meta"])


def _page(client, url):
    return client.get(url).content.decode()


def test_the_annual_statement_is_the_page_up_to_the_years_end(client):
    page = "/contributor/GOV/?until=2020-12-31"
    statement = "/contributor/GOV/statement/2020/"
    for anchor in ("arrangements", "schedule", "deposits", "given", "share"):
        assert cells(client, statement, anchor) == cells(client, page, anchor)
        assert cells(client, statement, anchor)
    assert "Up to 31 Dec 2020" in _page(client, statement)


def test_the_statement_as_excel_and_pdf_has_the_figures_of_the_page(client):
    statement = "/contributor/GOV/statement/2020/"
    workbook = reading.sheets(client.get(f"{statement}?format=xlsx"))
    amounts = [
        # Of 94.6 % Excel keeps 0.946.
        cell.value * 100 if cell.number_format.endswith("%") else cell.value
        for sheet in workbook.worksheets
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if isinstance(cell.value, int | float | Decimal)
    ]
    page = html.fromstring(_page(client, statement))
    shown = page.xpath("//table//td[@class='n']")
    figures = [" ".join(cell.text_content().split()) for cell in shown]
    for text in figures:
        number = re.sub(r"^[A-Z]{3} | %$|,", "", text).replace("−", "-")
        if number not in {"", "n/a"}:
            assert any(abs(Decimal(number) - Decimal(str(a))) <= Decimal("0.5") for a in amounts)
    pdf = PdfReader(BytesIO(client.get(f"{statement}?format=pdf").content))
    drawn = "".join("".join(one.extract_text() for one in pdf.pages).split())
    missing = [text for text in figures if "".join(text.split()) not in drawn]
    assert missing == []
    assert "Statementfor2020" in drawn or "statementfor2020" in drawn


@pytest.mark.parametrize(
    "url",
    ["/contributor/NOBODY/", "/contributor/GOV/statement/3000/", "/contributor/GOV/statement/1/"],
)
def test_what_there_is_not_is_not_found(client, url):
    assert client.get(url).status_code == 404


def test_an_organization_that_gave_nothing_has_no_page(client):
    OrganizationFactory(code="NGO")
    assert client.get("/contributor/NGO/").status_code == 404
