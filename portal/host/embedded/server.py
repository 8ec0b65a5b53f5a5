"""The life of an embedded server: made, started, found running, stopped, removed."""

import contextlib
import os
import secrets
import shutil
import time
from pathlib import Path

from .cluster import (
    HOST,
    Cluster,
    EmbeddedError,
    Postmaster,
    free_port,
    is_free,
    is_root,
    read_state,
    write_state,
)
from .programs import MAJOR, locked, log_tail, run, server_binary, wheel_folder

DATABASE = "portal"
OWNER = "portal_owner"
WEB = "portal_web"
READY_SECONDS = 120
OPTIONS = (
    f"listen_addresses={HOST}",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    # As `prepare` asks for them (portal/health/server_settings.py), for a machine of 2 GB.
    "shared_buffers=256MB",
    "work_mem=16MB",
    "effective_cache_size=1GB",
    "random_page_cost=1.1",
    "jit=off",
)
# Autovacuum would count rows of tests that are over, and plan the next ones by them.
FAST_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def ensure() -> None:
    """Point DATABASE_URL and DATABASE_OWNER_URL at the embedded server, started if need be.

    Does nothing when DATABASE_URL is already set.
    """
    if os.environ.get("DATABASE_URL"):
        return
    if os.environ.get("DATABASE_OWNER_URL"):
        raise EmbeddedError(
            "DATABASE_OWNER_URL is set but DATABASE_URL is not: set both, or neither "
            "for the embedded server."
        )
    os.environ.update(start(Cluster.here()))


def start(cluster: Cluster) -> dict[str, str]:
    """Start the server unless it runs, and return the environment that leads to it."""
    server = _postmaster(cluster)
    if server is None or server.status != "ready":
        with locked(cluster):
            server = _settled(cluster) or _launch(cluster)
    passwords = read_state(cluster)["passwords"]
    address = f"{HOST}:{server.port}/{DATABASE}"
    return {
        "DATABASE_URL": f"postgres://{WEB}:{passwords[WEB]}@{address}",
        "DATABASE_OWNER_URL": f"postgres://{OWNER}:{passwords[OWNER]}@{address}",
    }


def stop(cluster: Cluster) -> bool:
    """Stop the server and say whether it was running; open connections are cut."""
    if _postmaster(cluster) is None:
        return False
    with locked(cluster):
        if _postmaster(cluster) is None:
            return False
        command = [server_binary(cluster, "pg_ctl"), "stop", "-s", "-w"]
        command += ["-D", str(cluster.data)]
        try:
            run(cluster, [*command, "-m", "fast", "-t", "30"])
        except EmbeddedError:
            run(cluster, [*command, "-m", "immediate", "-t", "30"])
    return True


def remove(cluster: Cluster) -> None:
    """Stop the server and delete its data."""
    stop(cluster)
    if cluster.home.exists():
        shutil.rmtree(cluster.home)
    cluster.state.unlink(missing_ok=True)
    if is_root() and not any(Cluster(cluster.base, fast).home.exists() for fast in (True, False)):
        shutil.rmtree(cluster.base, ignore_errors=True)


def running(cluster: Cluster) -> bool:
    """Whether the server is up and takes connections."""
    server = _postmaster(cluster)
    return server is not None and server.status == "ready"


def binary(name: str) -> Path:
    """The path of a client program of the wheel: psql, pg_dump, pg_restore."""
    return wheel_folder() / f"pginstall{MAJOR}" / "bin" / name


# --- The life of a server


def _postmaster(cluster: Cluster) -> Postmaster | None:
    """The living server of this data folder, or None; a stale file counts as none."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        server = Postmaster(int(lines[0]), int(lines[3]), lines[7].strip())
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise EmbeddedError(
            f"{cluster.data} belongs to another user: make it yours, or name another "
            "folder in VAR_DIR."
        ) from error
    except (IndexError, ValueError):
        # Being written at this moment, or cut short by a crash.
        return None
    return server if _lives_in(server.pid, cluster.data, lines[1]) else None


def _lives_in(pid: int, data: Path, stated: str) -> bool:
    """Whether process `pid` is the server of `data`, as postmaster.pid states.

    The number may have passed to another process since a crash or reboot, and the file
    may be a copy from another checkout; a PostgreSQL's working directory is its data.
    """
    process = Path(f"/proc/{pid}")
    try:
        return (process / "cwd").samefile(data)
    except PermissionError:
        # Root in a container may not look there; the command line is open to all.
        return os.fsencode(data) in (process / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return stated == str(data)
    return False


def _disarm_stale_pid(cluster: Cluster) -> None:
    """Keep a number that now belongs to a stranger from blocking the start.

    The file itself stays: from it PostgreSQL sees whether children of a dead server
    still use the data, and refuses. It takes our number, its grandparent's, for stale.
    """
    file = cluster.data / "postmaster.pid"
    if not file.exists():
        return
    lines = file.read_text().splitlines(keepends=True)
    if lines:
        file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    else:
        file.unlink()


def _settled(cluster: Cluster) -> Postmaster | None:
    """The running server, after waiting for one that is still starting or stopping."""
    deadline = time.monotonic() + READY_SECONDS
    while (server := _postmaster(cluster)) and server.status != "ready":
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"PostgreSQL (process {server.pid}) has been {server.status} for "
                f"{READY_SECONDS} s; its log is {cluster.log}."
            )
        time.sleep(0.05)
    return server


def _launch(cluster: Cluster) -> Postmaster:
    """Start a server that does not run, on its remembered port or a new one."""
    if not (cluster.data / "PG_VERSION").exists():
        _initialise(cluster)
    _disarm_stale_pid(cluster)
    state = read_state(cluster)
    command = [server_binary(cluster, "pg_ctl"), "start", "-s", "-w", "-D", str(cluster.data)]
    command += ["-t", str(READY_SECONDS), "-l", cluster.log.name]
    settings = (*OPTIONS, *(FAST_OPTIONS if cluster.fast else ()))
    options = " ".join(f"-c {setting}" for setting in settings)
    for attempt in range(5):
        if state["port"] is None or not is_free(state["port"]):
            state["port"] = free_port()
            write_state(cluster, state)
        try:
            run(cluster, [*command, "-o", f"-p {state['port']} {options}"])
        except EmbeddedError as error:
            # Someone may have taken the port meanwhile; and after a kill -9 the children
            # of the dead server hold its shared memory for a moment.
            if attempt == 4:
                raise EmbeddedError(
                    f"PostgreSQL did not start: {error}\n{log_tail(cluster)}\n"
                    f"Its log is {cluster.log}."
                ) from error
            time.sleep(0.5)
            continue
        break
    server = _settled(cluster)
    if server is None:
        raise EmbeddedError(f"PostgreSQL stopped right after its start; see {cluster.log}.")
    return server


def _initialise(cluster: Cluster) -> None:
    """Make the data folder with its roles and database, whole or not at all."""
    passwords = {role: secrets.token_urlsafe(24) for role in ("postgres", OWNER, WEB)}
    write_state(cluster, {"port": None, "passwords": passwords})
    unfinished = cluster.home / "data.new"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    initdb = [server_binary(cluster, "initdb"), "-D", unfinished.name, "-U", "postgres"]
    initdb += ["-A", "trust", "-E", "UTF8", "--no-instructions"]
    initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run(cluster, [*initdb, *(["--no-sync"] if cluster.fast else [])])
    single = [server_binary(cluster, "postgres"), "--single", "-D", unfinished.name]
    run(cluster, [*single, "-c", "exit_on_error=on", "postgres"], text=_first_sql(passwords))
    hba = f"host all all {HOST}/32 scram-sha-256\n"
    (unfinished / "pg_hba.conf").write_text(hba)
    unfinished.rename(cluster.data)


def _first_sql(passwords: dict[str, str]) -> str:
    """The statements, one a line, that make roles and database."""
    return (
        f"ALTER ROLE postgres PASSWORD '{passwords['postgres']}';\n"
        f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords[OWNER]}';\n"
        f"CREATE ROLE {WEB} LOGIN PASSWORD '{passwords[WEB]}';\n"
        f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n"
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;\n"
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {WEB};\n"
    )
