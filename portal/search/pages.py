"""The search: one field for everything, and suggestions while somebody writes."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from documents.searching import found_pages, passages
from portal.kit.web.asked import refuse_unknown_names
from portal.search.everything import search as search_everything
from portal.search.everything import suggested

LONGEST = 200
# So many passages of documents stand below the other hits.
PASSAGES = 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Projects, payments, funds, organizations, countries, documents and terms, by any word."""
    query = _asked(request)
    refuse_unknown_names(request, ("q",))
    context = {
        "query": query,
        "found": search_everything(query),
        "passages": passages(found_pages(query)[:PASSAGES], query) if query else [],
    }
    return render(request, "search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few names with their pages, for what has been written so far."""
    hits = suggested(_asked(request))
    return JsonResponse(
        {"hits": [{"name": strip_tags(hit.name), "code": hit.code, "url": hit.url} for hit in hits]}
    )


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]
