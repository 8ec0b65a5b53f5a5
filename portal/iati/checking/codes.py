"""Whether codes are those of the standard's complete lists."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from portal.iati.standard.files import coded_places
from portal.kit.language.code_lists import code_list


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code that its list does not have."""

    path: str
    code: str
    list: str
    element: etree._Element


@dataclass(frozen=True, slots=True)
class _Place:
    elements: Callable[[etree._Element], Any]
    attribute: str
    path: str
    list: str
    codes: frozenset[str]


@cache
def _places() -> tuple[_Place, ...]:
    found = []
    for stated in coded_places():
        way, _slash, last = stated["path"].rpartition("/")
        condition = f"[{stated['condition']}]" if stated["condition"] else ""
        found.append(
            _Place(
                etree.XPath(way + condition),
                last.removeprefix("@") if last.startswith("@") else "",
                stated["path"].removeprefix("//iati-activity/").removeprefix("//"),
                stated["list"],
                frozenset(code_list(stated["list"])),
            )
        )
    return tuple(found)


def unknown_codes(root: etree._Element) -> Iterator[UnknownCode]:
    """The codes in the tree that no list has; `root` is the root of a file."""
    for place in _places():
        for element in place.elements(root):
            said = element.get(place.attribute) if place.attribute else element.text
            code = (said or "").strip()
            if code and code not in place.codes:
                yield UnknownCode(place.path, code, place.list, element)
