"""Addresses for programs that watch: /healthz, /readyz, /metrics.

They are answered before anything else of the site: without its name as `Host`, without TLS, and
while there is no database. Nothing but /metrics, which is not for everybody, says more than that
something is well or not.
"""

import hmac
import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from portal.health.answers import COUNTER
from portal.health.checks import READY
from portal.health.metrics import metrics
from portal.kit.web.visitors import heard_from

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# What is said to everybody of a check that fails; no more than this.
_NOT_WELL = {
    "database": "does not answer",
    "migrations": "not known to be up to date",
    "storage": "cannot be reached",
}


def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return _plain("ok\n")


def readyz(_request: HttpRequest) -> HttpResponse:
    """Pages can be answered: 200, or 503, with a line for each check."""
    lines, is_ready = [], True
    for check in READY:
        is_well = not any(trouble.grave for trouble in check.troubles())
        is_ready = is_ready and is_well
        lines.append(f"{check.name}: {'ok' if is_well else _NOT_WELL[check.name]}\n")
    return _plain("".join(lines), status=200 if is_ready else 503)


def for_prometheus(request: HttpRequest) -> HttpResponse:
    """The figures, for whom they are; for all others nothing is there."""
    if not may_read_metrics(request):
        return _plain("Not found\n", status=404)
    try:
        COUNTER.write_down()
        return HttpResponse(metrics(), content_type=_METRICS_TYPE)
    except Error:
        return _plain("The database does not answer.\n", status=503)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether it comes with the token of METRICS_TOKEN, or from a network of METRICS_FROM."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN.encode()
    if expected and kind == "Bearer" and hmac.compare_digest(token.encode(), expected):
        return True
    try:
        address = ipaddress.ip_address(heard_from(request))
    except ValueError:
        return False
    # As a socket of both kinds names an address of the older one.
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ipaddress.ip_network(one) for one in settings.METRICS_FROM)


def _plain(text: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": for_prometheus,
}


def answer(request: HttpRequest) -> HttpResponse | None:
    """The answer to a probe; None for any other request."""
    probe = PROBES.get(request.path_info)
    if probe is None:
        return None
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return probe(request)
