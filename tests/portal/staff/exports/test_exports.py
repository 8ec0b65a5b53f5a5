"""Exports of voucher lines: whole, as of one moment, for a day, for staff."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile

import openpyxl
import pytest
from django.db.models import Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from finance.models import VoucherLine
from portal.models import Export
from portal.staff.exports import views as export_views
from portal.work.checks import make_voucher_export
from portal.work.exports import (
    _described,
    ask_for_export,
    delete_expired_exports,
    known_of,
    make_export,
)
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/staff/exports/"


@pytest.fixture
def clerk(client):
    user = UserFactory(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def lines():
    """Two projects with lines of three years, one of them below the cent."""
    agency = OrganizationFactory(code="FAO", name="=Food")
    one, two = ProjectFactory(number="00000001"), ProjectFactory(number="00000002")
    source = SourceFactory(name="Ledger")
    released(
        transfer(one, "100.00", date(2019, 1, 1), organization_id=agency.pk),
        transfer(one, "-20.1234", date(2020, 1, 1), organization_id=agency.pk),
        transfer(two, "7", date(2021, 1, 1)),
        source=source,
    )
    return one, two


def test_a_day_ends_with_its_last_hour_where_the_clocks_go_back_at_midnight():
    with timezone.override("America/Asuncion"):
        end = known_of(QueryDict("as_of=2023-03-25"))
    # Within the hour that is there twice, times of two zones never count as equal.
    assert end.astimezone(UTC) == datetime(2023, 3, 26, 3, 59, 59, 999999, UTC)


def made(owner, query="", format="xlsx"):
    export = ask_for_export(owner=owner, query=QueryDict(query), format=format)
    make_voucher_export.call(export.pk)
    return Export.objects.get(pk=export.pk)


def sheet_rows(export):
    with export.file.open() as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    lines = takewhile(any, rows)  # totals stand below an empty row
    return [dict(zip(head, row, strict=True)) for row in lines]


def test_an_excel_file_holds_every_line_with_where_it_comes_from(clerk, lines):
    export = made(clerk)
    rows = sheet_rows(export)
    assert (export.state, export.rows, export.done, export.percent) == ("ready", 3, 3, 100)
    assert [row["Project number"] for row in rows] == ["00000002", "00000001", "00000001"]
    in_file = sum(Decimal(str(row["US$"])) for row in rows)
    assert (
        in_file
        == VoucherLine.objects.aggregate(Sum("base_amount"))["base_amount__sum"]
        == export.base_amount
    )
    assert rows[1] | {"Payee": "=Food", "Kind": "Refund", "Source": "Ledger", "Row": 1} == rows[1]
    assert rows[0]["Load"] == VoucherLine.objects.first().load_id


def test_a_csv_file_holds_the_lines_that_the_filters_find(clerk, lines):
    export = made(clerk, "project=00000001&first=2020-01-01", "csv")
    with export.file.open() as file:
        rows = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert [(row["Payment date"], row["US$"]) for row in rows] == [("2020-01-01", "-20.1234")]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("year=2020", 1), ("kind=refund", 1), ("payee=FAO", 2), ("last=2020-12-31", 2),
        ("source=nowhere", 0), ("project=none", 0), ("as_of=1999-01-01", 0), ("year=x", 0),
    ],
)  # fmt: skip
def test_lines_are_filtered(client, clerk, lines, query, count):
    assert (client.get(f"{ADDRESS}?{query}").context["count"] or 0) == count


def test_a_file_speaks_of_the_moment_it_was_asked_for_however_often_it_is_made(clerk, lines):
    export = ask_for_export(owner=clerk, query=QueryDict(), format="xlsx")
    source = VoucherLine.objects.first().source
    released(transfer(lines[0], "5"), source=source)
    first = sheet_rows(make_export(export))
    again = sheet_rows(make_export(Export.objects.get(pk=export.pk)))
    assert len(first) == 3
    assert again == first


@pytest.mark.parametrize(
    "query",
    [
        "as_of=05/02/2025",
        "as_of=x",
        "year=x",
        "first=2020-02-30",
        "first=2021-01-01&last=2020-01-01",
    ],
)
def test_filters_that_cannot_be_read_make_no_file_of_everything(client, clerk, lines, query):
    page = client.post(f"{ADDRESS}?{query}", {"format": "csv"}, follow=True)
    assert not page.context["count"]
    assert 'class="errorlist"' in page.content.decode() or "messages" in page.content.decode()
    assert not Export.objects.exists()
    assert client.get(f"{ADDRESS}?{query}&format=csv").status_code == 400


def test_days_are_written_as_on_all_pages(client, clerk, lines):
    export = ask_for_export(owner=clerk, query=QueryDict("as_of=2020-02-05"), format="csv")
    assert export.known.date() == date(2020, 2, 5)
    for text in ("5 Feb 2020", "5 February 2020"):
        assert client.get(f"{ADDRESS}?as_of={text}&format=csv").status_code == 400


def test_what_the_lines_leave_out_is_said_beside_their_sum(client, clerk, lines):
    def told():
        return client.get(ADDRESS).context["sums"]

    assert "not converted" not in told()
    source = VoucherLine.objects.first().source
    released(transfer(lines[0], "7", currency="KRW", voucher="K"), source=source)
    assert told().endswith("plus 1 amount not converted")
    export = ask_for_export(owner=clerk, query=QueryDict(""), format="csv")
    (total,) = _described(export)[0].totals
    assert total.parts["base_amount"].unconverted == 1


def test_a_file_is_made_in_the_background_and_fetched(client, clerk, lines):
    answer = client.post(f"{ADDRESS}?year=2020&page=3", {"format": "csv"})
    export = Export.objects.get()
    assert answer.url == f"{ADDRESS}{export.pk}/"
    assert export.query == "year=2020"
    waiting = client.get(answer.url)
    assert waiting.headers["Refresh"] == "5"
    file = reverse("staff-export-file", args=[export.pk])
    assert client.get(file).status_code == 404
    make_voucher_export.call(export.pk)
    assert file in client.get(answer.url).content.decode()
    fetched = client.get(file)
    assert "attachment" in fetched.headers["Content-Disposition"]
    assert b"2020-01-01" in b"".join(fetched.streaming_content)


def _fetched(client, url):
    # Read to its end, it is closed by the client, which leaves the database's connection be.
    return b"".join(client.get(url).streaming_content)


def test_only_staff_and_the_owner_fetch_a_file(client, clerk, lines):
    owner = UserFactory()
    export = made(owner)
    file = reverse("staff-export-file", args=[export.pk])
    assert _fetched(client, file).startswith(b"PK")
    client.force_login(owner)
    assert _fetched(client, file).startswith(b"PK")
    assert client.get(ADDRESS).status_code == 403
    client.force_login(UserFactory())
    assert client.get(file).status_code == 404
    client.logout()
    assert client.get(file).status_code == 302
    assert client.get(ADDRESS).status_code == 302


def test_a_file_is_gone_after_a_day(client, clerk, lines):
    export = made(clerk)
    kept = export.file.name
    assert delete_expired_exports() == 0
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("staff-export-file", args=[export.pk])).status_code == 404
    assert "Its day is over" in client.get(export.get_absolute_url()).content.decode()
    assert delete_expired_exports() == 1
    assert not export.file.storage.exists(kept)


def test_an_export_that_fails_says_so(client, clerk, lines, settings):
    export = ask_for_export(owner=clerk, query=QueryDict(), format="xlsx")
    settings.MEDIA_ROOT = "/dev/null/nowhere"
    with pytest.raises(OSError, match="nowhere"):
        make_voucher_export.call(export.pk)
    assert "could not be made" in client.get(export.get_absolute_url()).content.decode()


def test_wrong_input_gives_no_error_page(client, clerk, lines):
    answer = client.post(ADDRESS, {"format": "exe"}, follow=True)
    assert "Choose Excel or CSV" in answer.content.decode()
    assert client.get(f"{ADDRESS}?as_of=0001-01-01&first=x&project=%00").status_code == 200


def test_many_rows_are_not_made_within_a_request(client, clerk, lines, monkeypatch):
    assert client.get(f"{ADDRESS}?format=csv").headers["Content-Type"].startswith("text/csv")
    monkeypatch.setattr(export_views, "AT_ONCE", 2)
    page = client.get(f"{ADDRESS}?format=csv", follow=True)
    assert "in the background" in page.content.decode()


def test_the_page_asks_as_few_questions_for_many_lines(
    client, clerk, lines, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as few:
        client.get(ADDRESS)
    source = VoucherLine.objects.first().source
    released(*(transfer(ProjectFactory(), "5") for _ in range(20)), source=source)
    with django_assert_max_num_queries(len(few)):
        client.get(ADDRESS)
