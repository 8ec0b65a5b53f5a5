"""Pages through pgbouncer in transaction mode, where requests share a few connections."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.conftest import Site, serving
from tests.waiting import PATIENCE, listens, wait_until

pytestmark = pytest.mark.browser
# Addresses of other kinds, of other days and in other formats, taken at the same time.
ASKED = ("", "as_of=2021-06-30", "until=2020-12-31", "format=csv", "format=json", "format=iati")
ANEW = (
    r'nonce="[^"]*"|(csrfmiddlewaretoken|once)" value="[^"]*"|'
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"
)
PACKED = ("application/pdf", "application/zip")
NOBODY = 65534
PERSONAL = ("gateway", "staff", "feedback")


@pytest.fixture(scope="module")
def pooled(site: Site, tmp_path_factory) -> Iterator[str]:
    """The root of the same site, whose database is reached through pgbouncer alone."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if not program:
        pytest.skip("pgbouncer is not installed")
    folder: Path = tmp_path_factory.mktemp("pooled")
    there = urlsplit(site.environment["DATABASE_URL"])
    held = _held()
    port = held.getsockname()[1]
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"[databases]\n* = host={there.hostname} port={there.port}"
        f" user={there.username} password={there.password}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "so_reuseport = 1\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
    )
    command = [program, "-q", str(config)]
    if os.getuid() == 0:
        # It refuses to run as root, and the folder of a test is private to whoever runs it.
        command = ["setpriv", f"--reuid={NOBODY}", "--clear-groups", program, "-q", "/dev/stdin"]
    with config.open() as lines:
        pooler = subprocess.Popen(command, stdin=lines, stderr=subprocess.DEVNULL)
    address = there._replace(netloc=there.netloc.rpartition("@")[0] + f"@127.0.0.1:{port}")
    # All eight readers are one visitor.
    many = {f"HEAVY_{kind}": "9" for kind in ("PER_VISITOR", "FILES", "PAGES")}
    environment = site.environment | many | {"DATABASE_URL": address.geturl()}
    try:
        wait_until(lambda: listens(("127.0.0.1", port)), alive=pooler)
        listening = socket.create_server(("127.0.0.1", 0))
        with listening, serving(listening, environment, folder / "web.log"):
            yield f"http://localhost:{listening.getsockname()[1]}"
    finally:
        pooler.terminate()
        pooler.wait(PATIENCE)
        held.close()


def _held() -> socket.socket:
    """Bound until the end, so that nobody takes the port but a program of the same user."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    held = socket.socket()
    os.seteuid(user)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    held.bind(("127.0.0.1", 0))
    return held


def test_pages_through_a_pooler_are_those_without(site, pooled):
    pages = [page for name, page in site.pages.items() if not name.startswith(PERSONAL)]
    asked = [f"{page}{'&' if '?' in page else '?'}{query}" for page in pages for query in ASKED]
    with ThreadPoolExecutor(8) as readers:
        shared = list(readers.map(lambda page: _answer(pooled + page), asked))
    for page, answer in zip(asked, shared, strict=True):
        assert answer == _answer(site.root + page), page


def _answer(url: str) -> tuple[int, str, str]:
    """Status, type and text, without what is made anew for each request."""
    try:
        response = urlopen(url)  # noqa: S310
    except HTTPError as error:
        response = error
    with response:
        kind, body = response.headers["Content-Type"], response.read()
    # A PDF or archive bears the moment in compressed parts.
    text = "" if kind in PACKED else body.decode("latin-1")
    return response.status, kind, re.sub(ANEW, "", text)
