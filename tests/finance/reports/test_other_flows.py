"""Other flows are shown and exported on their project and fund, and added to nothing."""

from datetime import date
from decimal import Decimal

import pytest

from finance.models import OtherFlow
from tests.factories import (
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ProjectFactory,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = ProjectFactory(number="P1", fund=FundFactory(code="F1"))
    load = released(transfer(project, "100"))
    bank = OrganizationFactory(name="Bank of loans")
    for line, (kind, amount) in enumerate((("6", "-40.10"), ("LR", "-9.90"), ("88", "5"))):
        OtherFlow.objects.create(
            load=load, source=load.source, line=line, fingerprint=f"f{line}", project=project,
            flow_type=kind, amount=Decimal(amount), base_amount=Decimal(amount), currency="USD",
            organization=bank, date=date(2020, 1, line + 1), description="As agreed",
        )  # fmt: skip
    return project


@pytest.mark.parametrize("page", ["/project/P1/", "/project/P1/other-flows/"])
def test_a_project_shows_its_other_flows_in_words(client, project, page):
    text = client.get(page).content.decode()
    assert text.count("Loan repayment") == 2
    assert "no figure" in text or "other-flows" in page
    assert "40.10" in text


def test_they_are_in_every_file_and_in_no_total(client, project):
    rows = reading.json_object(client.get("/project/P1/other-flows/?format=json"))["rows"]
    assert [(row["flow"], row["base_amount"]) for row in rows] == [
        ("88", "5.00"), ("Loan repayment", "-9.90"), ("Loan repayment", "-40.10"),
    ]  # fmt: skip
    tables = reading.json_object(client.get("/project/P1/?format=json"))["tables"]
    assert [len(t["rows"]) for t in tables if t["title"] == "Other flows"] == [3]
    figures = {row["label"]: row["amount"] for row in tables[1]["rows"]}
    assert Decimal(figures["Net funded amount"]) == 100


def test_a_fund_leads_to_those_of_its_projects(client, project):
    assert "/fund/F1/other-flows/" in client.get("/fund/F1/").content.decode()
    [first, *_rest] = reading.json_object(client.get("/fund/F1/other-flows/?format=json"))["rows"]
    assert (first["project"], first["flow"]) == ("P1", "88")
    LoadFactory()
    FundFactory(code="F2")
    assert "other-flows" not in client.get("/fund/F2/").content.decode()


def test_a_day_before_them_knows_none(client, project):
    rows = reading.json_object(client.get("/project/P1/other-flows/?until=2020-01-02&format=json"))
    assert len(rows["rows"]) == 2
    assert "Loan repayment" not in client.get("/project/P1/?until=2019-12-31").content.decode()
