"""Processes that are kept running, as a service manager keeps them, and ended at a word."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

# Seconds within which everything has to come back that is to come back.
LIMIT = 240.0
_LOOK_SECONDS = 0.05
_AGAIN_SECONDS = 0.5
Answer = TypeVar("Answer")


class Failed(Exception):
    """Something that has to hold did not."""


def until(what: str, seen: Callable[[], Answer | None], seconds: float = LIMIT) -> Answer:
    """The first true answer. Raises Failed if there is none within so many seconds."""
    end = time.monotonic() + seconds
    while not (answer := seen()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds:.0f} s")
        time.sleep(_LOOK_SECONDS)
    return answer


@dataclass
class Part:
    """One service of a machine; what ends by itself is started again by the manager."""

    name: str
    command: list[str]
    log: Path
    is_ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    # As whom it runs; None: as whoever runs this.
    user: int | None = None
    folder: Path = Path("/")
    handles: tuple[int, ...] = ()
    is_wanted: bool = False
    times_begun: int = 0
    process: subprocess.Popen | None = None

    def begin(self) -> None:
        """Start it, in a session of its own."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True, user=self.user,
                group=self.user, extra_groups=None if self.user is None else [],
                pass_fds=self.handles,
            )  # fmt: skip
        self.times_begun += 1

    def start(self) -> None:
        """Start it and wait until it does its work."""
        self.begin()
        self.is_wanted = True
        until(f"{self.name} is ready (see {self.log})", self.is_ready)

    def kill(self) -> None:
        """`kill -9` of it and all that it started, as by a machine that loses its power."""
        self.is_wanted = False
        if self.process:
            for process in (self.process.pid, *descendants(self.process.pid)):
                end(process, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end; after a while no more is asked."""
        self.is_wanted = False
        if self.process and self.process.poll() is None:
            end(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()

    def read_anew(self) -> None:
        """Have it read its settings again."""
        if self.process:
            end(self.process.pid, signal.SIGHUP)


class Manager:
    """Starts again what ended by itself, twice a second."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def add(self, part: Part) -> Part:
        """Start it now, and look after it from now on."""
        self.parts.append(part)
        part.start()
        if not self._thread.is_alive():
            self._thread.start()
        return part

    def _look(self) -> None:
        while not self._stop.wait(_AGAIN_SECONDS):
            for part in self.parts:
                if part.is_wanted and part.process and part.process.poll() is not None:
                    part.begin()

    def close(self) -> None:
        """End everything, last what was started first."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        for part in reversed(self.parts):
            part.kill()


def end(process: int, how: signal.Signals) -> None:
    """Send the signal, if the process is there."""
    try:
        os.kill(process, how)
    except ProcessLookupError:
        return


def descendants(process: int) -> list[int]:
    """All that it started, and what that started, as /proc has it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name before may hold anything, blanks and brackets too.
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        below.setdefault(parent, []).append(int(entry.parent.name))
    found, looked = [], [process]
    while looked:
        children = below.get(looked.pop(), [])
        found += children
        looked += children
    return found
