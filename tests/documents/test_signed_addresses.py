"""Documents sent by the storage itself: addresses that are signed and live for a minute."""

from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from documents import intake, services, serving
from documents.models import Download
from tests.documents import s3_server
from tests.documents.fetching import fetch
from tests.documents.files import docx, pdf
from tests.waiting import silent_port

CONTENT = pdf("The storage sends this.")


@pytest.fixture
def public(bucket, settings, take, submit):
    """A public document on S3, which S3 itself sends."""
    settings.DOCUMENTS_SENT_BY = "storage"
    return submit(take(CONTENT, "Été “2024”; rapport.pdf")).version.document


def signed(client, document, **options):
    """Where the public address leads."""
    answer = client.get(document.get_absolute_url(), **options)
    assert answer.status_code == 302
    return answer["Location"]


def test_the_address_leads_to_the_bytes_for_a_minute_at_most(client, public, s3):
    url = signed(client, public)
    assert url.startswith(f"{s3}/")
    query = parse_qs(urlsplit(url).query)
    assert 1 <= int(query["X-Amz-Expires"][0]) <= 60
    status, headers, body = fetch(url)
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%89t%C3%A9")
    assert headers["Cache-Control"] == "no-store, private"


def test_an_office_file_comes_as_what_it_is_and_is_saved_not_shown(client, public, take, submit):
    content = docx("Words.")
    document = submit(take(content, "words.docx"), title="Words").version.document
    status, headers, body = fetch(signed(client, document))
    assert (status, body) == (200, content)
    assert headers["Content-Type"].endswith("wordprocessingml.document")
    assert headers["Content-Disposition"] == 'attachment; filename="words.docx"'


def test_nobody_keeps_the_way_there_and_no_etag_revives_an_address_that_is_over(client, public):
    answer = client.get(public.get_absolute_url())
    assert answer["Cache-Control"] == "no-store, private"
    assert "ETag" not in answer
    sha256 = public.versions.get().sha256
    again = client.get(public.get_absolute_url(), headers={"If-None-Match": f'"{sha256}"'})
    assert again.status_code == 302
    assert again["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "content_range", "part"),
    [
        ("bytes=0-3", "bytes 0-3/{size}", slice(0, 4)),
        ("bytes=5-", "bytes 5-{last}/{size}", slice(5, None)),
        ("bytes=-4", "bytes {tail}-{last}/{size}", slice(-4, None)),
    ],
)
def test_ranges_go_through(asked, content_range, part, client, public):
    size = len(CONTENT)
    url = signed(client, public, headers={"Range": asked})
    status, headers, body = fetch(url, Range=asked)
    assert (status, body) == (206, CONTENT[part])
    wanted = content_range.format(size=size, last=size - 1, tail=size - 4)
    assert headers["Content-Range"] == wanted


def test_one_download_in_many_ranges_counts_once(client, public):
    for asked in ("bytes=0-99", "bytes=100-199", "bytes=200-", "bytes=-5"):
        signed(client, public, headers={"Range": asked})
    assert Download.objects.count() == 1
    signed(client, public)
    assert Download.objects.count() == 2


def test_head_is_answered_here_for_the_signature_is_for_get(client, public):
    answer = client.head(public.get_absolute_url())
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(CONTENT)))
    assert fetch(signed(client, public), method="HEAD")[0] == 403


def test_what_is_unsigned_tampered_with_or_over_is_refused(client, public, s3):
    url = signed(client, public)
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    def with_(changed):
        return parts._replace(query=urlencode(query | changed, quote_via=quote)).geturl()

    assert fetch(with_({}))[0] == 200
    for change in (
        {"X-Amz-Expires": "86400"},
        {"response-content-type": "text/html"},
        {"response-content-disposition": "inline"},
        {"X-Amz-Signature": "0" * 64},
    ):
        assert fetch(with_(change))[0] == 403, change
    assert fetch(parts._replace(path=parts.path + "x").geturl())[0] == 403
    assert fetch(parts._replace(query="").geturl())[0] == 403
    try:
        assert fetch(f"{s3}{s3_server.CLOCK}{serving.SIGNED_SECONDS + 1}", method="PUT")[0] == 204
        assert fetch(url)[0] == 403
    finally:
        fetch(f"{s3}{s3_server.CLOCK}0", method="PUT")


def test_a_take_down_gives_no_address_whatever_is_asked(client, public, take, submit, keeper):
    submit(take(pdf("Second edition."), of=public), title="Second edition")
    services.withdraw_document(document=public, by=keeper, reason="Danger.")
    for url in (
        public.get_absolute_url(),
        reverse("document-version", args=[public.pk, 1]),
        reverse("document-version", args=[public.pk, 2]),
    ):
        for method in (client.get, client.head):
            answer = method(url, headers={"Range": "bytes=0-3"})
            assert answer.status_code == 410
            assert "Location" not in answer and b"X-Amz" not in answer.content
    assert Download.objects.count() == 0


def test_what_is_held_back_gives_no_address(client, public, keeper):
    services.hold(document=public, by=keeper)
    assert client.get(public.get_absolute_url()).status_code == 404


def test_a_server_that_is_away_is_a_disk_that_cannot_be_written(settings, bucket, keeper, project):
    upload = intake.begin_upload(by=keeper, of=project, file_name="r.pdf", size=5)
    with silent_port() as port:
        nobody = {"endpoint_url": f"http://127.0.0.1:{port}"}
        options = settings.STORAGES["default"]["OPTIONS"] | nobody
        default = settings.STORAGES["default"] | {"OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": default}
        with pytest.raises(OSError, match="S3"):
            intake.keep_part(upload=upload, number=0, content=b"12345")
        for ask in (default_storage.open, default_storage.exists, default_storage.delete):
            with pytest.raises(OSError, match="S3"):
                ask("documents/x.pdf")


def test_a_file_that_vanishes_while_it_is_read_is_a_failure_of_reading(bucket, public):
    name = public.versions.get().file.name
    with default_storage.open(name) as file:
        default_storage.delete(name)
        with pytest.raises(OSError, match="S3"):
            file.read()


def test_the_check_of_signatures_is_one():
    environ = {"QUERY_STRING": "", "REQUEST_METHOD": "GET", "REQUEST_URI": "/b/k"}
    said = []
    gate = s3_server.Gate(lambda _environ, _start: [b"through"])
    assert gate(environ, lambda status, _headers: said.append(status)) != [b"through"]
    assert said == ["403 Forbidden"]
