"""How well funds work: each class with its projects, what is not known, and nothing withheld."""

from datetime import date

import pytest
from lxml import html

from finance.loading.services import release_load
from finance.models import Load, ProjectPace
from portal.kit.dates import TODAY, Known, end_of
from portal.public.performance.distributions import distribution, told_by
from portal.public.performance.measures import MEASURES
from projects.models import Status
from tests.factories import (
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.public.registers.loads import SUB_GRANTS, load_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund():
    return FundFactory(code="F1", name="Fund of the measured")


def found(key, fund=None, known=TODAY):
    """How many projects are in each class, and the value in the middle."""
    measure = MEASURES[key]
    told = distribution(measure, told_by([measure], fund, known)[key])
    return {name: count for name, count in told.counts.items() if count}, told.median


def numbers(client, address):
    page = html.fromstring(client.get(address).content)
    return {cell.text_content().strip() for cell in page.xpath("//tbody/tr/th")}


def approved_and_paid(fund, number, approved, paid, **values):
    project = ProjectFactory(fund=fund, number=number, **values)
    lines = [budget(project, 100, approved)] if approved else []
    released(*lines, *([transfer(project, 50, paid)] if paid else []), projects=[project])
    return project


def test_days_from_approval_to_the_first_transfer_have_classes_and_a_median(client, fund):
    approved_and_paid(fund, "A", date(2020, 1, 1), date(2020, 1, 11))
    approved_and_paid(fund, "B", date(2020, 1, 1), date(2020, 3, 1))
    approved_and_paid(fund, "C", date(2020, 1, 1), date(2019, 12, 1))
    approved_and_paid(fund, "D", date(2020, 1, 1), None)
    approved_and_paid(fund, "E", None, date(2020, 1, 1))
    approved_and_paid(FundFactory(), "F", date(2020, 1, 1), date(2020, 1, 2))
    counts, median = found("first-transfer", fund)
    assert counts == {"0-30": 1, "31-90": 1, "before": 1, "no-transfer": 1, "no-approval": 1}
    assert median == 10
    page = "/fund/F1/performance/first-transfer/"
    assert numbers(client, f"{page}?part=31-90") == {"B"}
    assert numbers(client, f"{page}?part=no-approval") == {"E"}
    assert numbers(client, page) == {"A", "B", "C", "D", "E"}
    assert "F" in numbers(client, "/funds/performance/first-transfer/")


def test_the_page_begins_with_what_its_figures_mean_together(client, fund):
    def said():
        page = html.fromstring(client.get("/fund/F1/performance/").content)
        return " ".join(page.xpath("string(//div[@class='content']/p[@class='lead'])").split())

    approved_and_paid(fund, "A", date(2020, 1, 1), date(2020, 1, 11))
    assert "first transfer" not in said()  # of one project alone nothing is typical
    approved_and_paid(fund, "B", date(2020, 1, 1), date(2020, 3, 1))
    assert said().startswith(
        "At least half of the 2 projects of which both days are known had their first transfer no "
        "later than 10 days after approval."
    )
    for number in "CDE":
        approved_and_paid(fund, number, date(2020, 1, 9), date(2020, 1, 1))
    # The one in the middle was paid before it was approved.
    assert "first transfer" not in said()


def test_a_period_of_a_budget_is_no_day_of_approval(fund):
    project = ProjectFactory(fund=fund)
    stated = budget(project, 100, date(2020, 1, 1), period_start=date(2020, 1, 1))
    released(stated, transfer(project, 5), kind=Load.Kind.IATI)
    assert found("first-transfer")[0] == {"no-approval": 1}


def test_spending_is_told_by_years_and_not_by_days(client, fund):
    same, later, never = (
        approved_and_paid(fund, number, None, date(2020, 12, 1)) for number in ("S", "L", "N")
    )
    released(expenditure(same, 1, 2020), expenditure(later, 1, 2022), expenditure(later, 1, 2023))
    assert found("first-spending") == ({"0": 1, "2": 1, "no-spending": 1}, 0)
    assert numbers(client, "/fund/F1/performance/first-spending/?part=2") == {"L"}
    assert never.number == "N"


def test_a_project_is_closed_when_its_last_organization_is(client, fund):
    closed, half, running = (
        ProjectFactory(fund=fund, number=number, original_end=date(2020, 1, 1), **values)
        for number, values in (
            ("C", {"status": Status.OPERATIONALLY_CLOSED}),
            ("H", {"status": Status.ON_GOING}),
            ("R", {"status": Status.ON_GOING}),
        )
    )
    for project, days in ((closed, (3, 11)), (half, (3, None)), (running, (None,))):
        for day in days:
            on = day and date(2020, 1, day)
            ParticipationFactory(project=project, operationally_closed_on=on)
    ProjectFactory(fund=fund, number="X", status=Status.CANCELLED)
    ProjectFactory(fund=fund, number="Z", status=Status.CLOSED, original_end=date(2020, 1, 1))
    ProjectFactory(fund=fund, number="Y", original_end=date(2999, 1, 1))
    counts, median = found("operational-closure")
    assert counts == {"0-90": 1, "open": 2, "cancelled": 1, "no-day": 1, "not-ended": 1}
    assert median == 10
    assert numbers(client, "/fund/F1/performance/operational-closure/?part=open") == {"H", "R"}
    assert found("financial-closure")[0]["open"] == 3


def test_the_share_passed_on_is_not_known_where_no_sub_grant_is_stated(client, fund):
    some, none = (approved_and_paid(fund, number, None, date(2020, 1, 1)) for number in "SN")
    for code in ("UNDP", "WRN"):
        OrganizationFactory(code=code, name=f"Organization {code}")
    load = load_of(SUB_GRANTS, "2021-03-01,S,UNDP,WRN,local,yes,20,USD,,,Boats")
    assert load.state == Load.State.CHECKED, list(load.remarks.values_list("message", flat=True))
    release_load(load=load)
    assert some.pace.grants == 1
    counts, median = found("passed-on")
    assert counts == {"25-50": 1, "no-grant": 1}
    assert median == 40
    assert numbers(client, "/fund/F1/performance/passed-on/?part=no-grant") == {none.number}


def test_what_is_withheld_leaves_all_of_it(client, fund):
    project = approved_and_paid(fund, "W", date(2020, 1, 1), date(2020, 1, 11))
    project.withheld_on = date(2021, 1, 1)
    project.save()
    for address in ("/funds/performance/", "/fund/F1/performance/first-transfer/"):
        page = client.get(address)
        assert page.status_code == 200
        assert b"0 to 30 days" not in page.content or b"?part=0-30" not in page.content
        assert "W" not in numbers(client, address)
    assert found("first-transfer")[0] == {}


def test_a_past_day_tells_what_was_known_then(fund):
    project = approved_and_paid(fund, "A", date(2020, 1, 1), date(2020, 1, 11))
    load = Load.objects.get()
    before = Known(as_of=end_of(date(2001, 1, 1)))
    assert found("first-transfer", fund, before)[0] == {"no-transfer": 1}
    assert found("first-transfer", fund, Known(as_of=load.released_at))[0] == {"0-30": 1}
    until = Known(until=date(2020, 1, 5))
    assert found("first-transfer", fund, until)[0] == {"no-transfer": 1}
    assert project.pace.first_transfer == date(2020, 1, 11)


def test_what_is_kept_follows_what_is_released_and_withdrawn(fund):
    project = ProjectFactory(fund=fund)
    source = LoadFactory().source
    released(transfer(project, 5, date(2020, 5, 1)), transfer(project, 0, date(2020, 1, 1)),
             source=source)  # fmt: skip
    assert ProjectPace.objects.get().first_transfer == date(2020, 5, 1)
    released(transfer(project, 5, date(2020, 6, 1)), source=source)
    assert ProjectPace.objects.get().first_transfer == date(2020, 6, 1)


def test_the_pages_of_a_fund_show_pictures_tables_and_ways_to_the_projects(client, fund):
    approved_and_paid(fund, "A", date(2020, 1, 1), date(2020, 1, 11))
    page = html.fromstring(client.get("/fund/F1/performance/").content)
    sections = page.xpath("//main//section[@id]/@id")
    assert sections == [*MEASURES, "punctuality"]
    (section,) = page.xpath("//section[@id='first-transfer']")
    assert "10 days" in section.text_content()
    links = section.xpath(".//figure//a/@href")
    assert links[0] == "/fund/F1/performance/first-transfer/?part=0-30"
    for link in links:
        assert client.get(link).status_code == 200
    for form in ("csv", "xlsx", "json", "print", "pdf"):
        assert client.get(f"/fund/F1/performance/?format={form}").status_code == 200
    assert "/fund/F1/performance/" in client.get("/fund/F1/").content.decode()
    assert "/funds/performance/" in client.get("/").content.decode()


def test_nothing_to_measure_is_said_and_unknown_measures_are_not_found(client, fund):
    page = client.get("/fund/F1/performance/")
    assert "No project is known yet." in page.content.decode()
    assert client.get("/funds/performance/?as_of=2001-01-01").status_code == 200
    assert client.get("/fund/F1/performance/luck/").status_code == 404
    assert client.get("/fund/NONE/performance/").status_code == 404


def test_reports_are_told_where_rules_are_agreed(client):
    project = ProjectFactory(fund__code="F2", status="on-going")
    part = ParticipationFactory(project=project)
    own = {"organization_id": part.organization.pk}
    released(budget(project, 10, **own), transfer(project, 10, date(2020, 1, 1), **own))
    page = html.fromstring(client.get("/fund/F2/performance/").content)
    (section,) = page.xpath("//section[@id='punctuality']")
    assert "arrived in time" in section.text_content()
    links = section.xpath(".//table//a/@href")
    assert links
    for link in links:
        assert "fund=F2" in link
        assert client.get(link).status_code == 200
