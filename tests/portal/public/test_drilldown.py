"""Every amount of the pages of funds and contributors leads to what it is the sum of."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from lxml import html

from finance.models import ExchangeRate, Load
from projects.models import Country, ProjectCountry
from tests.factories import (
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    booked,
    budget,
    commitment,
    deposit,
    expenditure,
    fund_cost,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
BEFORE = date(2021, 6, 1)

# The annual report has the tables of the fund's page and of its reports.
PAGES = (
    "/fund/F1/annual-report/?year=2021",
    "/fund/F1/report/?report_by=flow&year=2021",
    "/fund/F1/",
    "/funds/statement/",
    "/contributors/",
    "/contributor/GOV/",
    "/contributor/GOV/statement/2020/",
    "/contributor/P1/",
    "/organization/ONE/",
    "/organization/ONE/report/",
)


@pytest.fixture(autouse=True)
def portfolio():
    """Two funds with late, early and surplus payments in two currencies, costs and refunds."""
    first, second = FundFactory(code="F1", name="First"), FundFactory(code="F2", name="Second")
    gov, other = OrganizationFactory(code="GOV"), OrganizationFactory(code="OTH")
    people = OrganizationFactory(code="P1", name="Jane Roe", kind="individuals")
    one, two = OrganizationFactory(code="ONE"), OrganizationFactory(code="TWO")
    signed = {"contributor_id": gov.pk, "arrangement": "S1"}
    euro = {"currency": "EUR"}
    load = LoadFactory(state=Load.State.RELEASED, released_at=timezone.now())
    for day, units in ((date(2020, 1, 1), "0.9"), (date(2020, 2, 15), "0.8")):
        ExchangeRate.objects.create(
            load=load,
            source=load.source,
            line=1,
            fingerprint=units,
            currency="EUR",
            effective_on=day,
            units_per_base=units,
        )
    booked(
        commitment(first, "1000", **signed, due_on=date(2020, 6, 1)),
        commitment(first, "1000", **signed, due_on=date(2199, 6, 1)),
        commitment(first, "333.33", **signed),
        deposit(first, "1200.40", **signed),
        commitment(first, "1000", contributor_id=gov.pk, arrangement="S2", **euro),
        deposit(first, "600", contributor_id=gov.pk, arrangement="S2", **euro),
        commitment(first, "50", contributor_id=gov.pk, is_pledge=True),
        deposit(first, "77.77", date(2021, 5, 5), contributor_id=gov.pk, arrangement="S9"),
        commitment(first, "4000", contributor_id=other.pk, due_on=date(2020, 6, 1)),
        deposit(first, "3000", contributor_id=other.pk),
        commitment(first, "20", contributor_id=people.pk, arrangement="A"),
        deposit(first, "7", contributor_id=people.pk, arrangement="A"),
        deposit(second, "10", contributor_id=gov.pk),
        deposit(second, "5"),
        *(fund_cost(first, kind, amount) for kind, amount in (
            ("aa-fee", "100"), ("fund-interest", "12.34"), ("po-interest", "1"),
            ("direct-cost", "40"), ("direct-cost-refund", "3.5"), ("bank-charges", "0.5"),
            ("direct-cost-expenditure", "20"),
        )),
        fund_cost(first, "to-fund", "60", other_fund_id=second.pk),
    )  # fmt: skip
    mine = ProjectFactory(number="1", fund=first)
    ProjectCountry.objects.create(project=mine, country=Country.objects.get(code="ML"))
    also = ProjectFactory(number="2", fund=first)
    theirs = ProjectFactory(number="3", fund=second)
    for project, party in ((mine, one), (mine, two), (also, two), (theirs, one)):
        ParticipationFactory(project=project, organization=party)
    released(
        budget(mine, "900", organization_id=one.pk),
        transfer(mine, "2000", organization_id=one.pk),
        transfer(mine, "500.05", organization_id=two.pk, voucher="W"),
        transfer(mine, "-30", date(2021, 3, 1), organization_id=one.pk),
        expenditure(mine, "500.01", organization_id=one.pk),
        expenditure(mine, "40", 2021, organization_id=one.pk),
        expenditure(also, "7", organization_id=two.pk),
        transfer(theirs, "400", organization_id=one.pk),
        # Drawn on the other fund
        transfer(also, "11", voucher="X", organization_id=two.pk, drawn_on=second.pk),
    )


def _amounts(client, url):
    """Text and link of each amount in the tables and key facts of a page."""
    page = html.fromstring(client.get(url).content.decode())
    for cell in page.xpath("//table//*[self::td or self::th] | //dl[@class='key-facts']//dd"):
        text = " ".join(cell.text_content().split()).rstrip("*")
        if re.fullmatch(r"-?−?[\d,]+", text):
            links = cell.xpath(".//a/@href")
            yield text, links[0] if links else "", cell


def _sum(client, url):
    text = client.get(url).content.decode()
    found = re.search(r"together\s+US\$\s([-−\d,.]+)", text)
    assert found, url
    return Decimal(found[1].replace(",", "").replace("−", "-"))


def test_each_amount_is_the_sum_of_what_it_leads_to(client):
    sums: dict[str, Decimal] = {}
    for url in PAGES:
        followed = 0
        for text, link, cell in _amounts(client, url):
            shown = Decimal(text.replace(",", "").replace("−", "-"))
            if not re.search(r"/(records|outstanding|notional)/", urlsplit(link).path):
                row = " ".join(cell.getparent().text_content().split())
                # Years, counts and numbers of projects or of lines of files
                is_amount = not link and shown and not 2019 <= shown <= 2021 and shown > 9
                assert not is_amount, f"{url}: {shown} leads nowhere: {row}"
                continue
            if link not in sums:
                sums[link] = _sum(client, link)
            assert abs(sums[link] - shown) <= Decimal("0.5"), (url, text, link)
            followed += 1
        assert followed > 2, url
    assert {
        "across",
        "other_uses",
        "other_sources",
        "exchange_differences",
        "notional",
        "overdue",
    } <= {part for link in sums for part in re.split(r"[/?&=]", link)}
