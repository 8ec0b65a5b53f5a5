"""Searching the text of public documents: pages, best first, with passages to show."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from documents.models import Document, DocumentPage
from portal.kit.text import fold

CANDIDATES = 3000
SHOWN = 500
AROUND = 110  # characters before and after what was found
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Passage:
    """A page that was found, with a few of its words."""

    document: Document
    page: int
    text: SafeString
    url: str


class _Asked(SearchQuery):
    """The query in the forms of every language that documents are in."""

    SEARCH_TYPES = {**SearchQuery.SEARCH_TYPES, "plain": "document_query"}


def found_pages(query: str) -> list[int]:
    """Ids of pages of public documents with all words of the query in some form, best first.

    Of a word that stands nearly everywhere, only CANDIDATES pages are ranked.
    """
    words = " ".join(_WORD.findall(query)[:12])
    if not words:
        return []
    public = DocumentPage.objects.filter(document__state=Document.State.PUBLIC)
    asked = _Asked(words)
    candidates = public.filter(search=asked).order_by()[:CANDIDATES]
    ranked = DocumentPage.objects.filter(pk__in=candidates.values("pk"))
    ranked = ranked.annotate(rank=SearchRank(F("search"), asked))
    best = ranked.order_by("-rank", "document_id", "number")
    return list(best.values_list("pk", flat=True)[:SHOWN])


def passages(ids: list[int], query: str) -> list[Passage]:
    """These pages, in this order, with what was found on them."""
    related = ("document__type", "document__project", "document__fund")
    pages = DocumentPage.objects.select_related(*related).in_bulk(ids)
    return [passage(pages[pk], query) for pk in ids if pk in pages]


def passage(page: DocumentPage, query: str) -> Passage:
    """The page with the first of what was found, marked."""
    document = page.document
    url = document.get_absolute_url()
    if document.media_type == "application/pdf":
        url = f"{url}#page={page.number}"
    return Passage(document, page.number, marked(page.text, query), url)


def marked(text: str, query: str) -> SafeString:
    """Some words around the first match, with every match in a <mark>."""
    stems = [_stem(word) for word in _WORD.findall(fold(query))]
    spans = [
        match.span()
        for match in _WORD.finditer(text)
        if any(fold(match[0]).startswith(stem) for stem in stems)
    ]
    start = max(0, spans[0][0] - AROUND) if spans else 0
    end = min(len(text), start + 3 * AROUND)
    # Not in the middle of a word.
    start = text.rfind(" ", 0, start) + 1 if start else 0
    parts, at = [], start
    for first, last in spans:
        if last > end:
            break
        parts += [(text[at:first], text[first:last])]
        at = last
    shown = format_html_join("", "{}<mark>{}</mark>", parts)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}{}", before, shown, text[at:end], after)


def _stem(word: str) -> str:
    """Enough of a word that its other endings begin so, too."""
    return word if len(word) < 5 else word[: max(4, len(word) - 2)]
