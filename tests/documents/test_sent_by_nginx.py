"""Documents sent by a real nginx, with the lines that docs/running.md tells to write."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from documents import services
from tests.documents.fetching import fetch
from tests.documents.files import pdf
from tests.waiting import PATIENCE, listens, wait_until

CONTENT = pdf("The web server sends this.")
RUNNING = Path(__file__).resolve().parents[2] / "docs" / "running.md"

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def nginx(live_server, settings, tmp_path):
    """The root of the site behind nginx."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not program:
        pytest.skip("nginx is not installed")
    settings.DOCUMENTS_SENT_BY = "/protected/"
    site, documents = re.findall(r"^ *(location .*?^ *}$)", RUNNING.read_text(), re.S | re.M)
    site = re.sub(r"http://[\d.:]+", live_server.url, site)
    documents = documents.replace("/srv/portal/var/media", str(settings.MEDIA_ROOT))
    # Held from here on and handed to nginx, so that nobody else takes the port meanwhile.
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    files = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{name}_temp_path {tmp_path}/{name};\n" for name in files)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        "events {}\n"
        f"http {{ access_log off;\n{paths}server {{ listen 127.0.0.1:{port};\n"
        f"{site}\n{documents} }} }}\n"
    )
    process = subprocess.Popen(
        [program, "-e", f"{tmp_path}/error.log", "-c", f"{tmp_path}/nginx.conf", "-g", _user()],
        pass_fds=[listening.fileno()],
        env={**os.environ, "NGINX": f"{listening.fileno()};"},
    )
    listening.close()
    try:
        wait_until(lambda: listens(("127.0.0.1", port)), alive=process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _user():
    """The folder of a test is private to whoever runs it."""
    return "user root;" if os.getuid() == 0 else "worker_processes 1;"


def test_nginx_sends_it_whole_in_ranges_and_with_all_that_keeps_it_from_being_run(
    nginx, take, submit, keeper
):
    document = submit(take(CONTENT)).version.document
    url = nginx + document.get_absolute_url()
    status, headers, body = fetch(url)
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="report.pdf"'
    assert headers["Cache-Control"] == "no-cache, private"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    status, headers, body = fetch(url, Range="bytes=5-9")
    assert (status, body) == (206, CONTENT[5:10])
    assert headers["Content-Range"] == f"bytes 5-9/{len(CONTENT)}"
    assert fetch(url, If_None_Match=headers["ETag"])[0] == 304
    # Without the portal's word nobody gets anything, not even what was given before.
    name = document.versions.get().file.name
    assert fetch(f"{nginx}/protected/{name}")[0] == 404
    services.withdraw_document(document=document, by=keeper, reason="Danger.")
    assert fetch(url, If_None_Match=headers["ETag"])[0] == 410
