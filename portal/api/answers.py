"""How answers and refusals look: JSON or CSV, and errors as RFC 9457 has them, in words."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer

from portal.api.problems import PROBLEM, problem
from portal.kit.dates import WrongQuery
from portal.kit.files.streams import csv_cell
from projects.withheld import Withheld


def refused(error: Exception, _context: dict[str, Any]) -> HttpResponse | None:
    """What an error answers; None for a fault of ours, which is logged like any other."""
    if isinstance(error, WrongQuery):
        words = [str(text) for text in error.args]
        return _answer(400, _("The address asks for what cannot be read."), words)
    if isinstance(error, Withheld):
        since = error.since.isoformat() if error.since else ""
        return _answer(410, _("This is withheld."), [since] if since else [])
    if isinstance(error, Http404):
        return _answer(404, _("There is nothing at this address."), [str(a) for a in error.args])
    if isinstance(error, PermissionDenied):
        return _answer(403, _("This is not public."), [])
    if isinstance(error, exceptions.APIException):
        return _answer(error.status_code, str(error.detail), [])
    return None


def _answer(status: int, title: str, details: list[str]) -> HttpResponse:
    """Always JSON, also where CSV was asked for."""
    return JsonResponse(problem(status, title, details), status=status, content_type=PROBLEM)


class Json(JSONRenderer):
    """Letters as they are; always the same, whatever a client says it accepts."""

    charset = None

    def get_indent(self, _accepted: str, _context: Any) -> int | None:
        """A person may read it."""
        return 1


# What each row of a CSV file says of all of it, where there is such a thing.
_ABOUT = frozenset(
    {"meta.notice", "meta.notes", "meta.as_of", "meta.until"}
    | {"meta.seal.number", "meta.seal.hash"}
)


class CSVRenderer(BaseRenderer):
    """The rows of an answer, nested names joined by dots; behind each of what day and release it
    is, for a file that is passed on has no headers."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, _media_type: Any = None, context: Any = None) -> str:
        """One line a row; columns are those of the view, so that no row has to show them."""
        columns = (context or {})["view"].columns()
        text = io.StringIO()
        lines = csv.writer(text)
        about = {name: value for name, value in _flat(data["meta"], "meta") if name in _ABOUT}
        lines.writerow([*columns, *about])
        for row in data["results"] if "results" in data else [data["result"]]:
            cells = dict(_flat(row, ""))
            told = [cells.get(column) for column in columns]
            lines.writerow(map(csv_cell, [*told, *about.values()]))
        return text.getvalue()


def _flat(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Each value under its dotted name; of a list, what names each of its things."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        named = (next(iter(v.values())) if isinstance(v, dict) else v for v in value)
        yield name, "; ".join(str(v) for v in named)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    else:
        yield name, value


class ByFormat(BaseContentNegotiation):
    """`?format=` alone decides, for answers are kept by their address."""

    def select_parser(self, _request: Any, parsers: Any) -> Any:
        """None is ever needed."""
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, _suffix: Any = None) -> Any:
        """JSON unless the address says otherwise. Raises WrongQuery."""
        asked = request.query_params.get("format", "json")
        for renderer in renderers:
            if renderer.format == asked:
                return renderer, renderer.media_type
        raise WrongQuery(
            _("There is no format “%(name)s”; there are json and csv.") % {"name": asked[:40]}
        )
