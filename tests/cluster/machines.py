"""What runs on which machine. Each machine is an address of the loopback network of its own."""

import configparser
import os
import pwd
import re
import secrets
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from portal.host.embedded.cluster import CHECKOUT
from tests.cluster.parts import Failed, Part
from tests.waiting import listens

WEB, OWNER = "portal_web", "portal_owner"
KEY, BUCKET = "cluster", "portal"
# PostgreSQL and pgbouncer refuse to run as root.
NOBODY = "nobody"
DOCS = CHECKOUT / "docs"


def program(*names: str) -> str:
    """The path of the first that is there. Raises Failed."""
    beside = [Path(sys.executable).parent / name for name in names]
    found = [str(path) for path in beside if path.exists()]
    found += [path for name in names if (path := shutil.which(name, path=_PATH))]
    if not found:
        raise Failed(f"{' or '.join(names)} is not installed")
    return found[0]


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Address:
    """Where something listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def listens(self) -> bool:
        """Whether anybody takes connections there."""
        return listens((self.host, self.port))


class Network:
    """Addresses that nobody else has: of all loopback networks one by chance."""

    def __init__(self) -> None:
        self._net = f"127.{secrets.randbelow(253) + 1}.{secrets.randbelow(254)}"

    def address(self, machine: int) -> Address:
        """A port of this machine that is free."""
        with socket.socket() as probe:
            probe.bind((f"{self._net}.{machine}", 0))
            return Address(*probe.getsockname())


def fenced(language: str, word: str) -> str:
    """The lines of this language in docs that hold the word: what is tested is what is told."""
    for name in ("scaling.md", "running.md"):
        text = (DOCS / name).read_text("utf-8")
        for block in re.findall(rf"```{language}\n(.*?)```", text, re.S):
            if word in block:
                return str(block)
    raise Failed(f"docs tell of no {language} with {word}")


class Machines:
    """Makes the parts, below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.network = folder, Network()
        self.password, self.secret = secrets.token_hex(12), secrets.token_hex(12)
        self.site = self.network.address(1)
        self.webs = [self.network.address(11), self.network.address(12)]
        self.poolers = [self.network.address(11), self.network.address(12)]
        self.databases = [self.network.address(21), self.network.address(22)]
        self.redis = self.network.address(31)
        self.files = self.network.address(41)
        self.user = pwd.getpwnam(NOBODY).pw_uid if os.getuid() == 0 else None

    def place(self, name: str, *, foreign: bool = False) -> Path:
        """A folder for one part; a foreign one belongs to whom PostgreSQL runs as."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        if foreign and self.user is not None:
            os.chown(folder, self.user, self.user)
        return folder

    def part(self, name: str, command: list[str], at: Address, *, foreign: bool = False) -> Part:
        """A part that is ready once it listens."""
        folder = self.place(name, foreign=foreign)
        return Part(
            name=name, command=command, log=self.folder / f"{name}.log", is_ready=at.listens,
            folder=folder, user=self.user if foreign else None,
            environment={"PATH": _PATH, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        )  # fmt: skip

    # --- What others make

    def redis_server(self) -> Part:
        """Keeps nothing on a disk, and forgets what nobody asks for when it is full."""
        command = [
            program("redis-server", "valkey-server"), "--bind", self.redis.host,
            "--port", str(self.redis.port), "--save", "", "--requirepass", self.password,
            "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru",
        ]  # fmt: skip
        return self.part("redis", command, self.redis)

    def file_server(self) -> Part:
        """rclone gives a folder out as S3 does, and looks at signatures."""
        kept = self.place("files") / "kept"
        (kept / BUCKET).mkdir(parents=True)
        command = [
            program("rclone"), "serve", "s3", str(kept), "--addr", str(self.files),
            "--auth-key", f"{KEY},{self.secret}", "--vfs-cache-mode", "off",
        ]  # fmt: skip
        return self.part("files", command, self.files)

    def pooler(self, number: int, database: Address) -> Part:
        """pgbouncer of one web machine."""
        at, name = self.poolers[number], f"pgbouncer-{'ab'[number]}"
        command = [program("pgbouncer"), "-q", str(self.place(name, foreign=True) / "own.ini")]
        part = self.part(name, command, at, foreign=True)
        self.lead_to(number, database)
        return part

    def lead_to(self, number: int, database: Address) -> None:
        """Write the settings of a pgbouncer anew."""
        folder, at = self.place(f"pgbouncer-{'ab'[number]}"), self.poolers[number]
        config = configparser.ConfigParser()
        config.read_string(fenced("ini", "pool_mode"))
        for name, value in config["databases"].items():
            there = value.replace("10.0.0.21", database.host)
            config["databases"][name] = there.replace("5432", str(database.port))
        own = config["pgbouncer"]
        own["listen_addr"], own["listen_port"] = at.host, str(at.port)
        own["auth_file"] = str(folder / "users")
        (folder / "users").write_text(f'"{WEB}" "{self.password}"\n')
        with (folder / "own.ini").open("w") as file:
            config.write(file)

    def proxy(self) -> Part:
        """nginx with the lines of docs/running.md and docs/scaling.md."""
        folder = self.place("nginx")
        upstream = fenced("nginx", "upstream portal")
        for number, web in enumerate(self.webs):
            upstream = upstream.replace(f"10.0.0.1{number + 1}:8000", str(web))
        location = re.findall(r"^ *location / .*?^ {4}}$", fenced("nginx", "ssl"), re.S | re.M)[0]
        location = re.sub(r" *proxy_pass .*\n", fenced("nginx", "proxy_next_upstream"), location)
        files = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{name}_temp_path {folder}/{name};\n" for name in files)
        user = "user root;" if self.user is not None else ""
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; worker_processes 1; pid {folder}/pid;\n"
            f"error_log {folder}/error.log; events {{}}\n"
            f"http {{ access_log off;\n{paths}{upstream}"
            f"server {{ listen {self.site}; client_max_body_size 101m;\n{location}\n}} }}\n"
        )
        command = [program("nginx"), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        return self.part("nginx", command, self.site)

    # --- The portal

    def environment(self, number: int, database: str) -> dict[str, str]:
        """The settings of one machine, on which `database` of its pgbouncer is used."""
        name = "ab"[number]
        return {
            "PATH": _PATH, "LC_ALL": "C.UTF-8", "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SECRET_KEY": f"only-for-this-{self.secret * 3}", "ALLOWED_HOSTS": self.site.host,
            "SITE_URL": f"http://{self.site}", "TRUSTED_PROXIES": "1",
            "DATABASE_URL": f"postgres://{WEB}:{self.password}@{self.poolers[number]}/{database}",
            "REDIS_URL": f"redis://:{self.password}@{self.redis}/0",
            "S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": f"http://{self.files}", "S3_REGION": "any",
            "S3_ACCESS_KEY": KEY, "S3_SECRET_KEY": self.secret, "S3_ADDRESSING_STYLE": "path",
            "VAR_DIR": str(self.place(f"var-{name}")), "EMAIL_URL": "dummymail://",
            # One reader asks more than all of a small office.
            "API_PER_MINUTE": "1000000", "BACKUP_HOURS": "0",
            "WEB_BIND": str(self.webs[number]), "WEB_WORKERS": "1", "WEB_THREADS": "4",
            # What a killed worker did is looked for each minute; here more often.
            "TASK_GRACE_SECONDS": "2", "TASK_RECOVERY_SECONDS": "5",
        }  # fmt: skip

    def web(self, number: int) -> Part:
        """gunicorn; ready once it says so."""
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi"]
        part = self.part(f"web-{'ab'[number]}", command, self.webs[number])
        part.environment, part.folder = self.environment(number, "portal"), CHECKOUT
        part.is_ready = lambda: answers(self.webs[number], "/readyz")
        return part

    def worker(self, number: int, lives: Callable[[int], bool]) -> Part:
        """A worker; ready once the database has its sign of life, for which `lives` asks."""
        name = f"worker-{'ab'[number]}"
        command = [sys.executable, "manage.py", "worker", "--no-startup-delay"]
        # The second is for what is quick only, as docs/running.md advises.
        command += ["--queue-name", "default"] if number else []
        part = self.part(name, command, self.poolers[number])
        part.environment, part.folder = self.environment(number, "portal_workers"), CHECKOUT
        part.is_ready = lambda: part.process is not None and lives(part.process.pid)
        return part


def answers(at: Address, path: str) -> bool:
    """Whether the page is there."""
    try:
        with urlopen(f"http://{at}{path}", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
