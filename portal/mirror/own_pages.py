"""Pages that only a copy has: its search, what it is, and lists of all that has a page in it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy
from lxml import html as lxml_html

from portal.public.views.programs.discovery import KINDS
from projects.models import Organization

ABOUT, SEARCH = "/copy/", "/search/"
SUMS, DESCRIPTION = "SHA256SUMS", "mirror.json"
# Links on one page of all things of a kind.
MANY = 1000


class Kind(NamedTuple):
    """Things that have a page in the copy: their kind in the site map, and their order."""

    title: Any
    kind: str
    order: str

    def links(self) -> Iterator[tuple[str, str]]:
        """Label and address of each, as the site's own lists have them."""
        name, rows, field = KINDS[self.kind]
        found = rows().order_by(self.order, "pk")
        if found.model is Organization:
            # They may name a person; lists have them as a sum.
            found = found.exclude(kind=Organization.Kind.INDIVIDUALS)
        for row in found.iterator(chunk_size=2000):
            yield str(row), reverse(name, args=[getattr(row, field)])


CONTENTS: Mapping[str, Kind] = MappingProxyType(
    {
        "projects": Kind(gettext_lazy("Projects"), "projects", "number"),
        "funds": Kind(gettext_lazy("Funds"), "funds", "name"),
        "organizations": Kind(gettext_lazy("Organizations"), "organizations", "name"),
        "contributors": Kind(gettext_lazy("Contributors"), "contributors", "name"),
        "countries": Kind(gettext_lazy("Countries"), "countries", "name"),
        "vouchers": Kind(gettext_lazy("Vouchers"), "vouchers", "number"),
        "documents": Kind(gettext_lazy("Documents"), "documents", "title"),
    }
)


class Own(NamedTuple):
    """A page of the copy's own: its address, its title, and what stands below it."""

    path: str
    title: Any
    content: str


def fixed_pages(told: Mapping[str, Any]) -> Iterator[Own]:
    """The search, and the page that says what the copy is; told: of when, and of what."""
    yield Own(SEARCH, gettext_lazy("Search"), render_to_string("mirror/search.html", {**told}))
    contents = [(kind.title, contents_path(name)) for name, kind in CONTENTS.items()]
    context = {
        **told,
        "contents": contents,
        "sums": ABOUT + SUMS,
        "description": ABOUT + DESCRIPTION,
    }
    yield Own(
        ABOUT, gettext_lazy("About this copy"), render_to_string("mirror/about.html", context)
    )


def contents_path(name: str, page: int = 1) -> str:
    """The address of a page of all things of a kind."""
    return f"{ABOUT}{name}/" if page == 1 else f"{ABOUT}{name}/{page}/"


def contents_pages(name: str, links: Iterable[tuple[str, str]]) -> Iterator[Own]:
    """All things of a kind, so many on a page; the first is there even if there are none."""
    rest = iter(links)
    page, some = 1, list(islice(rest, MANY))
    while some or page == 1:
        more = list(islice(rest, MANY))
        context = {
            "links": some,
            "previous": contents_path(name, page - 1) if page > 1 else "",
            "next": contents_path(name, page + 1) if more else "",
        }
        content = render_to_string("mirror/contents.html", context)
        yield Own(contents_path(name, page), CONTENTS[name].title, content)
        page, some = page + 1, more


def framed(frame: bytes, own: Own) -> bytes:
    """The page within the frame of another of the site, whose content goes."""
    tree: Any = lxml_html.document_fromstring(frame, parser=lxml_html.HTMLParser(encoding="utf-8"))
    title = tree.find(".//title")
    title.text = (
        f"{own.title} {title.text[title.text.index('–') :]}"
        if "–" in title.text
        else str(own.title)
    )
    for element in tree.xpath(
        "//link[@rel='canonical'] | //meta[@property or @name='description']"
    ):
        element.drop_tree()
    [heading] = tree.xpath("//main//h1")
    heading.text = str(own.title)
    [content] = tree.xpath("//main//*[@class='content']")
    for child in list(content):
        content.remove(child)
    content.append(lxml_html.fragment_fromstring(own.content, create_parent="div"))
    return lxml_html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")
