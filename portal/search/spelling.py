"""A word that stands nowhere: the nearest one that does."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.utils.functional import cached_property

from documents.models import Document
from documents.searching import pages_with
from portal.about.glossary import TERMS
from portal.kit.text import WORD, fold, searchable, word_query
from portal.kit.together import first_with_rows
from portal.search.words import KIND_WORDS, query
from projects.models import Country, Fund, Organization, Project

# Fewer letters have too many neighbours, more are no word; how alike two are, from 0 to 1.
SHORTEST, LONGEST, ALIKE = 4, 24, 0.72
# Of words with two slips: so many letters at least, and how alike they are.
SHORTEST_WITH_TWO, ALIKE_WITH_TWO = 6, 0.7
# In so many letters is the first of two slips.
BEGINNING = 4
# Of one search so many words are respelt: each has hundreds of neighbours.
MOST_RESPELT = 3
# Another word has at most so many letters more or less.
LONGER = 3
# So many titles are read for words that begin alike.
READ = 400
# Of each of many beginnings at least so many.
LEAST_READ = 5
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_NAMED = (Country, Fund, Organization)
# Each is looked up in the index by itself: one query of hundreds would read all projects.
_USES = """
SELECT word, n FROM unnest(%s::text[], %s::text[]) AS asked(word, query), LATERAL (
    SELECT count(*) AS n FROM (
        SELECT FROM projects_project WHERE search @@ query::tsquery AND withheld_on IS NULL LIMIT 20
    ) AS found
) AS uses WHERE n > 0
"""
_BEGUN = """
SELECT title FROM unnest(%s::text[]) AS start, LATERAL (
    SELECT title FROM projects_project
    WHERE search @@ (start || ':*A')::tsquery AND withheld_on IS NULL LIMIT %s
) AS found
"""


def respelt(words: list[str]) -> list[str]:
    """The words, each that stands nowhere replaced by the most like one, or two, that do."""
    found: list[str] = []
    left = MOST_RESPELT
    named = _Named()
    for word in words:
        if not left or _stands(word, named):
            found.append(word)
        else:
            found += _Neighbours(word, named).nearest
            left -= 1
    return list(dict.fromkeys(found))


class _Named:
    """The words of names and terms, read once for all that is asked of them."""

    @cached_property
    def names(self) -> set[str]:
        """Of countries, funds and organizations."""
        first, *others = (
            model.objects.order_by().values_list("search_names", flat=True) for model in _NAMED
        )
        return {word for names in first.union(*others, all=True) for word in names.split()}

    @cached_property
    def terms(self) -> set[str]:
        """Of the terms of the glossary, in the language of the page."""
        return {word for term in TERMS for word in _words(str(term.name))}

    def among(self, words: Iterable[str]) -> set[str]:
        """Those of the words that stand in a name, else those in a term."""
        wanted = {*words}
        return wanted & self.names or wanted & self.terms


def _stands(word: str, named: _Named) -> bool:
    """Whether anything that is searched has a word that begins so, or it says what to look for."""
    if word in KIND_WORDS or any(term.startswith(word) for term in named.terms):
        return True
    titled = Document.objects.public().alias(words=searchable("title"))
    texts = (
        Project.objects.shown().filter(search=query([word])),
        titled.filter(words=query([word])),
        pages_with(word),
    )
    if first_with_rows(*texts) is not None:
        return True
    return any(name.startswith(word) for name in named.names)


class _Neighbours:
    """Words like one that stands nowhere."""

    def __init__(self, word: str, named: _Named) -> None:
        self.word, self.named = word, named
        slips = _one_slip_away(word) if _may_be_misspelt(word) else ()
        self.slips = [one for one in slips if len(one) >= SHORTEST - 1]
        self.twice = _swapped_twice(word)
        self.parts = [(word[:at], word[at:]) for at in range(len(word) - 2, 1, -1)]

    @property
    def nearest(self) -> list[str]:
        """The word one slip away that most projects have; else two that were written as one; else
        the one in which letters changed places twice; else the one most like it, of those that
        begin like it; itself if there is none."""
        if not _may_be_misspelt(self.word):
            return [self.word]
        if best := self._most_used(self.slips):
            return [best]
        for parts in self.parts:
            known = self.named.names.union(self.named.terms).intersection(parts)
            if known == set(parts) or self._uses.keys() >= set(parts):
                return list(parts)
        best = self._most_used(self.twice) or self._begun_alike() or self._begun_with_slip()
        return [best or self.word]

    def _most_used(self, slips: list[str]) -> str:
        """Of these words the one in a name, else the one of most projects; "" if none stands."""
        if known := self.named.among(slips):
            return _most_alike(known, self.word, cutoff=0)
        used = [(-self._uses[one], one) for one in slips if one in self._uses]
        if used:
            return min(used)[1]
        return _most_alike(self._in_titles.intersection(slips), self.word, cutoff=0)

    @cached_property
    def _uses(self) -> dict[str, int]:
        """How many projects have a word, whole; those in titles weigh more."""
        asked = {one: one for one in (*self.slips, *self.twice)}
        parts = {part for pair in self.parts for part in pair if len(part) >= SHORTEST - 1}
        asked |= {part: word_query(part, beginnings=False) for part in parts}
        return dict(_rows(_USES, [list(asked), list(asked.values())]))

    @cached_property
    def _in_titles(self) -> set[str]:
        """The words of documents’ titles that have one of the neighbours."""
        # All at one go: the letters of a word need no quotes.
        any_of = SearchQuery(
            " | ".join([*self.slips, *self.twice]), config="simple", search_type="raw"
        )
        titled = Document.objects.public().alias(words=searchable("title")).filter(words=any_of)
        titles = titled.order_by().values_list("title", flat=True)[:READ]
        return {part for title in titles for part in _words(title)}

    def _begun_alike(self) -> str:
        """The word most like it of those that begin like it, with as many letters as can be."""
        near: set[str] = set()
        starts = [self.word[:length] for length in range(len(self.word) - 1, 1, -1)]
        # A few letters begin many words: these are read only where need be.
        long = [start for start in starts if len(start) >= BEGINNING]
        for some in filter(None, (long, starts[len(long) :])):
            begun = self._words_beginning(some, READ)
            for start in some:
                near |= begun[start]
                if alike := _most_alike(near, self.word):
                    return alike
        return ""

    def _begun_with_slip(self) -> str:
        """The same with a slip at its beginning and another one behind it."""
        if len(self.word) < SHORTEST_WITH_TWO:
            return ""
        starts = sorted(_one_slip_away(self.word[:BEGINNING]))
        begun = self._words_beginning(starts, max(READ // len(starts), LEAST_READ))
        near = {word for words in begun.values() for word in words}
        return _most_alike(near, self.word, cutoff=ALIKE_WITH_TWO)

    def _words_beginning(self, starts: list[str], read: int) -> dict[str, set[str]]:
        """By each of these beginnings words of titles and names that begin so and are about as
        long as the word; so many titles are read of each."""
        found: dict[str, set[str]] = {start: set() for start in starts}
        lengths = set(map(len, starts))
        titled = {part for (title,) in _rows(_BEGUN, [starts, read]) for part in _words(title)}
        for part in titled | self.named.names | self.named.terms:
            if abs(len(part) - len(self.word)) <= LONGER:
                for start in (part[:length] for length in lengths):
                    if start in found:
                        found[start].add(part)
        return found


def _may_be_misspelt(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def _one_slip_away(word: str) -> set[str]:
    """All words with one letter too many, one missing, one other, or two that changed places."""
    letters = _LATIN + "".join(sorted(set(word) - set(_LATIN)))
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    slips = {start + end[1:] for start, end in cuts if end}
    slips |= _swapped(word)
    slips |= {start + letter + end[1:] for start, end in cuts if end for letter in letters}
    slips |= {start + letter + end for start, end in cuts for letter in letters}
    return slips - {word}


def _swapped(word: str) -> set[str]:
    """All words in which two letters beside each other changed places."""
    ends = range(len(word) - 1)
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in ends} - {word}


def _swapped_twice(word: str) -> list[str]:
    """All words in which that happened at two places: “jsutcie”."""
    if len(word) < SHORTEST_WITH_TWO:
        return []
    return sorted({twice for once in _swapped(word) for twice in _swapped(once)} - {word})


def _most_alike(near: Iterable[str], word: str, cutoff: float = ALIKE) -> str:
    """The first of those most like the word; "" where none is so like it."""
    scored = [(SequenceMatcher(None, word, one).ratio(), one) for one in sorted(near)]
    likeness, best = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return best if likeness >= cutoff else ""


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in WORD.finditer(fold(text)))


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
