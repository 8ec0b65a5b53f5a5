"""The image of the Containerfile is built, and its site started, where there is a tool for it."""

import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import CHECKOUT, database
from tests.waiting import wait_until

IMAGE = "localhost/portal-tried"
BASE = "docker.io/library/debian:bookworm-slim"


def _buildah(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["buildah", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def container() -> Iterator[str]:
    """A container of the image as it is built now."""
    if shutil.which("buildah") is None:
        pytest.skip("needs buildah (apt-get install buildah)")
    base = _buildah("from", BASE)
    if base.returncode:
        pytest.skip(f"the base image {BASE} cannot be had here: {base.stderr.strip()[-200:]}")
    _buildah("rm", base.stdout.strip())
    built = _buildah("build", "--isolation=chroot", "--tag", IMAGE, ".")
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    name = _buildah("from", IMAGE).stdout.strip()
    yield name
    _buildah("rm", name)
    _buildah("rmi", IMAGE)


def _answer(port: int) -> int:
    try:
        return urllib.request.urlopen(f"http://localhost:{port}/readyz").status
    except urllib.error.URLError:
        return 0


def test_the_image_is_built_and_its_site_answers(container: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with database("portal_container") as environment:
        settings = {name: environment[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")} | {
            "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": f"http://localhost:{port}",
            "WEB_BIND": f"127.0.0.1:{port}",
        }
        words = ["run", "--isolation=chroot"]
        words += [f"--env={name}={value}" for name, value in settings.items()]
        with (tmp_path / "log").open("wb") as log:
            site = subprocess.Popen(
                ["buildah", *words, container, "--", "gunicorn", "portal.wsgi"],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            assert wait_until(lambda: _answer(port), alive=site) == 200
        finally:
            os.killpg(site.pid, signal.SIGTERM)
            site.wait()
