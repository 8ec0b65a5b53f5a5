"""Where an embedded server lives, and what is remembered of it: port and passwords."""

import hashlib
import json
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

CHECKOUT = Path(__file__).resolve().parent.parent.parent.parent
HOST = "127.0.0.1"
# PostgreSQL refuses to run as root; what it needs then lies below this folder.
SYSTEM_HOME = Path("/var/lib/pooled-fund-portal")
# Below the range from which the system takes ports for outgoing connections.
PORTS = range(20000, 32000)


class EmbeddedError(RuntimeError):
    """The embedded server cannot run; the message says what to do."""


class Postmaster(NamedTuple):
    """What postmaster.pid says of a living server."""

    pid: int
    port: int
    status: str


@dataclass(frozen=True)
class Cluster:
    """One embedded server: where it lives and whether it may be careless (for tests)."""

    base: Path
    fast: bool

    @classmethod
    def here(cls) -> Self:
        """The server of this checkout, user and mode, as the environment has them."""
        var = Path(os.environ.get("VAR_DIR") or CHECKOUT / "var").resolve()
        if is_root():
            var = SYSTEM_HOME / hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
        return cls(base=var, fast=os.environ.get("PORTAL_PG_FAST") == "1")

    @property
    def home(self) -> Path:
        """The folder that belongs to the server's own user."""
        return self.base / ("postgres-test" if self.fast else "postgres")

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def state(self) -> Path:
        """Port and passwords; outside `home`, which the server's user could rewrite."""
        return self.home.with_suffix(".json")


def is_root() -> bool:
    return os.geteuid() == 0


def read_state(cluster: Cluster) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(cluster.state.read_text())
    except (FileNotFoundError, ValueError) as error:
        raise EmbeddedError(
            f"{cluster.state}, which keeps the passwords of {cluster.data}, is missing or "
            "damaged: restore it, or remove both to start afresh."
        ) from error
    return state


def write_state(cluster: Cluster, state: dict[str, Any]) -> None:
    """Replace the state file as a whole, readable by its owner only."""
    new = cluster.state.with_suffix(".json.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    new.rename(cluster.state)


def is_free(port: int) -> bool:
    """Whether nothing listens at this port of the machine itself."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    for _ in range(200):
        port = secrets.choice(PORTS)
        if is_free(port):
            return port
    raise EmbeddedError("No free port for the embedded PostgreSQL.")
