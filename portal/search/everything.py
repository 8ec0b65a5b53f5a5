"""One search over everything: exact codes first, then names, titles and texts."""

from dataclasses import dataclass, field

from portal.search.hits import Group, Hit
from portal.search.names import (
    found_countries,
    found_documents,
    found_funds,
    found_organizations,
    found_terms,
)
from portal.search.projects import found_by_award, found_by_most_words, found_projects
from portal.search.spelling import respelt
from portal.search.vouchers import found_arrangements, found_vouchers
from portal.search.words import Asked

SUGGESTED = 8


@dataclass
class Found:
    """What a search found. `instead`: the words as they were read, where none stood as asked;
    `has_most`: only most of the words stand in the projects shown."""

    groups: list[Group] = field(default_factory=list)
    instead: str = ""
    has_most: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether there is a project, or something of just this code or name."""
        return any(group.is_exact or group.kind == "projects" for group in self.groups)


def search(text: str) -> Found:
    """Everything public that the text leads to, in groups; those with an exact code lead."""
    asked = Asked(text)
    if not asked.words:
        return Found()
    found = Found(_groups(asked))
    if found.is_answered:
        return found
    words = respelt(asked.words)
    if words != asked.words:
        instead = " ".join(words)
        if groups := _groups(Asked(instead)):
            found = Found(groups, instead)
    if not found.is_answered and (most := found_by_most_words(words)).hits:
        return Found([most, *found.groups], found.instead, has_most=True)
    return found


def suggested(text: str) -> list[Hit]:
    """A few of the best hits, for somebody who is still writing."""
    asked = Asked(text)
    found = [group for group in _groups(asked) if group.kind != "terms"] if asked.words else []
    return [hit for group in found for hit in group.hits[:3]][:SUGGESTED]


def _groups(asked: Asked) -> list[Group]:
    groups = [
        found_projects(asked),
        found_by_award(asked),
        found_vouchers(asked),
        found_arrangements(asked),
        found_countries(asked),
        found_funds(asked),
        found_organizations(asked),
        found_documents(asked),
        found_terms(asked),
    ]
    found = [group for group in groups if group.hits]
    return sorted(found, key=lambda group: not group.is_exact)
