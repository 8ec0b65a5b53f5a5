"""The embedded PostgreSQL: one server a checkout, whole after every mishap."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from portal.host import embedded
from portal.host.embedded import cluster as state
from portal.host.embedded import server
from tests.waiting import PATIENCE, wait_until

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Cluster]:
    """A server of these tests alone, which may or may not run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAR_DIR", str(tmp_path_factory.mktemp("a checkout") / "var"))
        patch.setenv("PORTAL_PG_FAST", "1")
        cluster = embedded.Cluster.here()
        yield cluster
        embedded.remove(cluster)


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no database."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)


def ask(cluster: embedded.Cluster, sql: str, role: str = "DATABASE_URL") -> object:
    """The single value that `sql` gives to `role`, on a server started if need be."""
    with closing(psycopg2.connect(embedded.start(cluster)[role])) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        row = cursor.fetchone()
        return row and row[0]


def pid_file(cluster: embedded.Cluster) -> Path:
    return cluster.data / "postmaster.pid"


def pid(cluster: embedded.Cluster) -> int:
    return int(pid_file(cluster).read_text().split()[0])


def kill(cluster: embedded.Cluster) -> None:
    """End the server as a power cut would."""
    number = pid(cluster)
    os.kill(number, signal.SIGKILL)
    wait_until(lambda: not embedded.running(cluster))


def test_a_running_server_is_found_and_not_started_twice(cluster):
    first = embedded.start(cluster)
    number = pid(cluster)
    assert embedded.start(cluster) == first
    assert pid(cluster) == number
    assert embedded.running(cluster)


def test_stopping_says_whether_anything_ran(cluster):
    embedded.start(cluster)
    assert embedded.stop(cluster)
    assert not embedded.running(cluster)
    assert not embedded.stop(cluster)


def test_it_speaks_utf8_beyond_ascii_and_lives_in_utc(cluster):
    assert ask(cluster, "SELECT lower('ÉTHIOPIE')") == "éthiopie"
    assert ask(cluster, "SHOW timezone") == "UTC"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "SET ROLE portal_owner",
    ],
)
def test_the_web_role_may_create_nothing(cluster, sql):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"):
        ask(cluster, sql)


def test_the_owner_owns_the_database_and_is_no_superuser(cluster):
    owns = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = 'portal'"
    assert ask(cluster, owns, "DATABASE_OWNER_URL") is True
    assert ask(cluster, "SHOW is_superuser", "DATABASE_OWNER_URL") == "off"


def test_passwords_are_for_the_owner_of_the_checkout_only(cluster):
    embedded.start(cluster)
    assert cluster.state.stat().st_mode & 0o777 == 0o600
    assert cluster.home.stat().st_mode & 0o777 == 0o700


def test_no_folder_above_the_checkout_is_opened(cluster, tmp_path, monkeypatch):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("VAR_DIR", str(private / "var"))
    own = embedded.Cluster.here()
    try:
        assert ask(own, "SELECT 1") == 1
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.remove(own)


def test_data_survives_a_crash(cluster):
    # A test server may lose its last commits; this one waits until it is written.
    write = "SET synchronous_commit = on; CREATE TABLE kept (id int); COMMIT; SELECT 1"
    ask(cluster, write, "DATABASE_OWNER_URL")
    kill(cluster)
    assert ask(cluster, "SELECT count(*) FROM kept", "DATABASE_OWNER_URL") == 0


def test_a_pid_that_passed_to_a_stranger_is_taken_for_stale(cluster):
    embedded.start(cluster)
    kill(cluster)
    lines = pid_file(cluster).read_text().splitlines(keepends=True)
    pid_file(cluster).write_text("".join([f"{os.getppid()}\n", *lines[1:]]))
    assert not embedded.running(cluster)
    assert ask(cluster, "SELECT 1") == 1


def test_an_empty_pid_file_does_not_block_the_start(cluster):
    embedded.start(cluster)
    embedded.stop(cluster)
    pid_file(cluster).touch()
    assert ask(cluster, "SELECT 1") == 1


def test_it_moves_to_another_port_when_its_own_is_taken(cluster):
    embedded.start(cluster)
    port = state.read_state(cluster)["port"]
    embedded.stop(cluster)
    with socket.create_server((state.HOST, port)):
        assert f":{port}/" not in embedded.start(cluster)["DATABASE_URL"]
    assert state.read_state(cluster)["port"] != port


def test_several_processes_starting_at_once_share_one_server(cluster):
    embedded.remove(cluster)
    command = [sys.executable, "-m", "portal.host.embedded", "start"]
    starting = [subprocess.Popen(command, cwd=CHECKOUT) for _ in range(3)]
    assert [process.wait(PATIENCE) for process in starting] == [0, 0, 0]
    assert embedded.running(cluster)


def test_an_interrupted_first_start_leaves_nothing_half_made(cluster, monkeypatch):
    embedded.remove(cluster)
    with monkeypatch.context() as patch:
        patch.setattr(server, "_first_sql", lambda _passwords: "no SQL;\n")
        with pytest.raises(embedded.EmbeddedError, match=r"no SQL|syntax"):
            embedded.start(cluster)
    assert not cluster.data.exists()
    assert (cluster.home / "data.new").exists()
    assert ask(cluster, "SELECT 1") == 1
    assert not (cluster.home / "data.new").exists()


def test_lost_passwords_are_said_so(cluster):
    embedded.start(cluster)
    content = cluster.state.read_text()
    cluster.state.unlink()
    try:
        with pytest.raises(embedded.EmbeddedError, match="passwords"):
            embedded.start(cluster)
    finally:
        state.write_state(cluster, json.loads(content))


def test_a_named_database_is_left_alone(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/portal")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    embedded.ensure()
    assert os.environ["DATABASE_URL"] == "postgres://elsewhere/portal"
    assert "DATABASE_OWNER_URL" not in os.environ


@pytest.mark.usefixtures("no_database")
def test_an_owner_without_a_web_role_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://elsewhere/portal")
    with pytest.raises(embedded.EmbeddedError, match="set both"):
        embedded.ensure()


@pytest.mark.usefixtures("no_database")
def test_a_command_finds_the_addresses_in_its_environment(cluster):
    code = "import os; print(os.environ['DATABASE_URL'])"
    command = [sys.executable, "-m", "portal.host.embedded", "run", sys.executable, "-c", code]
    output = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert output.stdout.strip() == embedded.start(cluster)["DATABASE_URL"]
