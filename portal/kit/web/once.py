"""A form that is sent twice is done once: by a double click, a reload, or the way back.

Each form bears a number of its own (the tag `csrf_token`). What the first sending led to is
remembered with what was sent; the same sent again leads there, and is not done again. What was
changed before it was sent again is another thing, and is done.
"""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

FIELD = "once"
_CSRF = "csrfmiddlewaretoken"
_DAY = 86_400
_BEGUN = "begun"
_LOOK_SECONDS = 3


class OnceMiddleware:
    """Placed after those of sessions, messages and forgery."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Remember where a form led; one that led nowhere may be sent again."""
        response = self.get_response(request)
        if key := getattr(request, "once_key", ""):
            if 300 <= response.status_code < 400 and not asks_to_sign_in(response):
                cache.set(key, response.headers["Location"], _DAY)
            else:
                cache.delete(key)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead a form that was sent before to where it led."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        return sent_before(request)


def asks_to_sign_in(response: HttpResponseBase) -> bool:
    """Whether it leads to a door, from which one goes on afterwards: nothing was done yet."""
    if response.status_code != 302:
        return False
    way = urlsplit(response.headers["Location"])
    doors = {resolve_url(settings.LOGIN_URL), reverse("admin:login")}
    return way.path in doors and "next" in QueryDict(way.query)


def number() -> str:
    """A number for one form."""
    return uuid.uuid4().hex


def sent_before(request: HttpRequest) -> HttpResponseBase | None:
    """The answer to what was sent before; None where it is the first time."""
    sent = request.POST.get(FIELD, "")
    if not sent:
        return None
    key = _key(request, sent)
    # The first may have come to its end, and led nowhere, between the two questions.
    for _look in range(2):
        if cache.add(key, _BEGUN, _DAY):
            request.once_key = key  # type: ignore[attr-defined]
            return None
        if led_to := cache.get(key):
            break
    else:
        # What cannot be remembered was not sent before: the database takes nothing down.
        raise OperationalError
    if led_to != _BEGUN:
        messages.info(request, _("This was sent already; it was done once."))
        return redirect(led_to)
    response: HttpResponse = render(request, "once.html", status=409)
    response.headers["Refresh"] = str(_LOOK_SECONDS)
    return response


def _key(request: HttpRequest, sent: str) -> str:
    pairs = sorted(
        (name, value) for name, values in request.POST.lists() if name != _CSRF for value in values
    )
    files = sorted(
        (name, file.name or "", file.size or 0)
        for name, those in request.FILES.lists()
        for file in those
    )
    text = repr((request.path_info, sent, pairs, files))
    return f"once-{hashlib.sha256(text.encode()).hexdigest()}"
