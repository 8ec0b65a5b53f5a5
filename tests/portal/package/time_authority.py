"""A time-stamp authority of our own: OpenSSL behind a small HTTP server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_CONFIG = """\
[req]
distinguished_name = dn
[dn]
[stamper]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/stamper.pem
certs = {folder}/root.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """Where it is asked, by which root it is believed, how often it was asked, and whether it
    answers."""

    folder: Path
    url: str = ""
    asked: int = 0
    answers: bool = True

    @property
    def roots(self) -> str:
        """The file of its root certificate."""
        return str(self.folder / "root.pem")

    def stamp(self, query: bytes) -> bytes:
        """The answer to a question."""
        (self.folder / "query").write_bytes(query)
        _openssl(
            self.folder,
            "ts",
            "-reply",
            "-config",
            "config",
            "-queryfile",
            "query",
            "-out",
            "answer",
        )
        return (self.folder / "answer").read_bytes()


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def _founded(folder: Path) -> Authority:
    folder.mkdir()
    (folder / "config").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("req", "-config", "config", "-newkey", "rsa:2048", "-nodes", "-subj")
    _openssl(
        folder, *new, "/CN=Root", "-x509", "-days", "30", "-keyout", "root.key", "-out", "root.pem"
    )
    _openssl(folder, *new, "/CN=Stamper", "-keyout", "stamper.key", "-out", "stamper.csr")
    _openssl(
        folder, "x509", "-req", "-in", "stamper.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-days", "30", "-extfile", "config", "-extensions", "stamper", "-out", "stamper.pem",
    )  # fmt: skip
    return Authority(folder)


@contextmanager
def time_authority(folder: Path) -> Iterator[Authority]:
    """An authority that answers at a port of this machine."""
    authority = _founded(folder)

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200 if authority.answers else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(authority.stamp(query) if authority.answers else b"")

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Asked)
    authority.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
