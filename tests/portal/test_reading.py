"""Pages are read in one transaction, which ends what takes too long."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Fund
from tests.factories import FundFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rows_stay")]


def test_a_statement_that_takes_too_long_is_ended_and_the_page_says_so(
    client, settings, monkeypatch
):
    settings.READ_SECONDS = 1
    sleeping = Fund.objects.extra(where=["pg_sleep(60) IS NOT NULL"])
    monkeypatch.setattr("portal.public.views.lists.FundList.get_queryset", lambda _: sleeping)
    FundFactory()
    response = client.get("/funds/")
    assert response.status_code == 503
    assert "This took too long to read" in response.text
    assert client.get("/projects/").status_code == 200


def test_a_public_page_is_of_one_moment(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/funds/").status_code == 200
    asked = [query["sql"] for query in captured]
    assert [sql for sql in asked if "REPEATABLE READ" in sql]
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_file_of_many_rows_is_whole(client, monkeypatch, form):
    """Rows that are read from the database while the file is sent."""
    monkeypatch.setattr("portal.kit.tables.base.CHUNK", 2)
    codes = {fund.code for fund in FundFactory.create_batch(7)}
    response = client.get(f"/funds/?format={form}")
    body = b"".join(response.streaming_content)
    if form == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].values
        assert codes <= {cell for row in rows for cell in row}
    else:
        assert all(code in body.decode() for code in codes)


def test_whoever_leaves_in_the_middle_leaves_nothing_open(client, monkeypatch):
    monkeypatch.setattr("portal.kit.tables.base.CHUNK", 2)
    FundFactory.create_batch(7)
    response = client.get("/funds/?format=csv")
    next(iter(response.streaming_content))
    response.close()
    del response
    assert not connection.in_atomic_block
    assert client.get("/funds/").status_code == 200
