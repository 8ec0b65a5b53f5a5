"""The site's gunicorn worker: half a request holds a thread for seconds, not for ever.

A body that does not come on at `LEAST_RATE` is dropped, and all of them sooner while more than half
of the threads wait for requests. A proxy that takes requests in whole before it passes them on
(docs/running.md) is needed all the same: a crowd of such senders comes again and again.
"""

import contextlib
import os
import socket
import sys
import time
from typing import Any

from gunicorn.http.body import ChunkedReader
from gunicorn.workers.gthread import ThreadWorker

# Who waits for Python's lock while a file is drawn gets it within a fifth of the usual time:
# a page asks the database some ten times, and waits for it after each.
SWITCH_SECONDS = 0.001
# The whole head of a request within so long; of its body, and of the answer, each piece.
HEAD_SECONDS = float(os.environ.get("WEB_HEAD_SECONDS", "15"))
PIECE_SECONDS = float(os.environ.get("WEB_PIECE_SECONDS", "60"))
# Beyond what a body needs at the least rate, in bytes a second, it may take so long.
BODY_SECONDS = float(os.environ.get("WEB_BODY_SECONDS", "20"))
# The same of heads and bodies while more than half of the threads wait for them.
PRESSED_SECONDS = 2.0
LEAST_RATE = 16 * 1024
# So long a connection that ends may still read the answer while it sends on.
LINGER_SECONDS = 0.5


class WebWorker(ThreadWorker):
    """Threads, each with limits of time for what it reads."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Since when a head comes.
        self.heads: dict[Any, float] = {}
        # Of each request in work: itself, the length of its body, and since when it comes.
        self.bodies: dict[Any, tuple[Any, int, float]] = {}

    def init_process(self) -> None:
        """Before the site is loaded."""
        sys.setswitchinterval(SWITCH_SECONDS)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """A connection in its thread: its head has begun to come, or not even that."""
        self.heads[conn] = time.monotonic()
        try:
            is_kept = super().handle(conn)
        finally:
            self.heads.pop(conn, None)
        if not is_kept:
            end(conn.sock)
        return is_kept

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is whole: the rest comes, and goes, piece by piece."""
        self.heads.pop(conn, None)
        conn.sock.settimeout(PIECE_SECONDS)
        self.bodies[conn] = req, _to_come(req), time.monotonic()
        try:
            return super().handle_request(req, conn)
        finally:
            self.bodies.pop(conn, None)

    def murder_pending(self) -> None:
        """In each turn of the main loop, about once a second."""
        super().murder_pending()
        now = time.monotonic()
        heads = {conn: now - since for conn, since in list(self.heads.items())}
        bodies = {
            conn: now - since - (whole - left) / LEAST_RATE
            for conn, (req, whole, since) in list(self.bodies.items())
            if (left := _to_come(req))
        }
        is_pressed = (len(heads) + len(bodies)) * 2 > self.cfg.threads
        for waits, most in ((heads, HEAD_SECONDS), (bodies, BODY_SECONDS)):
            allowed = min(PRESSED_SECONDS, most) if is_pressed else most
            for conn in (conn for conn, waited in waits.items() if waited > allowed):
                # Its thread reads the end of the connection, and is free.
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)


def end(sock: socket.socket) -> None:
    """Say that no more comes, and let the other side end too.

    gunicorn would wait for that in its main loop, two seconds for each that does not end by itself,
    and meanwhile take in no request.
    """
    until = time.monotonic() + LINGER_SECONDS
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        while (left := until - time.monotonic()) > 0:
            sock.settimeout(left)
            if not sock.recv(65536):
                break
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RD)


def _to_come(req: Any) -> int:
    """How many bytes of the body nobody has read yet; 1 where its length is not stated."""
    reader = req.body.reader
    if isinstance(reader, ChunkedReader):
        return 1 if reader.parser else 0
    return int(getattr(reader, "length", 0) or 0)
