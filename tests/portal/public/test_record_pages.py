"""Pages of records: what does not exist, many records, and those of a fund on no project."""

import json
from datetime import date

import pytest
from lxml import html

from tests.factories import (
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    released,
    transfer,
)
from tests.loading import load_rows

pytestmark = pytest.mark.django_db


def test_records_of_what_does_not_exist_are_not_found(client, db):
    for page in ("/project/X/records/", "/fund/X/records/", "/country/X/records/"):
        assert client.get(page).status_code == 404


def test_queries_do_not_grow_with_records(client, django_assert_max_num_queries):
    project = ProjectFactory(number="MANY")
    released(*(transfer(project, "1", date(2020, 1, 1 + n)) for n in range(28)))
    LoadFactory()
    with django_assert_max_num_queries(9):
        client.get("/project/MANY/records/?figure=transfer")


def listed(client, url):
    """The records that the page lists, as its JSON has them."""
    return json.loads(client.get(f"{url}&format=json").getvalue())["rows"]


def test_figures_of_a_fund_lead_to_records_on_projects_and_on_none(client):
    OrganizationFactory(code="UNDP")
    ProjectFactory(number="77", fund=FundFactory(code="F77"))
    load_rows("fund-costs", ["F77,aa-fee,2020-01-31,1.25,USD,,"], source=SourceFactory())
    vouchers = ["1,2020-05-01,F77,UNDP,77,transfer,100.50,USD"]
    load_rows("vouchers", vouchers, source=SourceFactory())
    for url in ("/fund/F77/records/", "/funds/records/"):
        rows = listed(client, f"{url}?figure=total_uses&first=2020&last=2020")
        assert [(row["project"], row["counted"]) for row in rows] == [
            ("77", "100.50"), (None, "1.25"),
        ]  # fmt: skip
        assert listed(client, f"{url}?figure=total_uses&last=2019") == []
        assert client.get(f"{url}?figure=total_uses").status_code == 200
    page = client.get("/fund/F77/statement/").content.decode()
    assert "/fund/F77/records/?figure=total_uses&amp;first=2020&amp;last=2020" in page


def test_records_too_many_to_be_sorted_are_listed_by_date_and_the_page_says_so(client, monkeypatch):
    project = ProjectFactory()
    released(*(transfer(project, 30 - n, date(2020, 1, 1 + n)) for n in range(3)))
    url = "/records/?figure=net_funded&sort=counted"
    page = client.get(url)
    assert "too many rows to sort" not in page.content.decode()
    assert [entry.counted for entry in page.context["page_obj"]] == [28, 29, 30]
    monkeypatch.setattr("portal.kit.views.COUNTED", 2)
    page = client.get(f"{url},date")
    assert "too many rows to sort" in page.content.decode()
    assert [entry.counted for entry in page.context["page_obj"]] == [30, 29, 28]
    heads = html.fromstring(page.content).xpath("//thead//th//a/@href")
    assert [href for href in heads if "sort=" in href] == [
        href for href in heads if "sort=-date" in href
    ]
