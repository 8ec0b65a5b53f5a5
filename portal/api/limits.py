"""How often one visitor may ask in a minute, told in headers; and what all answers share.

Counted in Redis where there is one, else in the database: once for all processes, before what is
kept is looked up, so each answer says how many are left. If neither can count, nobody is refused.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from portal.api.problems import PROBLEM, problem
from portal.kit.web import redis_memory
from portal.kit.web.visitors import client_address
from portal.models import CacheEntry

PREFIXES = ("/api/v1/", "/api/mcp")
# In the environment of what a tool asks for: its message has been counted.
INSIDE = "portal.inside"
WINDOW = 60
# For scripts of other sites: nothing here depends on who asks.
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After",
}


class ApiMiddleware:
    """Limits, and refusals in words; placed before what answers from what is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """429 beyond the limit."""
        if not request.path_info.startswith(PREFIXES) or INSIDE in request.META:
            return self.get_response(request)
        limits, is_over = _counted(request)
        response = _refusal(429) if is_over else _in_words(self.get_response(request))
        for name, value in (*_OPEN.items(), *limits.items()):
            response.headers[name] = value
        return response


def _counted(request: HttpRequest) -> tuple[dict[str, str], bool]:
    """The headers that tell of the limit, and whether this request is beyond it."""
    limit = settings.API_PER_MINUTE
    if not limit:
        return {}, False
    now = time.time()
    window, reset = int(now // WINDOW), WINDOW - int(now % WINDOW)
    key = f"api:{client_address(request)}:{window}"
    try:
        count = redis_memory.count_up(key, 2 * WINDOW)
        if count is None:
            count = CacheEntry.objects.count_up(key, 2 * WINDOW)
    except Error:
        return {}, False
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(max(limit - count, 0)),
        "RateLimit-Reset": str(reset),
        "RateLimit-Policy": f"{limit};w={WINDOW}",
    }
    if count > limit:
        headers["Retry-After"] = str(reset)
    return headers, count > limit


def _in_words(response: HttpResponse) -> HttpResponse:
    """The same; a page that says what failed becomes a refusal as programs read it."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code < 400 or not is_page:
        return response
    refusal = _refusal(response.status_code)
    for name in ("Retry-After", "X-Robots-Tag"):
        if name in response.headers:
            refusal.headers[name] = response.headers[name]
    return refusal


def _refusal(status: int) -> HttpResponse:
    words = {
        404: _("There is nothing at this address."),
        410: _("This is withheld."),
        429: _("Too much is asked for at this moment; ask again after a while."),
        503: _("This cannot be answered at this moment; ask again after a while."),
    }
    title = words.get(status, _("This cannot be answered."))
    body = problem(status, title, [])
    response = JsonResponse(body, status=status, content_type=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    return response
