"""Long lists go on from a row, in every order, forwards and back, without an offset."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from finance.models import Voucher
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted(monkeypatch):
    """Two rows are counted, three stand on a page."""
    monkeypatch.setattr("portal.kit.tables.paging.COUNTED", 2)
    monkeypatch.setattr("portal.kit.views.TableView.paginate_by", 3)


@pytest.fixture(autouse=True)
def _projects():
    """Ten projects with amounts in common; some have no delivery rate."""
    stated = []
    payees = [None, *(OrganizationFactory(name=f"Payee {n}").pk for n in range(2))]
    for n in range(10):
        project = ProjectFactory(number=f"{n:08}", title=f"Title {n % 3}")
        stated.append(budget(project, 100 * (n % 4), date(2020, 1, 1)))
        payee = payees[n % 3]
        stated.append(transfer(project, 50 * (n % 3), date(2020, 2, 1 + n), organization_id=payee))
        if n % 2:
            stated.append(expenditure(project, 10 * n, 2020))
    released(*stated)


def _walk(client, url, rel):
    """The first cells of all pages that follow each other by these links."""
    pages, base = [], url.partition("?")[0]
    while url:
        response = client.get(url)
        assert response.status_code == 200
        pages.append([row[0] for row in reading.page_rows(response.content.decode())])
        found = html.fromstring(response.content).xpath(f"//a[@rel='{rel}']/@href")
        last, url = url, base + found[0] if found else ""
    return pages, last


PROJECT_SORTS = ("number", "title_", "fund", "status", "approved", "net_funded", "expenditure",
                 "delivery_rate")  # fmt: skip
SORTS = [
    (path, f"{sign}{name}")
    for path, names in (
        ("/projects/", PROJECT_SORTS),
        ("/vouchers/", ("payment_date", "voucher", "payee", "fund", "line_count", "total")),
    )
    for name in names
    for sign in ("", "-")
]


@pytest.mark.parametrize(("path", "sort"), SORTS)
def test_every_order_is_walked_whole_and_back(client, monkeypatch, path, sort):
    forwards, last = _walk(client, f"{path}?sort={sort}", "next")
    back, _first = _walk(client, last, "prev")
    assert [len(page) for page in forwards] == [3, 3, 3, 1]
    assert back[::-1] == forwards
    monkeypatch.setattr("portal.kit.views.TableView.paginate_by", 10)
    whole, _last = _walk(client, f"{path}?sort={sort}", "next")
    assert [first for page in forwards for first in page] == whole[0]


def test_a_page_that_goes_on_skips_no_rows_in_the_database(client):
    with CaptureQueriesContext(connection) as captured:
        _walk(client, "/vouchers/", "next")
    assert not [q["sql"] for q in captured if "OFFSET" in q["sql"]]


def test_a_row_that_is_gone_leaves_the_number_of_the_page(client):
    plain = client.get("/vouchers/?page=2").content
    gone = Voucher.objects.order_by("-pk")[0].pk + 1
    for page in (f"2after{gone}", f"2before{gone}", "2after99999999999999999999"):
        rows = reading.page_rows(client.get(f"/vouchers/?page={page}").content.decode())
        assert rows == reading.page_rows(plain.decode())


def _sorts_left(statement):
    """Steps of the plan that sort all rows, where the database does anything else first."""
    with connection.cursor() as cursor:
        for way in ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = [line for (line,) in cursor.fetchall()]
        for way in ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = on")
    return [line for line in plan if re.match(r"[\s>-]*Sort  ", line)]


@pytest.mark.parametrize(("path", "sort"), SORTS)
def test_every_order_is_that_of_an_index_on_every_page(client, path, sort):
    table = {"/projects/": "projects_project", "/vouchers/": "finance_voucher"}[path]
    with CaptureQueriesContext(connection) as captured:
        _walk(client, f"{path}?sort={sort}", "next")
    pages = [
        q["sql"]
        for q in captured
        if q["sql"].startswith(f'SELECT "{table}"."id"') and "ORDER BY" in q["sql"]
    ]
    assert len(pages) >= 4
    assert [left for page in pages for left in _sorts_left(page)] == []
