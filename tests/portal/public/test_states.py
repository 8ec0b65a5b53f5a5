"""States and totals that pages show are what was done, and agree with each other."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from lxml import html

from documents import services
from finance.loading.services import reverse_load
from finance.models import Load
from projects.models import Country, Office, ProjectCountry
from tests.factories import (
    CountryFactory,
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    booked,
    budget,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.finance.loading.life import let_go
from tests.loading import load_rows
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
THIS_YEAR = timezone.localdate().year
# On New Year's Eve, too, a year that is not over.
SO_FAR = f"until={THIS_YEAR}-06-30"


def words(client, url):
    """What the main part of a page says."""
    (main,) = html.fromstring(client.get(url).content).xpath("//main")
    return " ".join(main.text_content().split())


def rows(client, url):
    return reading.json_object(client.get(url))["rows"]


def totals(client, url):
    return reading.json_object(client.get(url))["totals"]


@pytest.fixture
def undone():
    """A load of a file, and the load that reversed it."""
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": False})
    OrganizationFactory(code="UNDP")
    ProjectFactory(number="1", fund=FundFactory(code="F1"))
    load = load_rows("vouchers", ["1,2020-06-01,F1,UNDP,1,transfer,10,USD"],
                   source=SourceFactory())  # fmt: skip
    reversal = reverse_load(load=load, by=UserFactory(), reason="wrong extract")
    return load, let_go(reversal, UserFactory())


def test_a_load_that_was_reversed_says_so_on_its_page_and_in_lists(client, undone, admin_client):
    load, reversal = undone
    text = words(client, load.get_absolute_url())
    assert "Reversed" in text
    assert reversal.get_absolute_url() in client.get(load.get_absolute_url()).content.decode()
    assert f"Reverses {load.file_name}" in words(client, reversal.get_absolute_url())
    listed = {row["file_name"]: row["reversed_at"] for row in rows(client, "/loads/?format=json")}
    assert listed.pop(load.file_name)
    assert set(listed.values()) <= {None}
    assert "reversed on" in words(client, "/")
    staff = words(admin_client, "/staff/loads/")
    assert "Released, and reversed" in staff


def test_a_past_day_does_not_know_of_a_later_reversal(undone):
    load, reversal = undone
    then = reversal.released_at - timedelta(microseconds=1)
    (row,) = Load.objects.filter(pk=load.pk).with_reversed_at(then)
    assert row.reversed_at is None
    (row,) = Load.objects.filter(pk=load.pk).with_reversed_at()
    assert row.reversed_at == reversal.released_at


def test_what_answers_that_it_is_withheld_stands_in_the_trace(client):
    document, never_public = DocumentFactory(), DocumentFactory()
    document.events.create(kind="published")
    assert "Nothing is withheld." in words(client, "/withheld/")
    services.withdraw_document(document=never_public, by=None, reason="Danger.")
    assert "Nothing is withheld." in words(client, "/withheld/")
    services.withdraw_document(document=document, by=None, reason="Danger.")
    assert client.get(f"/document/{document.pk}/").status_code == 410
    text = words(client, "/withheld/")
    assert "A document" in text
    assert "Nothing is withheld." not in text


# --- Totals of one thing


def test_totals_of_a_fund_agree_whatever_years_they_hold(client):
    fund = FundFactory(code="F1")
    project = ProjectFactory(fund=fund)
    part = ParticipationFactory(project=project)
    own = {"organization_id": part.organization_id}
    booked(deposit(fund, "900"))
    released(
        budget(project, 700, date(THIS_YEAR + 2, 1, 1), **own),
        transfer(project, 120, date(THIS_YEAR + 80, 5, 1), **own),
        transfer(project, 500, date(2020, 5, 1), **own),
        expenditure(project, 300, THIS_YEAR, **own),
    )
    page = html.fromstring(client.get("/fund/F1/?format=print").content)
    (listed,) = rows(client, "/funds/?format=json")
    for section in ("by-year", "by-organization", "by-country"):
        cells = [
            " ".join(cell.text_content().split())
            for cell in page.xpath(f"//table[@id='{section}']//tr[last()]/*")
        ]
        assert "620" in cells, section
        assert "700" in cells, section
    assert Decimal(listed["net_funded"]) == 620
    whole = words(client, f"/organization/{part.organization.code}/")
    current = page.xpath("//table[@id='by-organization']//td")
    assert "300" in [" ".join(cell.text_content().split()) for cell in current]
    assert "620" in whole


def test_the_current_year_of_an_organization_is_none_to_come(client):
    project = ProjectFactory()
    part = ParticipationFactory(project=project, organization__code="O1")
    own = {"organization_id": part.organization_id}
    released(
        budget(project, 700, date(THIS_YEAR + 2, 1, 1), **own),
        transfer(project, 500, date(2020, 5, 1), **own),
        expenditure(project, 300, THIS_YEAR, **own),
    )
    (row,) = rows(client, "/organization/O1/report/?report_by=fund&format=json")
    assert Decimal(row["expenditure_current"]) == 300
    assert Decimal(row["approved"]) == 700


@pytest.mark.parametrize(
    ("shares", "counted"),
    [
        ((100, 100), {"Aaa": 500, "Bbb": 500}),
        ((30, None), {"Aaa": 300, "Bbb": 0, "Several countries": 700}),
        ((None, None), {"Aaa": 0, "Bbb": 0, "Several countries": 1000}),
        ((25, 75), {"Aaa": 250, "Bbb": 750}),
        ((30, 20), {"Aaa": 300, "Bbb": 200, "Several countries": 500}),
        ((0, 0), {"Aaa": 0, "Bbb": 0, "Several countries": 1000}),
        (("39.98", "59.97"), {"Aaa": 400, "Bbb": 600}),
        (("40.02", "60.03"), {"Aaa": 400, "Bbb": 600}),
    ],
)
def test_no_project_counts_more_than_once_over_all_countries(client, shares, counted):
    project = ProjectFactory()
    places = [CountryFactory(name=name, code=code) for name, code in (("Aaa", "A1"), ("Bbb", "B1"))]
    for place, share in zip(places, shares, strict=True):
        ProjectCountry.objects.create(project=project, country=place, share=share)
    released(transfer(project, 1000))
    listed = {
        row["name"]: Decimal(row["net_funded"]) for row in rows(client, "/countries/?format=json")
    }
    assert listed == counted
    for code in ("A1", "B1", "several"):
        name = {"A1": "Aaa", "B1": "Bbb", "several": "Several countries"}[code]
        behind = rows(client, f"/country/{code}/records/?figure=transfer&format=json")
        assert sum(Decimal(row["counted"]) for row in behind) == counted.get(name, 0), name
    # The project's fund says of each country the same, and so do the records behind it.
    page, elsewhere = project.fund.get_absolute_url(), "Several countries, or none stated"
    of_fund = {name: sum_ for name, sum_ in counted.items() if sum_}
    if "Several countries" in of_fund:
        of_fund[elsewhere] = of_fund.pop("Several countries")
    for report, name, amount in (("country", "name", "transfer"), ("flow", "end", "base_amount")):
        told = rows(client, f"{page}report/?report_by={report}&format=json")
        found = {row[name]: Decimal(row[amount]) for row in told if row[name] in counted | of_fund}
        assert found == of_fund, report
    for code, name in (("A1", "Aaa"), ("B1", "Bbb"), ("-", elsewhere)):
        behind = rows(client, f"{page}records/?figure=transfer&country={code}&format=json")
        assert sum(Decimal(row["counted"]) for row in behind) == of_fund.get(name, 0), name


def test_an_amount_without_a_rate_is_left_out_of_each_country_and_once_of_the_whole_fund(client):
    project = ProjectFactory()
    for share in (40, 60):
        ProjectCountry.objects.create(project=project, country=CountryFactory(), share=share)
    released(transfer(project, 1000), transfer(project, 7, currency="KRW"))
    url = f"/fund/{project.fund.code}/report/?report_by=country&format=json"
    (total,) = (line["values"] for line in totals(client, url))
    assert Decimal(total["transfer"]) == 1000
    for row in (*rows(client, url), total):
        assert "Transfers: plus 1 amount not converted" in row["unconverted"]


@pytest.mark.parametrize(
    ("shares", "told"),
    [((30, 20), "50"), ((100, 100), "200"), ((99, 2, None), "101"), ((30, None), ""),
     ((40, 60), ""), (("33.33", "33.33", "33.33"), ""), ((None,), ""), ((), "")],
)  # fmt: skip
def test_shares_that_do_not_make_the_whole_are_noted(client, shares, told):
    project = ProjectFactory()
    for share in shares:
        ProjectCountry.objects.create(project=project, country=CountryFactory(), share=share)
    page = " ".join(client.get(project.get_absolute_url()).content.decode().split())
    note = f"The shares stated for its countries add up to {told}"
    assert (note in page) == bool(told)


# --- Years that are not over, funds that state no income


def test_a_year_that_is_not_over_has_no_closing_balance(client):
    fund = FundFactory(code="F1")
    for year in (THIS_YEAR - 1, THIS_YEAR):
        booked(deposit(fund, "900", date(year, 1, 1)))
    listed = {row["key"] if "key" in row else row["name"]: row for row in rows(
        client, f"/fund/F1/statement/?format=json&{SO_FAR}")}  # fmt: skip
    closing = listed["Closing balance, 31 December"]
    assert Decimal(closing["prior"]) == 900
    assert closing["year"] is None
    assert Decimal(listed["Opening balance, 1 January"]["year"]) == 900
    page = words(client, f"/fund/F1/statement/?{SO_FAR}")
    assert f"{THIS_YEAR} so far" in page


def test_no_balance_is_overdrawn_where_no_income_is_stated(client):
    fund = FundFactory(code="F1")
    released(transfer(ProjectFactory(fund=fund), 500))
    for url in ("/fund/F1/", "/fund/F1/statement/", "/fund/F1/annual-report/"):
        text = words(client, url)
        assert "−500" not in text, url
        assert "No income of the fund is stated, so what is left of it is not known." in text, url
    together = words(client, "/funds/statement/")
    assert "−500" not in together
    assert "Of 1 fund no income is stated" in together
    for row in rows(client, "/fund/F1/report/?report_by=flow&format=json"):
        assert row["end"] != "Balance with the Administrative Agent"
    booked(deposit(fund, "900"))
    assert "400" in words(client, "/fund/F1/statement/")
    assert "no income is stated" not in words(client, "/funds/statement/")


def test_a_contributors_statement_of_a_year_that_is_not_over_says_up_to_when(client):
    giver = OrganizationFactory(code="G1", name="Giver")
    booked(deposit(FundFactory(), "9", date(THIS_YEAR, 1, 1), contributor_id=giver.pk))
    heading = f"statement for {THIS_YEAR} up to"
    assert heading in words(client, f"/contributor/G1/statement/{THIS_YEAR}/?{SO_FAR}")
    booked(deposit(FundFactory(), "9", date(THIS_YEAR - 1, 1, 1), contributor_id=giver.pk))
    before = words(client, f"/contributor/G1/statement/{THIS_YEAR - 1}/")
    assert f"statement for {THIS_YEAR - 1} up to" not in before


def test_a_publisher_who_states_no_transfer_has_no_balance_anywhere(client):
    project = ProjectFactory(number="P1", fund__code="F1", fund__follows_rules=False)
    own = ParticipationFactory(project=project, organization__code="O1").organization_id
    ParticipationFactory(project=project, organization__code="O2")
    released(expenditure(project, "60", organization_id=own), budget(project, "90"))
    chosen = "?column=expenditure&column=balance"
    lists = (f"/projects/{chosen}", f"/funds/{chosen}", f"/organizations/{chosen}",
             "/fund/F1/report/?report_by=project")  # fmt: skip
    pages = ("/", "/fund/F1/", "/organization/O1/", "/project/P1/", "/project/P1/key-figures/",
             "/fund/F1/report/?report_by=organization", "/organization/O1/report/?report_by=fund",
             "/fund/F1/statement/", *lists)  # fmt: skip
    for page in pages:
        text = words(client, page)
        assert "60" in text, page
        assert "−60" not in text, page
    for page in lists:
        (row,) = [row for row in rows(client, f"{page}&format=json") if "60.00" in row.values()]
        assert row["balance"] is None, page


def test_a_whole_has_no_balance_where_a_part_states_no_transfer(client):
    """Neither home nor a country nor all funds hold what one spent against what others got."""
    country = Country.objects.get(code="ML")
    funded = ProjectFactory(fund__code="F1")
    silent = ProjectFactory(fund__code="F2", fund__follows_rules=False)
    for project in (funded, silent):
        ProjectCountry.objects.create(project=project, country=country)
    released(transfer(funded, "1000"), expenditure(funded, "400"))
    pages = ("/", "/country/ML/", "/countries/", "/funds/statement/")
    assert all("600" in words(client, page) or page == "/countries/" for page in pages)
    released(expenditure(silent, "60"))
    dates = ("", f"?as_of={timezone.localdate()}", f"?until={timezone.localdate()}")
    for page in (page + asked for page in pages for asked in dates):
        text = words(client, page)
        assert "460" in text, page
        assert "540" not in text, page
        assert "46.0" not in text, page
    assert "Of 1 fund it is stated what was spent" in words(client, "/funds/statement/")
    for page in ("/records/", "/country/ML/records/", "/funds/records/"):
        for figure in ("balance", "delivery_rate"):
            (*_, total) = totals(client, f"{page}?figure={figure}&format=json")
            assert not {"540.00", "46.0"} & {str(value) for value in total["values"].values()}
    own = f"/project/{silent.number}/records/?figure=balance"
    assert "-60.00" not in str(totals(client, f"{own}&format=json"))
    assert "−60" not in words(client, own).partition("Each line comes from")[0]
    figures = client.get("/api/v1/countries/ML/").json()["result"]["figures"]
    told = {key: figures[key]["value"] for key in ("expenditure", "balance", "delivery_rate")}
    assert told == {"expenditure": "460.00", "balance": None, "delivery_rate": None}


def test_an_organization_has_no_balance_and_no_rate_over_a_fund_that_states_no_transfer(client):
    """Of each fund it is told what is known; of both together, of a country and by year none."""
    country = Country.objects.get(code="ML")
    funded, silent = ProjectFactory(fund__code="F1"), ProjectFactory(fund__code="F2")
    one = OrganizationFactory(code="O1")
    for project in (funded, silent):
        ProjectCountry.objects.create(project=project, country=country)
        ParticipationFactory(project=project, organization=one)
    own = {"organization_id": one.pk}
    released(transfer(funded, "1000", **own), expenditure(funded, "400", **own))
    released(expenditure(silent, "60", **own))
    chosen = "?column=expenditure&column=balance&column=delivery_rate"
    reports = [f"/organization/O1/report/?report_by={by}" for by in ("fund", "project", "year")]
    pages = ["/organization/O1/", f"/organizations/{chosen}", "/country/ML/", *reports]
    dates = ("", f"as_of={timezone.localdate()}", f"until={timezone.localdate()}")
    for page in (f"{page}{'&' if '?' in page else '?'}{on}" for page in pages for on in dates):
        text = words(client, page)
        assert "46" in text or "400" in text, page
        assert not {"540", "46.0", "−60"} & set(text.replace("\xa0%", "").split()), page
        assert "46.0" not in text, page
    for page in reports[:2]:
        assert "600" in words(client, page), page
    (row,) = rows(client, f"/organizations/{chosen}&format=json")
    assert (row["balance"], row["delivery_rate"]) == (None, None)
    figures = client.get("/api/v1/organizations/O1/").json()["result"]["figures"]
    assert {figures[key]["value"] for key in ("balance", "delivery_rate")} == {None}
    for figure in ("balance", "delivery_rate"):
        (*_, total) = totals(client, f"/organization/O1/records/?figure={figure}&format=json")
        assert not {"540.00", "46.0"} & {str(value) for value in total["values"].values()}


def test_a_single_year_has_no_rate_on_a_countrys_page(client):
    project = ProjectFactory()
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="ML"))
    released(transfer(project, "1000"), expenditure(project, "123"))
    page = client.get("/country/ML/").content.decode()
    by_year = page.partition('id="by-year"')[2].partition("</table>")[0]
    assert "123" in by_year
    assert "12.3" not in by_year


def test_programs_are_told_no_rate_of_amounts_that_are_left_out(client):
    project = ProjectFactory(fund__code="F1")
    released(
        transfer(project, "1000"),
        expenditure(project, "400"),
        expenditure(project, "7", currency="NOK", base_amount=None),
    )
    figures = client.get("/api/v1/funds/F1/").json()["result"]["figures"]
    assert figures["delivery_rate"]["value"] is None


def test_nothing_is_with_anybody_by_a_transfer_of_a_day_to_come(client):
    project = ProjectFactory(original_end=date(THIS_YEAR + 9, 1, 1))
    to_come = date(THIS_YEAR + 2, 5, 1)
    released(
        budget(project, 100),
        transfer(project, 70, to_come),
        expenditure(project, 10, THIS_YEAR + 2),
    )
    text = words(client, project.get_absolute_url())
    assert "bears a date that is still to come" in text
    assert "is with the organizations" not in text
    assert "has not been transferred" not in text
    # A project that has not begun is within no period.
    assert "within the last reported period" not in text
