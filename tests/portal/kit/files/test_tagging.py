"""The structure of a PDF: tables in one piece, names with their values, edges apart."""

from io import BytesIO

import pikepdf
import pytest
import weasyprint

from portal.kit.files.about import About
from portal.kit.files.archival import OUTPUT_INTENT, VARIANT, Archival
from tests.structure import elements, kids, marks, words_by_role

_PAGE = """<html lang="en"><title>T</title>
<style>@page {{ size: 100mm 60mm; margin: 12mm; @top-left {{ content: "above" }}
 @bottom-right {{ content: "below" }} }}</style><main>{}</main>"""


def made_of(content):
    """A PDF of a page, as the portal finishes it."""
    about = About.by(None, "T", source="https://portal.example.org/")
    return weasyprint.HTML(string=_PAGE.format(content)).write_pdf(
        pdf_variant=VARIANT, output_intent=OUTPUT_INTENT, finisher=Archival(about)
    )


def drawn(content):
    return pikepdf.open(BytesIO(made_of(content)))


def rows(count):
    cells = "".join(f'<tr><th scope="row">r{n}</th><td>{n}</td></tr>' for n in range(count))
    head = '<thead><tr><th scope="col"><a href="https://x.example/">Name</a></th><th>n</th></tr></thead>'
    return f"<table><caption>All</caption>{head}<tbody>{cells}</tbody></table>"


def test_a_table_on_many_pages_is_one_table_with_one_heading():
    file = drawn(rows(60))
    assert len(file.pages) > 4
    (table,) = elements(file, "Table")
    parts = [str(part.S) for part in table.K]
    assert parts[:2] == ["/Caption", "/THead"]
    assert set(parts[2:]) == {"/TBody"}
    assert len(elements(file, "TR")) == 61
    scopes = [str(cell.A.Scope) for cell in elements(file, "TH")]
    assert scopes == ["/Column"] * 2 + ["/Row"] * 60
    assert len(elements(file, "Part")) == 1
    # The headings that are repeated are read but once, and nothing leads on from them.
    assert len(elements(file, "Link")) == 1
    assert sum(len(page.get("/Annots", ())) for page in file.pages) == 1


def test_what_stands_at_the_edges_of_pages_is_no_content():
    file = drawn(rows(60))
    for page in file.pages:
        kinds = [mark for mark in marks(page) if mark.get("/Type") == "/Pagination"]
        assert [str(k.Subtype) for k in kinds if "/Subtype" in k] == ["/Header", "/Footer"]


def test_names_of_a_list_are_labels_of_their_values():
    names = "<dl><div><dt>Spent</dt><dd>4</dd></div><div><dt>Left</dt><dd>6</dd></div></dl>"
    file = drawn(names)
    (outer,) = elements(file, "L")
    assert [[str(part.S) for part in item.K] for item in outer.K] == [["/Lbl", "/LBody"]] * 2
    assert words_by_role(made_of(names)) == [
        ("Lbl", "Spent"), ("LBody", "4"), ("Lbl", "Left"), ("LBody", "6"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        ('<svg width="9" height="9" aria-hidden="true"><path d="M0 0H9V9Z"/></svg>', []),
        ('<svg width="9" height="9"><title>Rise</title><path d="M0 0H9V9Z"/></svg>', ["Rise"]),
    ],
)
def test_a_drawing_without_words_is_decoration(drawing, words):
    file = drawn(f"<p>{drawing} x</p>")
    assert [str(figure.Alt) for figure in elements(file, "Figure")] == words


def test_a_hidden_caption_is_the_caption_of_its_table():
    style = 'style="position: absolute; display: block"'
    file = drawn(rows(2).replace("<caption>", f"<caption {style}>"))
    assert str(kids(elements(file, "Table")[0])[0].S) == "/Caption"


def test_each_mark_on_a_page_belongs_to_an_element_of_the_tree():
    file = drawn(rows(60) + "<ul><li>a</li></ul><p>b <b>c</b></p>")
    tree = dict(zip(*[iter(file.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for number, page in enumerate(file.pages):
        numbers = [int(mark.MCID) for mark in marks(page) if "/MCID" in mark]
        assert all(tree[number][n].S for n in numbers)
