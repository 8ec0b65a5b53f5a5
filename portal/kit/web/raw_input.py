"""What came with a request and was read by no form: queries, fields, bodies in JSON."""

import json
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

_LONGEST_JSON = 10_000


def has_nul(query: QueryDict) -> bool:
    """Whether a name or a value holds a NUL character."""
    return any("\0" in text for name, texts in query.lists() for text in (name, *texts))


def without_nul(query: QueryDict) -> QueryDict:
    """The query string without NUL characters, which no database text can hold."""
    if not has_nul(query):
        return query
    clean = QueryDict(mutable=True)
    for name, texts in query.lists():
        clean.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
    clean._mutable = False
    return clean


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The small JSON object that the body is, for a form to check. Raises BadRequest.

    Refused are numbers that are none, texts that no encoding can write, and depths beyond any use.
    """
    try:
        found = json.loads(request.read(_LONGEST_JSON + 1)[:_LONGEST_JSON])
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON that can be kept.") from error
    if not isinstance(found, dict):
        raise BadRequest("The body is not an object.")
    return found
