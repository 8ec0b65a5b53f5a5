"""Addresses of the inner network are never asked, whatever name, redirect or form they come in."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.iati.comparing import fetching
from portal.iati.comparing.fetching import FetchError, fetch, is_public, parted, public_address


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.1.2.3",
     "100.64.0.1", "224.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "x"],
)  # fmt: skip
def test_no_address_of_an_inner_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
                                     "::ffff:93.184.215.14"])  # fmt: skip
def test_addresses_of_the_open_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x.org/a", "gopher://x.org", "//x.org/a", "x", "",
     "http://user@x.org/", "http://user:word@x.org/", "http://x.org:8080/", "https://x.org:80/",
     "http://x.org:port/", "http:///a"],
)  # fmt: skip
def test_only_plain_addresses_of_the_web_are_taken(url: str) -> None:
    with pytest.raises(FetchError):
        parted(url)


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433", "[::1]"])
def test_a_name_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(FetchError):
        fetch(f"http://{host}/", io.BytesIO(), 10)


def test_a_name_that_means_one_inner_address_among_others_is_refused(monkeypatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_o: found)
    with pytest.raises(FetchError, match="open internet"):
        public_address("two-faced.example", 80)


class _Answers(BaseHTTPRequestHandler):
    """A small site: a file, a redirect to the file, one inwards, and one without end."""

    def do_GET(self) -> None:
        """Answer by the path."""
        to = {"/moved": "/file", "/inwards": "http://127.0.0.1/", "/round": "/round"}.get(self.path)
        self.send_response(302 if to else 200 if self.path == "/file" else 404)
        if to:
            self.send_header("Location", to)
        self.end_headers()
        if self.path == "/file":
            self.wfile.write(b"0123456789")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch) -> Iterator[str]:
    """The site, as if it were of the open internet."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    real = public_address

    def looked_up(host: str, port: int) -> str:
        return "127.0.0.1" if host == "open.example" else real(host, port)

    monkeypatch.setattr(fetching, "public_address", looked_up)
    monkeypatch.setattr(fetching, "PORTS", {"http": server.server_port, "https": 443})
    yield f"http://open.example:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_comes_whole_and_by_a_redirect_too(site: str) -> None:
    for path in ("file", "moved"):
        out = io.BytesIO()
        assert fetch(f"{site}/{path}", out, 10) == f"{site}/file"
        assert out.getvalue() == b"0123456789"


@pytest.mark.parametrize(
    ("path", "words"),
    [("inwards", "open internet|without a name"), ("round", "without end"), ("none", "status 404")],
)
def test_redirects_inwards_or_without_end_and_faults_are_told(site, path, words) -> None:
    with pytest.raises(FetchError, match=words):
        fetch(f"{site}/{path}", io.BytesIO(), 10)


def test_a_file_that_is_too_large_is_not_taken(site: str) -> None:
    with pytest.raises(FetchError, match="larger"):
        fetch(f"{site}/file", io.BytesIO(), 9)
