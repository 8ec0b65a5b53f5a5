"""The search: one field for everything, and suggestions while somebody writes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.kit.files.about import About
from portal.kit.web.asked import one_of, refuse_unknown_names
from portal.search.everything import search as search_everything
from portal.search.everything import suggested
from portal.search.hits import Group, Hit
from portal.search.told import told
from portal.search.words import unmarked

LONGEST = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Projects, payments, funds, organizations, countries, documents and terms, by any word; as a
    page, or as JSON."""
    query = asked_words(request)
    refuse_unknown_names(request, ("q",))
    found = search_everything(query)
    if one_of(request.GET, "format", ("json",), ""):
        return JsonResponse({"meta": About.of(request, _("Search")).as_json(), **told(found)})
    return render(request, "search.html", {"query": query, "found": found})


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few names with their pages, for what has been written so far."""
    refuse_unknown_names(request, ("q",))
    return JsonResponse({"hits": [_suggestion(*pair) for pair in suggested(asked_words(request))]})


def _suggestion(group: Group, hit: Hit) -> dict[str, Any]:
    facts = " · ".join(hit.told[:3])
    return {
        "name": unmarked(hit.name),
        "kind": str(group.title),
        "facts": facts,
        "url": hit.url,
    }


def asked_words(request: HttpRequest) -> str:
    """What is looked for, as long as it may be."""
    return request.GET.get("q", "").strip()[:LONGEST]
