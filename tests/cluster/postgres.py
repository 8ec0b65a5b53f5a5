"""PostgreSQL on two machines: one that is written to, and one that streams from it."""

import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from portal.host.embedded.cluster import Cluster
from portal.host.embedded.programs import locked, server_binary
from tests.cluster.machines import OWNER, WEB, Machines
from tests.cluster.parts import Failed, Part

ADMIN = "postgres"
# Both roles as docs/running.md makes them.
_ROLES = (
    f"CREATE ROLE {OWNER} LOGIN PASSWORD %s",
    f"CREATE ROLE {WEB} LOGIN PASSWORD %s",
    f"CREATE DATABASE portal OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'",
)
_SETTINGS = """
unix_socket_directories = ''
max_connections = 60
shared_buffers = 128MB
jit = off
random_page_cost = 1.1
wal_keep_size = 512MB
"""
# Nobody without a password; a replica comes from another machine.
_ACCESS = """
host all all 127.0.0.0/8 scram-sha-256
host replication all 127.0.0.0/8 scram-sha-256
"""


class Server:
    """One PostgreSQL."""

    def __init__(self, machines: Machines, number: int, name: str) -> None:
        self.machines, self.at = machines, machines.databases[number]
        self.place = machines.place(name, foreign=True)
        self.data = self.place / "data"
        command = [_program("postgres"), "-D", str(self.data)]
        self.part: Part = machines.part(name, command, self.at, foreign=True)
        self.part.is_ready = lambda: self.answers()

    def make(self) -> None:
        """An empty server."""
        secret = self.place / "secret"
        secret.write_text(self.machines.password)
        secret.chmod(0o644)
        self._run(
            "initdb", "-D", str(self.data), "-U", ADMIN, "--auth=scram-sha-256",
            f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        secret.unlink()
        (self.data / "pg_hba.conf").write_text(_ACCESS)
        self._set_address()

    def copy(self, other: "Server") -> None:
        """The other's data, and to stream from it."""
        self._run(
            "pg_basebackup", "-D", str(self.data), "-R", "-X", "stream", "-c", "fast",
            "-d", f"host={other.at.host} port={other.at.port} user={ADMIN}"
            f" application_name={self.part.name}",
        )  # fmt: skip
        self._set_address()

    def _set_address(self) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"{_SETTINGS}listen_addresses = '{self.at.host}'\nport = {self.at.port}\n")

    def _run(self, name: str, *arguments: str) -> None:
        part = self.part
        done = subprocess.run(
            [_program(name), *arguments], cwd=self.place, user=part.user, group=part.user,
            extra_groups=None if part.user is None else [], capture_output=True, text=True,
            env=part.environment | {"PGPASSWORD": self.machines.password},
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{name}: {done.stderr}")

    def make_roles(self) -> None:
        """The portal's two roles and its database."""
        for statement in _ROLES:
            values = (self.machines.password,) if "%s" in statement else None
            self.ask(statement, values, database=ADMIN)

    def url(self, role: str) -> str:
        """The address of the portal's database, without a pooler."""
        return f"postgres://{role}:{self.machines.password}@{self.at}/portal"

    def ask(self, statement: str, values: Any = None, *, database: str = "portal") -> list[tuple]:
        """The rows of an answer, as the superuser."""
        link = psycopg2.connect(
            host=self.at.host, port=self.at.port, user=ADMIN, dbname=database,
            password=self.machines.password, connect_timeout=5,
        )  # fmt: skip
        link.autocommit = True
        with closing(link), link.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def answers(self) -> bool:
        """Whether it takes statements."""
        try:
            return bool(self.ask("SELECT 1", database=ADMIN))
        except psycopg2.Error:
            return False

    def lives(self, process: int) -> bool:
        """Whether the worker of this process said that it runs."""
        sign = "SELECT 1 FROM portal_workersign WHERE name LIKE %s"
        try:
            return bool(self.ask(sign, (f"% {process}",)))
        except psycopg2.Error:
            return False

    def streams(self, how: str = "async") -> bool:
        """Whether a replica has all that was written, and how it is waited for."""
        return bool(
            self.ask(
                "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = %s"
                " AND replay_lsn >= pg_current_wal_lsn()",
                (how,),
            )
        )

    def wait_for(self, replicas: str) -> None:
        """From now on nothing is acknowledged before one of these replicas has it."""
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{replicas}'")
        self.ask("SELECT pg_reload_conf()")


def _program(name: str) -> str:
    """One of PostgreSQL's programs, where its user may run it."""
    cluster = Cluster.here()
    with locked(cluster):
        return server_binary(cluster, name)


def folder_for_all(folder: Path) -> Path:
    """The same, open to whom PostgreSQL runs as; what lies inside is not."""
    folder.chmod(0o755)
    return folder
