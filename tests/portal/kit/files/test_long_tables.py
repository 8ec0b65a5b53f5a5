"""PDFs of long tables: drawn like a sample of their rows, and the same to whoever reads them."""

import re
import subprocess
from functools import cache
from io import BytesIO

import pikepdf
import pytest
import weasyprint

from portal.kit.files import long_tables
from portal.kit.files.about import About
from portal.kit.files.archival import OUTPUT_INTENT, VARIANT, Archival
from portal.kit.files.drawn_rows import PageWithRows, rendered
from portal.kit.files.row_tags import tag_rows
from tests.structure import elements, kids, marks, words_by_role

_SITE = "https://portal.example.org/list/"
_STYLE = """
@page { size: 150mm 100mm; margin: 10mm; @bottom-right { content: "below" } }
table { width: 100%; border-spacing: 0 }
td, th { padding: 2px 4px; border-bottom: 1px solid #999; vertical-align: baseline }
tr { break-inside: avoid }
.state { white-space: nowrap }
.n { text-align: right } .n a { text-decoration: none } a { text-decoration: none }
small { display: block; font-size: 0.8em; white-space: nowrap }
.state::before { content: ""; display: inline-block; width: 6px; height: 6px }
.state::before { border: 1px solid red }
"""
FEWEST, ROWS = 15, 18
_LONG = "Clean water and schools for the villages of the northern districts, second phase"


@pytest.fixture(autouse=True)
def _few_rows_are_many(monkeypatch):
    """What reads tags takes as long as rows are many, squared: there are no more of them than fill
    a first page, one in the middle and a last one."""
    monkeypatch.setattr(long_tables, "FEWEST_ROWS", FEWEST)


def page_of(rows, direction="ltr"):
    """A page with a table of these rows of cells."""
    body = "\n".join(f"<tr>{cells}</tr>" for cells in rows)
    head = '<tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Sum</th></tr>'
    return (
        f'<html lang="en" dir="{direction}"><title>T</title><style>{_STYLE}'
        f"html {{ direction: {direction} }}</style>"
        f'<main><table class="table"><caption>All</caption><thead>{head}</thead>'
        f"<tbody>{body}</tbody></table><p>After it</p></main>"
    )


def cells_of(number, name=""):
    """A row: a link, a mark before words, a figure with a line below."""
    named = name or f"Project {number}"
    return (
        f'<th scope="row"><a href="/project/{number}/">{named}</a></th>'
        f'<td><span class="state">Open {number}</span></td>'
        f'<td class="n"><a href="/project/{number}/records/?a=1&amp;b=2">{number * 37}</a>'
        f" <small>interim: {number}</small></td>"
    )


def laid_out(html):
    """The page by WeasyPrint alone."""
    document = weasyprint.HTML(string=html, base_url=_SITE)
    return document.write_pdf(
        pdf_variant=VARIANT, output_intent=OUTPUT_INTENT, finisher=Archival(_about())
    )


@cache
def document_of(html):
    """The page as the portal has it drawn, not written yet."""

    def make(string):
        return weasyprint.HTML(string=string, base_url=_SITE)

    options = {"pdf_variant": VARIANT, "output_intent": OUTPUT_INTENT, "stylesheets": []}
    return rendered(html, make, _SITE, **options)


@cache
def drawn(html):
    """The page as the portal has it drawn."""
    return document_of(html).write_pdf(
        pdf_variant=VARIANT, output_intent=OUTPUT_INTENT, finisher=Archival(_about(), tag_rows)
    )


def _about():
    return About.by(None, "T", source=_SITE)


def words(pdf):
    """What is read out, one after the other."""
    return "".join(text for _role, text in words_by_role(pdf)).replace(" ", "")


def seen(pdf):
    """What stands on the pages, without what is drawn beyond their edges."""
    command = ["pdftotext", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def links(pdf):
    """Where each page leads to."""
    pages = pikepdf.open(BytesIO(pdf)).pages
    return [[str(each.A.URI) for each in page.get("/Annots", ())] for page in pages]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_rows_that_are_drawn_read_and_lead_as_rows_that_are_laid_out(direction):
    html = page_of([cells_of(n, _LONG if n % 7 == 0 else "") for n in range(ROWS)], direction)
    document = document_of(html)
    # All but the last, which shows how a table ends.
    assert sum(len(page.rows) for page in document.pages) == ROWS - 1
    assert len(document.pages) > 2
    ours, theirs = drawn(html), laid_out(html)
    assert words(ours) == words(theirs)
    assert [sorted(page) for page in links(ours)] == [sorted(page) for page in links(theirs)]


def test_a_table_of_drawn_rows_is_one_table_of_headings_and_cells():
    file = pikepdf.open(BytesIO(drawn(page_of([cells_of(n) for n in range(ROWS)]))))
    (table,) = elements(file, "Table")
    parts = [str(part.S) for part in table.K]
    assert parts[:2] == ["/Caption", "/THead"]
    assert set(parts[2:]) == {"/TBody"}
    rows = elements(file, "TR")
    assert len(rows) == ROWS + 1
    assert {tuple(str(cell.S) for cell in kids(row)) for row in rows[1:]} == {("/TH", "/TD", "/TD")}
    scopes = [str(cell.A.Scope) for cell in elements(file, "TH")]
    assert scopes == ["/Column"] * 3 + ["/Row"] * ROWS


def test_each_mark_and_each_link_of_drawn_rows_belongs_to_its_element():
    file = pikepdf.open(BytesIO(drawn(page_of([cells_of(n) for n in range(ROWS)]))))
    tree = dict(zip(*[iter(file.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for number, page in enumerate(file.pages):
        owned = [int(mark.MCID) for mark in marks(page) if "/MCID" in mark]
        assert len(owned) == len(set(owned))
        assert all(n in kids(tree[number][n]) for n in owned)
        for link in page.get("/Annots", ()):
            assert str(tree[int(link.StructParent)].S) == "/Link"
            assert int(link.F) == 4


def test_cells_of_a_rare_shape_are_laid_out_beside_those_that_are_drawn():
    rows = [cells_of(n) for n in range(ROWS)]
    rows[13] = re.sub(r"<td>.*?</td>", "<td><ul><li>one</li><li>two</li></ul></td>", rows[13])
    html = page_of(rows)
    ours = drawn(html)
    assert words(ours) == words(laid_out(html))
    assert len(elements(pikepdf.open(BytesIO(ours)), "LI")) == 2


def test_a_row_that_stands_out_is_laid_out_as_it_is():
    rows = [cells_of(n) for n in range(ROWS)]
    html = page_of(rows).replace("<tr>" + rows[11], '<tr class="sum">' + rows[11])
    shown = [one for page in document_of(html).pages for one in page.rows]
    assert len(shown) == ROWS - 2
    assert words(drawn(html)) == words(laid_out(html))


def test_nothing_stands_beyond_its_column_or_its_page():
    html = page_of([cells_of(n, f"{_LONG} {n} " * (1 + n % 3)) for n in range(ROWS)])
    for page in document_of(html).pages:
        for one in page.rows:
            assert one.box.position_y + one.row.height <= page.height - 37
            for _cell, placed in one.row.cells:
                assert all(each.x >= -0.1 for each in placed.pieces)
                assert all(each.x + each.width <= one.box.width + 0.1 for each in placed.pieces)
                last = max(each.y for each in placed.pieces)
                assert one.row.baseline + last < one.row.height


def test_a_short_table_is_laid_out_by_itself():
    html = page_of([cells_of(n) for n in range(FEWEST - 1)])
    assert long_tables.long_tables(html) == []
    assert not any(isinstance(page, PageWithRows) for page in document_of(html).pages)


_MANY = [f"word{n}" for n in range(1500)]


@pytest.mark.parametrize("cell", ["{}", "<ul><li>{}</li></ul>"], ids=["drawn", "rare"])
def test_all_words_of_a_row_higher_than_a_page_are_on_pages(cell):
    rows = [cells_of(n) for n in range(ROWS)]
    rows[12] = rows[12].replace(">Project 12<", f">{cell.format(' '.join(_MANY))}<")
    file = seen(drawn(page_of(rows)))
    found = set(file.split())
    assert [word for word in _MANY if word not in found] == []
    assert [n for n in range(ROWS) if f"Open {n}\n" not in file] == []


def test_a_cell_that_leads_to_a_note_below_leads_there_in_the_file():
    rows = [cells_of(n).replace("</td>", ' <a href="#fn-1">1</a></td>', 1) for n in range(ROWS)]
    html = page_of(rows).replace("<p>After", '<p id="fn-1">After')
    pages = pikepdf.open(BytesIO(drawn(html))).pages
    found = [each for page in pages for each in page.get("/Annots", ())]
    assert not any("#" in str(each.A.URI) for each in found if "/A" in each)
    assert sum(str(each.get("/Dest", "")) == "fn-1" for each in found) == ROWS


def test_a_rule_in_the_colour_of_the_words_is_drawn_in_it():
    html = page_of([cells_of(n) for n in range(ROWS)])
    html = html.replace("border-bottom: 1px solid #999", "border-bottom: 1px solid; color: #123456")
    assert words(drawn(html)) == words(laid_out(html))
