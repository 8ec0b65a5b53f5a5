"""A word that stands nowhere: the nearest one that does."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from documents.models import Document
from documents.searching import found_pages
from portal.about.glossary import TERMS
from portal.kit.text import WORD, fold, searchable
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
# So many titles and names are read for words that begin alike.
READ = 400
# Of each of many beginnings at least so many.
LEAST_READ = 5
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_NAMED = (Country, Fund, Organization)


def respelt(words: list[str]) -> list[str]:
    """The words, each that stands nowhere replaced by the most like one, or two, that do."""
    found: list[str] = []
    left = MOST_RESPELT
    for word in words:
        if not left or _stands(word):
            found.append(word)
        else:
            found += _nearest(word)
            left -= 1
    return list(dict.fromkeys(found))


def _stands(word: str) -> bool:
    """Whether anything that is searched has a word that begins so, or it says what to look for."""
    if word in KIND_WORDS:
        return True
    if Project.objects.shown().filter(search=query([word])).exists():
        return True
    if any(_named(model, word).exists() for model in _NAMED) or _is_in_terms(word):
        return True
    titled = Document.objects.public().alias(words=searchable("title"))
    return titled.filter(words=query([word])).exists() or bool(found_pages(word))


def _nearest(word: str) -> list[str]:
    """The word one slip away that most projects have; else two that were written as one; else
    the one in which letters changed places twice; else the one most like it, of those that begin
    like it; itself if there is none."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return [word]
    slips = [one for one in _one_slip_away(word) if len(one) >= SHORTEST - 1]
    if best := _most_used(slips, word):
        return [best]
    if parts := _split(word):
        return parts
    if best := _most_used(_swapped_twice(word), word):
        return [best]
    near: set[str] = set()
    for length in range(len(word) - 1, 1, -1):
        near |= _words_beginning({word[:length]}, word)
        if alike := _most_alike(near, word):
            return [alike]
    if len(word) < SHORTEST_WITH_TWO:
        return [word]
    # With a slip at its beginning and another one behind it.
    starts = _one_slip_away(word[:BEGINNING])
    if alike := _most_alike(_words_beginning(starts, word), word, cutoff=ALIKE_WITH_TWO):
        return [alike]
    return [word]


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


def _most_used(slips: list[str], word: str) -> str:
    """Of these words the one in a name, else the one of most projects; "" if none stands."""
    if named := _in_names(slips) or _terms().intersection(slips):
        return _most_alike(named, word, cutoff=0) or ""
    # Each is looked up in the index by itself, whole; those in titles weigh more.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word, LATERAL (SELECT count(*) AS n FROM "
            "(SELECT 1 FROM projects_project WHERE search @@ word::tsquery AND withheld_on IS NULL "
            "LIMIT 20) AS found) AS uses WHERE n > 0 ORDER BY n DESC, word LIMIT 1",
            [slips],
        )
        row = cursor.fetchone()
    if row:
        return str(row[0])
    # All at one go: the letters of a word need no quotes.
    any_of = SearchQuery(" | ".join(slips), config="simple", search_type="raw")
    titled = Document.objects.public().alias(words=searchable("title")).filter(words=any_of)
    titles = titled.order_by().values_list("title", flat=True)[:READ]
    stand = {part for title in titles for part in _words(title)}.intersection(slips)
    return _most_alike(stand, word, cutoff=0) or ""


def _in_names(words: Iterable[str]) -> set[str]:
    wanted = set(words)
    return {
        word
        for model in _NAMED
        for names in model.objects.order_by().values_list("search_names", flat=True)
        for word in wanted.intersection(names.split())
    }


def _split(word: str) -> list[str]:
    """Two words that both stand somewhere, whole, and were written as one."""
    terms = _terms()
    for at in range(len(word) - 2, 1, -1):
        parts = [word[:at], word[at:]]
        known = _in_names(parts) | (set(parts) & terms)
        if known == set(parts) or all(_is_whole(part) for part in parts):
            return parts
    return []


def _is_whole(word: str) -> bool:
    found = Project.objects.shown().filter(search=query([word], beginnings=False))
    return len(word) >= SHORTEST - 1 and found.exists()


def _words_beginning(starts: set[str], word: str) -> set[str]:
    """Words of titles and names that begin like one of these and are about as long as the word."""
    begun = tuple(sorted(starts))
    # Each is looked up in the index by itself: one query of hundreds would read all projects.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title FROM unnest(%s::text[]) AS start, LATERAL (SELECT title "
            "FROM projects_project WHERE search @@ (start || ':*A')::tsquery "
            "AND withheld_on IS NULL LIMIT %s) AS found",
            [list(begun), max(READ // len(begun), LEAST_READ)],
        )
        every = {part for (title,) in cursor.fetchall() for part in _words(title)}
    pattern = rf"(^|[ \n])({'|'.join(sorted(starts))})"
    for model in _NAMED:
        named = model.objects.filter(search_names__regex=pattern).order_by()
        names = named.values_list("search_names", flat=True)[:READ]
        every |= {part for text in names for part in text.split()}
    every |= _terms()
    return {part for part in every if part.startswith(begun) and abs(len(part) - len(word)) <= 3}


def _most_alike(near: Iterable[str], word: str, cutoff: float = ALIKE) -> str | None:
    scored = [(SequenceMatcher(None, word, one).ratio(), one) for one in sorted(near)]
    best = max(scored, default=(0.0, None), key=lambda pair: pair[0])
    return best[1] if best[0] >= cutoff else None


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in WORD.finditer(fold(text)))


def _terms() -> set[str]:
    """The words of the glossary's terms, in the language of the page."""
    return {word for term in TERMS for word in _words(str(term.name))}


def _is_in_terms(word: str) -> bool:
    return any(term.startswith(word) for term in _terms())


def _named(model: type[Country | Fund | Organization], start: str) -> QuerySet:
    return model.objects.filter(search_names__regex=rf"(^|[ \n]){start}").order_by()
