"""What WeasyPrint's tags lack for PDF/UA-1, put right before the file is written.

It tags page by page: a table that goes on becomes another table, whose repeated headings are read
out again; names and values of `<dl>` are items without a list; headings state no scope; what stands
at the edges of a page and drawings without words count as content. All of that is mended in the
tree of structure, as pydyf has it, and in the marks within the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pydyf

# A reference to an object, as `b"12 0 R"`; a number is marked content of a page.
Kid: TypeAlias = bytes | int

_TEXTS = frozenset({"TH", "TD", "P", "Caption", "Lbl", "LBody", "Span", "Link"})
_TEXTS |= {f"H{level}" for level in range(1, 7)}
# They keep their place in the grid although nothing stands in them.
_CELLS = frozenset({"TR", "TH", "TD"})
_LAYOUT = {"Type": "/Layout"}


def mend_tags(document: Any, pdf: pydyf.PDF) -> None:
    """Mend the tree of structure and the marked content of all pages.

    document: as WeasyPrint rendered it. pdf: tagged, and not written yet.
    """
    tree = _Tree(pdf)
    edges = _edges(document, tree)
    repeated = _join_tables(document, tree)
    _join_parts(tree)
    _tidy(tree, tree.document)
    _settle(tree, {**edges, **repeated})


class _Tree:
    """The structure of a file, by references."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self.pdf = pdf
        self.root = self.at(pdf.catalog["StructTreeRoot"])
        self.document = self.at(self.root["K"][0])
        self.pages = [self.at(reference) for reference in pdf.page_references]

    def at(self, reference: bytes) -> Any:
        """The object with this reference."""
        return self.pdf.objects[int(reference.split()[0])]

    def elements(self, element: Any) -> Iterator[Any]:
        """The elements below this one that are elements themselves."""
        for kid in element["K"]:
            if isinstance(kid, bytes) and (child := self.at(kid)).get("Type") == "/StructElem":
                yield child

    def content(self, element: Any) -> Iterator[tuple[bytes, int, Any]]:
        """Page, number and element of all marked content of this element and those below."""
        for kid in element["K"]:
            if isinstance(kid, int):
                yield element["Pg"], kid, element
        for child in self.elements(element):
            yield from self.content(child)

    def annotations(self, element: Any) -> Iterator[tuple[bytes, bytes]]:
        """The references of all links, each with that of its element."""
        for kid in element["K"]:
            if isinstance(kid, bytes) and (child := self.at(kid)).get("Type") == "/OBJR":
                yield child["Obj"], element.reference
        for child in self.elements(element):
            yield from self.annotations(child)


def role(element: Any) -> str:
    """What an element is, such as "TH"."""
    return element["S"].removeprefix("/")


# --- Edges of pages


def _edges(document: Any, tree: _Tree) -> dict[tuple[bytes, int], dict[str, str]]:
    """What stands at the edges of pages: WeasyPrint makes elements of it that hang nowhere."""
    hanging = {(page, number) for page, number, _element in tree.content(tree.document)}
    loose: dict[bytes, list[int]] = {}
    for element in tree.pdf.objects:
        if isinstance(element, dict) and element.get("Type") == "/StructElem":
            for kid in element["K"]:
                if isinstance(kid, int) and (element["Pg"], kid) not in hanging:
                    loose.setdefault(element["Pg"], []).append(kid)
    found = {}
    for page, reference in zip(document.pages, tree.pdf.page_references, strict=True):
        keywords = [
            box.at_keyword
            for box in page._page_box.children
            if hasattr(box, "at_keyword")
            for part in box.descendants()
            if hasattr(part, "text")
        ]
        numbers = loose.get(reference, [])
        for number, keyword in zip(numbers, keywords, strict=len(numbers) == len(keywords)):
            edge = "/Header" if keyword.startswith("@top") else "/Footer"
            found[reference, number] = {"Type": "/Pagination", "Subtype": edge}
    return found


# --- Tables and parts that go on from page to page


def _join_tables(document: Any, tree: _Tree) -> dict[tuple[bytes, int], dict[str, str]]:
    """Make one table of its pieces; returns what repeats its headings."""
    begun: dict[Any, Any] = {}
    repeated = {}
    for page in document.pages:
        for source, piece in _tables_of(page._page_box, tree).items():
            table = begun.setdefault(source, piece)
            if table is piece:
                continue
            for child in tree.elements(piece):
                if role(child) == "THead":
                    for where in tree.content(child):
                        repeated[where[:2]] = {"Type": "/Pagination"}
                else:
                    table["K"].append(child.reference)
            piece["K"] = pydyf.Array()
    return repeated


def _tables_of(box: Any, tree: _Tree) -> dict[Any, Any]:
    """The tables of a page: the element of the page's HTML, and that of the structure."""
    found: dict[Any, Any] = {}
    waiting = [(box, None)]
    while waiting:
        box, source = waiting.pop()
        if getattr(box, "element_tag", None) == "table":
            source = box.element
        if source not in found and (cell := getattr(box, "mark", None)) is not None:
            while role(cell) != "Table":
                cell = tree.at(cell["P"])
            found[source] = cell
        waiting += [(child, source) for child in getattr(box, "children", ())]
    return found


def _join_parts(tree: _Tree) -> None:
    """What follows one another in `<main>` is one part, on however many pages."""
    last = None
    for child in tree.elements(tree.document):
        if last is not None and role(last) == role(child) == "Part":
            last["K"] += child["K"]
            child["K"] = pydyf.Array()
        else:
            last = child


# --- Each element by itself


def _tidy(tree: _Tree, element: Any) -> None:
    """Leave out what says nothing, from below, and lay out lists and tables as PDF has them."""
    kids: list[Kid] = []
    for kid in element["K"]:
        child = tree.at(kid) if isinstance(kid, bytes) else None
        if child is None or child.get("Type") != "/StructElem":
            kids.append(kid)
            continue
        _tidy(tree, child)
        kids += _instead_of(element, child)
    element["K"] = pydyf.Array(kids)
    if role(element) == "L":
        _as_list(tree, element)
    elif role(element) == "Table":
        _as_table(tree, element)


def _instead_of(parent: Any, child: Any) -> list[Kid]:
    """What of a child stands in its parent: itself, what is in it, or nothing."""
    is_drawing = role(child) == "Figure" and "Alt" not in child
    if is_drawing or (not child["K"] and role(child) not in _CELLS):
        return []
    in_table = role(parent) == "Table"
    has_content = any(isinstance(kid, int) for kid in child["K"])
    is_text = role(parent) in _TEXTS and parent.get("Pg") == child["Pg"]
    # A caption that is hidden on the page comes in rows and cells without an element.
    if in_table and role(child) == "Table":
        return list(child["K"])
    if role(child) == "Span" and is_text:
        return list(child["K"])
    if role(child) == "NonStruct":
        if not has_content:
            return list(child["K"])
        child["S"] = "/Span"
    if role(child) == "Caption" and not in_table:
        # Words of a drawing, which may hold lists of their own.
        child["S"] = "/Div"
    return [child.reference]


def _as_list(tree: _Tree, element: Any) -> None:
    """Each name with its values is an item, and names are labels."""
    for child in tree.elements(element):
        below = list(tree.elements(child))
        if role(child) == "Div" and {role(each) for each in below} == {"LI"}:
            bodies = [body for each in below for body in tree.elements(each)]
            bodies[0]["S"] = "/Lbl"
            child["S"] = "/LI"
            child["K"] = pydyf.Array(body.reference for body in bodies)


def _as_table(tree: _Tree, element: Any) -> None:
    """The caption first; headings say of what, which makes references to them needless."""
    parts = sorted(tree.elements(element), key=lambda child: role(child) != "Caption")
    element["K"] = pydyf.Array(part.reference for part in parts)
    for part in parts:
        scope = "/Column" if role(part) == "THead" else "/Row"
        for row in tree.elements(part):
            for cell in tree.elements(row):
                _as_cell(cell, scope)


def _as_cell(cell: Any, scope: str) -> None:
    cell.pop("ID", None)
    if "A" not in cell:
        return
    cell["A"].pop("Headers", None)
    if role(cell) == "TH":
        cell["A"]["Scope"] = scope
    elif len(cell["A"]) == 1:
        del cell["A"]


# --- The pages


def _settle(tree: _Tree, artifacts: dict[tuple[bytes, int], dict[str, str]]) -> None:
    """Let parents, pages and links agree with the tree; what is not in it is no content."""
    reached: set[bytes] = {tree.document.reference}
    _adopt(tree, tree.document, reached)
    owners: dict[bytes, dict[int, bytes]] = {page: {} for page in tree.pdf.page_references}
    for page, number, element in tree.content(tree.document):
        owners[page][number] = element.reference
    links = dict(tree.annotations(tree.document))
    numbers = pydyf.Array()
    for index, reference in enumerate(tree.pdf.page_references):
        owned, page = owners[reference], tree.pages[index]
        count = max(owned, default=-1) + 1
        numbers += [index, pydyf.Array(owned.get(number, "null") for number in range(count))]
        kinds = {number: kind for (where, number), kind in artifacts.items() if where == reference}
        _mark_artifacts(tree.at(page["Contents"]), owned, kinds)
        if "Annots" in page:
            page["Annots"] = pydyf.Array(each for each in page["Annots"] if each in links)
    for index, (annotation, element) in enumerate(links.items(), start=len(tree.pages)):
        tree.at(annotation)["StructParent"] = index
        numbers += [index, element]
    tree.at(tree.root["ParentTree"])["Nums"] = numbers
    for thing in tree.pdf.objects:
        is_element = isinstance(thing, dict) and thing.get("Type") == "/StructElem"
        if is_element and thing.reference not in reached:
            # Its number stays taken, or all others would have to be counted anew.
            thing.clear()


def _adopt(tree: _Tree, element: Any, reached: set[bytes]) -> None:
    for child in tree.elements(element):
        child["P"] = element.reference
        reached.add(child.reference)
        _adopt(tree, child, reached)


def _mark_artifacts(page: Any, owned: dict[int, bytes], kinds: dict[int, dict[str, str]]) -> None:
    """What no element owns is marked as what it is, in the commands of the page."""
    for at, command in enumerate(page.stream):
        if command != b"BDC":
            continue
        number = page.stream[at - 1].get("MCID")
        if number is not None and number not in owned:
            page.stream[at - 2] = "/Artifact"
            page.stream[at - 1] = pydyf.Dictionary(kinds.get(number, _LAYOUT))
