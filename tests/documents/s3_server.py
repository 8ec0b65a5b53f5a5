"""A server of the S3 kind as a process of its own: `python -m tests.documents.s3_server PORT`.

moto keeps the objects, but takes any signature and any age of it. So before it stands a check
of AWS Signature Version 4, written from its description and not from the library that signs:
what is unsigned, signed otherwise or over is refused as S3 does, with 403.
"""

import hashlib
import hmac
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import quote, unquote

KEY, SECRET, REGION = "key", "only-for-tests", "us-east-1"


class Gate:
    """Lets a request through to `app` if its signature holds."""

    def __init__(self, app) -> None:
        self.app = app

    def __call__(self, environ, start_response):
        if not (_by_address(environ) or _by_header(environ)):
            start_response("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>SignatureDoesNotMatch</Code></Error>"]
        return self.app(environ, start_response)


def _query(environ) -> list[tuple[str, str]]:
    pairs = [p.partition("=") for p in environ["QUERY_STRING"].split("&") if p]
    return [(unquote(name), unquote(value)) for name, _equals, value in pairs]


def _by_address(environ) -> bool:
    query = dict(_query(environ))
    if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256":
        return False
    stamp = query["X-Amz-Date"]
    begun = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    age = (datetime.now(UTC) - begun).total_seconds()
    if not -900 <= age <= int(query["X-Amz-Expires"]):
        return False
    signature = query["X-Amz-Signature"]
    names = query["X-Amz-SignedHeaders"]
    expected = _signature(environ, query["X-Amz-Credential"], stamp, names, "UNSIGNED-PAYLOAD")
    return hmac.compare_digest(signature, expected)


def _by_header(environ) -> bool:
    form = r"AWS4-HMAC-SHA256 Credential=(\S+?), ?SignedHeaders=(\S+?), ?Signature=(\w+)"
    match = re.fullmatch(form, environ.get("HTTP_AUTHORIZATION", ""))
    if not match:
        return False
    payload = environ["HTTP_X_AMZ_CONTENT_SHA256"]
    stamp = environ["HTTP_X_AMZ_DATE"]
    return hmac.compare_digest(match[3], _signature(environ, match[1], stamp, match[2], payload))


def _signature(environ, credential: str, stamp: str, names: str, payload: str) -> str:
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


def _header(environ, name: str) -> str:
    variable = name.upper().replace("-", "_")
    if variable not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        variable = f"HTTP_{variable}"
    return " ".join(environ.get(variable, "").split())


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen]:
    """The server, once it answers."""
    process = subprocess.Popen([sys.executable, "-m", "tests.documents.s3_server", str(port)])
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "the S3 server did not start"
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def main(port: int) -> None:
    """Serve until the process ends."""
    import logging

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = Gate(DomainDispatcherApplication(create_backend_app))
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
