"""Each request has a number, by which lines of logs belong together; answers are counted."""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.health.answers import COUNTER
from portal.health.probes import answer
from portal.kit.web.logs import page_of

log = logging.getLogger("portal.requests")
HEADER = "X-Request-ID"
# As proxies make them; anything else might be a name, or a line of its own.
_GOOD = re.compile(r"[0-9a-fA-F-]{8,64}")


class RequestMiddleware:
    """Placed first: sets the number, answers probes, counts and logs what was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The number goes back with the answer."""
        if getattr(request, "in_background", False):
            # Drawn by a worker, which logs by its task.
            return self.get_response(request)
        given = request.headers.get(HEADER, "")
        number = given if _GOOD.fullmatch(given) else uuid.uuid4().hex
        began = time.monotonic()
        # Bound until the next request of this thread: what is streamed later belongs to it too.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        response = answer(request)
        if response is None:
            response = self.get_response(request)
            self._note(request, response, time.monotonic() - began)
        response.headers[HEADER] = number
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        page, status = page_of(request), response.status_code
        COUNTER.count(status, seconds, page)
        if settings.LOG_REQUESTS:
            told = {"method": request.method, "page": page, "status": status}
            log.info("answered", extra={**told, "ms": round(1000 * seconds)})
