"""The first page of My Gateway, and what becomes of what is uploaded there."""

import pytest
from django.urls import reverse

from documents.models import Document, DocumentType, Upload
from tests.documents.files import docx, pdf

pytestmark = pytest.mark.django_db


def test_it_shows_my_projects_drafts_and_what_happened_lately(as_, own, foreign, kept, draft):
    kept(own, title="Published lately")
    draft(own)
    text = as_("project").get(reverse("gateway")).content.decode()
    assert reverse("gateway-project", args=[own.number]) in text
    assert "Published: " in " ".join(text.split()) and "Published lately" in text
    assert reverse("gateway-upload", args=[Upload.objects.get(state="draft").pk]) in text
    assert foreign.number not in text
    found = as_("project").get(reverse("gateway"), {"q": "own PROJ"}).content.decode()
    assert own.number in found
    nothing = as_("project").get(reverse("gateway"), {"q": "zebra"}).content.decode()
    assert "None of your projects" in nothing


def test_what_is_held_at_upload_is_not_public_until_it_is_published(as_, own, draft, client):
    upload = draft(own)
    kind = DocumentType.objects.get(code="audit").pk
    values = {"title": "An audit", "type": kind, "publish": "no"}
    as_("project").post(reverse("gateway-upload", args=[upload.pk]), values)
    document = Document.objects.get()
    assert document.state == "held"
    client.logout()
    assert client.get(reverse("document", args=[document.pk])).status_code == 404
    assert "An audit" not in client.get(own.get_absolute_url()).content.decode()
    as_("project").post(reverse("gateway-publish", args=[document.pk]))
    client.logout()
    answer = client.get(reverse("document", args=[document.pk]))
    assert b"".join(answer.streaming_content) == pdf(f"For {own}")


def test_tracked_changes_are_pointed_out_with_where_the_rest_stands(as_, own, draft):
    change = '<w:p><w:ins w:id="1" w:author="A"><w:r><w:t>New.</w:t></w:r></w:ins></w:p>'
    upload = draft(own, content=docx("Ask +223 20 22 33 44", body=change))
    text = as_("project").get(reverse("gateway-upload", args=[upload.pk])).content.decode()
    assert "tracked changes" in text and "page 1: +223 20 22 33 44" in text
    clean = draft(own, content=docx("Nothing of the kind."))
    text = as_("project").get(reverse("gateway-upload", args=[clean.pk])).content.decode()
    assert "Look at this" not in text
