"""What is to come: payments by arrangement and month, planned transfers, cash by quarter."""

import csv
import io
import zipfile
from datetime import date

import pytest
from django.utils import timezone
from lxml import html

from projects.models import Country, Fund, ProjectCountry
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    booked,
    budget,
    commitment,
    deposit,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
# All money up to this day; what is due later is to come.
ASKED = "?until=2021-02-15"


@pytest.fixture(autouse=True)
def fund() -> Fund:
    """A fund with 1,000 in hand, 300 overdue, 500 due in May, and a pledge."""
    fund = FundFactory(code="F1", name="First fund")
    gov = OrganizationFactory(code="GOV", name="Government")
    of = {"contributor_id": gov.pk, "arrangement": "S1"}
    booked(
        commitment(fund, "1000", due_on=date(2020, 3, 1), **of),
        commitment(fund, "300", due_on=date(2021, 1, 31), **of),
        commitment(fund, "500", due_on=date(2021, 5, 20), **of),
        commitment(fund, "70", contributor_id=gov.pk, is_pledge=True),
        deposit(fund, "1000", **of),
    )
    return fund


def _cells(client, url, anchor):
    page = html.fromstring(client.get(url).content.decode())
    rows = page.xpath(f"//table[@id='{anchor}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def _lead(client):
    page = html.fromstring(client.get(f"/fund/F1/forward/{ASKED}").content.decode())
    return page.xpath("string(//p[@class='lead'])")


def _quarters(client):
    return _cells(client, f"/fund/F1/forward/{ASKED}", "quarters")


def test_payments_stand_by_month_and_say_how_sure_they_are(client):
    rows = _cells(client, f"/fund/F1/forward/{ASKED}", "payments")
    assert [[row[0], row[3], row[4], row[6]] for row in rows] == [
        ["January 2021", "S1", "overdue", "300"],
        ["May 2021", "S1", "not due", "500"],
        ["n/a", "n/a", "pledged, not signed", "70"],
    ]


def test_only_what_was_signed_and_has_a_day_to_come_counts_in_a_quarter(client):
    assert [row[1:] for row in _quarters(client)[:3]] == [
        ["1,000", "0", "0", "1,000"],
        ["1,000", "500", "0", "1,500"],
        ["1,500", "0", "0", "1,500"],
    ]
    others = _cells(client, f"/fund/F1/forward/{ASKED}", "not-counted")
    assert others == [["Overdue payments", "300"], ["Pledges, not signed", "70"]]


def test_what_is_approved_and_not_transferred_is_planned_for_its_period(client, fund):
    project, undp = ProjectFactory(number="7", fund=fund), OrganizationFactory(name="UNDP")
    to = {"organization_id": undp.pk}
    released(
        budget(project, "400", period_start=date(2020, 1, 1), **to),
        budget(project, "250", period_start=date(2021, 7, 1), **to),
        transfer(project, "300", **to),
    )
    rows = _cells(client, f"/fund/F1/forward/{ASKED}", "transfers")
    assert [row[2:] for row in rows] == [
        ["UNDP", "1 Jan 2020", "400", "300", "100"],
        ["UNDP", "1 Jul 2021", "250", "0", "250"],
    ]
    assert [row[1:] for row in _quarters(client)[:3]] == [
        ["700", "0", "100", "600"],
        ["600", "500", "0", "1,100"],
        ["1,100", "0", "250", "850"],
    ]
    assert "Cash and payments due cover all planned transfers" in _lead(client)
    assert "850 is left" in _lead(client)
    other = ProjectFactory(number="8", fund=fund)
    released(budget(other, "900", period_start=date(2021, 3, 1), **to))
    assert "the fund will be short of US$\N{NO-BREAK SPACE}300 (Jan–Mar 2021)." in _lead(client)


def test_budgets_taken_back_and_projects_that_are_over_are_not_planned(client, fund):
    project = ProjectFactory(number="7", fund=fund)
    over = ProjectFactory(number="8", fund=fund, status="cancelled")
    released(
        budget(project, "400"),
        budget(project, "-150", period_start=date(2020, 9, 1)),
        transfer(project, "100"),
        budget(over, "999"),
    )
    rows = _cells(client, f"/fund/F1/forward/{ASKED}", "transfers")
    assert [[row[0], row[-1]] for row in rows] == [["7", "150"]]


def test_an_organization_that_is_not_in_the_budget_counts_for_the_project_as_a_whole(client, fund):
    project = ProjectFactory(number="7", fund=fund)
    one, other = OrganizationFactory(), OrganizationFactory()
    released(
        budget(project, "400", organization_id=one.pk),
        transfer(project, "400", organization_id=other.pk),
    )
    assert _cells(client, f"/fund/F1/forward/{ASKED}", "transfers") == []


def test_an_amount_without_a_rate_is_unknown_and_not_zero(client, fund):
    project = ProjectFactory(number="7", fund=fund)
    released(budget(project, "400", currency="XOF"))
    booked(commitment(fund, "900", currency="NOK", due_on=date(2021, 5, 1), arrangement="S2"))
    row = _quarters(client)[0]
    assert row[3] == "plus 1 amount not converted" and "plus 1 amount not converted" in row[4]
    payments = _cells(client, f"/fund/F1/forward/{ASKED}", "payments")
    [unknown] = [row for row in payments if row[3] == "S2"]
    assert unknown[5:] == ["NOK 900.00", "plus 1 amount not converted"]


def test_withheld_projects_stand_as_one_sum_without_a_name(client, fund):
    project = ProjectFactory(number="7", title="Secret", fund=fund)
    released(budget(project, "400"))
    type(project).objects.filter(pk=project.pk).update(withheld_on=date(2021, 1, 1))
    text = client.get(f"/fund/F1/forward/{ASKED}").content.decode()
    assert "Secret" not in text and "One withheld project" in text
    assert _quarters(client)[0][3] == "400"


def test_cash_is_unknown_where_no_income_is_stated(client):
    other = FundFactory(code="F2")
    released(budget(ProjectFactory(fund=other), "400"))
    page = client.get("/fund/F2/forward/").content.decode()
    assert "No income of the fund is stated, so its cash is not known." in page
    assert [_cells(client, "/fund/F2/forward/", "quarters")[0][n] for n in (1, 3, 4)] == [
        "n/a", "400", "n/a",
    ]  # fmt: skip


def test_a_figure_leads_to_the_payments_of_its_quarter(client):
    page = html.fromstring(client.get(f"/fund/F1/forward/{ASKED}").content.decode())
    [link] = page.xpath("//table[@id='quarters']/tbody/tr[2]/td[2]/a/@href")
    asked = link.split("#")[0] + "&until=2021-02-15"
    assert [row[0] for row in _cells(client, asked, "payments")] == ["May 2021"]


def test_files_have_all_tables(client):
    answer = client.get(f"/fund/F1/forward/{ASKED}&format=csv")
    with zipfile.ZipFile(io.BytesIO(reading.body(answer))) as archive:
        [name] = [name for name in archive.namelist() if "payments-to-come" in name]
        rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
    assert any("S1" in row for row in rows)
    book = client.get(f"/fund/F1/forward/{ASKED}&format=xlsx")
    assert reading.body(book)[:2] == b"PK"


def test_a_contributor_sees_its_own_payments_to_all_funds(client):
    booked(commitment(FundFactory(code="F9"), "5", due_on=date(2030, 1, 1)))
    rows = _cells(client, f"/contributor/GOV/forward/{ASKED}", "payments")
    assert [row[1:3] for row in rows[:2]] == [
        ["31 Jan 2021", "First fund"], ["20 May 2021", "First fund"],
    ]  # fmt: skip
    assert "F9" not in client.get("/contributor/GOV/forward/").content.decode()


def test_funds_and_contributors_lead_there(client):
    assert "/fund/F1/forward/" in client.get("/fund/F1/").content.decode()
    assert "/contributor/GOV/forward/" in client.get("/contributor/GOV/").content.decode()


def test_a_transfer_that_is_not_converted_is_not_told_as_none(client):
    project = ProjectFactory(fund=Fund.objects.get(code="F1"))
    own = {"organization_id": OrganizationFactory(code="PO").pk, "currency": "KRW"}
    released(
        budget(project, 5000, period_start=date(2019, 1, 1), **own),
        budget(project, 7000, period_start=date(2020, 1, 1), **own),
        transfer(project, 4000, **own),
    )
    rows = _cells(client, "/fund/F1/forward/", "transfers")
    one, two, three = (f"plus {n} not converted" for n in ("1 amount", "2 amounts", "3 amounts"))
    assert [row[4:] for row in rows] == [[one, one, two], [one, one, two]]
    page = html.fromstring(client.get("/fund/F1/forward/").content.decode())
    assert three in page.xpath("string(//table[@id='transfers']/tfoot)")


def test_money_of_a_year_to_come_is_not_in_hand_and_the_fund_says_that_there_is_some(client, fund):
    year = timezone.localdate().year + 2
    gov = OrganizationFactory(code="LATER")
    booked(deposit(fund, "90", date(year, 5, 1), contributor_id=gov.pk))
    (first, *_others) = _cells(client, "/fund/F1/forward/", "quarters")
    assert first[1] == "1,000"
    pages = ("/fund/F1/", "/fund/F1/statement/", "/funds/statement/", "/fund/F1.md",
             "/fund/F1/annual-report/")  # fmt: skip
    for address in (*pages, "/api/v1/funds/F1/", "/api/v1/funds/"):
        assert f"in a year to come, the last in {year}" in client.get(address).content.decode()
        assert "in a year to come" not in client.get(f"{address}{ASKED}").content.decode()


def test_pages_whose_totals_count_money_of_a_year_to_come_say_so(client, fund):
    year = timezone.localdate().year + 2
    project, undp = ProjectFactory(fund=fund), OrganizationFactory(code="UNDP")
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="KE"))
    other = ProjectFactory(fund=fund)
    released(
        budget(project, 500, period_start=date(year, 1, 1), organization_id=undp.pk),
        transfer(other, 5, date(2020, 5, 1), organization_id=undp.pk),
    )
    pages = ("/organization/UNDP/", "/country/KE/", "/contributor/GOV/")
    said = "in a year to come, the last in"
    # What is agreed on has not moved.
    assert not any(said in client.get(address).content.decode() for address in pages)
    released(transfer(project, 40, date(year, 5, 1), organization_id=undp.pk))
    for address in pages:
        assert f"{said} {year}. Totals count it." in client.get(address).content.decode()
        assert said not in client.get(f"{address}{ASKED}").content.decode()


@pytest.mark.parametrize("fmt", ["csv", "json", "xlsx"])
def test_files_say_it_too(client, fund, fmt):
    year = timezone.localdate().year + 2
    project, undp = ProjectFactory(fund=fund), OrganizationFactory(code="UNDP")
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="KE"))
    released(transfer(project, 40, date(year, 5, 1), organization_id=undp.pk))
    for address in ("/organization/UNDP/", "/country/KE/"):
        for dates, is_said in ((f"format={fmt}", True), (f"format={fmt}&until=2021-02-15", False)):
            answer = client.get(f"{address}?{dates}{'&about=yes' if fmt == 'csv' else ''}")
            words = _told_in_file(answer, fmt)
            assert ("in a year to come, the last in" in words) is is_said, (address, dates)


def _told_in_file(answer, fmt):
    if fmt != "xlsx":
        return reading.body(answer).decode()
    cells = (cell for sheet in reading.sheets(answer) for row in sheet.values for cell in row)
    return " ".join(map(str, cells))


def test_programs_are_told_it_of_organizations_and_countries(client, fund):
    year = timezone.localdate().year + 2
    project, undp = ProjectFactory(fund=fund), OrganizationFactory(code="UNDP")
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="KE"))
    released(transfer(project, 40, date(year, 5, 1), organization_id=undp.pk))
    pages = ("organizations/UNDP/", "organizations/", "countries/KE/", "countries/")
    for address in (*[f"/api/v1/{page}" for page in pages], "/organization/UNDP.md"):
        assert f"last in {year}. Totals count it." in client.get(address).content.decode()
        assert "in a year to come" not in client.get(f"{address}{ASKED}").content.decode()
