"""Tags and links of rows that were drawn (`drawn_rows.py`), in a tree that is mended already.

A long table has ten thousands of them. They are written as they stand in the file, for pydyf takes
five times as long to work that out of dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pydyf

from portal.kit.files.archival import Written
from portal.kit.files.drawn_rows import PageWithRows, RowOnPage

_SPECIAL = re.compile(r"([\\()])")
# Of points in pixels.
_SCALE = 0.75


def tag_rows(document: Any, pdf: pydyf.PDF) -> None:
    """Give the rows their places in the tree, and the pages the links in them."""
    at = pdf.objects
    root = at[_number(pdf.catalog["StructTreeRoot"])]
    numbers = at[_number(root["ParentTree"])]["Nums"]
    owners_of_pages = dict(zip(numbers[::2], numbers[1::2], strict=True))
    links: list[bytes] = []
    for index, reference in enumerate(pdf.page_references):
        page = document.pages[index]
        if isinstance(page, PageWithRows) and page.rows:
            first = len(owners_of_pages) + len(links)
            tags = _Tags(pdf, page, reference, owners_of_pages[index], first)
            tags.write()
            links += tags.links
    for key, owner in enumerate(links, start=len(owners_of_pages)):
        numbers += [key, owner]


class _Tags:
    """The tags and links of one page.

    owners: by its number, what owns each mark of the page. first_link: the number of the next link.
    """

    def __init__(
        self, pdf: pydyf.PDF, page: PageWithRows, reference: bytes, owners: Any, first_link: int
    ) -> None:
        self.pdf, self.page, self.reference = pdf, page, reference
        self.owners, self.first_link = owners, first_link
        self.links: list[bytes] = []
        self.annotations: list[bytes] = []
        owners += ["null"] * (page.first_mark - len(owners))

    def write(self) -> None:
        """All rows of the page, in their order."""
        kids: dict[int, list[bytes]] = {}
        for row in self.page.rows:
            if row.row.is_whole:
                room = self.pdf.objects[_number(row.cell.mark["P"])]
                kids.setdefault(room.number, []).append(self._row(row, room["P"]))
            else:
                self._cells(row)
        for number, rows in kids.items():
            self._replace(self.pdf.objects[number], rows)
        if self.annotations:
            self.pdf.objects[_number(self.reference)].setdefault("Annots", pydyf.Array()).extend(
                self.annotations
            )

    def _replace(self, room: Any, rows: Sequence[bytes]) -> None:
        """Put rows in the place of the room for them."""
        body = self.pdf.objects[_number(room["P"])]
        place = body["K"].index(room.reference)
        body["K"][place : place + 1] = rows
        # The numbers of what is left out stay taken, or all others would have to be counted anew.
        for kid in room["K"]:
            self.pdf.objects[_number(kid)].clear()
        room.clear()

    def _row(self, row: RowOnPage, body: bytes) -> bytes:
        """A row with all its cells; returns its reference."""
        element = self._added(b"")
        cells = []
        for column, (cell, _placed) in enumerate(row.row.cells):
            one = self._added(b"")
            head = b"/S/TH/A<</O/Table/Scope/Row>>" if cell.is_head else b"/S/TD"
            kids = self._kids(row, column, one.reference)
            one.data = self._element(head, element.reference, kids)
            cells.append(one.reference)
        element.data = self._element(b"/S/TR", body, cells)
        return element.reference

    def _cells(self, row: RowOnPage) -> None:
        """What was drawn into cells that are in the tree."""
        for column, (_cell, placed) in enumerate(row.row.cells):
            if placed is not None:
                element = row.box.children[column].mark
                element["K"] += self._kids(row, column, element.reference)

    def _kids(self, row: RowOnPage, column: int, cell: bytes) -> list[bytes]:
        """The texts and links of a cell."""
        kids = []
        for number, target, area in row.marks[column]:
            owner, kid = cell, b"%d" % number
            if target:
                link = self._added(b"")
                place = self._added(
                    b"<</Type/OBJR/Obj %b/Pg %b>>" % (self._link(target, area), self.reference)
                )
                link.data = self._element(b"/S/Link", cell, [place.reference, kid])
                owner = kid = link.reference
                self.links.append(owner)
            self.owners.append(owner)
            kids.append(kid)
        return kids

    def _link(self, target: str, area: tuple[float, float, float, float]) -> bytes:
        """The link on the page; returns its reference."""
        height = self.page.height
        x1, y1, x2, y2 = area
        left, top, right, bottom = (value * _SCALE for value in (x1, height - y1, x2, height - y2))
        uri = _SPECIAL.sub(r"\\\1", target)
        link = self._added(
            f"<</Type/Annot/Subtype/Link/F 4/BS<</W 0>>/Rect[{left:.2f} {top:.2f} {right:.2f}"
            f" {bottom:.2f}]/Contents({uri})/A<</Type/Action/S/URI/URI({uri})>>"
            f"/StructParent {self.first_link + len(self.links)}>>".encode("ascii")
        )
        self.annotations.append(link.reference)
        return link.reference

    def _element(self, role: bytes, parent: bytes, kids: Sequence[bytes]) -> bytes:
        return b"<</Type/StructElem%b/P %b/Pg %b/K[%b]>>" % (
            role, parent, self.reference, b" ".join(kids),
        )  # fmt: skip

    def _added(self, data: bytes) -> Written:
        written = Written(data)
        self.pdf.add_object(written)
        return written


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
