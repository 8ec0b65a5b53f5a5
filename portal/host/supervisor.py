"""Keep a few processes running together, and stop them in the reverse order."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from portal.host import embedded

TICK = 0.2
FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
# Whoever ran this long before it stopped is started again without waiting.
STEADY_SECONDS = 60.0


def say(text: str) -> None:
    """Write a line for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


class Service(Protocol):
    """Something that is started, watched and stopped."""

    name: str

    def start(self) -> None:
        """Start it."""

    def trouble(self) -> str:
        """Why it does not run, or nothing when it does."""

    def stop(self) -> None:
        """Stop it, and whatever it started."""


@dataclass
class Process:
    """A service that is a child process; its output goes to a log file."""

    name: str
    command: Sequence[str]
    log: Path
    patience: float = 10.0
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own, out of reach of the terminal's Ctrl-C."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.child = start_child(self.command, stdout=log)

    def trouble(self) -> str:
        """How it ended, or nothing while it runs."""
        if self.child is None or (code := self.child.poll()) is None:
            return ""
        return f"exit code {code}, see {self.log}"

    def stop(self) -> None:
        """Ask it to stop, and end by force what is left after its time."""
        if self.child is not None:
            end_child(self.child, self.patience)


@dataclass
class Database:
    """The embedded PostgreSQL as a service."""

    cluster: embedded.Cluster
    name: str = "database"

    def start(self) -> None:
        """Start it, and lead the children that follow to it."""
        os.environ.update(embedded.start(self.cluster))

    def trouble(self) -> str:
        """That it does not run, or nothing."""
        return "" if embedded.running(self.cluster) else f"see {self.cluster.log}"

    def stop(self) -> None:
        """Stop it."""
        embedded.stop(self.cluster)


def start_child(command: Sequence[str], stdout: int | object = None) -> subprocess.Popen[bytes]:
    """Start a command that is told to end should this process be killed."""
    if setpriv := shutil.which("setpriv"):
        command = [setpriv, "--pdeathsig", "TERM", *command]
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,  # type: ignore[arg-type]
        stderr=subprocess.STDOUT if stdout else None,
        start_new_session=True,
    )


def end_child(child: subprocess.Popen[bytes], patience: float) -> None:
    """Ask a child to end; after `patience` seconds end it and all it started by force."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@dataclass
class _Watched:
    """A service with what its restarts need: when it began, when it may begin again."""

    service: Service
    began: float = 0.0
    delay: float = field(default_factory=lambda: FIRST_DELAY)
    due: float | None = None


@dataclass
class Supervisor:
    """Starts services in order, restarts what ends, stops all in the reverse order."""

    services: list[_Watched] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def catch_signals(self) -> None:
        """Take Ctrl-C, `kill` and a closed terminal as the wish to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def start(self, service: Service) -> None:
        """Start a service and watch it from now on."""
        watched = _Watched(service, began=time.monotonic())
        self.services.append(watched)
        service.start()

    def step(self, *commands: Sequence[str]) -> int:
        """Run commands beside each other to their ends, or end them when asked to stop.

        Returns the first exit code that is not 0.
        """
        children = [start_child(command) for command in commands]
        while any(child.poll() is None for child in children):
            if self.stopping.wait(TICK / 4):
                break
        for child in children:
            end_child(child, patience=5)
        return next((child.returncode for child in children if child.returncode), 0)

    def watch(self, on_tick: Callable[[], None]) -> None:
        """Restart what ends, until asked to stop."""
        while not self.stopping.wait(TICK):
            for watched in self.services:
                self._look_after(watched)
            on_tick()

    def stop_all(self) -> None:
        """Stop everything, the last started first."""
        for watched in reversed(self.services):
            say(f"Stopping {watched.service.name} …")
            try:
                watched.service.stop()
            except embedded.EmbeddedError as error:
                say(str(error))
        self.services.clear()

    def _look_after(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.due is None:
            if trouble := watched.service.trouble():
                steady = now - watched.began > STEADY_SECONDS
                watched.delay = FIRST_DELAY if steady else watched.delay
                watched.due = now + watched.delay
                say(
                    f"The {watched.service.name} has stopped ({trouble}); "
                    f"starting it again in {watched.delay:.0f} s."
                )
                watched.delay = min(2 * watched.delay, LONGEST_DELAY)
        elif now >= watched.due:
            self._restart(watched)

    def _restart(self, watched: _Watched) -> None:
        watched.began, watched.due = time.monotonic(), None
        before = _addresses(os.environ)
        watched.service.stop()
        try:
            watched.service.start()
        except embedded.EmbeddedError as error:
            say(str(error))
            return
        say(f"The {watched.service.name} was started again.")
        if _addresses(os.environ) != before:
            # The database moved to another port: those above it must learn the address.
            for other in self.services[self.services.index(watched) + 1 :]:
                other.service.stop()
                other.began, other.due = time.monotonic(), None
                other.service.start()


def _addresses(environ: Mapping[str, str]) -> tuple[str | None, ...]:
    return environ.get("DATABASE_URL"), environ.get("DATABASE_OWNER_URL")
