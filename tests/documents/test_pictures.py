"""The picture of the first page in lists: shown to whom the document is, in a box of its own."""

import re

import pytest
from django.urls import reverse

from documents import services
from documents.text_reading import read_version
from tests.documents.files import docx, pdf
from tests.factories import DocumentFactory

pytestmark = pytest.mark.django_db
LIST = reverse("document-list")


def _pictures(client, url=LIST):
    return re.findall(r'<img class="thumb"[^>]*>', client.get(url).content.decode())


def test_the_list_shows_the_first_page_lazily_in_a_box_of_known_size(kept, client, project):
    version = kept(pdf())
    read_version(version)
    for url in (LIST, reverse("project-documents", args=[project.number])):
        (picture,) = _pictures(client, url)
        for part in ('loading="lazy"', 'width="52"', 'height="74"', 'alt="First page"'):
            assert part in picture
    address = re.search(r'src="([^"]+)"', picture)[1]
    given = client.get(address)
    assert (given.status_code, given["Content-Type"]) == (200, "image/webp")
    assert given["Cache-Control"] == "no-cache, private"


def test_what_has_no_picture_says_what_it_is(kept, client, project):
    read_version(kept(docx("Text."), "r.docx"))
    DocumentFactory(project=project, url="https://x.org/r")
    text = client.get(LIST).content.decode()
    marks = re.findall(r'<span class="thumb" data-kind="([^"]+)"></span>', text)
    assert sorted(marks) == ["DOCX", "link"] and '<img class="thumb"' not in text


def test_files_and_paper_have_no_pictures(kept, client):
    read_version(kept(pdf()))
    answer = client.get(LIST, {"format": "print"})
    assert "A report" in answer.content.decode() and b"thumb" not in answer.content


@pytest.mark.parametrize(
    ("act", "status"),
    [(lambda d: services.hold(document=d, by=None), 404),
     (lambda d: services.withdraw_document(document=d, by=None, reason="Danger."), 410)],
)  # fmt: skip
def test_the_picture_of_what_is_not_public_is_given_to_nobody(kept, client, act, status):
    document = kept(pdf()).document
    read_version(document.versions.get())
    url = reverse("document-preview", args=[document.pk])
    etag = client.get(url)["ETag"]
    act(document)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == status
    assert not _pictures(client)


def test_pictures_cost_no_queries_of_their_own(kept, client, django_assert_num_queries):
    read_version(kept(pdf("One.")))
    client.get(LIST)
    with django_assert_num_queries(7):
        assert len(_pictures(client)) == 1
    for number in range(4):
        read_version(kept(pdf(f"More {number}.")))
    with django_assert_num_queries(7):
        assert len(_pictures(client)) == 5
