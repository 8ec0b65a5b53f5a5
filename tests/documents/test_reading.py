"""The text of documents: read page by page, found in any form, shown with its passage."""

import io
import zipfile

import openpyxl
import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from documents import services
from documents.models import DocumentPage, DocumentVersion, Reading
from documents.searching import found_pages, marked
from documents.text_reading import read_version, unread
from tests.documents.files import docx, odt, package, pdf, picture
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def _pdf_of_pages(*texts):
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for text in texts:
            with pikepdf.open(io.BytesIO(pdf(text))) as one:
                whole.pages.extend(one.pages)
        whole.save(out)
    return out.getvalue()


def _xlsx():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Wells drilled", 12])
    book.create_sheet("Second").append(["Pumps repaired"])
    book.save(out)
    return out.getvalue()


def _pptx():
    slide = '<p:sld xmlns:a="a" xmlns:p="p"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return package(
        {
            "[Content_Types].xml": f'<Types><Override ContentType="{kind}"/></Types>',
            "ppt/presentation.xml": "<p/>",
            "ppt/slides/slide1.xml": slide.format("First slide on wells"),
            "ppt/slides/slide2.xml": slide.format("Second slide on pumps"),
        }
    )


@pytest.mark.parametrize(
    ("content", "name", "word", "page"),
    [
        (_pdf_of_pages("Nothing.", "The wells were drilled."), "r.pdf", "drilling", 2),
        (docx("Wells.", body="<w:p><w:r><w:br w:type='page'/><w:t>Pumps</w:t></w:r></w:p>"),
         "r.docx", "pump", 2),
        (odt("The pumps were repaired."), "r.odt", "pumps", 1),
        (_xlsx(), "r.xlsx", "repaired", 2),
        (_pptx(), "r.pptx", "pumps", 2),
        (b"The pumps were repaired.", "r.txt", "PUMPS", 1),
    ],
)  # fmt: skip
def test_words_are_found_on_their_page(content, name, word, page, kept):
    version = kept(content, name)
    reading = read_version(version)
    assert reading.state == Reading.State.READ
    assert list(
        DocumentPage.objects.filter(pk__in=found_pages(word)).values_list("number", flat=True)
    ) == [page]


def test_accents_case_and_endings_do_not_matter_in_the_documents_language(kept):
    read_version(kept(docx("Les écoles réhabilitées à Ménaka"), "r.docx", "fr"))
    for words in ("ecole", "ÉCOLES", "menaka réhabilitée"):
        assert len(found_pages(words)) == 1, words
    assert len(found_pages("hospital")) == 0
    assert len(found_pages("'\"!&|:*()<>")) == 0


def test_a_corrected_language_is_the_one_that_its_text_is_found_in(kept, keeper):
    # "Chevaux" is "cheval" to who knows French, and to nobody else.
    document = kept(docx("Les journaux et les chevaux"), "r.docx", "en").document
    read_version(document.versions.get())
    assert len(found_pages("journal")) == 0
    services.correct(document=document, by=keeper, languages=["fr", "en"])
    assert len(found_pages("journal")) == 1


def test_a_language_corrected_in_the_administration_counts_and_is_in_the_history(kept, client):
    document = kept(docx("Les journaux et les chevaux"), "r.docx", "en").document
    read_version(document.versions.get())
    admin = UserFactory(email="admin@x.org", is_staff=True, is_superuser=True)
    client.force_login(admin)
    values = {
        "project": document.project_id, "type": document.type_id, "title": document.title,
        "languages": "fr", "state": "held", "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = client.post(reverse("admin:documents_document_change", args=[document.pk]), values)
    assert answer.status_code == 302, answer.context["errors"]
    assert document.pages.get().language == "fr"
    events = document.events.filter(by=admin).values_list("kind", flat=True)
    assert sorted(events) == ["corrected", "held"]


def test_a_new_version_without_text_takes_the_old_text_out_of_the_search(kept):
    document = kept(pdf("The first wells.")).document
    read_version(document.versions.get())
    assert len(found_pages("wells")) == 1
    read_version(kept(picture(), "p.jpg", of=document))
    assert len(found_pages("wells")) == 0


def test_only_public_newest_versions_are_found(kept, take):
    version = kept(pdf("The first wells."))
    read_version(version)
    second = kept(pdf("The second pumps."), of=version.document)
    read_version(second)
    assert len(found_pages("wells")) == 0 and len(found_pages("pumps")) == 1
    services.withdraw_document(document=version.document, by=None, reason="Danger.")
    assert len(found_pages("pumps")) == 0


def test_a_scan_says_that_it_has_no_text(kept):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (60, 60), "white").save(out, "PDF")
    assert read_version(kept(out.getvalue())).state == Reading.State.NO_TEXT
    assert read_version(kept(picture(), "p.jpg")).state == Reading.State.NONE


def test_what_is_unread_is_read_once(kept):
    version = kept(pdf())
    assert unread(10) == [version.pk]
    assert unread(10) == []
    read_version(version)
    read_version(version)
    assert DocumentPage.objects.count() == 1


def test_a_passage_shows_what_was_found_and_runs_nothing():
    text = "x " * 300 + "<script>alert(1)</script> the Réparations of wells " + "y " * 300
    shown = marked(text, "reparation")
    assert "<mark>Réparations</mark>" in shown and "<script>" not in shown
    assert shown.startswith("… ") and shown.endswith(" …")


def test_words_in_quotation_marks_stand_side_by_side(kept):
    read_version(kept(pdf("The water point committee met.")))
    read_version(kept(pdf("At this point the committee had no water.")))
    assert len(found_pages("water point committee")) == 2
    for query in ('"water point committee"', "“water points” committees", '"WATER point"'):
        assert len(found_pages(query)) == 1, query
    # An open quotation mark, an empty one, and words that are operators elsewhere.
    for query in ('"water point', '"" water', "water -point", "point OR water"):
        assert len(found_pages(query)) in {0, 2}, query
    assert len(found_pages("zebra or water")) == 0


def test_a_passage_is_where_most_of_the_words_stand():
    text = "Water. " + "x " * 300 + "the water of the wells " + "y " * 300
    assert "<mark>water</mark> of the <mark>wells</mark>" in marked(text, "water well")
    text = "Committee. " + "x " * 300 + "A Water Point Committee."
    shown = marked(text, '"water point committee"')
    assert "<mark>Water Point Committee</mark>" in shown and shown.count("<mark>") == 1


def test_a_passage_ends_between_words():
    text = "water " + "sanitation " * 100
    shown = marked(text, "water")
    assert shown.endswith("sanitation …")
    # A text without blanks is cut where it has to be.
    assert marked("水" * 2000, "water").endswith("水 …")


def test_ligatures_and_parted_accents_are_marked():
    assert "<mark>finances</mark>" in marked("The \ufb01nances of it", "finance")
    assert "<mark>\u00e9coles</mark>" in marked("Les e\u0301coles", "ecole")


def test_a_short_word_is_not_marked_in_longer_ones():
    assert marked("The theory of wells and the wellness", "the well").count("<mark>") == 3


def test_the_page_of_the_search_leads_to_the_page_of_the_document(kept, client):
    version = kept(_pdf_of_pages("Nothing.", "The wells were drilled."))
    read_version(version)
    text = client.get(reverse("document-search"), {"q": "wells"}).content.decode()
    assert f"/document/{version.document_id}/#page=2" in text and "<mark>wells</mark>" in text
    empty = client.get(reverse("document-search"), {"q": "\0zebra"})
    assert "No public document" in empty.content.decode()


def test_a_preview_is_drawn_and_goes_with_the_document(kept, client):
    version = kept(pdf())
    read_version(version)
    url = reverse("document-preview", args=[version.document_id])
    assert client.get(url).content[8:12] == b"WEBP"
    assert (
        reverse("document-preview", args=[version.document_id])
        in client.get(reverse("document-history", args=[version.document_id])).content.decode()
    )
    services.withdraw_document(document=version.document, by=None, reason="Danger.")
    assert client.get(url).status_code == 410


def test_all_documents_come_in_one_zip_with_a_manifest(kept, client, project):
    one, two = kept(pdf("One.")), kept(pdf("Two."))
    services.hold(document=kept(pdf("Held.")).document, by=None)
    default_storage.delete(two.file.name)
    answer = client.get(reverse("project-documents-zip", args=[project.number]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        names = archive.namelist()
        manifest = archive.read("manifest.csv").decode("utf-8-sig")
        assert archive.read(names[0]) == pdf("One.")
    assert len(names) == 3 - 1 or names[-1] == "manifest.csv"
    assert one.sha256 in manifest and '"complete"' in manifest and '"missing"' in manifest
    assert "Held" not in manifest


def test_the_history_names_nobody_and_no_reason(kept, client, keeper):
    document = kept(pdf()).document
    text = client.get(reverse("document-history", args=[document.pk])).content.decode()
    assert "Uploaded" in text and keeper.email not in text
    services.withdraw_document(document=document, by=keeper, reason="Danger.")
    assert client.get(reverse("document-history", args=[document.pk])).status_code == 410


def test_the_feed_tells_of_new_documents(kept, client):
    document = kept(pdf()).document
    assert f"/document/{document.pk}/" in client.get(reverse("document-feed")).content.decode()


def test_the_centre_is_filtered_by_language_project_and_organization(kept, client, project):
    kept(pdf("One."), language="fr")
    for query, found in (
        ("language=fr", 1), ("language=en", 0), (f"project={project.number}", 1),
        ("project=x", 0), ("organization=nobody", 0),
    ):  # fmt: skip
        answer = client.get(f"{reverse('document-list')}?format=json&{query}")
        assert answer.status_code == 200
        text = b"".join(answer).decode()
        assert ("A report" in text) == bool(found), query


def test_what_is_withheld_is_not_found(kept, keeper):
    from portal.withholding.services import withhold

    version = kept(pdf("The secret wells."))
    read_version(version)
    withhold(kind="document", target_id=version.document_id, reason="Danger.", by=keeper)
    assert len(found_pages("wells")) == 0
    assert DocumentVersion.objects.get().file_name.startswith("Withheld")
