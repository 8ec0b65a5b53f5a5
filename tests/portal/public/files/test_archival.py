"""PDFs for archives and for all readers, with the data of their pages inside, and every word on its
page, however many columns a table has."""

import csv
import io
import json
import re
import subprocess
import zipfile
from itertools import pairwise

import pikepdf
import pytest

from finance.models import Voucher
from projects.models import Status
from tests.portal.withholding.world import World
from tests.structure import attached, elements, kids, marks

pytestmark = pytest.mark.django_db

TABLES = (
    "/fund/UNA00/statement/",
    "/fund/UNA00/annual-report/?year=2021",
    "/fund/UNA00/annual-report/2021/1/",
    "/contributor/UNDP/statement/2021/",
    "/projects/",
)
PAGES = (*TABLES, "/project/00102004/", "/fund/UNA00/", "/funds/statement/")
# What may lie directly in these (ISO 32000-1, 14.8.4.3).
_WITHIN = {
    "/L": {"/LI", "/Caption", "/L"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/Caption", "/THead", "/TBody", "/TFoot"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TFoot": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
_PARENTS = {"/LI": {"/L"}, "/TR": {"/THead", "/TBody", "/TFoot"}, "/Lbl": {"/LI"}}
_PARENTS |= {"/LBody": {"/LI"}, "/TH": {"/TR"}, "/TD": {"/TR"}, "/Caption": {"/Table"}}


@pytest.fixture(scope="module")
def drawn(module_db):
    """Gives the PDF of a page, drawn once: projects with money of all kinds, one of them closed."""
    world = World()
    world.open.status = Status.OPERATIONALLY_CLOSED
    world.open.save()
    made = {}

    def draw_pdf(client, page):
        if page not in made:
            answer = client.get(with_format(page, "pdf"))
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/pdf"
            made[page] = answer.content
        return made[page]

    return draw_pdf


@pytest.fixture(scope="module")
def opened(drawn):
    """Gives the same opened."""
    return lambda client, page: pikepdf.open(io.BytesIO(drawn(client, page)))


def with_format(page, fmt):
    return f"{page}{'&' if '?' in page else '?'}format={fmt}"


def without_time(content):
    return re.sub(rb'"made_at": "[^"]*"', b"", content)


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("page", TABLES)
def test_the_files_inside_are_those_that_the_page_gives(client, opened, page, language):
    inside = attached(opened(client, language + page))
    (name,) = (name for name in inside if name.endswith(".json"))
    theirs = client.get(with_format(language + page, "json")).getvalue()
    assert without_time(inside[name]) == without_time(theirs)
    answer = client.get(with_format(language + page, "csv"))
    given = [answer.getvalue()]
    if answer.headers["Content-Type"] == "application/zip":
        with zipfile.ZipFile(io.BytesIO(given[0])) as archive:
            given = [archive.read(name) for name in archive.namelist() if name.endswith(".csv")]
    own = [content for name, content in inside.items() if name.endswith(".csv")]
    assert own
    assert set(own) <= set(given)
    left_out = set(given) - set(own)
    assert all(content.count(b"\n") == 1 for content in left_out)


def test_a_factsheet_takes_its_tables_along(client, opened):
    inside = attached(opened(client, "/project/00102004/"))
    theirs = client.get("/project/00102004/?format=json").getvalue()
    whole = next(content for name, content in inside.items() if name.endswith(".json"))
    assert without_time(whole) == without_time(theirs)
    tables = {table["title"]: table for table in json.loads(whole)["tables"]}
    (name,) = (name for name in inside if "vouchers" in name)
    assert re.fullmatch(r"00102004-vouchers-\d{4}-\d\d-\d\d\.csv", name)
    lines = list(csv.reader(io.StringIO(inside[name].decode("utf-8-sig"))))
    assert len(lines) - 1 == len(tables["Vouchers"]["rows"]) > 0


def test_a_voucher_takes_its_projects_along(client, opened):
    voucher = Voucher.objects.get(number="Zanzibar/10")
    inside = attached(opened(client, f"/voucher/{voucher.pk}/"))
    assert {name.partition(".")[2] for name in inside} == {"csv", "json"}
    assert all(b"Clinics in Zanzibar" in content for content in inside.values())


def test_names_of_files_are_told_apart_where_titles_have_no_latin_letters(client, opened):
    names = attached(opened(client, "/ar/project/00102004/"))
    assert any(name.startswith("00102004-vouchers-") for name in names)


@pytest.mark.usefixtures("opened")
def test_more_rows_than_a_file_is_to_hold_are_not_taken_along(client, monkeypatch):
    monkeypatch.setattr("portal.kit.files.exports.MOST_ATTACHED", 1)
    answer = client.get("/projects/?format=pdf")
    file = pikepdf.open(io.BytesIO(answer.content))
    assert attached(file) == {}
    assert "/AF" not in file.Root


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("page", PAGES)
def test_it_is_whole_and_tagged_as_archives_and_screen_readers_ask(client, opened, page, language):
    file = opened(client, language + page)
    said = file.open_metadata()
    assert (said.pdfa_status, said["pdfuaid:part"]) == ("3A", "1")
    assert "/?" in said["{http://purl.org/dc/terms/}bibliographicCitation"]
    assert str(file.Root.Lang) == (language.strip("/") or "en")
    assert not {"/OpenAction", "/AA", "/JavaScript"} & {*file.Root, *file.Root.Names}
    assert fonts_without_a_file(file) == set()
    for element in elements(file):
        below = {str(kid.S) for kid in kids(element) if hasattr(kid, "S") and "/S" in kid}
        allowed = _WITHIN.get(str(element.S))
        assert allowed is None or below <= allowed, element.S
        parents = _PARENTS.get(str(element.S))
        assert parents is None or str(element.P.S) in parents, element.S
        if str(element.S) == "/TH":
            assert str(element.A.Scope) in {"/Column", "/Row"}
        if str(element.S) == "/Figure":
            assert str(element.Alt)
    levels = [int(str(e.S)[2:]) for e in elements(file) if re.fullmatch(r"/H\d", str(e.S))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("page", PAGES)
def test_all_that_is_drawn_is_content_or_says_that_it_is_none(client, opened, page):
    file = opened(client, page)
    numbers = file.Root.StructTreeRoot.ParentTree.Nums
    tree = {int(n): owner for n, owner in zip(numbers[::2], numbers[1::2], strict=True)}
    for number, sheet in enumerate(file.pages):
        for mark in marks(sheet):
            if "/MCID" in mark:
                owner = tree[number][int(mark.MCID)]
                assert int(mark.MCID) in [k for k in kids(owner) if isinstance(k, int)]
        for annotation in sheet.get("/Annots", ()):
            assert str(tree[int(annotation.StructParent)].S) == "/Link"
            assert annotation.Contents
            assert int(annotation.F) == 4


def fonts_without_a_file(file):
    """The names of fonts that are used and not embedded."""
    return {
        str(font.BaseFont)
        for page in file.pages
        for font in page.Resources.get("/Font", {}).values()
        for below in font.get("/DescendantFonts", [font])
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(below.FontDescriptor)
    }


# --- Words on their page

# Kinds of pages that are made of most of the others' parts, in every other language.
IN_ALL_LANGUAGES = ("/project/00102004/", "/fund/UNA00/", "/contributor/UNDP/statement/2021/")
MARGIN = 20  # points; text ends well within the paper
ON_PAPER = (
    "/project/00102004/",
    "/project/00102004/closure/",
    "/projects/",
    "/projects/no-report/",
    "/fund/UNA00/",
    "/fund/UNA00/annual-report/",
    "/contributors/",
    "/contributor/UNDP/",
    "/contributor/UNDP/statement/2021/",
    "/organization/UNDP/",
    "/reports/",
    "/vouchers/",
    "/seals/",
)


def words_outside(pdf: bytes) -> list[str]:
    """The words that do not lie within the margins of their page."""
    found = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    width, outside = 0.0, []
    for line in found.stdout.decode().splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        word = re.search(r'xMin="(-?[\d.]+)".* xMax="(-?[\d.]+)".*?>(.*)</word>', line)
        # Marks over letters have no width.
        if word and not MARGIN < float(word[1]) <= float(word[2]) < width - MARGIN:
            outside.append(word[3])
    assert width
    return outside


@pytest.mark.parametrize(
    "page",
    [*ON_PAPER, *(f"/{code}{page}" for code in ("fr", "es", "ar") for page in IN_ALL_LANGUAGES)],
)
def test_every_word_of_a_pdf_lies_on_its_page(client, drawn, page):
    assert words_outside(drawn(client, page)) == []
