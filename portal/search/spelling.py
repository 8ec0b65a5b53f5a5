"""A word that stands nowhere: the nearest one that does."""

from difflib import get_close_matches
from itertools import chain

from django.db.models import QuerySet

from portal.kit.text import fold
from portal.search.words import query
from projects.models import Country, Fund, Organization, Project

# Fewer letters have too many neighbours; how alike two words are, from 0 to 1.
SHORTEST, ALIKE = 4, 0.72
READ = 400


def respelt(words: list[str]) -> list[str]:
    """The words, each that stands nowhere replaced by the most like one that does."""
    return [word if _stands(word) else _nearest(word) for word in words]


def _stands(word: str) -> bool:
    if Project.objects.shown().filter(search=query([word])).exists():
        return True
    return any(_named(rows, word).exists() for rows in _NAMED)


def _nearest(word: str) -> str:
    """The word most like it, among those that begin like it; itself if there is none."""
    if len(word) < SHORTEST or not word.isalpha():
        return word
    near: set[str] = set()
    for length in range(len(word) - 1, 1, -1):
        start = word[:length]
        near |= _words_like(start, word)
        if best := get_close_matches(word, sorted(near), n=1, cutoff=ALIKE):
            return best[0]
    return word


def _words_like(start: str, word: str) -> set[str]:
    titles = Project.objects.shown().filter(search=query([start], weight="A")).order_by()
    texts = chain(
        titles.values_list("title", flat=True)[:READ],
        *(_named(rows, start).values_list("sort_name", flat=True)[:READ] for rows in _NAMED),
    )
    every = {part.strip(".,;:()“”\"'") for text in texts for part in fold(text).split()}
    return {part for part in every if part.startswith(start) and abs(len(part) - len(word)) <= 3}


def _named(rows: QuerySet, start: str) -> QuerySet:
    return rows.filter(sort_name__regex=rf"\m{start}").order_by()


_NAMED = (Country.objects.all(), Fund.objects.all(), Organization.objects.all())
