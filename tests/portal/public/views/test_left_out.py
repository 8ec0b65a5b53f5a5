"""Figures that leave amounts out, in certified totals, pictures, files and first sentences."""

import csv
import json
from datetime import date
from operator import itemgetter

import pytest
from lxml import html

from finance.models import Voucher
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
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
PLUS_ONE = "plus 1 amount not converted"
UNKNOWN = "not known: 1 amount not converted"


def _tree(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return html.fromstring(response.content.decode())


def _words(node):
    return " ".join(node.text_content().split())


def _file(client, url):
    return reading.body(client.get(url)).decode("utf-8-sig")


@pytest.fixture
def partly():
    """A project of a fund of which all but one transfer, one deposit and one cost is converted."""
    fund = FundFactory(code="PT")
    project = ProjectFactory(number="PT-1", fund=fund)
    own = {"organization_id": OrganizationFactory(code="PO").pk}
    ParticipationFactory(project=project, **own)
    released(
        transfer(project, 100, **own),
        transfer(project, 9_000, date(2020, 6, 1), currency="KRW", **own),
        expenditure(project, 60, **own),
    )
    giver = OrganizationFactory(code="GV").pk
    booked(
        deposit(fund, 200, contributor_id=giver),
        deposit(fund, 7, contributor_id=OrganizationFactory(code="GX").pk, currency="KRW"),
        fund_cost(fund, "aa-fee", 1),
    )
    return project


@pytest.fixture
def certified():
    """A project whose certified statement covers a year of which no rate is known."""
    project = ProjectFactory(number="CE-1", fund=FundFactory(code="CE"))
    own = {"organization_id": OrganizationFactory(code="CO").pk}
    ParticipationFactory(project=project, **own)
    released(
        transfer(project, 1500, date(2018, 5, 1), **own),
        expenditure(project, 300, 2018, **own),
        expenditure(project, 500_000, 2019, currency="KRW", **own),
        expenditure(project, 1000, 2020, "certified", **own),
    )
    return project


def test_a_certified_total_is_known_though_a_year_that_it_covers_is_not(client, certified):
    tree = _tree(client, certified.get_absolute_url())
    lead = _words(tree.xpath("//p[@class='lead']")[0])
    assert "They report US$ 1,000 spent up to 31 Dec 2020" in lead
    facts = _words(tree.xpath("//dl[starts-with(@class, 'key-facts')]")[0])
    assert (
        "Expenditure 1,000 by certified statements: 700 "
        "Delivery rate 66.7 % by certified statements: 700 "
        "Balance with organizations 500 by certified statements: 700"
    ) in facts
    assert "not converted" not in facts
    rows = [[_words(cell) for cell in row] for row in tree.xpath("//table[@id='by-year']//tr[td]")]
    told = {row[0]: (row[5], row[8]) for row in rows[:3]}
    assert told["2018"] == ("300", "300")
    assert told["2019"] == (PLUS_ONE, f"300 {PLUS_ONE}")
    assert told["2020"] == (
        f"700 by certified statements: 700 {PLUS_ONE}",
        "1,000 by certified statements: 700",
    )
    assert rows[3][5] == "1,000 by certified statements: 700"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/project/CE-1/records/?figure=expenditure", "together US$ 1,000.00"),
        ("/project/CE-1/records/?figure=expenditure&last=2019", f"US$ 300.00, {PLUS_ONE}"),
        ("/project/CE-1/records/?figure=expenditure&first=2020", f"US$ 700.00, {PLUS_ONE}"),
        ("/records/?figure=expenditure&first=2020", f"US$ 700.00, {PLUS_ONE}"),
    ],
)
@pytest.mark.usefixtures("certified")
def test_records_of_a_certified_total_say_what_their_years_leave_out(client, path, told):
    assert told in _words(_tree(client, path))


@pytest.mark.parametrize("path", ["/projects/", "/funds/", "/organizations/"])
@pytest.mark.usefixtures("certified")
def test_no_list_leaves_out_of_a_sum_what_a_certified_statement_covers(client, path):
    words = _words(_tree(client, path))
    assert "not converted" not in words
    assert "not known" not in words


@pytest.mark.usefixtures("certified")
def test_statements_of_a_fund_leave_out_of_a_year_what_its_certified_total_does_not(client):
    path = "/fund/CE/report/?report_by=organization&year={}&format=json"
    (of_2019,), (of_2020,) = (
        json.loads(_file(client, path.format(year)))["rows"] for year in (2019, 2020)
    )
    assert of_2019["delivery_rate"] is None
    assert of_2020["delivery_rate"] is not None
    assert of_2020["expenditure_current"] == "700.00"
    assert of_2020["expenditure_cumulative"] == "1000.00"
    assert "Current year" not in of_2019["unconverted"]
    assert PLUS_ONE in of_2020["unconverted"]


@pytest.mark.usefixtures("certified")
@pytest.mark.parametrize(
    "path", ["/project/CE-1/records/?figure=expenditure&", "/records/?figure=expenditure&"]
)
def test_what_is_covered_within_the_years_asked_for_is_not_left_out_of_them(client, path):
    early = expenditure(ProjectFactory(fund__code="CE2"), 5, 2017)
    released(early)
    words = _words(_tree(client, f"{path}first=2019"))
    assert "together US$ 700.00" in words
    assert "amounts not converted" not in words
    assert PLUS_ONE not in words


@pytest.mark.usefixtures("certified")
def test_reports_of_years_leave_out_nothing_that_is_covered_within_them(client):
    tree = _tree(client, "/project/CE-1/key-figures/?report_by=organization&from=2019")
    assert "not converted" not in _words(tree)
    tree = _tree(client, "/project/CE-1/key-figures/?report_by=organization&from=2020")
    assert PLUS_ONE in _words(tree)


@pytest.fixture
def unknown():
    """A project that states a year and the certified whole in a currency without a rate."""
    project = ProjectFactory(number="CE-1", fund=FundFactory(code="CE"))
    own = {"organization_id": OrganizationFactory(code="CO").pk}
    ParticipationFactory(project=project, **own)
    released(
        expenditure(project, 500_000, 2019, currency="KRW", **own),
        expenditure(project, 900_000, 2020, "certified", currency="KRW", **own),
    )
    return project


def test_no_year_of_a_certified_whole_is_known_where_nothing_has_a_rate(client, unknown):
    tree = _tree(client, unknown.get_absolute_url())
    rows = [[_words(cell) for cell in row] for row in tree.xpath("//table[@id='by-year']//tr[td]")]
    told = {row[0]: (row[5], row[8]) for row in rows[:2]}
    assert told["2019"] == (PLUS_ONE, PLUS_ONE)
    assert told["2020"] == ("plus 2 amounts not converted", PLUS_ONE)


@pytest.mark.parametrize(
    "path",
    [
        "/project/CE-1/records/?figure=expenditure&first=2020",
        "/project/CE-1/records/?figure=expenditure&state=certified",
        "/records/?figure=expenditure&first=2020",
        "/records/?figure=expenditure&state=certified",
        "/fund/CE/records/?figure=expenditure&first=2020",
        "/fund/CE/",
        "/organization/CO/",
    ],
)
@pytest.mark.usefixtures("unknown")
def test_no_page_adds_up_to_nought_what_has_no_rate(client, path):
    words = _words(_tree(client, path))
    assert "not converted" in words
    assert "US$ 0" not in words


@pytest.mark.parametrize("path", ["projects", "funds"])
def test_a_state_of_expenditure_says_only_its_own(client, path, certified):
    other = ProjectFactory(number="ST-1", fund__code="ST")
    released(expenditure(other, 60, 2020), expenditure(other, 50, 2021, "interim", currency="KRW"))
    rows = json.loads(client.get(f"/api/v1/{path}/").content)["results"]
    whole, partly = (
        next(row for row in rows if name in row.values())["figures"]["expenditure"]
        for name in (("CE-1", "ST-1") if path == "projects" else ("CE", "ST"))
    )
    assert (whole["value"], whole["unconverted"]) == ("1000.00", 0)
    assert whole["states"] == {"interim": "0.00", "reported": "300.00", "certified": "700.00"}
    assert (partly["value"], partly["unconverted"]) == ("60.00", 1)
    assert partly["states"] == {"interim": None, "reported": "60.00", "certified": "0.00"}


def test_what_a_statement_covers_of_its_own_year_leaves_that_year_known(client):
    project = ProjectFactory(number="OY-1", fund=FundFactory(code="OY"))
    released(
        expenditure(project, 700_000, 2020, currency="KRW"),
        expenditure(project, 1000, 2020, "certified"),
    )
    for path in ("", "records/?figure=expenditure&first=2020"):
        words = _words(_tree(client, f"{project.get_absolute_url()}{path}"))
        assert "1,000" in words
        assert "amount not converted" not in words
    states = f"{project.get_absolute_url()}records/?figure=expenditure&state="
    assert f"together US$ 1,000.00, {PLUS_ONE}" in _words(_tree(client, f"{states}certified"))
    assert PLUS_ONE in _words(_tree(client, f"{states}reported"))


def test_the_key_figures_of_a_factsheets_files_say_what_their_figures_leave_out(client, partly):
    tables = json.loads(_file(client, f"{partly.get_absolute_url()}?format=json"))["tables"]
    columns = itemgetter("amount", "rate", "unconverted")
    told = {row["label"]: columns(row) for row in tables[1]["rows"]}
    assert told["Net funded amount"] == ("100.00", None, f"Amount: {PLUS_ONE}")
    assert told["Delivery rate"] == (None, None, f"Rate: {UNKNOWN}")
    assert told["Expenditure"] == ("60.00", None, None)


def test_they_report_only_where_all_that_were_paid_did(client):
    project = ProjectFactory(number="TH-1")
    first, second = ({"organization_id": OrganizationFactory().pk} for _ in range(2))
    source = SourceFactory()

    def lead(*lines):
        released(transfer(project, 100, **first), expenditure(project, 60, **first), *lines,
                 source=source)  # fmt: skip
        page = _tree(client, project.get_absolute_url())
        return _words(page.xpath("//p[@class='lead']")[0])

    assert "They report US$ 60 spent" in lead()
    assert "US$ 60 is reported as spent" in lead(transfer(project, 5, **second))


PICTURES = {
    "/organization/PO/": {"Transfers": PLUS_ONE, "Expenditure": ""},
    "/fund/PT/": {},
    "/": {"2020": f"Net funded amount: {PLUS_ONE}"},
}


@pytest.mark.parametrize("path", PICTURES)
@pytest.mark.usefixtures("partly")
def test_pictures_say_what_they_leave_out(client, path):
    figures = _tree(client, path).xpath("//figure[.//*[contains(@href, 'picture=')]]")
    assert "not converted" in _words(figures[0])
    table = reading.body(client.get(f"{path}?picture=csv")).decode("utf-8-sig")
    heads, *rows = csv.reader(table.splitlines())
    assert heads[-1] == "Amounts not converted"
    told = {row[0]: row[-1] for row in rows if len(row) == len(heads)}
    assert PICTURES[path].items() <= told.items()
    assert any(PLUS_ONE in words for words in told.values())
    assert "not converted" in reading.body(client.get(f"{path}?picture=svg")).decode()


def test_no_picture_says_that_nothing_moved_in_a_year_of_unknown_money(client):
    project = ProjectFactory(number="NP-1")
    released(transfer(project, 100), transfer(project, 3, date(2021, 1, 1), currency="KRW"))
    words = _words(_tree(client, project.get_absolute_url()))
    assert "2021, Net funded amount: US$ 0" not in words
    assert f"2021, Net funded amount: {PLUS_ONE}" in words


def test_a_page_up_to_a_day_does_not_say_that_nothing_had_been_published(client):
    project = ProjectFactory(number="UP-1")
    released(transfer(project, 100, date(2021, 5, 1)))
    words = _words(_tree(client, f"{project.get_absolute_url()}?until=2020-06-30"))
    assert "Nothing had been published" not in words
    assert "Up to 30 Jun 2020 no money is recorded of this project." in words


def test_a_factsheet_notes_days_that_contradict_each_other(client):
    project = ProjectFactory(
        number="DY-1", stated_start=date(2024, 5, 1), original_end=date(2023, 5, 1)
    )
    released(expenditure(project, 10, 2022, day=date(2021, 6, 30)))
    words = _words(_tree(client, project.get_absolute_url()))
    assert "The end date, 1 May 2023, lies before the start date, 1 May 2024." in words
    assert "Expenditure stated of 2022 bears a date of another year" in words


@pytest.fixture
def vouchers():
    """A voucher of which nothing is converted, one of which a part is, and one that is whole."""
    project = ProjectFactory(number="VO-1")
    whole = ProjectFactory(number="VO-2")
    released(
        transfer(project, 7, voucher="NONE", currency="KRW"),
        transfer(project, 5, voucher="PART"),
        transfer(project, 7, voucher="PART", currency="KRW"),
        transfer(whole, 5, voucher="WHOLE"),
    )


@pytest.mark.usefixtures("vouchers")
def test_a_voucher_of_which_nothing_is_converted_has_no_total_of_nought(client):
    for number, told in (("NONE", ""), ("PART", "US$ 5.00 "), ("WHOLE", "US$ 5.00")):
        page = _words(_tree(client, Voucher.objects.get(number=number).get_absolute_url()))
        left_out = "" if number == "WHOLE" else "1 line has no known rate of exchange"
        assert f"Total {told}{left_out}" in page
        assert ("US$ 0" in page) is False


@pytest.mark.usefixtures("vouchers")
@pytest.mark.parametrize("day", ["", "&until=2025-01-01"])
def test_what_is_not_known_is_at_most_no_amount(client, day):
    for path, found in (
        ("/projects/?net_funded_max=100", ["VO-2"]),
        ("/vouchers/?total_max=100", ["WHOLE"]),
    ):
        rows = json.loads(_file(client, f"{path}{day}&format=json"))["rows"]
        assert [row.get("number") or row["voucher"] for row in rows] == found
    for path in ("projects/?net_funded_max=100", "vouchers/?total_max=100"):
        assert len(json.loads(_file(client, f"/api/v1/{path}{day}"))["results"]) == 1


@pytest.mark.usefixtures("partly")
def test_records_of_an_unknown_share_come_to_no_nought(client):
    words = _words(_tree(client, "/contributor/GV/notional/?figure=net_funded&fund=PT"))
    assert "together US$ 0.00" not in words


def test_what_an_organization_gave_is_not_nothing_where_none_of_it_is_converted(client):
    giver = OrganizationFactory(code="GIVE")
    booked(deposit(FundFactory(), 5, currency="KRW", contributor_id=giver.pk))
    page = client.get(giver.get_absolute_url()).content.decode()
    assert "gave US$" not in page and "plus 1 amount not converted" in page


def test_hits_say_what_is_pledged_and_what_is_left_out(client):
    giver, fund = OrganizationFactory(code="GIVE"), FundFactory()
    which = {"contributor_id": giver.pk, "arrangement": "SAA-77-A"}
    booked(
        commitment(fund, 5, currency="KRW", **which),
        commitment(fund, 9, date(2021, 3, 1), is_pledge=True, **which),
    )
    page = client.get("/search/?q=SAA-77-A").content.decode()
    assert "signed on 1 Feb 2020" in page and "plus 1 amount not converted" in page
    assert "pledged on 1 Mar 2021" in page and "US$\xa09" in page.replace("US$ 9", "US$\xa09")
