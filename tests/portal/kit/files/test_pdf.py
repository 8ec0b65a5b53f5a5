"""PDFs fetch our own static files and nothing else."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from portal.kit.files import pdf
from portal.kit.files.about import About
from portal.kit.files.archival import Attached


@pytest.fixture(autouse=True)
def _site_address(settings):
    settings.SITE_URL = "https://portal.example.org"
    settings.ROOT_URLCONF = "tests.portal.kit.kit_site"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://169.254.169.254/latest/",
        "https://portal.example.org/projects/",
        "https://portal.example.org/static/../settings.py",
        "https://portal.example.org/static/%2e%2e/%2e%2e/etc/passwd",
        "https://portal.example.org/static//etc/passwd",
        "https://portal.example.org/static/css/missing.css",
        "https://portal.example.org/static/css/base.css%00",
        "https://portal.example.org.evil.example/static/css/base.css",
        "ftp://portal.example.org/static/css/base.css",
        "/etc/passwd",
    ],
)
def test_nothing_but_our_static_files_is_fetched(get, url):
    with pytest.raises(ValueError, match=r"PDF may not|no static file"):
        pdf.own_content(get(), url)
    with pytest.raises(ValueError):
        pdf._fetcher(get())(url)


def test_static_files_the_theme_and_data_addresses_are_fetched(get):
    fetcher = pdf._fetcher(get())
    sheet = fetcher("https://portal.example.org/static/css/base.css")
    assert sheet.content_type == "text/css"
    assert b"{" in sheet.read()
    theme = fetcher("https://portal.example.org/theme.css")
    assert theme.read() == b":root{--accent:#0b5d6b;--accent-dark:#7cc6d2}"
    assert fetcher("data:text/plain,abc").read() == b"abc"


def test_style_sheets_are_read_once_unless_a_page_has_styles_of_its_own(get):
    page = '<link rel="stylesheet" href="/static/css/base.css"><link rel="stylesheet"\n'
    page += ' media="print" href="/theme.css?v=1"><p>x'
    html, sheets = pdf.sheets_apart(page, get())
    assert html == "<p>x"
    assert len(sheets) == 2
    again = pdf.sheets_apart(page, get())[1]
    assert all(one is other for one, other in zip(sheets, again, strict=True))
    styled = f"<style>p {{ color: red }}</style>{page}"
    assert pdf.sheets_apart(styled, get()) == (styled, [])


def test_collected_files_with_hashed_names_are_found(get, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "base.0a1b2c3d.css").write_text("p{}")
    content, kind = pdf.own_content(
        get(), "https://portal.example.org/static/css/base.0a1b2c3d.css"
    )
    assert (content, kind) == (b"p{}", "text/css")


def test_a_file_named_by_the_page_is_not_embedded(get, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    from weasyprint import HTML

    page = f'<link rel="attachment" href="file://{secret}"><img src="file://{secret}">x'
    made = HTML(string=page, url_fetcher=pdf._fetcher(get())).write_pdf()
    assert b"EmbeddedFile" not in made


@pytest.mark.django_db
def test_a_server_without_pango_says_what_is_missing(get, monkeypatch):
    class NoPango:
        def find_spec(self, name, _path=None, _target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    request = get(year="2016")
    about = About.of(request, "Projects")
    response = pdf.pdf_response(request, "kit/list.html", {}, "projects", about=about)
    assert response.status_code == 503
    text = response.content.decode()
    assert "libpango-1.0-0" in text
    assert "?year=2016&amp;format=print" in text
    assert "?year=2016&amp;format=xlsx" in text


@pytest.mark.django_db
def test_a_pdf_says_what_it_is(get):
    made = made_for(get(sample=True), "Élan & “Co”")
    file = pikepdf.open(BytesIO(made))
    assert str(file.Root.Lang) == "en"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert file.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in file.Root
    said = file.open_metadata()
    assert str(file.docinfo["/CreationDate"]) == "D:20260102030405Z"
    assert said.pdfa_status == "3A"
    assert said["pdfuaid:part"] == "1"
    assert said["dc:title"].startswith("Élan & “Co”")
    assert said["dc:source"] == "https://portal.example.org/projects/"
    assert "CC BY" in said["dc:rights"]
    assert said["xmp:CreateDate"] == "2026-01-02T03:04:05Z"
    assert said["dc:description"].startswith("Sample data")
    # What readers take from the older kind of metadata is the same.
    assert said["dc:creator"] == [str(file.docinfo["/Author"])]
    assert said["dc:description"] == str(file.docinfo["/Subject"])
    assert said["xmp:CreatorTool"] == str(file.docinfo["/Creator"])
    assert said["pdf:Producer"] == str(file.docinfo["/Producer"])
    assert 'filename="SAMPLE-00102004-' in answer_for(get(sample=True))["Content-Disposition"]


@pytest.mark.django_db
def test_its_colours_are_those_of_the_profile_inside(get):
    file = pikepdf.open(BytesIO(made_for(get(), "Élan")))
    (intent,) = file.Root.OutputIntents
    assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
    assert b"sRGB" in intent.DestOutputProfile.read_bytes()


@pytest.mark.django_db
def test_files_lie_inside_it_each_once_with_what_they_are(get):
    files = [
        Attached("b.json", "application/json", b"{}", "Alles (JSON)"),
        Attached("a.csv", "text/csv", b"n\r\n1\r\n", "Заголовок"),
    ]
    file = pikepdf.open(BytesIO(made_for(get(), "Élan", files)))
    names = list(file.Root.Names.EmbeddedFiles.Names)[::2]
    assert [str(name) for name in names] == ["a.csv", "b.json"]
    assert [str(each.AFRelationship) for each in file.Root.AF] == ["/Data", "/Data"]
    csv, json = (file.attachments[name] for name in ("a.csv", "b.json"))
    assert csv.description == "Заголовок"
    assert (csv.get_file().mime_type, csv.get_file().read_bytes()) == ("text/csv", b"n\r\n1\r\n")
    assert json.get_file().mime_type == "application/json"
    assert str(json.get_file().obj.Params.ModDate) == "D:20260102030405Z"


def made_for(request, title, files=()):
    return answer_for(request, title, files).content


def answer_for(request, title="Élan", files=()):
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    about = replace(About.of(request, title), made_at=at)
    context = {"title": title, "tables": []}
    return pdf.pdf_response(request, "kit/list.html", context, "00102004", about=about, files=files)
