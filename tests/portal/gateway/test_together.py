"""Many files completed at once: good rows are saved, others stay as they were typed."""

from html import unescape

import pytest
from django.urls import reverse

from documents.models import Document, DocumentType, FundRule, Upload
from tests.portal.forms.sending import sheet
from tests.portal.gateway.test_use import _send

URL = reverse("gateway-together")


@pytest.fixture
def audit(db):
    return str(DocumentType.objects.get(code="audit").pk)


@pytest.fixture
def three(draft, own):
    return [draft(own, content=None) for _number in range(3)]


def cells(upload, **values):
    return {f"{upload.pk}-{name}": value for name, value in values.items()}


def test_good_rows_are_saved_and_a_row_with_a_fault_stays_as_typed(as_, three, audit):
    client, (first, second, third) = as_("project"), three
    data = sheet(client, URL, URL, {
        **cells(first, title="One", type=audit), **cells(third, title="Three", type=audit),
        **cells(second, title="Two", type="", document_date="2999-01-01"),
    })  # fmt: skip
    page = unescape(client.post(URL, data).content.decode())
    assert set(Document.objects.values_list("title", flat=True)) == {"One", "Three"}
    assert "2 documents are public now." in page
    assert 'value="Two"' in page and "not one to come" in page
    assert 'value="One"' not in page
    # Mended, the last one follows; the page leads home.
    data = sheet(client, URL, URL, cells(second, title="Two", type=audit, document_date=""))
    assert client.post(URL, data).url == reverse("gateway")
    assert Document.objects.count() == 3


def test_what_a_file_tells_is_filled_in_and_a_row_not_taken_is_left_alone(as_, three, audit):
    client, (_first, *others) = as_("project"), three
    page = client.get(URL).content.decode()
    assert page.count('value="Annual narrative report 2024"') == 3
    data = sheet(client, URL, URL, {})
    for one in three:
        data |= cells(one, type=audit)
    for one in others:
        del data[f"{one.pk}-take"]
    client.post(URL, data)
    assert Document.objects.count() == 1
    assert set(Upload.objects.filter(state="draft")) == set(others)


def test_a_report_is_asked_for_its_period_and_the_fund_looks_first_here_too(as_, own, three):
    FundRule.objects.create(fund=own.fund, review=True)
    client, first = as_("project"), three[0]
    report = str(DocumentType.objects.get(code="annual-narrative-report").pk)
    data = sheet(client, URL, URL, cells(first, type=report, period="", year_reported="2023"))
    page = client.post(URL, data).content.decode()
    assert "Say which part of the year the report tells of." in page
    data = sheet(client, URL, URL, cells(first, type=report, period="year", year_reported="2023"))
    client.post(URL, data)
    first.refresh_from_db()
    assert (first.state, first.period, first.year_reported) == ("review", "year", 2023)


def test_only_ones_own_files_have_rows_whatever_is_sent(as_, own, draft, audit):
    foreign = draft(own, by="admin")
    client = as_("project")
    sent = {"upload": [str(foreign.pk), "x"], **cells(foreign, title="Mine", type=audit, take="on")}
    assert client.post(URL, sent).status_code == 302
    foreign.refresh_from_db()
    assert foreign.state == "draft" and not Document.objects.exists()


def test_several_files_sent_by_the_plain_form_lead_to_one_page(as_, own):
    from tests.documents.files import pdf

    client = as_("project")
    assert _send(client, own, pdf("One."), pdf("Two.")).url == URL
    assert URL in client.get(reverse("gateway")).content.decode()


def test_the_page_costs_few_statements_more_with_each_row(
    as_, own, draft, django_assert_max_num_queries
):
    for _number in range(12):
        draft(own)
    client = as_("project")
    with django_assert_max_num_queries(60):
        client.get(URL)
