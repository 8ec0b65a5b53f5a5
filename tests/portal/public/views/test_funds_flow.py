"""The way of the money of all funds together: what each fund's own page says, added up."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from lxml import html

from projects.models import Country, Fund, ProjectCountry
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    booked,
    deposit,
    fund_cost,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
PAGE = "/funds/flow/"


@pytest.fixture
def _portfolio():
    giver, receiver = OrganizationFactory(name="Norway"), OrganizationFactory(name="UNDP")
    for code, amount in (("F1", 100), ("F2", 50)):
        fund = FundFactory(code=code)
        project = ProjectFactory(fund=fund)
        ProjectCountry.objects.create(project=project, country=Country.objects.get(code="ML"))
        own = {"organization_id": receiver.pk}
        released(transfer(project, amount, **own), transfer(project, -10, **own))
        booked(
            deposit(fund, 2 * amount, date(2020, 1, 1), contributor_id=giver.pk),
            fund_cost(fund, "aa-fee", 1),
            fund_cost(fund, "fund-interest", 3),
        )


@pytest.mark.usefixtures("_portfolio")
@pytest.mark.parametrize("asked", ["", "&as_of=2999-01-01", "&until=2025-12-31"])
def test_all_funds_together_are_the_sum_of_each(client, asked):
    names = {str(fund) for fund in Fund.objects.all()}

    def amounts(page):
        found = Counter()
        for row in reading.json_object(client.get(page))["rows"]:
            ends = ("All funds" if row[end] in names else row[end] for end in ("start", "end"))
            found[tuple(ends)] += Decimal(row["base_amount"])
        return found

    each = Counter()
    for code in ("F1", "F2"):
        each += amounts(f"/fund/{code}/report/?report_by=flow&format=json{asked}")
    assert amounts(f"{PAGE}?format=json{asked}") == each
    assert each["Norway", "All funds"] == 300
    assert each["UNDP", "Mali"] == 130


@pytest.mark.usefixtures("_portfolio")
def test_each_amount_leads_to_its_records_and_the_picture_is_had_as_files(client):
    page = html.fromstring(client.get(PAGE).content)
    links = page.xpath("//tbody//a/@href")
    assert len(links) >= 5
    for link in links:
        assert client.get(link).status_code == 200
    for form in ("svg", "png", "csv"):
        assert client.get(f"{PAGE}?picture={form}").status_code == 200
    assert page.xpath("//figure[contains(@class, 'flow')]")
    for other in ("/", "/funds/", "/funds/statement/"):
        assert PAGE in client.get(other).content.decode()


def test_where_nothing_flows_the_page_says_so(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert b"No money is recorded here." in page.content
    assert client.get(f"{PAGE}?picture=svg").status_code == 404
