"""Waiting for something to happen, however long the machine takes over it."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

# Seconds; reached only by what never happens.
PATIENCE = 900
Answer = TypeVar("Answer")


class Patience:
    """What a wait asks each time round; it runs out only for what never happens."""

    def __init__(self) -> None:
        self._end = time.monotonic() + PATIENCE

    def check(self) -> None:
        """Fail once it has run out."""
        assert time.monotonic() < self._end, "it did not happen"


def wait_until(seen: Callable[[], Answer | None], alive: subprocess.Popen | None = None) -> Answer:
    """The first true answer; fails where there is none, or a process ends that was to live."""
    patience = Patience()
    while not (answer := seen()):
        assert alive is None or alive.poll() is None, "the process ended before it happened"
        patience.check()
        time.sleep(0.02)
    return answer


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that is held, so that nobody answers there, whatever else runs on the machine."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def listens(address: str | tuple[str, int]) -> bool:
    """Whether anything takes connections there: host and port, or the path of a socket."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0
