"""What programs and plain mails are told of hits: names and passages as they are, without the
marks and entities of a page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from documents.models import DocumentPage, DocumentVersion
from portal.following.targets import news_of, target_of
from portal.search.words import unmarked
from tests.factories import DocumentFactory, ProjectFactory

pytestmark = pytest.mark.django_db
TITLE = "Women's courts & <mobile> clinics"
TEXT = 'Judges & clerks of "mobile" tribunals'


def test_programs_and_mails_are_told_names_and_passages_as_they_are(client: Client) -> None:
    project = ProjectFactory(number="N7", title=TITLE)
    document = DocumentFactory(project=project, title="Report")
    version = DocumentVersion.objects.create(
        document=document, file_name="p.pdf", media_type="application/pdf", size=9, sha256="0" * 64
    )
    DocumentPage.objects.create(
        document=document, version=version, number=1, language="en", text=TEXT
    )
    found = client.get("/search/?q=courts&format=json").json()
    assert [hit["name"] for hit in found["found"]] == [TITLE]
    inside = client.get("/search/?q=tribunals&format=json").json()["inside_documents"]
    assert [passage["text"] for passage in inside] == [TEXT]
    suggested = client.get("/search/suggestions/?q=courts").json()["hits"]
    assert [hit["name"] for hit in suggested] == [TITLE]
    twin = client.get("/search.md?q=courts").text
    assert r"[Women's courts & &lt;mobile> clinics](http://localhost:8000/project/N7/)" in twin
    assert f" · {TEXT}\n" in client.get("/search.md?q=tribunals").text
    now = timezone.now()
    [line] = news_of(target_of("search", "courts"), now - timedelta(days=1), now)
    assert line.startswith(f"New: {TITLE}: http")


def test_a_text_that_is_no_html_stays_as_it_is() -> None:
    assert unmarked("a < b &amp; c > d") == "a < b &amp; c > d"
