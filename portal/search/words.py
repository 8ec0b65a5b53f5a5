"""What somebody asked for: the words of the search field, and the queries that they make."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.contrib.postgres.search import SearchQuery
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.kit.text import fold

MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
# They tell nothing by themselves, and few titles have just those that somebody remembers.
_IDLE = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
    | {"de", "des", "du", "en", "et", "la", "le", "les", "ou", "par", "pour", "sur", "un", "une"}
    | {"del", "el", "las", "los", "para", "por", "y"}
)


@dataclass(frozen=True)
class Asked:
    """The text of a search, once it has been cleaned."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """Its words, folded and each once; those that tell nothing only if there is no other."""
        every = list(dict.fromkeys(_WORD.findall(fold(self.text))))
        return ([word for word in every if word not in _IDLE] or every)[:MOST_WORDS]

    @property
    def code(self) -> str:
        """The text as a number or code is written."""
        return " ".join(self.text.split()).lower()

    @property
    def is_code(self) -> bool:
        """Whether it may be a number or code: it has a digit, and no blank parts it."""
        return bool(re.search(r"\d", self.code)) and " " not in self.code

    @property
    def phrases(self) -> list[str]:
        """Each run of its words, as the folded name of a thing may be: "mali", "south sudan"."""
        every = " ".join(_WORD.findall(fold(self.text))[:MOST_WORDS]).split()
        ends = [(a, b) for a in range(len(every)) for b in range(a + 1, len(every) + 1)]
        return [" ".join(every[a:b]) for a, b in ends]


def query(words: Iterable[str], *, beginnings: bool = True, weight: str = "") -> SearchQuery:
    """All of these words, as whole words or as beginnings, in texts of this weight."""
    return raw(" & ".join(lexeme(word, beginnings=beginnings, weight=weight) for word in words))


def most_of(words: list[str], missing: int) -> SearchQuery:
    """All of the words but so many, whichever they are."""
    kept = combinations(words, len(words) - missing)
    return raw(" | ".join(f"({' & '.join(map(lexeme, some))})" for some in kept))


def raw(text: str) -> SearchQuery:
    """A query in the language of PostgreSQL; made of lexemes only."""
    return SearchQuery(text, config="simple", search_type="raw")


def lexeme(word: str, *, beginnings: bool = True, weight: str = "") -> str:
    """A word as it stands in such a query. It has letters and digits only."""
    options = f"{'*' if beginnings else ''}{weight}"
    return f"'{word}'{':' if options else ''}{options}"


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text, with what begins like one of the words in a <mark>."""
    return format_html_join("", "{}{}", _parts(text, tuple(words)))


def _parts(text: str, words: tuple[str, ...]) -> Iterator[tuple[str, SafeString | str]]:
    at = 0
    for found in _WORD.finditer(text):
        begun = max(
            (len(word) for word in words if fold(found.group()).startswith(word)), default=0
        )
        if begun:
            end = found.start() + min(begun, len(found.group()))
            marks = format_html_join("", "<mark>{}</mark>", [(text[found.start() : end],)])
            yield text[at : found.start()], marks
            at = end
    yield text[at:], ""
