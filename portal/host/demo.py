"""`make demo`: the whole portal on this machine, with sample data or somebody's own.

Database, worker and web run under one supervisor; Ctrl-C stops them. What the demo needs
as settings is kept in var/demo.env, which `manage.py` reads too when nothing else is set.
"""

import fcntl
import http.client
import os
import secrets
import sys
import time
from pathlib import Path

from portal.host import embedded
from portal.host.embedded.cluster import HOST, is_free
from portal.host.supervisor import Database, Process, Supervisor, say

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PREPARE = ("prepare", "--verbosity=0")
COLLECT = ("collectstatic", "--noinput", "--verbosity=0")
# Who administers a demo of somebody's own data.
OWN = "you@demo.localdomain"
NOTHING_SET = """\
Nothing is set that says which portal this is, so nothing was done.

On a server: `make install` makes database, settings and services (docs/install.md); the settings
lie in /etc/portal/portal.env afterwards, and `portal-manage COMMAND` runs a command with them.
By hand: SECRET_KEY, ALLOWED_HOSTS, SITE_URL, DATABASE_URL and DATABASE_OWNER_URL have to be in the
environment (docs/running.md).
To try the portal on this machine: `make demo`. Its embedded database is for demo and tests only."""


def is_here() -> bool:
    """Whether a demo was made in this checkout, whose settings commands then use."""
    return (var() / "demo.env").exists()


def var() -> Path:
    """The folder of everything that the portal writes."""
    return Path(os.environ.get("VAR_DIR") or CHECKOUT / "var").resolve()


def use_environment(port: str | None = None) -> None:
    """Fill in the demo's settings where the environment has none of its own.

    The secret key is made once; `port` is remembered for later manage.py commands.
    """
    file = var() / "demo.env"
    known = _read(file)
    number = port or known.get("PORT") or "8000"
    settings = {
        "SECRET_KEY": known.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_URL": f"http://localhost:{number}",
        "EMAIL_URL": "filemail://",
        "PORT": number,
    }
    if settings != known:
        _write(file, settings)
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(file: Path, settings: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.writelines(f"{name}={value}\n" for name, value in settings.items())
    new.rename(file)


def steps(own: str) -> list[list[tuple[str, ...]]]:
    """What fills the portal, commands of a step beside each other: first what it stands on,
    then the sample, or the person's own file."""
    fill: tuple[str, ...] = ("sample", "--if-empty")
    if own:
        fill = ("load", str(Path(own).expanduser().resolve()), "--into-empty", "--acknowledge")
    return [[PREPARE, COLLECT], [fill]]


def services(port: int) -> list[Process]:
    """Worker and web, in the order in which they start."""
    logs = var() / "log"
    worker = [sys.executable, "manage.py", "worker", "--verbosity=1"]
    # The rest as in production: gunicorn.conf.py.
    web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{port}"]
    web += ["--graceful-timeout", "5"]
    return [
        Process("worker", worker, logs / "worker.log", patience=10),
        Process("web", web, logs / "web.log", patience=10),
    ]


def main() -> int:
    """Set up what is missing, run everything, and stop when asked to."""
    supervisor = Supervisor()
    supervisor.catch_signals()
    os.chdir(CHECKOUT)
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return _refuse(f"PORT={port} is not a port number.")
    try:
        var().mkdir(parents=True, exist_ok=True)
        lock = (var() / "demo.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        address = _read(var() / "demo.env").get("SITE_URL", "it is starting")
        return _refuse(f"This checkout's demo is running already: {address}")
    except OSError as error:
        return _refuse(f"{var()} cannot be written: {error}. Make it yours, or set VAR_DIR.")
    if not is_free(int(port)):
        return _refuse(f"Port {port} is taken by another program: try `make demo PORT=8001`.")
    use_environment(port)
    try:
        return _run(supervisor, int(port))
    except embedded.EmbeddedError as error:
        return _refuse(str(error))
    finally:
        supervisor.stop_all()
        lock.close()


def _run(supervisor: Supervisor, port: int) -> int:
    if not os.environ.get("DATABASE_URL"):
        supervisor.start(Database(embedded.Cluster.here()))
    for step in steps(os.environ.get("LOAD", "")):
        code = supervisor.step(*([sys.executable, "manage.py", *command] for command in step))
        if supervisor.stopping.is_set():
            return 0
        if code:
            names = " or ".join(f"`manage.py {command[0]}`" for command in step)
            return _refuse(f"{names} failed.")
    for service in services(port):
        service.log.unlink(missing_ok=True)
        supervisor.start(service)
    if os.environ.get("LOAD"):
        # Nothing to worry about where there is an administrator already: then it says so.
        supervisor.step([sys.executable, "manage.py", "first_administrator", OWN])
    supervisor.watch(on_tick=Announcement(port))
    return 0


class Announcement:
    """Says where the portal is, once it answers there."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.began = time.monotonic()
        self.made = self.warned = False

    def __call__(self) -> None:
        """Look whether it is time to say so."""
        if self.made:
            return
        status = self._status()
        if status is not None:
            self.made = True
            say(self._text(status))
        elif not self.warned and time.monotonic() - self.began > 60:
            self.warned = True
            say(f"The site has not answered for a minute; see {var() / 'log'}.")

    def _status(self) -> int | None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def _text(self, status: int) -> str:
        accounts = var() / "sample-accounts.txt"
        lines = [accounts.read_text().rstrip(), ""] if accounts.exists() else []
        if status >= 500:
            lines.append(f"The home page fails ({status}); see {var() / 'log' / 'web.log'}.")
        lines += [f"http://localhost:{self.port}", "Ctrl-C stops it; data stays in var/."]
        return "\n" + "\n".join(lines)


def _refuse(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
