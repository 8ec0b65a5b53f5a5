"""The search: one field for everything, and suggestions while somebody writes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from portal.kit.web.asked import refuse_unknown_names
from portal.search.everything import search as search_everything
from portal.search.everything import suggested
from portal.search.hits import Group, Hit

LONGEST = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Projects, payments, funds, organizations, countries, documents and terms, by any word."""
    query = asked_words(request)
    refuse_unknown_names(request, ("q",))
    context = {"query": query, "found": search_everything(query)}
    return render(request, "search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few names with their pages, for what has been written so far."""
    refuse_unknown_names(request, ("q",))
    return JsonResponse({"hits": [_suggestion(*pair) for pair in suggested(asked_words(request))]})


def _suggestion(group: Group, hit: Hit) -> dict[str, Any]:
    facts = " · ".join(hit.told[:3])
    return {
        "name": strip_tags(hit.name),
        "kind": str(group.title),
        "facts": facts,
        "url": hit.url,
    }


def asked_words(request: HttpRequest) -> str:
    """What is looked for, as long as it may be."""
    return request.GET.get("q", "").strip()[:LONGEST]
