"""What somebody asked for: the words of the search field, and the queries that they make."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import combinations

from django.contrib.postgres.search import SearchQuery
from django.utils.functional import cached_property
from django.utils.html import format_html_join, strip_tags
from django.utils.safestring import SafeString

from portal.kit.text import WORD, fold, number_forms, squeeze, word_query

MOST_WORDS = 12
# A shorter run of digits within a longer text is no number of anything: "phase 2".
SHORTEST_NUMBER = 3
# They tell nothing by themselves, and few titles have just those that somebody remembers.
_IDLE = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
    | {"about", "are", "did", "do", "does", "give", "gave", "has", "have", "how", "is", "much"}
    | {"show", "that", "this", "was", "were", "what", "when", "where", "which", "why"}
    | {"d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur"}
    | {"un", "une", "del", "el", "las", "los", "para", "por", "y"}
    | {"combien", "comment", "donne", "est", "quel", "quelle", "quels", "qui", "que", "recu"}
    | {"como", "cual", "cuando", "cuanto", "da", "dio", "donde", "es", "ha", "quien", "recibio"}
    | {"كم", "ما", "من", "في", "على"}
)
# What kind of thing a word asks for: it need not stand in the name of one.
_OF_KIND = {
    "projects": "project projects projet projets proyecto proyectos programme programmes مشروع",
    "funds": "fund funds fonds fondo fondos money argent dinero صندوق",
    "organizations": (
        "organization organizations organisation organisations organizacion agency agencies "
        "agence agencia contributor contributors contributeur contribuyente donor donors "
        "donateur bailleur donante money argent dinero منظمة"
    ),
    "countries": "country countries pays pais money argent dinero بلد",
    "documents": "document documents documento documentos file وثيقة",
    "vouchers": "voucher vouchers payment payments paid transfer paiement pago pieza",
    "awards": "award awards",
    "arrangements": "arrangement arrangements agreement accord acuerdo",
}  # fmt: skip
_KINDS = {kind: frozenset(words.split()) for kind, words in _OF_KIND.items()}
_BEFORE_NUMBERS = frozenset({"number", "no", "nr", "n", "num", "numero", "id", "code", "ref"})
KIND_WORDS = _BEFORE_NUMBERS.union(*_KINDS.values())
# A whole address of a page, pasted: its path tells what is meant.
_ADDRESS = re.compile(r"https?://[^/\s]+([^\s?#]*)\S*", re.IGNORECASE)
# Letters that people take for digits.
_LIKE_DIGITS = str.maketrans("oOlIi", "00111")


@dataclass(frozen=True)
class Asked:
    """The text of a search, once it has been cleaned."""

    text: str

    @cached_property
    def every_word(self) -> list[str]:
        """Its words, folded, as they follow each other."""
        return WORD.findall(fold(self.text))[:MOST_WORDS]

    @cached_property
    def words(self) -> list[str]:
        """Its words, each once; those that tell nothing only if there is no other."""
        every = list(dict.fromkeys(self.every_word))
        return [word for word in every if word not in _IDLE] or every

    def of(self, kind: str, *, is_numbered: bool = True) -> "Asked":
        """Without words that only say which kind of thing is asked for, such as "fund", unless
        there are no others; with `is_numbered` also without "number", "no." before a number."""
        before = _BEFORE_NUMBERS if is_numbered and self.may_be_code else frozenset()
        apart = _KINDS[kind] | before
        parts = self.text.split()
        left = [part for part in parts if set(WORD.findall(fold(part))) - apart]
        return Asked(" ".join(left)) if 0 < len(left) < len(parts) else self

    @cached_property
    def code(self) -> str:
        """The text as a number or code is compared."""
        return squeeze(self.text)

    @cached_property
    def number(self) -> str:
        """The text as a number without leading zeros; "" where it has anything but digits."""
        return self.code.lstrip("0") if self.code.isdecimal() else ""

    @property
    def may_be_code(self) -> bool:
        """Whether it may be the number or code of a payment, an award, a project."""
        return any(letter.isdigit() for letter in self.code)

    @cached_property
    def with_digits(self) -> "Asked":
        """What has digits, with digits in place of the letters that look like them: "1O2OO4"."""
        parts = self.text.split()
        has_digit = re.compile(r"\d.*\d")
        return Asked(
            " ".join(p.translate(_LIKE_DIGITS) if has_digit.search(p) else p for p in parts)
        )

    @cached_property
    def codes_within(self) -> list["Asked"]:
        """What may be a code among other words: "voucher 000127"."""
        parts = self.text.split()
        codes = [Asked(part) for part in parts if len(parts) > 1]
        return [one for one in codes if one.may_be_code and len(one.code) >= SHORTEST_NUMBER]

    @property
    def name(self) -> str:
        """All of it as a name is compared."""
        return " ".join(self.every_word)

    @cached_property
    def phrases(self) -> list[str]:
        """Each run of its words, as the name of a thing may be: "mali", "south sudan"."""
        words = self.every_word
        ends = [(a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1)]
        return [" ".join(words[a:b]) for a, b in ends if set(words[a:b]) - _IDLE]


def path_of(text: str) -> str:
    """The text, with the words of its path in place of each address of a page."""
    return _ADDRESS.sub(lambda found: found[1].replace("/", " "), text)


def query(words: Iterable[str], *, beginnings: bool = True, weight: str = "") -> SearchQuery:
    """All of these words, as whole words or as beginnings, in texts of this weight."""
    return raw(" & ".join(lexeme(word, beginnings=beginnings, weight=weight) for word in words))


def any_of(words: Iterable[str], *, weight: str = "") -> SearchQuery:
    """Any of these words, whole."""
    return raw(" | ".join(lexeme(word, beginnings=False, weight=weight) for word in words))


def most_of(words: list[str], missing: int) -> SearchQuery:
    """All of the words but so many, whichever they are."""
    kept = combinations(words, len(words) - missing)
    return raw(" | ".join(f"({' & '.join(map(lexeme, some))})" for some in kept))


def raw(text: str) -> SearchQuery:
    """A query in the language of PostgreSQL; made of lexemes only."""
    return SearchQuery(text, config="simple", search_type="raw")


def lexeme(word: str, *, beginnings: bool = True, weight: str = "") -> str:
    """A word as it stands in such a query, or its singular or plural."""
    return word_query(word, beginnings=beginnings, weight=weight)


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text, with what begins like one of the words in a <mark>."""
    return format_html_join("", "{}{}", _parts(text, tuple(words)))


def unmarked(text: object) -> str:
    """What `marked` was made of; a text that is no HTML stays as it is."""
    return unescape(strip_tags(text)) if isinstance(text, SafeString) else str(text)


def _parts(text: str, words: tuple[str, ...]) -> Iterator[tuple[str, SafeString | str]]:
    at = 0
    for found in re.finditer(WORD, text):
        begun = max(
            (
                len(form)
                for word in words
                for form in number_forms(word)
                if fold(found.group()).startswith(form)
            ),
            default=0,
        )
        if begun:
            end = found.start() + min(begun, len(found.group()))
            marks = format_html_join("", "<mark>{}</mark>", [(text[found.start() : end],)])
            yield text[at : found.start()], marks
            at = end
    yield text[at:], ""
