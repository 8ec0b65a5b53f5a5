"""Searching the text of public documents: pages, best first, with passages to show."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from documents.models import Document, DocumentPage
from portal.kit.text import fold

CANDIDATES = 3000
SHOWN = 500
AROUND = 110  # characters before and after what was found
WORDS = 12
_READ = (
    "number",
    "text",
    "document__title",
    "document__url",
    "document__media_type",
    "document__document_date",
    "document__type__name",
    "document__project__number",
    "document__project__title",
    "document__fund__code",
    "document__fund__name",
)
_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r'["“„«]([^"“”„«»]*)["“”»]|([^\s"“”„«»]+)')


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


def asked(query: str) -> list[list[str]]:
    """What must stand on a page: words, and phrases, which were put in quotation marks."""
    found: list[list[str]] = []
    for phrase, words in _ASKED.findall(query):
        if phrase:
            found.append(_WORD.findall(phrase))
        else:
            found += [[word] for word in _WORD.findall(words)]
    return [words for words in found if words][:WORDS]


def pages_with(query: str) -> QuerySet[DocumentPage]:
    """Pages of public documents with all words of the query in some form."""
    wanted = _wanted(query)
    return _public().none() if wanted is None else _public().filter(search=wanted)


def _public() -> QuerySet[DocumentPage]:
    return DocumentPage.objects.filter(document__state=Document.State.PUBLIC)


def _wanted(query: str) -> _Asked | None:
    """What has to stand on a page; None where nothing is asked for."""
    # Each in quotation marks, so that no word is taken for an operator: French has "or".
    words = " ".join(f'"{" ".join(words[:WORDS])}"' for words in asked(query))
    return _Asked(words) if words else None


def found_pages(query: str) -> list[int]:
    """Ids of pages of public documents with all words of the query in some form, best first.

    Of a word that stands nearly everywhere, only CANDIDATES pages are ranked.
    """
    wanted = _wanted(query)
    if wanted is None:
        return []
    candidates = _public().filter(search=wanted).order_by()[:CANDIDATES]
    ranked = DocumentPage.objects.filter(pk__in=candidates.values("pk"))
    ranked = ranked.annotate(rank=SearchRank(F("search"), wanted))
    best = ranked.order_by("-rank", "document_id", "number")
    return list(best.values_list("pk", flat=True)[:SHOWN])


def passages(ids: list[int], query: str) -> list[Passage]:
    """These pages, in this order, with what was found on them."""
    related = ("document__type", "document__project", "document__fund")
    # Only what is shown: narratives and search vectors of projects cost more than the search.
    pages = DocumentPage.objects.select_related(*related).only(*_READ).in_bulk(ids)
    return [passage(pages[pk], query) for pk in ids if pk in pages]


def passage(page: DocumentPage, query: str) -> Passage:
    """The page with the best place of what was found, marked."""
    document = page.document
    url = document.get_absolute_url()
    if document.media_type == "application/pdf":
        url = f"{url}#page={page.number}"
    return Passage(document, page.number, marked(page.text, query), url)


def marked(text: str, query: str) -> SafeString:
    """Some words around the place with most of what was asked for, each in a <mark>."""
    text = unicodedata.normalize("NFKC", text)
    spans = _spans(text, asked(query))
    first = _best(spans)
    start = max(0, first - AROUND) if spans else 0
    end = min(len(text), start + 3 * AROUND)
    # Not in the middle of a word.
    start = text.rfind(" ", 0, start) + 1 if start else 0
    parts, at = [], start
    for begins, ends, _which in spans:
        if begins < start:
            continue
        if ends > end:
            break
        parts += [(text[at:begins], text[begins:ends])]
        at = ends
    shown = format_html_join("", "{}<mark>{}</mark>", parts)
    if end < len(text) and (blank := text.rfind(" ", at, end + 1)) > at:
        end = blank
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}{}", before, shown, text[at:end], after)


def _spans(text: str, wanted: list[list[str]]) -> list[tuple[int, int, int]]:
    """Where what was asked for stands: begin, end, and which of it."""
    if not wanted:
        return []
    choices = "|".join(
        "(" + r"[\W_]+".join(_form(_plain(word)) for word in words) + ")" for words in wanted
    )
    rule = re.compile(rf"(?<![^\W_])(?:{choices})")
    return [(*match.span(), match.lastindex or 0) for match in rule.finditer(_plain(text))]


def _plain(text: str) -> str:
    """The text folded letter by letter, so that each stays in its place."""
    text = unicodedata.normalize("NFKC", text)
    return text.translate({ord(letter): _letter(letter) for letter in set(text)})


@lru_cache(maxsize=10_000)
def _letter(letter: str) -> str:
    plain = fold(letter)
    return plain if len(plain) == 1 else letter


def _form(word: str) -> str:
    """The word with any other ending."""
    if len(word) < 5:
        return rf"{word}[^\W_]{{0,{len(word) - 1}}}(?![^\W_])"
    return rf"{word[: max(4, len(word) - 2)]}[^\W_]*"


def _best(spans: list[tuple[int, int, int]]) -> int:
    """Where the passage with most of what was asked for begins; of equal ones the first."""
    best, most, first = 0, 0, 0
    for last in range(len(spans)):
        while spans[last][1] - spans[first][0] > 2 * AROUND and first < last:
            first += 1
        count = len({which for _begins, _ends, which in spans[first : last + 1]})
        if count > most:
            best, most = spans[first][0], count
    return best
