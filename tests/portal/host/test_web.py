"""How the site is served: gunicorn.conf.py, its worker, and what is said of the proxy in front."""

import http.client
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.core.checks import run_checks
from django.test import override_settings

from portal.host.web_worker import end
from tests.waiting import PATIENCE, wait_until

CHECKOUT = Path(__file__).resolve().parents[3]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", "/", body=b"12345")
        return connection.getresponse().read() == b"5"
    except OSError:
        return False
    finally:
        connection.close()


NEVER = "900"
# Patience with pieces and with bodies.
PATIENT_WITH = {"no piece comes": ("1", NEVER), "the body comes by the drop": (NEVER, "1")}
HALVES = {
    "head": b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ",
    "body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
    "chunked body": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
}


@contextmanager
def _site(piece, body):
    """The site of `slow_site`, with the portal's own configuration and little patience."""
    listening = socket.create_server(("127.0.0.1", 0))
    environment = {
        **os.environ, "WEB_BIND": f"fd://{listening.fileno()}", "WEB_WORKERS": "1",
        "WEB_THREADS": "4", "WEB_HEAD_SECONDS": "1", "WEB_PIECE_SECONDS": piece,
        "WEB_BODY_SECONDS": body,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "tests.portal.host.slow_site:application"]
    child = subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL,
        pass_fds=[listening.fileno()],
    )  # fmt: skip
    try:
        port = listening.getsockname()[1]
        wait_until(lambda: _answers(port), alive=child)
        yield port
    finally:
        child.terminate()
        child.communicate(timeout=PATIENCE)
        listening.close()


def _half_send(piece, body, half):
    with _site(piece, body) as site:
        slow = [socket.create_connection(("127.0.0.1", site)) for _ in range(12)]
        try:
            for one in slow:
                one.sendall(half)
            assert _answers(site)
            # Their threads let go of them: the other side hears of it.
            for one in slow:
                one.settimeout(PATIENCE)
                while one.recv(4096):
                    pass
        finally:
            for one in slow:
                one.close()


def test_half_sent_requests_do_not_stop_the_site():
    # All at once, each with a site of its own: they mostly wait.
    with ThreadPoolExecutor(6) as at_once:
        cases = {
            (patience, half): at_once.submit(_half_send, *PATIENT_WITH[patience], HALVES[half])
            for patience in PATIENT_WITH
            for half in HALVES
        }
    assert {name: case.exception() for name, case in cases.items() if case.exception()} == {}


def test_a_connection_that_ends_is_waited_for_by_its_thread_and_not_by_the_loop_of_all():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        end(ours)
        assert theirs.recv(1) == b""
        ours.setblocking(False)
        # The other side sends on, or says nothing: nothing is left to wait for.
        assert ours.recv(1) == b""


def _warned():
    return {found.id for found in run_checks(include_deployment_checks=True)}


def test_a_proxy_that_nobody_trusts_is_told():
    with override_settings(HTTPS=True, TRUSTED_PROXIES=0):
        assert "portal.W001" in _warned()
    with override_settings(HTTPS=True, TRUSTED_PROXIES=1):
        assert "portal.W001" not in _warned()
    with override_settings(HTTPS=False, TRUSTED_PROXIES=0):
        assert "portal.W001" not in _warned()


def test_links_lead_to_a_host_that_is_served():
    with override_settings(SITE_URL="https://a.example", ALLOWED_HOSTS=["b.example"]):
        assert "portal.W002" in _warned()
    with override_settings(SITE_URL="https://a.example", ALLOWED_HOSTS=[".example"]):
        assert "portal.W002" not in _warned()


def test_the_start_says_so_too():
    environment = {**os.environ, "SITE_URL": "https://a.example", "TRUSTED_PROXIES": ""}
    environment["WEB_BIND"] = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "gunicorn", "tests.portal.host.slow_site:application"]
    child = subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        assert child.stderr is not None
        assert any("TRUSTED_PROXIES is not set" in line for line in child.stderr)
    finally:
        child.terminate()
        child.communicate(timeout=PATIENCE)


def test_a_reload_reads_the_modules_of_the_newer_code():
    program = (
        "import runpy, portal.kit.web.processes as old; old.WORKERS = 99;"
        "print(runpy.run_path('gunicorn.conf.py')['workers'])"
    )
    environment = os.environ | {"WEB_WORKERS": "3"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, env=environment, capture_output=True
    )
    assert done.stdout.split() == [b"3"], done.stderr
