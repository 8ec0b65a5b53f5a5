"""Pages of closure, revisions and reconciliation."""

from datetime import date

import pytest
from lxml import html

from finance.models import BudgetCategory
from projects.models import Extension, Office, Project
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


def _section(client, url, name):
    page = html.fromstring(client.get(url).content)
    (section,) = page.xpath(f"//section[@id='{name}']")
    return section


def _words(section):
    return " ".join(section.text_content().split())


def test_a_factsheet_shows_each_organizations_checklist(client, joint, declared):
    declared("operationally-closed")
    words = _words(_section(client, "/project/J1/", "closure"))
    assert "0 of 2 organizations have done all steps" in words
    assert "ALPHA: operationally closed" in words
    assert "Final narrative report: not received, due on 30 Apr 2021" in words
    rows = reading.json_object(client.get("/project/J1/closure/?format=json"))["rows"]
    assert [(row["organization"], float(row["balance"])) for row in rows] == [
        ("ALPHA", 100),
        ("BETA", 100),
    ]


def test_a_running_project_shows_no_checklist(client):
    ProjectFactory(number="R1", status="on-going", original_end=date(2999, 1, 1))
    page = html.fromstring(client.get("/project/R1/").content)
    assert not page.xpath("//section[@id='closure']")


def test_revisions_flag_what_moved_more_than_15_percent_of_a_category(client):
    project = ProjectFactory(number="R1")
    part = ParticipationFactory(project=project)
    staff, travel, goods = BudgetCategory.objects.all()[:3]
    own = {"organization_id": part.organization_id}
    released(
        budget(project, 1000, date(2020, 1, 1), category_id=staff.pk, **own),
        budget(project, 2000, date(2020, 1, 1), category_id=travel.pk, **own),
        budget(project, 150, date(2020, 6, 1), category_id=staff.pk, **own),  # 15.0 %
        budget(project, -301, date(2020, 6, 1), category_id=travel.pk, **own),  # 15.05 %
        budget(project, 1, date(2020, 6, 1), category_id=goods.pk, **own),  # out of nothing
    )
    Extension.objects.create(
        project=project, old_end=date(2021, 1, 1), new_end=date(2022, 1, 1),
        approved_on=date(2020, 9, 1), note="Late start",
    )  # fmt: skip
    rows = reading.json_object(client.get("/project/R1/revisions/?format=json"))["rows"]
    assert [(row["category"], row["change"], row["flag"]) for row in rows] == [
        (None, None, None), (staff.name, "150.00", "at most 15 %"),
        (travel.name, "-301.00", "more than 15 %"), (goods.name, "1.00", "more than 15 %"),
    ]  # fmt: skip
    section = _section(client, "/project/R1/", "revisions")
    assert "2 revisions moved more than 15 % of a budget line" in _words(section)
    assert "Extension from 1 Jan 2021 to 1 Jan 2022" in _words(section)
    before = reading.json_object(client.get("/project/R1/revisions/?format=json&until=2020-05-01"))
    assert [row["category"] for row in before["rows"]] == [None]


def _revisions(client, number):
    return reading.json_object(client.get(f"/project/{number}/revisions/?format=json"))["rows"]


def test_budgets_of_further_periods_revise_nothing(client):
    project = ProjectFactory(number="Y1")
    periods = ({"period_start": date(year, 1, 1)} for year in (2020, 2021, 2022))
    released(*(budget(project, 100, own["period_start"], **own) for own in periods))
    assert _revisions(client, "Y1") == []


def test_a_publishers_further_commitment_is_no_revision_of_what_a_committee_approved(client):
    project = ProjectFactory(number="P1", fund__follows_rules=False)
    released(budget(project, 100, date(2020, 1, 1)), budget(project, 100, date(2021, 3, 1)))
    assert _revisions(client, "P1") == []


def test_a_revision_that_could_not_be_converted_is_listed_and_not_measured(client):
    project = ProjectFactory(number="K1")
    released(
        budget(project, 100, date(2020, 1, 1)),
        budget(project, 7, date(2021, 3, 1), currency="KRW"),
        budget(project, 50, date(2022, 3, 1)),
    )
    rows = _revisions(client, "K1")
    assert [(row["before"], row["change"], row["flag"]) for row in rows] == [
        (None, "50.00", None), ("100.00", None, None),
    ]  # fmt: skip


def _money(*lines, **fields):
    project = ProjectFactory(number="M1", status="on-going", **fields)
    part = ParticipationFactory(project=project)
    released(*(line(project, part.organization_id) for line in lines))
    return project


def test_the_strip_leads_from_budget_to_balance_and_to_the_records(client):
    _money(
        lambda p, o: budget(p, "1000.40", organization_id=o),
        lambda p, o: transfer(p, 700, organization_id=o),
        lambda p, o: transfer(p, -50, date(2020, 7, 1), organization_id=o),
        lambda p, o: expenditure(p, 600, organization_id=o),
    )
    section = _section(client, "/project/M1/", "reconciliation")
    figures = [" ".join(" ".join(div.itertext()).split()) for div in section.xpath(".//dl/div")]
    assert figures == [
        "Approved budget 1,000", "→ Transfers 700", "− Refunds 50", "= Net funded amount 650",
        "− Expenditure 600", "= Balance with organizations 50",
    ]  # fmt: skip
    assert "US$ 300 of the approved budget has not been transferred" in _words(section)
    assert "US$ 50 came back" in _words(section)
    assert "US$ 50 is with the organizations, not yet reported as spent" in _words(section)
    for link in section.xpath(".//dd/a/@href | .//li/a/@href"):
        assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("paid", "spent", "status", "said"),
    [
        (1000, 1000, "on-going", "All that was funded is reported as spent"),
        (1000, 1200, "on-going", "Look here: US$ 200 more is reported as spent than was funded"),
        (1200, 1000, "on-going", "Look here: US$ 200 more was transferred than was approved"),
        (1000, 800, "operationally-closed", "need not be paid back"),
        (1000, 800, "financially-closed", "need not be paid back"),
        (1000, 800, "closed", "need not be paid back"),
        (1000, 700, "closed", "Look here: US$ 300 is left"),
        (
            1000,
            700,
            "financially-closed",
            "Look here: US$ 300 is left: neither reported as spent nor recorded as refunded",
        ),
    ],
)
def test_differences_are_explained_in_words(client, paid, spent, status, said):
    project = _money(
        lambda p, o: budget(p, 1000, organization_id=o),
        lambda p, o: transfer(p, paid, organization_id=o),
        lambda p, o: expenditure(p, spent, organization_id=o),
    )
    Project.objects.filter(pk=project.pk).update(status=status)
    assert said in _words(_section(client, "/project/M1/", "reconciliation"))


def test_money_of_others_than_the_participants_is_told(client):
    stranger = OrganizationFactory(name="Stranger")
    _money(
        lambda p, o: transfer(p, 70, organization_id=o),
        lambda p, _o: expenditure(p, 60, organization_id=stranger.pk),
        lambda p, _o: expenditure(p, 5),
    )
    words = _words(_section(client, "/project/M1/", "reconciliation"))
    stranger = "“Stranger”, which is not among the participating organizations"
    assert f"Of {stranger}, come US$ 0 net funded" in words
    assert "US$ 5 spent are stated without an organization" in words


def test_a_project_without_money_has_no_strip(client):
    ProjectFactory(number="E1")
    page = html.fromstring(client.get("/project/E1/").content)
    assert not page.xpath("//section[@id='reconciliation']")


def test_the_page_opens_with_what_is_late_or_open_and_says_it_once(client, joint):
    Office.objects.update(reports_from=None)
    page = html.fromstring(client.get("/project/J1/").content)
    (opening,) = page.xpath("//p[@class='lead open-matters']")
    words = _words(opening)
    assert "The project’s end date was 31 Dec 2020," in words
    assert "months ago, and it has not been closed yet" in words
    assert "reports are late or missing; the oldest is Annual narrative report 2020" in words
    assert not page.xpath("//section[@id='notes']")
