"""A server of the S3 kind as a process of its own: `python -m tests.documents.s3_server FD`.

moto keeps the objects, but takes any signature and any age of it. So before it stands a check
of AWS Signature Version 4, written from its description and not from the library that signs:
what is unsigned, signed otherwise or over is refused as S3 does, with 403. Its clock can be put
ahead, so that nobody has to wait until an address is over.
"""

import hashlib
import hmac
import re
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote
from wsgiref.types import StartResponse, WSGIApplication

from tests.waiting import PATIENCE

CLOCK = "/-clock/"  # no name of a bucket
KEY, SECRET, REGION = "key", "only-for-tests", "us-east-1"


class Gate:
    """Lets a request through to `app` if its signature holds."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app, self.ahead = app, 0

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].startswith(CLOCK):
            self.ahead = int(environ["PATH_INFO"].removeprefix(CLOCK))
            start_response("204 No Content", [])
            return []
        if not (_by_address(environ, self.ahead) or _by_header(environ)):
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>SignatureDoesNotMatch</Code></Error>"]
        return self.app(environ, start_response)


def _query(environ: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [p.partition("=") for p in environ["QUERY_STRING"].split("&") if p]
    return [(unquote(name), unquote(value)) for name, _equals, value in pairs]


def _by_address(environ: dict[str, Any], ahead: int) -> bool:
    query = dict(_query(environ))
    if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256":
        return False
    stamp = query["X-Amz-Date"]
    begun = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    age = (datetime.now(UTC) - begun).total_seconds() + ahead
    if not -900 <= age <= int(query["X-Amz-Expires"]):
        return False
    signature = query["X-Amz-Signature"]
    names = query["X-Amz-SignedHeaders"]
    expected = _signature(environ, query["X-Amz-Credential"], stamp, names, "UNSIGNED-PAYLOAD")
    return hmac.compare_digest(signature, expected)


def _by_header(environ: dict[str, Any]) -> bool:
    form = r"AWS4-HMAC-SHA256 Credential=(\S+?), ?SignedHeaders=(\S+?), ?Signature=(\w+)"
    match = re.fullmatch(form, environ.get("HTTP_AUTHORIZATION", ""))
    if not match:
        return False
    payload = environ["HTTP_X_AMZ_CONTENT_SHA256"]
    stamp = environ["HTTP_X_AMZ_DATE"]
    return hmac.compare_digest(match[3], _signature(environ, match[1], stamp, match[2], payload))


def _signature(
    environ: dict[str, Any], credential: str, stamp: str, names: str, payload: str
) -> str:
    key, *scope = credential.split("/")
    _day, region, service, end = scope
    if (key, region, service, end) != (KEY, REGION, "s3", "aws4_request"):
        return ""
    query = [pair for pair in _query(environ) if pair[0] != "X-Amz-Signature"]
    lines = [
        environ["REQUEST_METHOD"],
        environ["REQUEST_URI"].partition("?")[0],
        "&".join(sorted(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in query)),
        *(f"{name}:{_header(environ, name)}" for name in names.split(";")),
        "",
        names,
        payload,
    ]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, "/".join(scope), digest])
    secret = f"AWS4{SECRET}".encode()
    for word in scope:
        secret = hmac.digest(secret, word.encode(), "sha256")
    return hmac.digest(secret, text.encode(), "sha256").hex()


def _header(environ: dict[str, Any], name: str) -> str:
    variable = name.upper().replace("-", "_")
    if variable not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        variable = f"HTTP_{variable}"
    return " ".join(environ.get(variable, "").split())


@contextmanager
def running() -> Iterator[str]:
    """Its address; who calls before it has started waits in the queue of the socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        handle = listening.fileno()
        command = [sys.executable, "-m", "tests.documents.s3_server", str(handle)]
        process = subprocess.Popen(command, pass_fds=[handle])
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def main(handle: int) -> None:
    """Serve until the process ends."""
    import logging

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = Gate(DomainDispatcherApplication(create_backend_app))
    make_server("127.0.0.1", 0, app, threaded=True, fd=handle).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
