"""Keeping documents: uploaded, completed, replaced, held, withdrawn, given out."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Document, DocumentEvent, Download, FundRule, Upload
from documents.models.uploads import PART_SIZE
from tests.documents import files
from tests.documents.files import docx, pdf

FIELDS = {
    "title": "Annual report", "languages": ["en", "fr"], "document_date": "2024-03-31",
    "publish": "yes", "year_reported": "2023", "period": "year",
}  # fmt: skip


@pytest.fixture
def complete():
    """Send the form of a draft."""
    from documents.models import DocumentType

    def send(client, upload, **values):
        kind = DocumentType.objects.get(code="annual-narrative-report").pk
        url = reverse("gateway-upload", args=[upload.pk])
        return client.post(url, {**FIELDS, "type": kind, **values})

    return send


def _send(client, of, *contents, name="report.pdf"):
    sent = [SimpleUploadedFile(name, content) for content in contents]
    return client.post(reverse("gateway-project", args=[of.number]), {"file": sent})


def _body(response):
    return b"".join(response.streaming_content)


def _status(client, url, **options):
    response = client.get(url, **options)
    if response.streaming:
        _body(response)
    return response.status_code


def test_a_file_is_uploaded_completed_and_public_without_script(
    as_, own, complete, mailoutbox, client
):
    answer = _send(as_("project"), own, pdf())
    upload = Upload.objects.get()
    assert answer.url == reverse("gateway-upload", args=[upload.pk])
    page = client.get(answer.url).content.decode()
    assert 'value="Annual narrative report 2024"' in page
    assert complete(client, upload).status_code == 302
    document = Document.objects.get()
    assert (document.state, document.title, document.languages) == (
        "public", "Annual report", ["en", "fr"],
    )  # fmt: skip
    client.logout()
    given = client.get(document.get_absolute_url())
    assert _body(given) == pdf()
    assert 'filename="report.pdf"' in given["Content-Disposition"]
    assert Download.objects.count() == 1


def test_the_uploader_gets_a_receipt(as_, own, complete, mailoutbox, settings):
    from portal.gateway.receipts import mail_receipt

    _send(as_("project"), own, pdf())
    upload = Upload.objects.get()
    complete(as_("project"), upload)
    upload.refresh_from_db()
    assert mail_receipt.func(str(upload.pk)) == "sent"
    assert upload.sha256 in mailoutbox[0].body
    assert "Annual report" in mailoutbox[0].subject


def test_several_files_at_once_and_one_that_is_refused(as_, own):
    client = as_("project")
    answer = _send(client, own, pdf(), b"<html>", pdf("Another."))
    assert answer.url == reverse("gateway-together")
    assert "could run" in client.get(reverse("gateway")).content.decode()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["draft", "draft", "refused"]


def test_a_form_without_a_file_says_so(as_, own):
    answer = as_("project").post(reverse("gateway-project", args=[own.number]), {})
    assert answer.status_code == 200 and b"errors" in answer.content


def _begin(client, of, name, size, **more):
    asked = {"kind": "project", "key": of.number, "name": name, "size": size, **more}
    return client.post(reverse("gateway-begin"), json.dumps(asked), content_type="application/json")


def test_parts_go_on_where_they_ended(as_, own):
    import random

    noise = random.Random(3).randbytes(PART_SIZE)  # noqa: S311
    content = docx("The report of the project.", **{"word/media/n.bin": noise})
    client = as_("project")
    begun = _begin(client, own, "r.docx", len(content), modified="17").json()
    part = begun["parts"].removesuffix("0/")

    def put(number):
        body = content[number * PART_SIZE : (number + 1) * PART_SIZE]
        return client.put(f"{part}{number}/", body, content_type="application/octet-stream")

    assert put(1).status_code == 200
    assert client.post(begun["finish"]).status_code == 400
    again = _begin(client, own, "r.docx", len(content), modified="17").json()
    assert (again["parts"], again["received"]) == (begun["parts"], [1])
    assert _begin(client, own, "r.docx", len(content), modified="18").json()["received"] == []
    assert put(0).status_code == 200
    done = client.post(begun["finish"]).json()
    assert client.post(begun["finish"]).json() == done
    assert client.get(done["url"]).status_code == 200


def test_what_script_sends_wrongly_is_refused_in_words(as_, own, settings):
    client = as_("project")
    settings.DOCUMENT_MAX_MB = 1
    too_large = _begin(client, own, "r.pdf", 5 << 20)
    assert (too_large.status_code, "1 MB" in too_large.json()["error"]) == (400, True)
    bad = client.post(reverse("gateway-begin"), "[]", content_type="application/json")
    assert bad.status_code == 400
    begun = _begin(client, own, "r.pdf", 9).json()
    assert client.put(begun["parts"], b"<html></h").status_code == 200
    refused = client.post(begun["finish"])
    assert refused.status_code == 200 and "could run" in refused.json()["error"]


def test_a_full_disk_is_told_and_tried_again(as_, own, monkeypatch):
    from documents import intake

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake, "_store", full)
    client = as_("project")
    begun = _begin(client, own, "r.pdf", 9).json()
    assert client.put(begun["parts"], b"123456789").status_code == 507
    assert "full" in str(list(_send(client, own, pdf()).wsgi_request._messages))


def test_warnings_are_shown_before_publication(as_, own):
    text = docx("Call +223 20 22 33 44. We met at 12.63921, -8.00289 in the town.")
    client = as_("project")
    page = client.get(_send(client, own, text, name="r.docx").url).content.decode()
    assert "+223 20 22 33 44" in page and "12.63921" in page


def test_a_document_is_replaced_and_the_old_version_stays(as_, own, kept, complete, client):
    document = kept(own)
    as_("project")
    sent = {"file": SimpleUploadedFile("second.pdf", pdf("Second"))}
    client.post(reverse("gateway-version", args=[document.pk]), sent)
    complete(client, Upload.objects.filter(state="draft").get(), title="Second edition")
    client.logout()
    assert _body(client.get(document.get_absolute_url())) == pdf("Second")
    old = client.get(reverse("document-version", args=[document.pk, 1]))
    assert _body(old) == pdf(f"For {own}")
    assert document.events.filter(kind="replaced").count() == 1


def test_a_document_is_held_published_and_corrected(as_, own, kept, client):
    document = kept(own)
    as_("project")
    client.post(reverse("gateway-hold", args=[document.pk]))
    assert _status(client, document.get_absolute_url()) == 404
    client.post(reverse("gateway-publish", args=[document.pk]))
    assert _status(client, document.get_absolute_url()) == 200
    values = {"title": "Corrected", "type": document.type_id, "document_date": "2024-01-31",
              "year_reported": "2022", "period": "year"}  # fmt: skip
    client.post(reverse("gateway-document", args=[document.pk]), values)
    document.refresh_from_db()
    assert (document.title, document.languages) == ("Corrected", [])
    kinds = list(document.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["uploaded", "published", "held", "published", "corrected"]


def test_a_take_down_is_one_for_all_versions_at_once_and_tells_nothing(
    as_, own, kept, client, people
):
    document = kept(own, title="The secret title")
    given = client.get(document.get_absolute_url())
    etag = given["ETag"]
    assert _body(given)
    as_("project").post(reverse("gateway-withdraw", args=[document.pk]), {"reason": "Danger."})
    client.logout()
    for url in (document.get_absolute_url(), reverse("document-version", args=[document.pk, 1])):
        answer = client.get(url, headers={"If-None-Match": etag})
        assert answer.status_code == 410
        text = answer.content.decode()
        assert re.search(r"since \d{1,2} \w{3} \d{4}", text)
        assert "secret title" not in text and "report.pdf" not in text and "Danger" not in text
    assert "secret title" not in client.get(f"/project/{own.number}/").content.decode()
    # Only staff put it back, with a reason, and then it waits to be published.
    as_("project").post(reverse("gateway-restore", args=[document.pk]), {"reason": "x"})
    document.refresh_from_db()
    assert document.state == "withdrawn"
    as_("clerk").post(reverse("gateway-restore", args=[document.pk]), {"reason": "It is safe."})
    document.refresh_from_db()
    assert document.state == "held"
    event = DocumentEvent.objects.filter(kind="restored").get()
    assert (event.by, event.reason) == (people["clerk"], "It is safe.")


def test_a_document_may_be_in_any_language_and_says_so_by_name(as_, own, kept, client):
    document = kept(own)
    page = reverse("gateway-document", args=[document.pk])
    values = {"title": "Warbixin", "type": document.type_id, "year_reported": "2022",
              "period": "year", "languages": ["en"], "more_languages": ["so", "sw"]}  # fmt: skip
    as_("project").post(page, values)
    document.refresh_from_db()
    assert document.languages == ["en", "so", "sw"]
    assert document.language_names == ["English", "Somali", "Swahili"]
    form = client.get(page).context["form"]
    assert (form["languages"].value(), form["more_languages"].value()) == (["en"], ["so", "sw"])
    found = client.get(reverse("document-list"), {"language": "so"}).content.decode()
    assert "Warbixin" in found
    nothing = client.get(reverse("document-list"), {"language": "xx"}).content.decode()
    assert "Warbixin" not in nothing


def test_a_withdrawal_needs_a_reason(as_, own, kept):
    document = kept(own)
    as_("project").post(reverse("gateway-withdraw", args=[document.pk]), {"reason": " "})
    document.refresh_from_db()
    assert document.state == "public"


def test_a_fund_reviews_first(as_, own, complete, people):
    FundRule.objects.create(fund=own.fund, review=True)
    client = as_("project")
    _send(client, own, pdf())
    upload = Upload.objects.get()
    complete(client, upload)
    assert not Document.objects.exists()
    page = as_("manager").get(reverse("staff-reviews"))
    assert "Annual report" in page.content.decode()
    sent = {"upload": upload.pk, "decision": "back", "note": "Take the names out."}
    client.post(reverse("staff-reviews"), sent)
    page = as_("project").get(reverse("gateway-upload", args=[upload.pk])).content.decode()
    assert "Take the names out." in page
    complete(client, upload)
    as_("manager").post(reverse("staff-reviews"), {"upload": upload.pk, "decision": "approve"})
    assert Document.objects.get().state == "public"


def test_an_annual_report_needs_the_year_that_it_tells_of(as_, own, complete):
    client = as_("project")
    _send(client, own, pdf())
    upload = Upload.objects.get()
    assert upload.year_reported == 2024  # from its title
    answer = complete(client, upload, year_reported="")
    assert "Give the year" in answer.content.decode()
    complete(client, upload)
    assert Document.objects.get().year_reported == 2023


def test_reports_to_send_are_listed(as_, own, client):
    from tests.factories import released, transfer

    payee = own.participations.get().organization
    released(transfer(own, 1000, organization_id=payee.pk))
    as_("project")
    for url in (reverse("gateway"), reverse("gateway-project", args=[own.number])):
        text = client.get(url).content.decode()
        assert "Reports to send" in text and "Missing" in text, url


def test_what_a_source_states_is_not_kept_here(as_, link_document):
    assert as_("admin").get(reverse("gateway-document", args=[link_document.pk])).status_code == 404


def test_nothing_is_kept_of_what_is_given_up(as_, own, settings):
    client = as_("project")
    _send(client, own, pdf())
    client.post(reverse("gateway-drop", args=[Upload.objects.get().pk]))
    assert not Upload.objects.exists()
    assert not [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()]


# --- Giving out


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "part"),
    [
        ("bytes=0-3", 206, "bytes 0-3/{size}", slice(0, 4)),
        ("bytes=5-", 206, "bytes 5-{last}/{size}", slice(5, None)),
        ("bytes=-4", 206, "bytes {tail}-{last}/{size}", slice(-4, None)),
        ("bytes=2-999999999", 206, "bytes 2-{last}/{size}", slice(2, None)),
        ("bytes=999999999-", 416, "bytes */{size}", None),
        ("bytes=-0", 416, "bytes */{size}", None),
        ("bytes=3-1", 200, None, slice(None)),
        ("bytes=0-1,4-5", 200, None, slice(None)),
        ("lines=1-2", 200, None, slice(None)),
    ],
)
def test_ranges(asked, status, content_range, part, client, own, kept):
    content, document = pdf(f"For {own}"), kept(own)
    headers = {"Range": asked, "Accept-Encoding": "gzip"}
    answer = client.get(document.get_absolute_url(), headers=headers)
    size = len(content)
    wanted = content_range and content_range.format(size=size, last=size - 1, tail=size - 4)
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, wanted)
    if part:
        assert _body(answer) == content[part]
        assert int(answer["Content-Length"]) == len(content[part])


def test_a_range_of_a_file_that_changed_is_the_whole(client, own, kept):
    url = kept(own).get_absolute_url()
    headers = {"Range": "bytes=0-3", "If-Range": '"another"'}
    assert _status(client, url, headers=headers) == 200


def test_headers_let_nobody_keep_or_run_it(client, own, kept):
    url = kept(own).get_absolute_url()
    answer = client.get(url)
    assert _body(answer)
    assert answer["Cache-Control"] == "no-cache, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.head(url).status_code == 200


def test_a_name_with_quotes_and_accents_is_sent_safely(client, own, kept, people):
    from documents.models import DocumentVersion
    from tests.factories import DocumentFactory

    document = DocumentFactory(project=own, url="")
    version = kept(own).versions.get()
    DocumentVersion.objects.create(
        document=document, file=version.file.name, file_name='Été "x"; a.txt',
        media_type="text/plain", size=version.size, sha256=version.sha256,
    )  # fmt: skip
    given = client.get(reverse("document", args=[document.pk]))
    assert _body(given)
    shown = given["Content-Disposition"]
    assert shown.startswith("attachment") and "filename*=utf-8''" in shown


def test_the_web_server_sends_it_when_set(client, own, kept, settings):
    document = kept(own)
    settings.DOCUMENTS_SENT_BY = "/protected/"
    answer = client.get(document.get_absolute_url())
    name = document.versions.get().file.name
    assert answer["X-Accel-Redirect"] == f"/protected/{name}"
    assert answer.content == b"" and "filename" in answer["Content-Disposition"]


def test_pictures_come_out_without_their_place(as_, own, complete, client):
    _send(as_("project"), own, files.picture_with_place(), name="photo.jpg")
    upload = Upload.objects.get()
    assert "removed" in client.get(reverse("gateway-upload", args=[upload.pk])).content.decode()
    complete(client, upload)
    assert b"Secret" not in _body(client.get(Document.objects.get().get_absolute_url()))


def test_queries_of_the_gateway_do_not_grow(
    as_, own, kept, draft, people, django_assert_max_num_queries
):
    from tests.factories import DocumentFactory, ProjectFactory

    for number in range(3):
        kept(own, title=f"Report {number}")
        draft(own)
    for _ in range(20):
        DocumentFactory(project=ProjectFactory(fund=own.fund))
        DocumentFactory(project=own)
    client = as_("fund")
    for name, args in (("gateway", []), ("gateway-project", [own.number])):
        with django_assert_max_num_queries(22):
            assert client.get(reverse(name, args=args)).status_code == 200


def test_after_a_reload_the_page_says_how_much_has_arrived_and_how_to_go_on(as_, own, kept):
    client = as_("project")
    said = _begin(client, own, "big.pdf", 4 * PART_SIZE, modified="1").json()
    client.put(said["parts"], b"x" * PART_SIZE)
    here = reverse("gateway-project", args=[own.number])
    page = client.get(here).content.decode()
    assert 'value="25"' in page and "25 % has arrived" in page and "big.pdf" in page
    assert "Choose the same file again above" in page
    home = client.get(reverse("gateway")).content.decode()
    assert 'value="25"' in home and f'href="{here}#upload"' in home
    # It can be given up on its own page; the page of another document has none of it.
    own_page = client.get(reverse("gateway-upload", args=[Upload.objects.get().pk]))
    for words in ("Give this file up", "25 % has arrived"):
        assert words in own_page.content.decode()
    other = client.get(reverse("gateway-document", args=[kept(own).pk])).content.decode()
    assert "big.pdf" not in other
