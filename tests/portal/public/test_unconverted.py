"""What could not be converted is unknown, not zero, and interim parts are measured."""

import csv
import json
from datetime import date

import pytest
from lxml import html

from projects.models import Country, ProjectCountry, Status
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    booked,
    budget,
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
DENIED = (
    "No transfer",
    "No money has been recorded",
    "All that was funded is reported as spent",
    "Nothing has been transferred",
    "No report is due",
    "Unspent balance: none",
)


@pytest.fixture
def project():
    """A project of which all that is known is a transfer without a rate of exchange."""
    project = ProjectFactory(number="KR-1", status=Status.ON_GOING, original_end=date(2030, 1, 1))
    organization = OrganizationFactory(code="KO")
    ParticipationFactory(project=project, organization=organization)
    released(
        transfer(
            project, 10_000_000, date(2020, 5, 1), organization_id=organization.pk, currency="KRW"
        )
    )
    return project


def _tree(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return html.fromstring(response.content.decode())


def _words(node):
    return " ".join(node.text_content().split())


def _file(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("path", ["", "key-figures/", "closure/"])
def test_no_page_of_a_project_denies_what_is_not_converted(client, project, path):
    words = _words(_tree(client, project.get_absolute_url() + path))
    for denied in DENIED:
        assert denied not in words


def test_the_factsheet_tells_the_amount_in_its_own_currency(client, project):
    tree = _tree(client, project.get_absolute_url())
    assert "the fund passed KRW 10,000,000.00 (not converted)" in _words(
        tree.xpath("//p[@class='lead']")[0]
    )
    assert PLUS_ONE in _words(tree.xpath("//dl[starts-with(@class, 'key-facts')]")[0])


def test_what_is_left_out_of_other_sums_is_not_counted_with_these(client):
    project = ProjectFactory(number="D-1")
    released(budget(project, 5, currency="KRW"))
    booked(deposit(project.fund, 7, project_id=project.pk, currency="KRW"))
    tree = _tree(client, project.get_absolute_url())
    assert "1 amount has no known rate" in _words(tree.xpath("//section[@id='glance']")[0])


@pytest.mark.parametrize("format_", ["csv", "json", "xlsx", "print"])
def test_files_of_a_contributor_say_what_they_leave_out(client, format_):
    giver = OrganizationFactory(code="GOV")
    booked(deposit(FundFactory(code="F1"), 7, currency="KRW", contributor_id=giver.pk))
    for path in ("/contributor/GOV/", "/contributor/GOV/statement/2020/"):
        assert reading.body(client.get(f"{path}?format={format_}")), path
    told = _words(_tree(client, "/contributor/GOV/"))
    assert "1 amount has no known rate" in told
    assert "1 amount has no known rate" in _file(client, "/contributor/GOV/?format=json")


@pytest.mark.parametrize("path", ["/", "/projects/", "/funds/", "/organizations/"])
def test_pages_with_sums_say_what_they_leave_out(client, project, path):
    assert PLUS_ONE in _words(_tree(client, path))


def test_a_change_by_an_amount_that_is_not_converted_is_not_nought(client, project):
    path = f"{project.get_absolute_url()}changes/"
    (row,) = _tree(client, path).xpath("//table/tbody/tr")
    assert [_words(cell) for cell in row[2:6]] == ["Transfers", "0", PLUS_ONE, "n/a"]
    (made,) = json.loads(_file(client, f"{path}?format=json"))["rows"]
    assert (made["after"], made["difference"]) == (None, None)


def test_another_amount_that_is_not_converted_is_a_change_that_is_not_known(client):
    project, source = ProjectFactory(number="KC-1"), SourceFactory()
    same = (transfer(project, 100), expenditure(project, 9, currency="KRW"))
    released(budget(project, 500, currency="KRW"), *same, source=source)
    second = released(budget(project, 700, currency="KRW"), *same, source=source)
    for path in (second.get_absolute_url(), f"{project.get_absolute_url()}changes/"):
        row = [_words(cell) for cell in _tree(client, path).xpath("//table/tbody/tr[td]")[0]]
        assert row[2:6] == ["Approved budget", PLUS_ONE, PLUS_ONE, "n/a"]
    (made,) = json.loads(_file(client, f"{second.get_absolute_url()}?format=json"))["rows"]
    assert made["difference"] is None


@pytest.mark.parametrize("path", ["/projects/", "/organizations/"])
def test_files_leave_an_unknown_sum_empty_and_say_why(client, project, path):
    heads, row, *_rest = csv.reader(_file(client, f"{path}?format=csv").splitlines())
    told = dict(zip(heads, row, strict=True))
    net = next(head for head in heads if head.startswith("Net funded amount"))
    assert told[net] == ""
    assert f"Net funded amount: {PLUS_ONE}" in told["Amounts not converted"]
    made = json.loads(_file(client, f"{path}?format=json"))["rows"][0]
    assert made["net_funded"] is None
    assert PLUS_ONE in made["unconverted"]


def test_totals_and_headline_figures_measure_what_is_interim(client):
    project = ProjectFactory(number="I-1")
    released(expenditure(project, 400, 2019, "reported"), expenditure(project, 60, 2020, "interim"))
    tree = _tree(client, project.get_absolute_url())
    assert "460i interim: 60" in _words(tree.xpath("//dl[starts-with(@class, 'key-facts')]")[0])
    total = _words(tree.xpath("//table[@id='by-year']//tfoot")[0])
    assert "460i interim: 60" in total
    assert "interim: 60" in _words(_tree(client, "/"))


def test_what_is_not_known_is_not_said_to_hold_anything_interim(client):
    own = ProjectFactory(number="P", fund__follows_rules=False)
    released(expenditure(own, 60, 2020, "interim"))
    facts = _words(_tree(client, own.get_absolute_url()).xpath("//dl")[0])
    assert "Expenditure 60i interim: 60" in facts
    assert facts.count("interim: 60") == 1
    assert "Delivery rate n/a" in facts


UNKNOWN = "not known: 1 amount not converted"


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


@pytest.mark.parametrize(
    ("path", "key", "is_this"),
    [
        ("/projects/", "delivery_rate", {"number": "PT-1"}),
        ("/funds/", "delivery_rate", {"code": "PT"}),
        ("/organizations/", "delivery_rate", {}),
        ("/fund/PT/report/?report_by=organization", "delivery_rate", {}),
        ("/fund/PT/report/?report_by=contributor", "deposit_share", {}),
        ("/project/PT-1/key-figures/?report_by=organization", "delivery_rate", {}),
        ("/contributor/GV/", "deposit_share", {}),
        ("/contributor/GV/", "net_funded_notional", {}),
        ("/fund/PT/statement/?year=2020", "percent", {"name": "Balance"}),
    ],
)
def test_a_rate_or_share_of_what_is_not_wholly_known_is_not_known(
    client, partly, path, key, is_this
):
    url = f"{path}{'&' if '?' in path else '?'}format=json"
    found = json.loads(_file(client, url))
    rows = [row for table in found.get("tables", [found]) for row in table["rows"]]
    told = [
        row
        for row in rows
        if key in row and all(str(row.get(name, "")).startswith(v) for name, v in is_this.items())
    ]
    assert told
    for row in told:
        assert row[key] is None
        assert "not known:" in row["unconverted"]
    assert "not known:" in _words(_tree(client, path))


def test_an_amount_that_a_share_leaves_out_twice_is_counted_once(client):
    fund = FundFactory(code="ON")
    giver = OrganizationFactory(code="GV").pk
    booked(
        deposit(fund, 200, contributor_id=giver),
        deposit(fund, 7, contributor_id=OrganizationFactory(code="GX").pk, currency="KRW"),
    )
    found = json.loads(_file(client, "/fund/ON/statement/?year=2020&format=json"))
    (row,) = [row for row in found["rows"] if row["name"].startswith("Total balance")]
    assert f"Percent: {UNKNOWN}" in row["unconverted"]
    shares = _words(_tree(client, "/contributor/GV/").xpath("//table[@id='share']//tbody/tr")[0])
    assert shares.count(UNKNOWN) == 4
    assert PLUS_ONE in shares
    assert "2 amounts" not in shares


def test_pages_tell_no_rate_of_what_is_not_wholly_known(client, partly):
    page = partly.get_absolute_url()
    assert f"Delivery rate {UNKNOWN}" in _words(_tree(client, page).xpath("//dl")[0])
    assert UNKNOWN in _words(_tree(client, f"{page}records/?figure=delivery_rate"))
    (bars,) = [_tree(client, page).xpath("//*[contains(@class, 'progress')]")]
    assert not bars
    notional = "/contributor/GV/notional/?figure=net_funded&fund=PT"
    assert f"counts by {UNKNOWN}" in _words(_tree(client, notional))
    made = json.loads(_file(client, f"{notional}&format=json"))
    assert (made["rows"], made.get("totals") or []) == ([], [])


def test_what_a_certified_statement_covers_is_provisional_no_longer(client):
    project = ProjectFactory(number="C-1")
    released(
        expenditure(project, 60, 2019, "interim"), expenditure(project, 100, 2020, "certified")
    )
    page = project.get_absolute_url()
    fund = project.fund.get_absolute_url()
    for path in (page, f"{page}key-figures/", "/projects/", "/", fund):
        assert "interim: " not in _words(_tree(client, path)), path
    (row,) = json.loads(_file(client, "/projects/?format=json"))["rows"]
    assert (row["expenditure"], row["expenditure_interim"]) == ("100.00", None)
    records = _words(_tree(client, f"{page}records/?figure=expenditure"))
    assert "stated as interim; the certified statement covers it" in records
    assert "together US$ 100.00" in records


def test_a_pipeline_project_with_money_is_said_to_be_so_as_stated(client):
    paid, spent, new = (ProjectFactory(number=n, status=Status.PIPELINE) for n in ("A", "B", "C"))
    released(transfer(paid, 7, currency="KRW"), expenditure(spent, 1), budget(new, 5))
    told = {row["number"]: row["status"] for row in
            json.loads(_file(client, "/projects/?format=json"))["rows"]}  # fmt: skip
    as_stated = "Pipeline/Approved, as stated"
    assert told == {"A": as_stated, "B": as_stated, "C": "Pipeline/Approved"}
    assert _words(_tree(client, "/projects/")).count(as_stated) == 2
    for project, words in ((paid, "yet money has been transferred."),
                           (spent, "yet spending is reported.")):  # fmt: skip
        page = _words(_tree(client, project.get_absolute_url()))
        assert f"{as_stated} {words}" in page
        assert page.count(as_stated) == 2
    hits = _words(_tree(client, f"/search/?q={paid.title.replace(' ', '+')}"))
    assert as_stated in hits


def test_the_map_says_what_it_leaves_out(client, project):
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="ML"))
    for path in ("/", "/countries/"):
        (link,) = _tree(client, path).xpath("//figure//a[@href='/country/ML/']")
        assert link.get("aria-label") == f"Mali: 1 project, {PLUS_ONE}"


@pytest.fixture
def signed():
    """A contributor that signed for two payments without a rate, and made half of the first."""
    fund, giver = FundFactory(code="SG"), OrganizationFactory(code="SGN")
    own = {"contributor_id": giver.pk, "currency": "KRW", "arrangement": "SAA"}
    booked(
        commitment(fund, 1000, due_on=date(2021, 6, 1), **own),
        commitment(fund, 500, due_on=date(2098, 6, 1), **own),
        deposit(fund, 500, **own),
    )
    return fund


@pytest.mark.parametrize("page", ["/contributor/SGN/", "/fund/SG/", "/contributors/"])
@pytest.mark.parametrize(
    ("figure", "left"), [("overdue", ["500.00"]), ("not_due", ["500.00"]), ("outstanding", None)]
)
@pytest.mark.usefixtures("signed")
def test_what_is_outstanding_without_a_rate_is_listed(client, page, figure, left):
    path = f"{page}outstanding/?figure={figure}"
    words = _words(_tree(client, path))
    assert "Nothing of it is outstanding" not in words
    assert "together US$ 0" not in words
    rows = json.loads(_file(client, f"{path}&format=json"))["rows"]
    assert [row["left"] for row in rows] == (left or ["500.00", "500.00"])
    for row in rows:
        assert row["counted"] is None
        assert PLUS_ONE in row["unconverted"]


@pytest.mark.usefixtures("signed")
def test_a_share_of_deposits_without_a_rate_is_no_share_of_nought(client):
    words = _words(_tree(client, "/contributor/SGN/notional/?figure=deposit&fund=SG"))
    assert f"counts by {UNKNOWN}" in words
    assert f"own deposits of US$ 0.00 ({PLUS_ONE})" in words
