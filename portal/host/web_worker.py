"""The site's gunicorn worker: half a request holds a thread for seconds, not for ever.

A proxy that takes requests in whole before it passes them on (docs/running.md) is needed all the
same: against whoever sends a body by the drop there is no other limit of all its time.
"""

import contextlib
import os
import socket
import sys
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Who waits for Python's lock while a file is drawn gets it within a fifth of the usual time:
# a page asks the database some ten times, and waits for it after each.
SWITCH_SECONDS = 0.001
# The whole head of a request within so long; of its body, and of the answer, each piece.
HEAD_SECONDS = float(os.environ.get("WEB_HEAD_SECONDS", "15"))
PIECE_SECONDS = float(os.environ.get("WEB_PIECE_SECONDS", "60"))


class WebWorker(ThreadWorker):
    """Threads, each with limits of time for what it reads."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.heads: dict[Any, float] = {}

    def init_process(self) -> None:
        """Before the site is loaded."""
        sys.setswitchinterval(SWITCH_SECONDS)
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """A connection in its thread: its head has begun to come, or not even that."""
        self.heads[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self.heads.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head is whole: the rest comes, and goes, piece by piece."""
        self.heads.pop(conn, None)
        conn.sock.settimeout(PIECE_SECONDS)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """In each turn of the main loop, about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self.heads.items()):
            if until < now:
                # Its thread reads the end of the connection, and is free.
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
