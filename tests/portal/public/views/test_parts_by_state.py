"""Figures say how much of them is certified, as they say how much is interim: cells, totals, facts
above tables, and files."""

from datetime import date

import pytest
from lxml import html

from projects.models import ProjectCountry
from tests.factories import (
    CountryFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    booked,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio():
    """A project of which 40 are certified and 20 interim, with all that leads to a page of it."""
    project = ProjectFactory(number="P", fund=FundFactory(code="F"))
    of = {"organization_id": ParticipationFactory(
        project=project, organization=OrganizationFactory(code="O")).organization_id}  # fmt: skip
    ProjectCountry.objects.create(project=project, country=CountryFactory(code="XC"))
    released(
        transfer(project, 100, **of),
        expenditure(project, 40, 2020, state="certified", **of),
        expenditure(project, 20, 2021, state="interim", **of),
        moment=None,
    )
    giver = OrganizationFactory(code="G")
    booked(deposit(project.fund, 100, date(2020, 1, 1), contributor_id=giver.pk))


PAGES = (
    "/", "/project/P/", "/projects/", "/funds/", "/organizations/", "/countries/", "/fund/F/",
    "/fund/F/statement/", "/organization/O/", "/country/XC/", "/contributor/G/", "/fund/F/compare/",
    *(f"/fund/F/report/?report_by={by}" for by in ("organization", "country", "project", "year")),
    "/project/P/records/?figure=expenditure", "/fund/F/records/?figure=expenditure",
    "/records/?figure=expenditure", "/organization/O/report/?report_by=year", "/funds/statement/",
)  # fmt: skip


@pytest.mark.parametrize("dates", ["", "until=2024-12-31"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("portfolio")
def test_each_figure_with_a_certified_part_says_how_much_it_is(client, page, dates):
    text = client.get(f"{page}{'&' if '?' in page else '?'}{dates}").content.decode()
    (main,) = html.fromstring(text).xpath("//main")
    words = " ".join(main.text_content().split())
    assert words.count("by certified statements: 40") >= words.count("interim: 20") > 0


@pytest.mark.parametrize(
    "page", ["/projects/", "/fund/F/statement/", "/fund/F/report/?report_by=country",
             "/fund/F/report/?report_by=project", "/fund/F/records/?figure=expenditure"]
)  # fmt: skip
@pytest.mark.usefixtures("portfolio")
def test_files_say_it_in_columns_of_their_own(client, page):
    answer = client.get(f"{page}{'&' if '?' in page else '?'}format=csv")
    headings, *rows = reading.csv_rows(answer)
    for state, amount in (("interim", "20.00"), ("by certified statements", "40.00")):
        columns = [n for n, heading in enumerate(headings) if heading.endswith(f": {state}")]
        assert amount in {row[n] for row in rows for n in columns}, state
