"""What `make install` puts on a server fits together; deploy/try-install does it in a bare tree."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.docs import texts

DEPLOY = Path(settings.BASE_DIR) / "deploy"
UNITS = sorted((DEPLOY / "units").iterdir())


def filled(path: Path, **more: object) -> str:
    """The file as it is installed."""
    values = {"CHECKOUT": settings.BASE_DIR, "HOST": "funds.test", **more}
    text = path.read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


SCRIPTS = (
    "install",
    "portal-manage",
    "services",
    "try-certificate",
    "try-install",
    "try-mail",
    "try-restore",
    "try-services",
    "try-upgrade",
    "upgrade",
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_can_be_read(name):
    subprocess.run(["sh", "-n", DEPLOY / name], check=True)


def test_nginx_takes_its_configuration(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=funds.test",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    site = filled(DEPLOY / "nginx.conf", CERT=certificate, KEY=key)
    for port in ("80", "443"):
        site = re.sub(rf"listen (\[::\]:)?{port}\b", f"listen 127.0.0.1:2{port}", site, count=1)
        site = re.sub(rf".*listen \[::\]:{port}.*\n", "", site)
    assert "@" not in site
    whole = f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {site} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    command = ["nginx", "-t", "-q", "-e", tmp_path / "log", "-p", tmp_path]
    done = subprocess.run(
        [*command, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_units_start_what_is_there():
    assert {unit.suffix for unit in UNITS} == {".service", ".socket", ".timer"}
    timers = {unit.stem for unit in UNITS if unit.suffix == ".timer"}
    assert timers < {unit.stem for unit in UNITS if unit.suffix == ".service"}
    started = "\n".join(re.findall(r"^ExecStart=(.*)$", "\n".join(map(filled, UNITS)), re.M))
    commands = re.findall(r"manage(?:\.py)? (\w+)", started)
    assert set(commands) == {
        "worker", "backup", "erase", "verify", "clearsessions", "prune_db_task_results",
    }  # fmt: skip
    assert set(commands) <= set(get_commands())


def test_requests_wait_at_a_socket_while_the_site_restarts():
    units = {unit.name: unit.read_text() for unit in UNITS}
    assert "Requires=portal-web.socket" in units["portal-web.service"]
    (address,) = re.findall(r"^ListenStream=(.*)$", units["portal-web.socket"], re.M)
    assert f"http://unix:{address};" in (DEPLOY / "nginx.conf").read_text()
    # A folder that goes with the service would take the socket with it.
    assert "RuntimeDirectory" not in units["portal-web.service"]


def test_nothing_is_started_that_a_bare_system_lacks():
    there = ("@CHECKOUT@/", "/usr/local/bin/portal-manage", "/bin/sh", "/usr/bin/install")
    for unit in UNITS:
        for command in re.findall(r"^Exec\w+=-?(\S+)", unit.read_text(), re.M):
            assert command.startswith(there)


def test_settings_that_are_written_are_settings():
    written = set(re.findall(r"^ *setting ([A-Z_]+) ", (DEPLOY / "install").read_text(), re.M))
    assert {"SECRET_KEY", "DATABASE_URL", "SITE_URL"} <= written
    described = texts.read("docs/running.md")
    assert [name for name in written if f"`{name}`" not in described] == []


def test_services_never_see_the_owners_password():
    script = (DEPLOY / "install").read_text()
    assert "sed '/^DATABASE_OWNER_URL=/d' \"$settings\" >/etc/portal/web.env" in script
    for unit in UNITS:
        assert "portal.env" not in unit.read_text()
