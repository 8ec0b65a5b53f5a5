"""Many files completed at once: good rows are saved, others stay as they were typed."""

from html import unescape

import pytest
from django.urls import reverse
from lxml import html

from documents.models import Document, DocumentType, FundRule, Upload
from portal.gateway import together
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


def test_a_row_that_is_not_ticked_stays_as_typed_and_nothing_is_asked_of_it(as_, three, audit):
    client, (first, second, third) = as_("project"), three
    data = sheet(client, URL, URL, {
        **cells(first, title="One", type=audit), **cells(second, title="Two", type=""),
        **cells(third, title="Three", type=audit),
    })  # fmt: skip
    for one in (second, third):
        del data[f"{one.pk}-take"]
    page = unescape(client.post(URL, data).content.decode())
    assert "One document is public now." in page
    assert 'value="Two"' in page and 'value="Three"' in page and 'value="One"' not in page
    assert 'id="errors"' not in page and "<title>Error:" not in page


def test_where_nothing_is_ticked_the_page_says_so(as_, three):
    client, sent = as_("project"), {}
    for one in three:
        sent |= cells(one, title="Typed", take=None)
    data = {k: v for k, v in sheet(client, URL, URL, sent).items() if v is not None}
    page = unescape(client.post(URL, data).content.decode())
    assert "No file is ticked: nothing was saved." in page
    assert page.count('value="Typed"') == 3


def test_what_a_row_was_shown_is_still_compared_once_it_is_ticked(as_, three, audit):
    client, first = as_("project"), three[0]
    data = sheet(client, URL, URL, cells(first, title="Mine", type=audit))
    del data[f"{first.pk}-take"]
    Upload.objects.filter(pk=first.pk).update(title="Theirs")
    page = html.fromstring(client.post(URL, data).content.decode())
    seen = page.xpath(f'//input[@name="{first.pk}-as_seen"]/@value')
    assert seen == data[f"{first.pk}-as_seen"]


def test_files_that_wait_besides_are_reached_and_come_next(as_, own, draft, audit, monkeypatch):
    monkeypatch.setattr(together, "AT_ONCE", 2)
    first, second, third = (draft(own) for _number in range(3))
    client = as_("project")
    page = client.get(URL).content.decode()
    assert str(third.pk) not in page and 'href="?page=2"' in page
    page = client.get(URL + "?page=2").content.decode()
    assert str(third.pk) in page and str(first.pk) not in page and 'href="?page=1"' in page
    data = sheet(client, URL, URL, {**cells(first, type=audit), **cells(second, type=audit)})
    answer = client.post(URL, data)
    assert answer.url == URL and str(third.pk) in client.get(URL).content.decode()


def test_one_summary_names_the_files_with_faults_and_leads_to_their_fields(as_, three):
    client, (first, second, _third) = as_("project"), three
    sent = {**cells(first, title=""), **cells(second, document_date="2999-01-01")}
    page = html.fromstring(client.post(URL, sheet(client, URL, URL, sent)).content.decode())
    assert page.findtext(".//title").strip().startswith("Error:")
    (summary,) = page.xpath('//*[@id="errors"]')
    targets = [link.get("href") for link in summary.iter("a")]
    assert {f"#row-{first.pk}", f"#id_{first.pk}-title", f"#id_{second.pk}-document_date"} <= {
        *targets
    }
    assert all(len(page.xpath("//*[@id=$id]", id=target[1:])) == 1 for target in targets)


def test_of_files_gone_meanwhile_all_that_was_typed_is_told_and_nothing_of_empty_ones(
    as_, three, audit
):
    client, (first, second, third) = as_("project"), three
    data = sheet(client, URL, URL, {
        **cells(first, title="Typed", type=audit, document_date="2024-03-31"),
        **cells(first, languages=["en", "ar"]),
        **cells(second, title="", type="", document_date="", languages=[], year_reported=""),
        **cells(second, period=""), **cells(third, title="Other", type=audit),
    })  # fmt: skip
    Upload.objects.filter(pk__in=[first.pk, second.pk]).update(state="review")
    third.delete()
    page = unescape(client.post(URL, data, follow=True).content.decode())
    assert page.count("You wrote: ") == 2
    assert "Title: Typed" in page and "2024-03-31" in page and "English, Arabic" in page
    assert "Title: Other" in page and f"Type: {DocumentType.objects.get(pk=audit)}" in page


def test_several_languages_are_chosen_as_the_page_of_one_file_says(as_, three):
    assert as_("project").get(URL).content.decode().count("Several: hold Ctrl") == 3
