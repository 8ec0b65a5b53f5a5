"""Waiting for something to happen, however long the machine takes over it."""

import socket
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

# Seconds; reached only by what never happens.
PATIENCE = 900
Answer = TypeVar("Answer")


def wait_until(seen: Callable[[], Answer | None], alive: subprocess.Popen | None = None) -> Answer:
    """The first true answer; fails where there is none, or a process ends that was to live."""
    end = time.monotonic() + PATIENCE
    while not (answer := seen()):
        assert alive is None or alive.poll() is None, "the process ended before it happened"
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return answer


def listens(address: str | tuple[str, int]) -> bool:
    """Whether anything takes connections there: host and port, or the path of a socket."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0
