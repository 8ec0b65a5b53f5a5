"""What a search found, for programs: each thing with its kind, code, name and page."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from portal.kit.web.languages import without_language
from portal.search.everything import Found
from portal.search.hits import Group
from portal.search.words import unmarked

# The page of each kind of thing, and what its address calls it by.
_PAGES = {
    "project": "number", "fund": "code", "organization": "code", "contributor": "code",
    "country": "code", "voucher": "pk", "document": "pk",
}  # fmt: skip
_OTHER = "page"


def told(found: Found) -> dict[str, Any]:
    """Hits in the order of the page; `more`: of which kinds there are more, and where all are."""
    return {
        "unknown_words": found.unknown,
        "searched_for": found.instead or None,
        "has_all_words": not found.has_most,
        "found": [hit for group in found.groups for hit in _hits(group)],
        "more": [
            {"title": str(group.title), "count": group.how_many, "url": _whole(group.url)}
            for group in found.groups
            if group.url and (group.count or 0) > len(group.hits)
        ],
        "inside_documents": [
            {
                "document": passage.document.title, "page": passage.page,
                "text": unmarked(passage.text), "url": _whole(passage.url),
            }
            for passage in found.passages
        ],
    }  # fmt: skip


def _hits(group: Group) -> Iterator[dict[str, Any]]:
    for hit in group.hits:
        name = unmarked(hit.name)
        for url in (hit.url, *(url for _label, url in hit.pages)):
            yield _hit(name, url, group)


def _hit(name: str, url: str, group: Group) -> dict[str, Any]:
    kind, code = _named(url)
    if kind == _OTHER and group.kind == "documents":
        # It is kept elsewhere.
        kind = "document"
    return {"kind": kind, "code": code, "name": name, "url": _whole(url)}


def _named(url: str) -> tuple[str, str | None]:
    """The kind of the thing whose page it is, and its code; of another page neither."""
    try:
        match = resolve(without_language(urlsplit(url).path))
    except Resolver404:
        return _OTHER, None
    kind = match.url_name or ""
    return (kind, str(match.kwargs[_PAGES[kind]])) if kind in _PAGES else (_OTHER, None)


def _whole(url: str) -> str:
    return settings.SITE_URL + url if url.startswith("/") else url
