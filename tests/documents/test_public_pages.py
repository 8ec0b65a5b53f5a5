"""What the public reads of documents: the centre and its filters, feed, ZIP, passages, history."""

import io
import zipfile
from datetime import date, datetime

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from lxml import etree

from documents import services
from documents.models import Document, DocumentType, DocumentVersion, Reading
from documents.searching import found_pages
from documents.text_reading import read_version
from portal.public.views import documents as pages
from tests.documents.files import pdf
from tests.factories import DocumentFactory, FundFactory, OrganizationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
_ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def three(kept):
    """A public document, one held back, one withdrawn."""
    documents = {}
    for state in ("public", "held", "withdrawn"):
        document = kept(pdf(f"The {state} wells.", title=state)).document
        document.title = f"Paper that is {state}"
        document.save()
        documents[state] = document
    services.hold(document=documents["held"], by=None)
    services.withdraw_document(document=documents["withdrawn"], by=None, reason="Danger.")
    return documents


def test_the_feed_is_sound_atom_and_tells_only_of_what_is_public(three, client):
    """What RFC 4287 demands: id, title, updated and author, absolute addresses, times with zone."""
    answer = client.get(reverse("document-feed"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{_ATOM}feed"
    entries = feed.findall(f"{_ATOM}entry")
    assert len(entries) == 1
    ids = []
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            (one,) = element.findall(f"{_ATOM}{name}")
            assert one.text
        ids.append(element.findtext(f"{_ATOM}id"))
        assert datetime.fromisoformat(element.findtext(f"{_ATOM}updated")).tzinfo
        for link in element.findall(f"{_ATOM}link"):
            assert link.get("href").startswith("http")
    assert len(set(ids)) == len(ids)
    assert feed.findtext(f"{_ATOM}author/{_ATOM}name")
    assert [link.get("rel") for link in feed.findall(f"{_ATOM}link")].count("self") == 1
    text = answer.content.decode()
    assert "Paper that is public" in text
    for hidden in ("held", "withdrawn"):
        assert f"Paper that is {hidden}" not in text


def test_the_zip_holds_what_is_public_and_is_sent_while_it_is_made(
    three, kept, client, project, monkeypatch
):
    kept(pdf("More."))
    opened = []
    field = type(DocumentVersion.objects.first().file)
    plain = field.open

    def noted(self, mode="rb"):
        opened.append(self.name)
        return plain(self, mode)

    monkeypatch.setattr(field, "open", noted)
    answer = client.get(reverse("project-documents-zip", args=[project.number]))
    assert answer.streaming and "no-cache" in answer["Cache-Control"]
    pieces = iter(answer.streaming_content)
    first = next(pieces)
    assert len(first) > 100 and len(opened) == 1  # sent before the second file is read
    with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = archive.read("manifest.csv").decode("utf-8-sig")
        contents = b"".join(archive.read(name) for name in names)
    assert len(names) == 3 and len(opened) == 2
    assert "Paper that is public" in manifest
    for hidden in ("held", "withdrawn"):
        assert f"Paper that is {hidden}" not in manifest
        assert f"The {hidden} wells".encode() not in contents
    for line in manifest.splitlines()[1:-1]:
        assert line.endswith('"complete"')


def test_manifest_cells_are_text_for_spreadsheets_too(kept, client, project):
    document = kept(pdf()).document
    document.title = '=HYPERLINK("http://x.org")'
    document.save()
    answer = client.get(reverse("project-documents-zip", args=[project.number]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert '"=HYPERLINK' not in archive.read("manifest.csv").decode("utf-8-sig")


def test_the_centre_is_filtered_by_fund_type_year_and_organization(client):
    organization = OrganizationFactory(code="UNX", name="École des mines")
    project = ProjectFactory(fund=FundFactory(code="WANT0"))
    project.participations.create(organization=organization, role="participating")
    kind = DocumentType.objects.get(code="audit")
    wanted = {"type": kind, "document_date": date(2021, 5, 1)}
    DocumentFactory(project=project, title="Wanted of the project", **wanted)
    DocumentFactory(project=None, fund=project.fund, title="Wanted of the fund", **wanted)
    DocumentFactory(title="Unwanted", document_date=date(2020, 5, 1))
    for query, titles in (
        ("fund=WANT0", 2), ("type=audit", 2), ("year=2021", 2), ("organization=ecole", 1),
        ("organization=unx&type=audit&fund=WANT0&year=2021", 1), ("year=2020", 0),
        ("q=WANTED of the f", 1),
    ):  # fmt: skip
        text = client.get(f"{reverse('document-list')}?{query}").content.decode()
        assert text.count("Wanted of") == titles, query


def test_fund_page_and_factsheet_show_what_is_public_and_by_when_it_was_added(client, settings):
    project = ProjectFactory()
    for of in ({"project": project}, {"project": None, "fund": project.fund}):
        DocumentFactory(title="Seen paper", **of)
        DocumentFactory(title="Held paper", state="held", **of)
        DocumentFactory(title="Withdrawn paper", state="withdrawn", **of)
    for url in (project.get_absolute_url(), project.fund.get_absolute_url()):
        text = client.get(url).content.decode()
        assert "Seen paper" in text
        assert "Held paper" not in text and "Withdrawn paper" not in text


def test_an_encrypted_file_says_so_where_it_is_read(kept, client):
    """Such files are refused today; one that came in otherwise is told of, and not found."""
    version = kept(pdf("The secret wells.")).document.versions.get()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("The secret wells."))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    version.file.storage.delete(version.file.name)
    version.file.storage.save(version.file.name, ContentFile(out.getvalue()))
    assert read_version(version).state == Reading.State.ENCRYPTED
    text = client.get(reverse("document-history", args=[version.document_id])).content.decode()
    assert "Encrypted: its text cannot be read" in text
    names = version.document.__class__(languages=["fr", "xx"]).language_names
    assert names == ["French", "xx"]
    assert found_pages("wells") == []


def test_a_scanned_file_says_so_on_its_page(kept, client):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (60, 60), "white").save(out, "PDF")
    version = kept(out.getvalue())
    read_version(version)
    text = client.get(reverse("document-history", args=[version.document_id])).content.decode()
    assert "Scanned: no text can be found in it" in text


def test_the_page_of_a_report_says_what_it_is_of(kept, client):
    document = kept(pdf()).document
    document.year_reported, document.period = 2024, "q2"
    document.organization = OrganizationFactory(name="Reporting Organization")
    document.save()
    text = client.get(reverse("document-history", args=[document.pk])).content.decode()
    assert "2024, second quarter" in text and "Reporting Organization" in text


def test_results_are_paged_and_the_general_search_leads_there(kept, client, monkeypatch):
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    for number in range(3):
        read_version(kept(pdf(f"Wells of the {number}.")))
    url = reverse("document-search")
    first = client.get(url, {"q": "wells"}).content.decode()
    assert first.count("<mark>") == 2 and "page=2" in first
    assert client.get(url, {"q": "wells", "page": "2"}).content.decode().count("<mark>") == 1
    general = client.get(reverse("search"), {"q": 'wells "a & b"'}).content.decode()
    assert f"{url}?q=wells%20%22a%20%26%20b%22" in general


def test_searching_costs_the_same_queries_whatever_is_found(
    kept, client, django_assert_num_queries
):
    url = reverse("document-search")
    read_version(kept(pdf("Wells of the first.")))
    client.get(url)
    with django_assert_num_queries(4):
        client.get(url, {"q": "wells"})
    for number in range(5):
        read_version(kept(pdf(f"Wells of the {number}.")))
    with django_assert_num_queries(4):
        assert client.get(url, {"q": "wells"}).content.decode().count("<mark>") == 6


def test_all_languages_that_are_offered_are_searched(kept):
    """Arabic, Russian and Chinese, whose words have no accents to take off, too."""
    from documents.models import DocumentPage

    document = kept(pdf()).document
    version = document.versions.get()
    texts = {
        "ar": "تقرير المدارس", "ru": "Отчёт о школах", "zh": "学校 报告",
        "pt": "Relatório das crianças",
    }  # fmt: skip
    for number, (language, text) in enumerate(texts.items(), 10):
        DocumentPage.objects.create(
            document=document, version=version, number=number, language=language, text=text
        )
    for query in ("المدارس", "отчет школа", "学校", "RELATORIO criancas"):
        assert len(found_pages(query)) == 1, query
    assert Document.objects.count() == 1
