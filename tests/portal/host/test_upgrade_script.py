"""`make upgrade` takes a checkout to newer code step by step, and back where a step fails.

The script runs with a checkout of its own; what would change this machine is only noted down.
"""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = Path(settings.BASE_DIR) / "deploy" / "upgrade"
NOTED = """#!/bin/sh
name=$(basename "$0")
cd "${CHECKOUT:-.}"
version=$(sed -n 's/^version = "\\(.*\\)"/\\1/p' pyproject.toml)
echo "$name $* ($version)" >>"$NOTES"
case "$name $* $version" in $FAILS) exit 1 ;; esac
"""
COMMANDS = ("portal-manage", "make", "systemctl", "install", "services")
LAID = ["make --no-print-directory -C {next} runtime LOCK=requirements-server.lock"]
DATABASE = ["portal-manage prepare --verbosity=0",
            "portal-manage collectstatic --noinput --verbosity=0"]  # fmt: skip
CODE = ["make --no-print-directory runtime LOCK=requirements-server.lock"]
BACKUP = ["install -d -m 0700 -o portal -g portal {backups}", "portal-manage backup {backups}"]
RESTART = ["systemctl reload portal-web", "systemctl restart portal-worker"]


class Server:
    """A checkout of version 1.0.0, a source that has 1.1.0, a server that notes what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.source, self.checkout = folder, folder / "source", folder / "checkout"
        (folder / "bin").mkdir()
        for name in COMMANDS:
            self._write(folder / "bin" / name, NOTED)
        self.systemd = folder / "systemd"
        self.systemd.mkdir()
        script = SCRIPT.read_text().replace('"$(id -u)" = 0', "0 = 0")
        script = script.replace("/usr/local/bin", str(folder / "bin"))
        script = script.replace("/run/systemd/system", str(self.systemd))
        self.source.mkdir()
        self.git("init", "-q", "-b", "main", at=self.source)
        self._write(self.source / "deploy" / "upgrade", script)
        self._write(self.source / "deploy" / "services", NOTED)
        self.publish("1.0.0")
        self.git("clone", "-q", str(self.source), str(self.checkout), at=folder)
        self.publish("1.1.0", "# A line more.\n")

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def git(self, *arguments: str, at: Path) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.test"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=at, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def publish(self, version: str, more: str = "") -> None:
        """A version more in the source; `more` at the end of the script that upgrades."""
        (self.source / "pyproject.toml").write_text(f'version = "{version}"\n')
        with (self.source / "deploy" / "upgrade").open("a") as script:
            script.write(more)
        self.git("add", "-A", at=self.source)
        self.git("commit", "-qm", version, at=self.source)
        self.git("tag", f"v{version}", at=self.source)

    def upgrade(self, fails: str = "none", **more: str) -> tuple[int, str]:
        """How it ends, and what it says; what it told the server is in `notes`."""
        environment = os.environ | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "FAILS": fails,
            "NOTES": str(self.folder / "notes"), "BACKUPS": str(self.folder / "backups"), **more,
        }  # fmt: skip
        (self.folder / "notes").write_text("")
        done = subprocess.run(
            [self.checkout / "deploy" / "upgrade"], env=environment, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def notes(self) -> list[str]:
        return (self.folder / "notes").read_text().splitlines()

    @property
    def version(self) -> str:
        return (self.checkout / "pyproject.toml").read_text().split('"')[1]


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def told(server: Server, **steps: list[str]) -> list[str]:
    """Lines of notes: commands by the version of the code that was there when they ran."""
    lines = [f"{step} ({v[1:].replace('_', '.')})" for v, part in steps.items() for step in part]
    places = {"backups": server.folder / "backups", "next": server.checkout / ".next"}
    return [line.format(**places) for line in lines]


def test_an_upgrade_saves_prepares_and_only_then_restarts(server):
    code, said = server.upgrade()
    assert (code, server.version) == (0, "1.1.0")
    doctor = ["portal-manage doctor"]
    up = [*DATABASE, *CODE, "services ", *RESTART, *doctor]
    assert server.notes == told(server, v1_0_0=[*BACKUP, *LAID], v1_1_0=up)
    assert not (server.checkout / ".next").exists()
    assert "from version 1.0.0 to 1.1.0" in said


@pytest.mark.parametrize("step", [*DATABASE, *CODE])
def test_where_a_step_fails_the_code_of_before_is_back_and_nothing_restarted(server, step):
    code, said = server.upgrade(fails=f"{step}* 1.1.0")
    assert (code, server.version) == (1, "1.0.0")
    steps = [*DATABASE, *CODE]
    up = steps[: steps.index(step) + 1]
    begun = len(BACKUP) + len(LAID)
    assert server.notes[begun:] == told(server, v1_1_0=up, v1_0_0=[*CODE, *DATABASE])
    assert "runs on in version 1.0.0" in said
    assert server.git("symbolic-ref", "--short", "HEAD", at=server.checkout) == "main"
    assert server.upgrade()[0] == 0
    assert server.version == "1.1.0"


def test_until_its_database_is_ready_the_processes_that_run_find_their_own_code(server):
    seen = server.folder / "seen"
    both = 'cat pyproject.toml "$CHECKOUT/pyproject.toml"'
    noting = f'#!/bin/sh\n[ "$1" != prepare ] || {both} >{seen}\n'
    server._write(server.folder / "bin" / "portal-manage", noting)
    assert server.upgrade()[0] == 0
    assert seen.read_text() == 'version = "1.0.0"\nversion = "1.1.0"\n'


def test_without_the_packages_that_come_nothing_is_done(server):
    code, said = server.upgrade(fails="make*-C*")
    assert (code, server.version) == (1, "1.0.0")
    assert "nothing was done" in said


def test_where_even_the_way_back_fails_it_says_how_to_go_by_hand(server):
    code, said = server.upgrade(fails="portal-manage prepare*")
    assert code == 1
    assert "git checkout" in said
    assert "restore the backup" in said


def test_without_a_backup_nothing_is_done(server):
    code, said = server.upgrade(fails="portal-manage backup*")
    assert (code, server.version) == (1, "1.0.0")
    assert "nothing was done" in said


def test_a_version_is_gone_to_by_its_name_and_on_to_the_next(server):
    assert server.upgrade(VERSION="v1.1.0")[0] == 0
    server.publish("1.2.0")
    code, said = server.upgrade()
    assert (code, server.notes) == (1, [])
    assert "VERSION=" in said
    assert server.upgrade(VERSION="v1.2.0")[0] == 0
    assert server.version == "1.2.0"
    assert server.upgrade(VERSION="main")[0] == 0


def test_a_version_that_there_is_not_is_refused_before_anything_is_done(server):
    code, said = server.upgrade(VERSION="v9")
    assert (code, server.notes, server.version) == (1, [], "1.0.0")
    assert "no version v9" in said


def test_without_systemd_it_says_what_to_restart(server):
    server.systemd.rmdir()
    code, said = server.upgrade()
    assert (code, server.version) == (0, "1.1.0")
    assert "restart by hand" in said
    assert [line for line in server.notes if line.startswith("systemctl")] == []


@pytest.mark.parametrize("changed", ["requirements-server.lock", "deploy/units/portal-web.service"])
def test_other_packages_or_units_need_a_whole_restart(server, changed):
    server._write(server.source / "deploy" / "nginx.conf", "")
    server._write(server.source / changed, "")
    server.publish("1.2.0")
    said = server.upgrade()[1]
    assert "systemctl restart portal-web (1.2.0)" in server.notes
    assert "nginx is another" in said
