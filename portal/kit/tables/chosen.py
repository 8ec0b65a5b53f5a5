"""What an address asks of a list, in words: the filters in force, each with the way out of it."""

from __future__ import annotations

from copy import copy
from typing import Any, NamedTuple

from django.http import QueryDict

from portal.kit.filters import described_by_name


class ActiveFilter(NamedTuple):
    """A filter in words; `url` is the list without it alone."""

    label: str
    value: str
    url: str


class FacetValue(NamedTuple):
    """One value of a facet, how many rows have it beside the other filters, and its address."""

    label: str
    number: int
    url: str
    is_chosen: bool


class Facet(NamedTuple):
    """The values that a filter may take, those with most rows first."""

    name: str
    label: str
    values: list[FacetValue]
    has_more: bool


def active_filters(filterset: Any, query: QueryDict) -> list[ActiveFilter]:
    """Each filter in force, in words, with the address of the list without it."""
    return [
        ActiveFilter(label, value, without(query, name))
        for name, label, value in described_by_name(filterset)
    ]


def without(query: QueryDict, name: str) -> str:
    """The address without one filter, from the first page on."""
    left = copy(query)
    left.pop(name, None)
    return first_page(left)


def with_value(query: QueryDict, name: str, value: str) -> str:
    """The address with this value of a filter, from the first page on."""
    changed = copy(query)
    changed[name] = value
    return first_page(changed)


def first_page(query: QueryDict) -> str:
    """The address of the first page, without what was left empty in a form."""
    shown = copy(query)
    for name in ("page", "format", "after", "before"):
        shown.pop(name, None)
    for name in [name for name, values in shown.lists() if not any(values)]:
        del shown[name]
    return f"?{shown.urlencode()}"
