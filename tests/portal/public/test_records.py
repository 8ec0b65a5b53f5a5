"""Drill-down: each figure of each page leads to records that add up to exactly it."""

import html
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.models import BudgetCategory
from portal.public.views.funds import LABELS
from projects.models import Participation, ProjectCountry
from tests.factories import (
    CountryFactory,
    FundFactory,
    OrganizationFactory,
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

pytestmark = pytest.mark.django_db

FIGURE = re.compile(
    r'<a href="([^"]*(?:records|outstanding|notional)/\?figure=(\w+)[^"]*)">([^<]*)</a>', re.DOTALL
)
PAGES = (
    *("/", "/projects/", "/funds/", "/organizations/", "/countries/"),
    *("/fund/FUND1/", "/organization/ALPHA/", "/organization/BETA/", "/country/several/"),
    *("/country/K1/", "/country/K2/"),
    *("/fund/FUND1/statement/", "/fund/FUND1/statement/?year=2020", "/funds/statement/"),
    *(f"/fund/FUND1/report/?report_by={name}" for name in LABELS),
    *("/fund/FUND1/report/?report_by=organization&year=2020",),
    *(f"/organization/ALPHA/report/?report_by={by}" for by in ("fund", "project", "year")),
    *("/contributors/", "/contributor/BETA/", "/contributor/BETA/statement/2020/"),
    *("/project/P1/", "/project/P2/", "/project/P1/?from=2020&to=2021"),
    *(f"/project/P1/key-figures/?report_by={by}" for by in ("year", "category")),
    *("/project/P1/key-figures/?report_by=organization-year",),
)
DATES = ("", "as_of={then}&until=2020-12-31")
# One of these dates alone, on a page of each kind.
ONE_DATE = ("as_of={then}", "until=2020-12-31")
OF_EACH_KIND = (
    *("/", "/fund/FUND1/statement/", "/organization/ALPHA/", "/country/K1/", "/project/P1/"),
    *("/contributor/BETA/", "/fund/FUND1/report/?report_by=organization"),
)
ASKED = [*product(PAGES, DATES), *product(OF_EACH_KIND, ONE_DATE)]


@pytest.fixture(scope="module")
def portfolio(module_db):
    """Three projects with all that makes sums awkward; the day between the two loads."""
    fund = FundFactory(code="FUND1")
    alpha = OrganizationFactory(code="ALPHA", name="Alpha & Sons")
    beta = OrganizationFactory(code="BETA")
    one, two, three = (ProjectFactory(number=f"P{n}", fund=fund) for n in (1, 2, 3))
    here, there = CountryFactory(code="K1"), CountryFactory(code="K2")
    for project, shares in ((one, (33.3333, 66.6667)), (two, (None, None))):
        for country, share in zip((here, there), shares, strict=True):
            ProjectCountry.objects.create(
                project=project, country=country, share=share and Decimal(str(share))
            )
    ProjectCountry.objects.create(project=three, country=here)
    for organization in (alpha, beta):
        Participation.objects.create(project=one, organization=organization)
    travel = BudgetCategory.objects.create(code="T-9", name="Travel and tours", position=90)
    of_alpha, of_beta = {"organization_id": alpha.pk}, {"organization_id": beta.pk}
    kept = [
        transfer(one, "1000.10", date(2019, 5, 1), **of_alpha),
        transfer(one, "-10.01", date(2020, 5, 1), **of_alpha),
        transfer(one, "500", date(2021, 5, 1), **of_beta),
        transfer(one, "7.77", date(2021, 6, 1)),
        expenditure(one, "100.25", 2019, **of_alpha, category_id=travel.pk),
        expenditure(one, "40", 2020, "interim", **of_alpha),
        expenditure(one, "55.5", 2020, **of_alpha, category_id=travel.pk),
        expenditure(one, "60", 2021, "interim", **of_beta),
        budget(one, "1500", date(2019, 1, 1), **of_alpha),
        transfer(two, "333.33", date(2020, 1, 1), **of_beta),
        transfer(three, "99.99", date(2020, 1, 1)),
    ]
    source = SourceFactory()
    first = timezone.now() - timedelta(days=9)
    released(*kept, source=source, moment=first)
    booked(
        commitment(fund, "5000.50", contributor_id=beta.pk, arrangement="S1"),
        deposit(fund, "4000.25", contributor_id=beta.pk, arrangement="S1"),
        moment=first,
    )
    booked(
        deposit(fund, "10.10", date(2021, 3, 1)),
        fund_cost(fund, "aa-fee", "40.10"),
        fund_cost(fund, "bank-charges", "0.03"),
    )
    later = [*kept[1:], expenditure(one, "150.75", 2021, "certified", **of_alpha)]
    released(*later, source=source, moment=first + timedelta(days=5))
    return timezone.localdate(first + timedelta(days=2))


def number(text: str) -> Decimal:
    return Decimal(html.unescape(text).replace("\u2212", "-").replace(",", "").strip())


@pytest.fixture(scope="module")
def listed(portfolio):
    """The records that an address lists, as its JSON has them; pages share many addresses."""
    client = Client()
    return cache(lambda url: json.loads(client.get(f"{url}&format=json").getvalue())["rows"])


@pytest.fixture(scope="module")
def drawn(portfolio):
    """The page behind an address, without what stands for signs in HTML."""
    client = Client()
    return cache(lambda url: html.unescape(client.get(url).content.decode()))


@pytest.mark.parametrize(("page", "dates"), ASKED)
def test_every_figure_is_the_sum_of_the_records_it_leads_to(
    client, portfolio, listed, drawn, page, dates
):
    dates = dates.format(then=portfolio)
    joint = "&" if "?" in page else "?"
    text = client.get(f"{page}{joint}{dates}" if dates else page).content.decode()
    links = {(html.unescape(url), figure, shown) for url, figure, shown in FIGURE.findall(text)}
    if not dates:
        assert links or page == "/country/K2/" or "several" in page
    for url, figure, shown in links:
        assert all(part in url for part in dates.split("&") if part), url
        if figure == "delivery_rate":
            assert f"Delivery rate {html.unescape(shown)}" in drawn(url), url
            continue
        rows = listed(url)
        if re.match("[A-Z]{3}", shown):
            # An amount in the currency of an arrangement
            name = "left" if "/outstanding/" in url else "amount"
            assert sum(Decimal(str(row[name])) for row in rows) == number(shown[4:]), url
            continue
        # Differences stand under their own name, each beside what it is the difference of.
        total = sum((Decimal(str(row.get("counted", row.get(figure)))) for row in rows), Decimal(0))
        # Pages show whole dollars, files cents; shares of countries have more decimals.
        rounding = Decimal("0.5") + Decimal("0.005") * len(rows)
        assert abs(total - number(shown)) <= rounding, url


def test_the_sum_equals_the_figure_to_the_cent_in_all_formats(client, listed):
    url = "/project/P1/records/?figure=expenditure"
    rows = listed(url)
    assert sum(Decimal(str(row["counted"])) for row in rows) == Decimal("210.75")
    assert [row["part"] for row in rows if "taken out" in row["part"]] == [
        "taken out: the certified statement of 2021 is cumulative"
    ] * 2
    page = client.get(url).content.decode()
    assert "together US$\xa0210.75" in page
    assert "−100.25" in page
    for fmt in ("csv", "xlsx", "print"):
        answer = client.get(f"{url}&format={fmt}")
        assert answer.status_code == 200
        b"".join(answer.streaming_content) if answer.streaming else answer.content


NARROWED = (
    "", "&fund=FUND1", "&organization=ALPHA", "&organization=ALPHA&fund=FUND1", "&organization=-",
    "&first=2020&last=2020", "&state=interim", "&state=certified&first=2021", "&category=T-9",
    "&project=P1",
)  # fmt: skip


@pytest.mark.parametrize("which", NARROWED)
@pytest.mark.parametrize("page", ["", "/organization/ALPHA"])
def test_sums_that_are_kept_are_those_of_the_records_listed(client, portfolio, page, which):
    # Money that was moved has no state of a report: asked for, it is refused.
    figures = ("expenditure",) if "state=" in which else ("net_funded", "expenditure")
    for figure, dates in product(figures, ("", f"&as_of={portfolio}", "&until=2020-12-31")):
        url = f"{page}/records/?figure={figure}{which}{dates}&format=json"
        answer = json.loads(client.get(url).getvalue())
        counted = sum((Decimal(str(row["counted"])) for row in answer["rows"]), Decimal(0))
        assert Decimal(str(answer["totals"][0]["values"]["counted"])) == counted, url


def test_records_of_everything_are_not_added_up_one_by_one(client, portfolio):
    for page in ("", "/organization/ALPHA"):
        with CaptureQueriesContext(connection) as taken:
            client.get(f"{page}/records/?figure=balance&first=2019")
        summed = [one["sql"] for one in taken if "SUM(" in one["sql"]]
        assert summed and not [sql for sql in summed if "finance_entry" in sql]


def test_country_shares_are_named_record_by_record(listed):
    rows = listed("/country/K1/records/?figure=transfer")
    assert "share of 33.3\xa0%" in {row["part"] for row in rows}
    # a project in several countries without shares is no part of it
    assert {row["project"] for row in rows} == {"P1", "P3"}


def test_records_name_load_file_and_row(client, portfolio):
    text = client.get("/project/P1/records/?figure=transfer").content.decode()
    assert ">file.xml</a>" in text
    assert "/load/" in text


@pytest.mark.parametrize(
    "query",
    ["figure=nonsense", "figure=transfer&first=abc", "figure=&organization=%00", "state=x", ""],
)
def test_wrong_questions_give_an_answer_and_no_error(client, portfolio, query):
    for page in ("/records/", "/project/P1/records/", "/fund/FUND1/records/"):
        assert client.get(f"{page}?{query}").status_code == 200
