"""Tools ask the portal itself, as the visitor who uses them: same answers, same limits."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from portal.api.limits import INSIDE

_KEPT = (
    "HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "REMOTE_ADDR", "SERVER_NAME",
    "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme",
)  # fmt: skip


class Refused(Exception):
    """The portal said no, in these words."""


class Asking:
    """Asks for addresses on behalf of whoever sent the request."""

    def __init__(self, request: HttpRequest) -> None:
        self.environ = {name: request.META[name] for name in _KEPT if name in request.META}

    def data(self, path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of /api/v1/. Raises Refused."""
        found: dict[str, Any] = json.loads(self.text(f"/api/v1/{path}", query))
        return found

    def text(self, path: str, query: Mapping[str, Any]) -> str:
        """The text at an address. Raises Refused."""
        return b"".join(self._pieces(path, query)).decode()

    def rows(self, path: str, query: Mapping[str, Any], limit: int) -> dict[str, Any]:
        """A table as JSON, with its first rows only, and `count` of all. Raises Refused."""
        lines, count = _shortened(self._pieces(path, {**query, "format": "json"}), limit)
        return {**json.loads("\n".join(lines)), "count": count}

    def _pieces(self, path: str, query: Mapping[str, Any]) -> Iterator[bytes]:
        asked = {name: value for name, value in query.items() if value not in (None, "")}
        request = WSGIRequest({
            **self.environ, "REQUEST_METHOD": "GET", "PATH_INFO": path,
            "QUERY_STRING": urlencode(asked), "HTTP_ACCEPT_LANGUAGE": "en",
            "wsgi.input": BytesIO(), INSIDE: True,
        })  # fmt: skip
        response: Any = _handler().get_response(request)
        try:
            if response.status_code != 200:
                raise Refused(_words(response, path))
            yield from response if response.streaming else [response.content]
        finally:
            response.close()


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _words(response: Any, path: str) -> str:
    content = b"" if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "json" in kind:
        said = json.loads(content)
        return " ".join([said["title"], *said["errors"]])
    if kind.startswith("text/plain"):
        return content.decode()
    if response.status_code in (404, 410):
        return f"There is nothing at {path}, or it is withheld."
    return f"This cannot be answered now ({response.status_code}); ask again after a while."


def _shortened(pieces: Iterable[bytes], limit: int) -> tuple[list[str], int]:
    """The lines of a table, without the rows beyond the limit; each row is a line of its own."""
    kept: list[str] = []
    count, inside = 0, False
    for line in _lines(pieces):
        if inside and line.startswith("{"):
            count += 1
            if count > limit:
                continue
        elif inside and line.startswith("]"):
            inside = False
            kept[-1] = kept[-1].removesuffix(",")
        kept.append(line)
        inside = inside or line.endswith('"rows": [')
    return kept, count


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode() for line in whole if line)
    yield rest.decode()


def quoted(code: str) -> str:
    """A number or code as part of an address."""
    return quote(code, safe="/")
