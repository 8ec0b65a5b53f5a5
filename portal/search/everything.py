"""One search over everything: exact codes first, then names, titles and texts."""

from dataclasses import dataclass, field

from documents.searching import Passage, found_pages, passages
from portal.kit.text import WORD, fold
from portal.search.decisions import found_decisions
from portal.search.hits import Group, Hit
from portal.search.names import found_named
from portal.search.payments import found_arrangements, found_vouchers
from portal.search.projects import found_by_award, found_projects
from portal.search.spelling import respelt
from portal.search.titles import found_documents, found_terms
from portal.search.words import Asked, path_of

SUGGESTED = 8
# So many passages of documents stand below the other hits.
PASSAGES = 3
# What lacks so many more words than the best of all is left out.
WORSE = 2


@dataclass
class Found:
    """What a search found. `unknown`: words that stand nowhere; `instead`: what was looked for in
    their place; `has_most`: nothing has all of the words."""

    groups: list[Group] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    instead: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether something has all of the words."""
        return bool(self.passages) or any(not group.missing for group in self.groups)

    @property
    def has_most(self) -> bool:
        """Whether there is something, and all of it lacks words."""
        return bool(self.groups) and not self.is_answered


def search(text: str) -> Found:
    """Everything public that the text leads to, in groups; the best group leads."""
    asked = Asked(path_of(text))
    if not asked.words:
        return Found()
    found = _found(asked)
    if found.is_answered:
        return found
    if asked.with_digits != asked and (as_digits := _found(asked.with_digits)).is_answered:
        as_digits.unknown, as_digits.instead = [text], asked.with_digits.text
        return as_digits
    words = respelt(asked.words)
    unknown = [word for word in WORD.findall(asked.text) if fold(word) in {*asked.words} - {*words}]
    if unknown:
        asked = Asked(" ".join(words))
        found = _found(asked)
        if found.is_answered:
            found.unknown, found.instead = unknown, asked.text
            return found
    if len(asked.words) == 1 and not asked.codes_within:
        # What lacks the only word has none.
        return found
    most = Found(_groups(asked, most=True))
    if unknown and most.groups:
        most.unknown, most.instead = unknown, asked.text
    return most


def suggested(text: str) -> list[tuple[Group, Hit]]:
    """A few of the best hits with their groups, for somebody who is still writing."""
    asked = Asked(text)
    groups = _groups(asked) if asked.words else []
    first = [(group, hit) for group in groups for hit in group.hits[:3]]
    return first[:SUGGESTED]


def _found(asked: Asked) -> Found:
    pages = found_pages(asked.text)[:PASSAGES]
    return Found(_groups(asked), passages(pages, asked.text))


def _groups(asked: Asked, *, most: bool = False) -> list[Group]:
    """The groups with hits, the best first; with `most` also of what lacks some of the words."""
    groups = [
        found_projects(asked, most=most),
        found_by_award(asked),
        found_vouchers(asked),
        found_arrangements(asked),
        *found_named(asked, most=most),
        found_documents(asked, most=most),
        found_decisions(asked),
        found_terms(asked, most=most),
    ]
    found = sorted((group for group in groups if group.hits), key=lambda group: group.rank)
    if not most:
        return found
    return [group for group in found if group.missing <= found[0].missing + WORSE]
