"""A real redis-server that a test starts, and may end in the middle."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import PATIENCE, listens, wait_until


class RedisServer:
    """It listens at a socket in a folder, so no port is taken from anybody."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Until it answers; nothing is left of an earlier one."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if not program:
            pytest.skip("neither redis-server nor valkey-server is installed")
        options = {"port": "0", "unixsocket": str(self.socket), "save": "", "daemonize": "no"}
        options |= {"maxmemory": "32mb", "maxmemory-policy": "allkeys-lru"}
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(
            [program, *arguments], cwd=self.socket.parent, stdout=subprocess.DEVNULL
        )
        wait_until(lambda: listens(str(self.socket)), alive=self._process)

    def stop(self) -> None:
        """At once, as by a lost machine."""
        if self._process:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None
        self.socket.unlink(missing_ok=True)


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """One that has started; it ends with the block."""
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
