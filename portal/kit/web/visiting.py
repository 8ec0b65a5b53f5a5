"""Asking the site itself for a page, within this process, as a visitor who did not sign in."""

from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation


def visit(path: str, query: str, language: str) -> Any:
    """The answer to a visitor who reads that language; `let_go` closes it."""
    site = urlsplit(settings.SITE_URL)
    request = WSGIRequest({
        "REQUEST_METHOD": "GET", "QUERY_STRING": query,
        # A server hands on bytes, each as a letter.
        "PATH_INFO": path.encode().decode("latin-1"),
        "HTTP_HOST": site.netloc, "SERVER_NAME": site.hostname or "", "SERVER_PORT": "80",
        "wsgi.url_scheme": site.scheme, "HTTP_X_FORWARDED_PROTO": site.scheme,
        "HTTP_ACCEPT_LANGUAGE": language, "wsgi.input": BytesIO(),
    })  # fmt: skip
    request.in_background = True  # type: ignore[attr-defined]
    prefix = get_script_prefix()
    try:
        with translation.override(language), timezone.override(None):
            return _handler().get_response(request)
    finally:
        set_script_prefix(prefix)


def let_go(response: Any) -> None:
    """Close what the answer was read from; `close` would end the connection with the request."""
    for close in getattr(response, "_resource_closers", ()):
        close()


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
