"""What was typed into a form whose session has ended: kept until its writer has signed in again."""

import logging
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.kit.web.once import FIELD, asks_to_sign_in

log = logging.getLogger(__name__)
_KEPT_SECONDS = 86_400
_MOST = 500_000
_KEY = re.compile(r"[0-9a-f]{32}")
_NEVER = ("csrfmiddlewaretoken", FIELD)


def way_on(request: HttpRequest) -> str:
    """Where to go on once signed in: the page, or the form with all that was typed."""
    if request.method != "POST":
        return request.get_full_path()
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NEVER and "password" not in name
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in pairs) > _MOST:
        return request.get_full_path()
    key = uuid.uuid4().hex
    kept = {"path": request.get_full_path(), "pairs": pairs, "files": bool(request.FILES)}
    cache.set(_name(key), kept, _KEPT_SECONDS)
    return reverse("form-again", args=[key])


def kept_form(key: str) -> dict[str, Any] | None:
    """What was kept under the key; None for what is none of ours."""
    if not _KEY.fullmatch(key):
        return None
    found: dict[str, Any] | None = cache.get(_name(key))
    return found


def _name(key: str) -> str:
    return f"kept-form-{key}"


class KeptFormMiddleware:
    """Placed after those that know who is signed in: whatever page sends somebody to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Lead on to what was typed, not to the page as it was before."""
        response = self.get_response(request)
        if request.method == "POST" and asks_to_sign_in(response):
            door = urlsplit(response.headers["Location"])
            try:
                way = QueryDict(mutable=True)
                way["next"] = way_on(request)
                response.headers["Location"] = f"{door.path}?{way.urlencode(safe='/')}"
            except OSError:
                log.exception("What was sent could not be kept")
        return response
