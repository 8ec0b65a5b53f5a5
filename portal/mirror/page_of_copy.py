"""A finished page of the site, made one of the copy: links that fit, and nothing left that only the
live site can do.

Pages are drawn as for anybody and changed afterwards, so that no template has to know of copies.
"""

import posixpath
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin

from django.conf import settings
from django.utils.translation import gettext
from lxml import etree
from lxml import html as lxml_html

from portal.about.context_processors import CLOSED
from portal.mirror.addresses import PARTS, PLAIN, Address, address_of
from portal.mirror.own_pages import ABOUT, CONTENTS

# The file of an address, or None where the copy does not have it.
Find = Callable[[Address], str | None]
_REMOVED = (
    "filters", "choose-columns", "sort-by", "other-dates", "follow", "staff-bar", "languages",
)  # fmt: skip
_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
# What asks the live site something, or offers what only it can give.
_LIVE_ONLY: Any = etree.XPath(
    " | ".join(
        (
            *(f"//*[{_CLASS.format(name)}]" for name in _REMOVED),
            f"//a[{_CLASS.format('sort')}][not(normalize-space())]",
            "//form[not(@role='search')]",
            "//*[local-name()='p'][a[starts-with(@href, '?picture=')]]",
            "//script[contains(@src, 'suggestions')]",
        )
    )
)
_PAGES: Any = etree.XPath(f"//nav[{_CLASS.format('pages')}]/ul")
_EXPORTS: Any = etree.XPath(f"//*[{_CLASS.format('table-foot')}] | //*[{_CLASS.format('exports')}]")
_EMPTY_MENUS: Any = etree.XPath(f"//*[{_CLASS.format('menu')}][not(.//li)]")
_LINKED: Any = etree.XPath("//*[@href or @src or @action]")
_SVG = frozenset({"svg", "g", "text"})
_PARSER = lxml_html.HTMLParser(encoding="utf-8")


def page_of_copy(content: bytes, path: str, file: str, find: Find, strip: str) -> Any:
    """The tree of the page at that path, to lie in `file`; strip: the HTML at its top."""
    tree: Any = lxml_html.document_fromstring(content, parser=_PARSER)
    for element in _LIVE_ONLY(tree):
        _drop(element)
    more = _PAGES(tree)
    for pages in more:
        _instead_of_pages(pages, path)
    here = address_of(path)
    if not more and here is not None and here.name in PARTS:
        # All its rows are on the page.
        for element in _EXPORTS(tree):
            _drop(element)
    tree.find("body").insert(1, lxml_html.fragment_fromstring(strip))
    fitting = _Fitting(path, file, find)
    for element in _LINKED(tree):
        fitting.fit(element)
    for element in _EMPTY_MENUS(tree):
        _drop(element)
    return tree


def written(tree: Any) -> bytes:
    """The page as a file holds it."""
    return lxml_html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")


def mark_searched(tree: Any) -> None:
    """Have the search of the copy find the page, by what is its own on it."""
    for main in tree.iter("main"):
        main.set("data-pagefind-body", "")
    for name in ("cite", "exports", "on-page", "only-print"):
        for element in tree.xpath(f"//*[{_CLASS.format(name)}]"):
            element.set("data-pagefind-ignore", "")


def _instead_of_pages(pages: Any, path: str) -> None:
    """A list has one page in the copy; where all it holds is listed, the way there."""
    name = path.strip("/")
    if name in CONTENTS:
        text = gettext("All of them, in this copy")
        link = lxml_html.fragment_fromstring(f'<p><a href="{ABOUT}{name}/">{escape(text)}</a></p>')
        pages.addprevious(link)
    _drop(pages)


def _drop(element: Any) -> None:
    """Take it out, and leave the text behind it."""
    if element.getparent() is not None:
        element.drop_tree()


def _is_of_formats(choices: Any) -> bool:
    """Whether the list offers a page's files and other forms, each of which is there or not."""
    classes = choices.get("class", "").split(), choices.getparent().get("class", "").split()
    return "exports" in classes[0] or "menu" in classes[1]


class _Fitting:
    """Makes the links of one page fit."""

    def __init__(self, path: str, file: str, find: Find) -> None:
        self.url, self.folder, self.find = quote(path), posixpath.dirname(file) or ".", find

    def fit(self, element: Any) -> None:
        """Lead to a file of the copy, plainly to the live site, or nowhere."""
        if not isinstance(element.tag, str):
            return
        element.attrib.pop("data-suggestions", None)
        name = next(name for name in ("href", "src", "action") if name in element.attrib)
        target = element.get(name)
        absolute = urljoin(f"{settings.SITE_URL}{self.url}", target)
        if target.startswith("#") or not f"{absolute}/".startswith(f"{settings.SITE_URL}/"):
            return
        url, fragment = urldefrag(absolute)
        address = address_of(url)
        # What the head says of the page to machines is said of the live one.
        is_said = element.tag == "link" and element.get("rel") not in ("stylesheet", "icon")
        file = None if is_said or address is None else self.find(address)
        if file is not None:
            here = quote(posixpath.relpath(file, self.folder), safe="/~")
            element.set(name, here + (f"#{fragment}" if fragment else ""))
        elif element.tag == "a":
            self._without_file(element, absolute, address)
        elif element.tag == "link":
            element.set(name, absolute)
        else:
            _drop(element)

    def _without_file(self, link: Any, absolute: str, address: Address | None) -> None:
        path = address.path if address else ""
        parent = link.getparent()
        of_account = path.startswith(CLOSED)
        if of_account or (parent.tag == "li" and _is_of_formats(parent.getparent())):
            _drop(parent if parent.tag == "li" else link)
        elif self._is_plain(link, address):
            link.drop_tag()
        else:
            link.set("href", absolute)
            words = escape(gettext("on the live site"))
            link.append(
                lxml_html.fragment_fromstring(
                    f'<span class="live">\u00a0↗<span class="hidden"> {words}</span></span>'
                )
            )

    def _is_plain(self, link: Any, address: Address | None) -> bool:
        """Whether the words alone do: other orders and rows of the page, and what is in files."""
        if address is None:
            return False
        same_page = address.path == unquote(self.url)
        in_picture = link.getparent().tag in _SVG
        return in_picture or same_page or address.name in PLAIN
