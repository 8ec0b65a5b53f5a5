"""Pages that have not changed are answered without being drawn.

Everything that public pages read has a version, which the database counts (portal/sql/changes.sql).
Version and address together are a page's ETag, and the key under which it is kept: compressed,
in the memory of this process, or in Redis for all machines (REDIS_URL). What is older is never
asked for again, so nothing has to be emptied, and a withheld name is gone with the release that
withheld it.

The version is read before the page: a change meanwhile gives it a key that nobody asks for.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

from portal.about.context_processors import CLOSED
from portal.about.versions import current_version

# Bytes of a page kept, and letters of a query: beyond them it is drawn each time.
MAX_PAGE = 400_000
MAX_QUERY = 300
# Who has one of these may see something of their own.
_OWN = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
# A proxy may keep it, and asks each time whether it still holds.
_SHARED = "public, no-cache"
_NOT_KEPT = ("private", "no-store")


class PageCacheMiddleware:
    """Answers 304 or what is kept of a public page; placed before whatever compresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PAGES_KEPT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One statement where nothing changed; without a database pages say so themselves."""
        key = _key(request)
        if key is None:
            return self.get_response(request)
        etag = f'W/"{key}"'
        if etag in request.headers.get("If-None-Match", ""):
            return _described(HttpResponseNotModified(), etag)
        kept = caches["pages"].get(key)
        if kept is not None:
            body, headers = kept
            return HttpResponse(body, headers=headers)
        response = self.get_response(request)
        if not _is_shared(response):
            return response
        _described(response, etag)
        if request.method == "GET" and not response.streaming and len(response.content) <= MAX_PAGE:
            caches["pages"].set(key, (response.content, dict(response.items())))
        return response


def _key(request: HttpRequest) -> str | None:
    """What version, address and way of asking make together; None for what is never kept."""
    if request.method not in ("GET", "HEAD") or request.path_info.startswith(CLOSED):
        return None
    if getattr(request, "in_background", False):
        # Drawn once, and kept elsewhere.
        return None
    query = request.META.get("QUERY_STRING", "")
    if len(query) > MAX_QUERY or any(name in request.COOKIES for name in _OWN):
        return None
    try:
        host = request.get_host()
        version = current_version()
    except (DisallowedHost, Error):
        return None
    parts = (
        # The path that is answered is that of the twin for whoever prefers Markdown.
        *version, request.scheme, host, request.path, request.path_info, query,
        get_language(), "gzip" in request.headers.get("Accept-Encoding", ""),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _is_shared(response: HttpResponse) -> bool:
    """Whether everybody may see it."""
    said = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.cookies
        and not any(word in said for word in _NOT_KEPT)
    )


def _described(response: HttpResponse, etag: str) -> HttpResponse:
    """With what browsers and proxies need to keep it; the same for whoever asks."""
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", _SHARED)
    # The language’s part is said by LanguageMiddleware, where the address does not name one.
    response.headers["Vary"] = "Accept-Encoding"
    return response
