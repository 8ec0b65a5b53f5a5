"""A client of clamd that knows one command, INSTREAM: a file goes in, a verdict comes out."""

import re
import socket
import struct
from typing import Protocol

PIECE = 1 << 16


class Readable(Protocol):
    """What gives its bytes in pieces."""

    def read(self, size: int, /) -> bytes:
        """At most so many; none at its end."""


class NotScanned(Exception):
    """There is no verdict: the scanner is away, overrun, or gave none. Never means clean."""


class Beyond(NotScanned):
    """The file goes beyond what the scanner looks into: too large, or packed too deep."""


def scan(file: Readable, address: str, timeout: float = 120) -> str:
    """ "" for clean, or the name of what was found. Raises NotScanned, also Beyond.

    `address` is host:port or the path of a socket.
    """
    try:
        with _connect(address, timeout) as link:
            answer = _asked(link, file)
    except OSError as error:
        raise NotScanned(str(error)) from error
    text = answer.rstrip(b"\0").decode(errors="replace").strip()
    if text == "stream: OK":
        return ""
    if match := re.fullmatch(r"stream: (.+) FOUND", text):
        # Under AlertExceedsMax clamd reports its own limits as a finding.
        if match[1].startswith("Heuristics.Limits.Exceeded"):
            raise Beyond(match[1])
        return match[1]
    if "size limit exceeded" in text:
        raise Beyond(text)
    raise NotScanned(text or "no answer")


def _asked(link: socket.socket, file: Readable) -> bytes:
    """The answer; a file that is too large clamd cuts off, and says so before it hangs up."""
    cut = None
    try:
        link.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            link.sendall(struct.pack(">I", len(piece)) + piece)
        link.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError) as error:
        cut = error
    answer = b""
    try:
        while not answer.endswith(b"\0") and (more := link.recv(4096)):
            answer += more
    except ConnectionResetError:
        pass
    if cut is not None and not answer:
        # Hung up in mid-stream: this one reads what was sent before it answers.
        raise cut
    return answer


def _connect(address: str, timeout: float) -> socket.socket:
    if address.startswith(("/", "unix:")):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(timeout)
        try:
            link.connect(address.removeprefix("unix:"))
        except OSError:
            link.close()
            raise
        return link
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host or "localhost", int(port)), timeout)
