"""Decisions: the register, the day of a fund, who approved a project."""

import json
from datetime import date

import pytest
from django.urls import reverse
from lxml import html

from documents.models import DocumentType
from finance.formats.kinds import KINDS
from finance.loading.services import release_load
from finance.models import BudgetLine, Decision, Load
from projects.models import Extension, Project
from tests.factories import (
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    budget,
    released,
)
from tests.portal.kit import reading
from tests.portal.public.registers.loads import DECISIONS, load_of

pytestmark = pytest.mark.django_db
ON = "/fund/F1/decisions/2024-05-12/"


@pytest.fixture(autouse=True)
def project() -> Project:
    """A project whose first budget was approved on 12 May 2024, and two decisions."""
    fund = FundFactory(code="F1", name="First fund")
    undp = OrganizationFactory(code="UNDP", name="Development Programme")
    project = ProjectFactory(number="00102004", fund=fund)
    released(budget(project, "400", date(2024, 5, 12), organization_id=undp.pk))
    load = load_of(
        DECISIONS,
        "2024-05-12,,00102004,UNDP,Steering Committee,SC-3,allocation,400,EUR,,Once the plan is in",
        "2024-05-12,F1,,,Steering Committee,SC-4,other,,,,",
    )
    assert load.state == Load.State.CHECKED, list(load.remarks.values_list("message", flat=True))
    release_load(load=load)
    return project


def _cells(client, url, anchor):
    page = html.fromstring(client.get(url).content.decode())
    rows = page.xpath(f"//table[@id='{anchor}']/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_the_factsheet_tells_who_approved_it(client):
    text = client.get("/project/00102004/").content.decode()
    assert "Who approved this" in text
    assert "First decided on by Steering Committee, 12 May 2024." in " ".join(text.split())
    assert "EUR 400.00" in text.replace("\xa0", " ") and "Once the plan is in" in text
    assert ON in text


def test_the_factsheet_leaves_out_what_no_decision_has_and_marks_no_kind(client):
    page = html.fromstring(client.get("/project/00102004/").content.decode())
    (table,) = page.xpath("//table[@id='decisions-table']")
    heads = [" ".join(head.text_content().split()) for head in table.xpath("./thead//th")]
    assert "Conditions" in heads
    assert "What" not in heads
    assert not table.xpath(".//*[contains(@class, 'status')]")


def test_a_project_without_decisions_says_that_none_is_recorded(client):
    other = ProjectFactory(number="2")
    text = client.get(other.get_absolute_url()).content.decode()
    assert "No decision about this project is recorded." in text.split("Who approved this")[-1]
    assert "First decided on" not in text


def test_the_day_of_a_fund_has_its_decisions_minutes_budgets_and_extensions(client, project):
    Extension.objects.create(
        project=project,
        old_end=date(2024, 6, 30),
        new_end=date(2025, 6, 30),
        approved_on=date(2024, 5, 12),
    )
    minutes = DocumentType.objects.get(code="steering-committee-minutes")
    assert minutes.is_of_decisions
    of = {"type": minutes, "document_date": date(2024, 5, 12), "url": "https://example.org/m.pdf"}
    DocumentFactory(project=None, fund=project.fund, title="Minutes of May", **of)
    DocumentFactory(project=ProjectFactory(fund=project.fund), title="Of another", **of)
    page = client.get(ON).content.decode()
    assert "Minutes of May" in page and "Of another" not in page
    assert [row[1] for row in _cells(client, ON, "decisions")] == ["Other decision", "Allocation"]
    assert _cells(client, ON, "budgets")[0][:2] == ["00102004", "Development Programme"]
    assert _cells(client, ON, "extensions")[0][:3] == ["00102004", "30 Jun 2024", "30 Jun 2025"]


def test_a_document_that_a_decision_names_by_its_number_is_its_minutes(client, project):
    paper = DocumentFactory(project=project, title="Note of the meeting", document_date=None)
    elsewhere = DocumentFactory(title="Of another fund")
    for number in (paper.pk, elsewhere.pk):
        row = f"2024-07-0{number % 9 + 1},F1,,,Board,,other,,,{number},"
        release_load(load=load_of(DECISIONS, row))
    pages = [
        client.get(f"/fund/F1/decisions/{d.date}/").content.decode()
        for d in Decision.objects.filter(minutes__isnull=False)
    ]
    assert any("Note of the meeting" in page for page in pages)
    assert not any("Of another fund" in page for page in pages)


def test_a_revision_leads_to_the_decision_of_its_day(client, project):
    released(
        budget(project, "400", date(2024, 1, 1)),
        budget(project, "50", date(2024, 5, 12)),
        source=BudgetLine.objects.get().source,
    )
    page = client.get("/project/00102004/revisions/").content.decode()
    assert f'href="{ON}"' in page


def test_a_day_without_a_decision_is_not_there(client):
    for day in ("2024-05-13", "2024-5-12", "x"):
        assert client.get(f"/fund/F1/decisions/{day}/").status_code == 404
    before = client.get(ON + "?as_of=2020-01-01")
    assert before.status_code == 200 and "SC-3" not in before.content.decode()


def test_decisions_are_found_in_lists_search_and_by_programs(client):
    rows = json.loads(bytes(reading.body(client.get("/decisions/?format=json&fund=F1"))))["rows"]
    assert [row["reference"] for row in rows] == ["SC-4", "SC-3"]
    assert [row["amount"] for row in rows] == [None, "400.00"] or rows[1]["amount"] == 400
    assert ON in client.get("/search/?q=SC-3").content.decode()
    answer = client.get("/api/v1/decisions/?project=00102004").json()
    [told] = answer["results"]
    assert (told["kind"], told["amount"], told["currency"]) == ("allocation", "400.00", "EUR")
    assert told["url"].endswith(ON)


def test_what_cannot_be_is_refused_in_words():
    load = load_of(
        DECISIONS,
        "2024-05-12,,,,Board,,other,,,,",
        "2024-05-12,F1,,,Board,,allocation,5,,,",
        "2024-05-12,F1,,,Board,,other,,,twelve,",
        "2024-05-12,F1,,,,,other,,,,",
    )
    said = " ".join(load.remarks.values_list("message", flat=True))
    assert load.state == Load.State.FAULTY
    assert "state the currency of the amount" in said
    assert "this is no number of a document" in said


def test_a_decision_of_a_withheld_project_is_gone_everywhere(client, project):
    Project.objects.filter(pk=project.pk).update(withheld_on=date(2025, 1, 1))
    assert "SC-3" not in client.get(ON).content.decode()
    assert "SC-3" not in client.get("/decisions/").content.decode()
    assert client.get("/api/v1/decisions/").json()["results"][0]["reference"] == "SC-4"
    assert "SC-3" not in client.get("/search/?q=committee").content.decode()


def test_the_kinds_of_files_have_templates(client):
    for kind in ("decisions", "sub-grants"):
        assert kind in KINDS
        assert client.get(reverse("formats")).content.decode().count(kind) > 0
