"""A database and processes of their own, to be killed and cut off."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from tests.databases import environment
from tests.waiting import wait_until

CHECKOUT = Path(__file__).resolve().parents[3]


class CrashSite:
    """Runs workers and programs over one database; nothing of them outlives the test."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.processes: list[subprocess.Popen] = []
        (folder / "tmp").mkdir()

    def environment(self) -> dict[str, str]:
        """What a process needs to serve this database."""
        return environment(self.database) | {
            "VAR_DIR": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "TASK_GRACE_SECONDS": "0",
            "TASK_RECOVERY_SECONDS": "0.5",
        }

    def worker(self) -> subprocess.Popen:
        """A real worker, without the pause at its start."""
        return self.start(
            "manage.py", "worker", "--skip-checks", "--no-startup-delay", "--interval=0.1"
        )

    def program(self, code: str, *arguments: Any) -> subprocess.Popen:
        """A process that runs this code with Django set up."""
        setup = "import sys, django; django.setup()\n"
        return self.start("-c", setup + code, *map(str, arguments))

    def start(self, *arguments: str) -> subprocess.Popen:
        """A Python process over this database."""
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=CHECKOUT, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.processes.append(process)
        return process

    @staticmethod
    def kill(process: subprocess.Popen) -> None:
        """`kill -9`: it has no chance to tidy up."""
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def close(self) -> None:
        """End what still runs."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()

    # --- The database from outside

    def ask(self, statement: str, *values: Any) -> list[tuple]:
        """An answer as things stand now; the web's role sees, and may end, its own kind."""
        link = psycopg2.connect(environment(self.database)["DATABASE_URL"])
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement, values or None)
            rows = cursor.fetchall()
        link.close()
        return rows

    @contextmanager
    def held(self, statement: str, *values: Any) -> Iterator[None]:
        """Within the block the owner holds what the statement locks."""
        link = psycopg2.connect(environment(self.database)["DATABASE_OWNER_URL"])
        try:
            with link.cursor() as cursor:
                cursor.execute(statement, values or None)
            yield
        finally:
            link.rollback()
            link.close()

    def stuck(self) -> int:
        """The backend that waits for such a lock, once there is one."""
        waiting = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock' AND wait_event <> 'advisory'"
        )
        return wait_until(lambda: self.ask(waiting))[0][0]

    def cut_off(self, pid: int) -> None:
        """Take the connection away from under whoever uses it."""
        self.ask("SELECT pg_terminate_backend(%s)", pid)
        self.wait_for_end_of(pid)

    def wait_for_end_of(self, pid: int) -> None:
        """Until the server has noticed that its client is gone."""
        gone = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = %s)"
        wait_until(lambda: self.ask(gone, pid))
