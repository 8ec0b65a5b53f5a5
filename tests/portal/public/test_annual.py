"""The annual report in one file, and editions that stay as they were published."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from lxml import html

from finance.models import Edition, VoucherLine
from finance.reports.editions import publish_edition
from finance.reports.sources_and_uses import SourcesAndUses
from portal.kit.formatting import day
from projects.models import User
from tests.databases import REFUSED
from tests.factories import (
    FundFactory,
    ProjectFactory,
    SourceFactory,
    booked,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
THEN = timezone.now() - timedelta(days=9)
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def fund():
    """A fund that received and paid."""
    fund = FundFactory(code="F1")
    booked(deposit(fund, "900"), moment=THEN)
    return fund


@pytest.fixture
def project(fund):
    project = ProjectFactory(number="1", fund=fund)
    stated = [transfer(project, "700"), expenditure(project, "50")]
    released(*stated, source=SourceFactory(code="ledger"), moment=THEN)
    return project


def tables(client, url):
    """All tables of the report, without what is said of the file."""
    made = reading.json_object(client.get(f"{url}format=json"))
    return [table["rows"] for table in made["tables"]]


def test_the_report_has_all_tables_in_one_workbook_and_one_pdf(client, project):
    url = "/fund/F1/annual-report/?year=2020&"
    workbook = reading.sheets(client.get(f"{url}format=xlsx"))
    assert len(workbook.worksheets) == 9  # statement, six reports, projects, about
    pdf = client.get(f"{url}format=pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    page = client.get("/fund/F1/annual-report/?year=2020").content.decode()
    assert "Sources and uses of funds" in page
    assert "By project" in page


def test_each_table_is_called_once_and_the_picture_says_how_far_it_goes(client, project):
    year = timezone.localdate().year
    now, over = (
        html.fromstring(client.get(f"/fund/F1/annual-report/?year={each}").content.decode())
        for each in (year, 2020)
    )
    (caption,) = over.xpath("//section[@id='by-organization-section']//caption")
    assert caption.xpath("./span[@class='hidden']")
    assert caption.xpath("./small")
    assert "From the beginning to the end of 2020" in over.text_content()
    assert f"From the beginning to {day(timezone.localdate())}" in now.text_content()


def test_an_edition_opens_with_the_same_figures_for_ever(client, project, fund):
    edition = publish_edition(fund=fund, year=2020, as_of=YESTERDAY)
    url = edition.get_absolute_url()
    before = tables(client, f"{url}?")
    source = VoucherLine.objects.first().source
    released(transfer(project, "1234"), source=source, models=[VoucherLine])
    booked(deposit(fund, "5000", date(2020, 9, 9)))
    assert tables(client, f"{url}?") == before
    assert tables(client, "/fund/F1/annual-report/?year=2020&") != before
    page = client.get(url).content.decode()
    assert "other figures today" not in page
    assert f"as_of={YESTERDAY}" in page  # its figures lead to the records of then
    second = publish_edition(fund=fund, year=2020, as_of=YESTERDAY)
    assert str(second) == "Annual report 2020, edition 2"
    listed = client.get("/fund/F1/").content.decode()
    assert url in listed
    assert second.get_absolute_url() in listed


def test_an_edition_says_so_where_the_records_give_other_figures(
    client, project, fund, monkeypatch
):
    url = publish_edition(fund=fund, year=2020, as_of=YESTERDAY).get_absolute_url()
    monkeypatch.setattr(SourcesAndUses, "amount", lambda *_args: Decimal(1))
    assert "other figures today" in client.get(url).content.decode()


def test_an_edition_needs_a_day_that_is_over_and_not_before_its_year(fund):
    for as_of in (timezone.localdate(), date(2019, 12, 31)):
        with pytest.raises(ValidationError, match="day"):
            publish_edition(fund=fund, year=2020, as_of=as_of)


def test_an_edition_is_never_changed_or_deleted(fund):
    publish_edition(fund=fund, year=2020, as_of=YESTERDAY)
    for change in (
        lambda: Edition.objects.update(year=2019),
        lambda: Edition.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            change()


def test_staff_publish_in_the_administration(client, fund):
    client.force_login(User.objects.create_superuser("a@x.org", "x"))
    url, values = "/admin/finance/edition/add/", {"fund": fund.pk, "year": 2020}
    answer = client.post(url, {**values, "as_of": timezone.localdate().isoformat()})
    assert "Choose a day that is over" in answer.content.decode()
    answer = client.post(url, {**values, "as_of": YESTERDAY.isoformat()})
    assert answer.status_code == 302
    assert Edition.objects.get().published_by.email == "a@x.org"


def test_there_is_no_edition_that_was_not_published(client, fund):
    assert client.get("/fund/F1/annual-report/2020/1/").status_code == 404
