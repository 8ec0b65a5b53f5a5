"""The page of a fund of many organizations."""

import re

import pytest

from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    expenditure,
    released,
)

pytestmark = pytest.mark.django_db


def test_of_many_organizations_the_page_shows_those_that_spent_most(client):
    project = ProjectFactory(fund=FundFactory(code="F1"))
    organizations = [OrganizationFactory(name=f"Organization {n:02}") for n in range(28)]
    released(
        *(
            expenditure(project, 100 + n, 2020, organization_id=organization.pk)
            for n, organization in enumerate(organizations)
        )
    )
    page = client.get("/fund/F1/")
    table = next(
        one["table"] for one in page.context["fund_reports"] if "organization" in one["url"]
    )
    names = [re.search(r"Organization \d\d", row.cells[0].html).group() for row in table.page_rows]
    assert names == [f"Organization {n:02}" for n in range(3, 28)]
    assert "The 25 of 28 organizations that spent most." in page.text
    whole = sum(100 + n for n in range(28))
    assert f"{whole:,}" in table.footer_rows[0].html
    report = client.get("/fund/F1/report/?report_by=organization")
    assert "Organization 00" in report.text
    assert "Organization 00" in client.get("/fund/F1/?format=print").text
