"""Twins of pages of words: the glossary, the help, what the office says of itself."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from lxml import html

from portal.about import helping, pages
from portal.kit.files.about import About
from portal.kit.files.markdown import MARKDOWN, escaped, link, page_text
from portal.kit.web.asked import refuse_unknown_names

# Pages by the name of their address.
TEXTS: dict[str, Callable[..., HttpResponse]] = {
    "glossary": pages.glossary,
    "contact": pages.contact,
    "scam-alert": pages.scam_alert,
    "information-disclosure": pages.information_disclosure,
    "help": helping.index,
    "help-page": helping.page,
}
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = frozenset({"p", "dt", "dd", "blockquote", "figcaption", "caption", "tr", "address"})
# What is to be seen or used, not read.
_LEFT_OUT = ["script", "style", "svg", "img", "form", "button", "nav", "template"]


def text_twin(name: str) -> Callable[..., HttpResponse]:
    """The view that gives the page of that name as Markdown."""

    @require_safe
    def twin(request: HttpRequest, **named: str) -> HttpResponse:
        refuse_unknown_names(request)
        found: Any = html.fromstring(TEXTS[name](request, **named).content)
        [main] = found.xpath("//main")
        for each in list(main.iter(*_LEFT_OUT)):
            each.drop_tree()
        [title] = main.xpath(".//h1")
        about = About.of(request, title.text_content())
        title.drop_tree()
        page = settings.SITE_URL + reverse(name, kwargs=named)
        text = page_text(about, page, (), first=(f"{piece}\n\n" for piece in _pieces(main)))
        return HttpResponse(text, content_type=MARKDOWN)

    return twin


def _pieces(element: Any) -> Iterator[str]:
    """Headings, paragraphs and items in their order."""
    for child in element.iterchildren("*"):
        if child.tag in _HEADINGS:
            yield f"{'#' * int(child.tag[1])} {_line(child)}"
        elif child.tag == "li":
            yield f"- {_line(child)}"
        elif child.tag in _PARAGRAPHS:
            yield _line(child)
        else:
            yield from _pieces(child)


def _line(element: Any) -> str:
    """The words of an element in one line, with what they lead to."""
    words = [escaped(element.text or "")]
    for child in element.iterchildren("*"):
        url = child.get("href", "")
        leads = child.tag == "a" and not url.startswith("#")
        words += [
            link(child.text_content(), url) if leads else _line(child),
            escaped(child.tail or ""),
        ]
    return " ".join(filter(None, words))
