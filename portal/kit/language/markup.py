"""Texts that came with the marks of a web page: what a person would have read there.

Publishers paste HTML into narratives. Its tags become paragraphs and lines, its entities the
signs that they stand for, once. `escaped` writes a text so that it is read back as it is.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_TAG = re.compile(
    r"</?(?:a|abbr|article|b|big|blockquote|body|br|caption|center|cite|code|dd|del|div|dl|dt|em"
    r"|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link"
    r"|main|mark|meta|nav|object|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub"
    r"|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|video)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_PARAGRAPHS = frozenset(
    {
        *("article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("main", "nav", "ol", "p", "pre", "section", "table", "ul"),
    }
)
_LINES = frozenset(("br", "li", "tr"))
_UNREAD = frozenset(("head", "iframe", "object", "script", "style", "svg", "title", "video"))


def is_marked_up(text: str) -> bool:
    """Whether the text has tags or entities of HTML."""
    return bool(_TAG.search(text) or _ENTITY.search(text))


def plain(text: str) -> str:
    """The text as it reads: a paragraph for a paragraph, a sign for its entity."""
    if "<" in text and _TAG.search(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        read = "".join(reader.parts).replace("\xa0", " ")
        read = re.sub(r"[ \t]+", " ", read)
        read = re.sub(r" ?\n ?", "\n", read)
        return re.sub(r"\n{3,}", "\n\n", read).strip()
    return _ENTITY.sub(_sign, text) if "&" in text else text


def _sign(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace("\xa0", " ")


def escaped(text: str) -> str:
    """The text as a narrative that reads back as it is."""
    return html.escape(text, quote=False) if is_marked_up(text) else text


class _Reader(HTMLParser):
    """Collects what a page would show as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
        self._break(tag)

    def handle_startendtag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        if tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
