"""PDFs fetch our own static files and nothing else."""

import sys

import pytest

from portal.kit.files import pdf


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
    response = pdf.pdf_response(get(year="2016"), "kit/list.html", {}, "projects")
    assert response.status_code == 503
    text = response.content.decode()
    assert "libpango-1.0-0" in text
    assert "?year=2016&amp;format=print" in text
    assert "?year=2016&amp;format=xlsx" in text


@pytest.mark.django_db
def test_a_pdf_has_title_language_tags_and_a_name(get):
    from io import BytesIO

    from pypdf import PdfReader

    context = {"title": "Élan", "tables": []}
    response = pdf.pdf_response(get(sample=True), "kit/list.html", context, "00102004")
    assert 'filename="SAMPLE-00102004-' in response["Content-Disposition"]
    root = PdfReader(BytesIO(response.content)).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
