"""Fetching a file from an address that staff give: of the open internet only, and of bounded size.

The name is looked up once, each of its addresses has to be one of the open internet, and the
connection goes to just that address: a name that means another machine a moment later leads
nowhere. A redirect is a new address, looked at in the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

PORTS = {"https": 443, "http": 80}
MAX_REDIRECTS = 5
SECONDS = 30  # for each answer of the other side
ALL_SECONDS = 300
PIECE = 1 << 16
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(Exception):
    """Why nothing was fetched, in words for whoever gave the address."""


def fetch(url: str, out: IO[bytes], most: int) -> str:
    """Write what is there into `out`, at most so many bytes; returns the address it came from.

    Raises FetchError.
    """
    until = time.monotonic() + ALL_SECONDS
    for _n in range(MAX_REDIRECTS + 1):
        parts = parted(url)
        connection = _connection(parts, public_address(parts.hostname or "", PORTS[parts.scheme]))
        try:
            connection.request("GET", _target(parts), headers={"User-Agent": "IATI comparison"})
            answer = connection.getresponse()
            if answer.status in _REDIRECTS and (to := answer.headers.get("Location")):
                url = urljoin(url, to)
                continue
            if answer.status != http.client.OK:
                text = _("The address answers with status %(status)d.")
                raise FetchError(text % {"status": answer.status})
            _read(answer, out, most, until)
            return url
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(_("The address cannot be reached.")) from error
        finally:
            connection.close()
    raise FetchError(_("The address leads from one to the next without end."))


def parted(url: str) -> SplitResult:
    """The parts of an address that may be fetched. Raises FetchError."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise FetchError(_("This is no address of the web.")) from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise FetchError(_("Give an address that begins with https:// or http://."))
    if parts.username or parts.password or port not in (None, PORTS[parts.scheme]):
        raise FetchError(_("Give an address without a name, a password or a port."))
    return parts


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    if not target.isascii() or any(sign <= " " for sign in target):
        raise FetchError(_("The address has signs that no address of the web has."))
    return target


def public_address(host: str, port: int) -> str:
    """An address of the host, if all of them are of the open internet. Raises FetchError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(_("There is no such address.")) from error
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise FetchError(_("This address is not one of the open internet."))
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is of the open internet, whatever other address it wraps."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast for each in _wrapped(address))


def _wrapped(address: Address) -> list[Address]:
    found: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        found += [each for each in (address.ipv4_mapped, address.sixtofour) if each]
        found += list(address.teredo or ())
        if address in _NAT64:
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped:
            # What counts is the address that it stands for.
            found.remove(address)
    return found


def _read(answer: http.client.HTTPResponse, out: IO[bytes], most: int, until: float) -> None:
    left = most
    while piece := answer.read(PIECE):
        left -= len(piece)
        if left < 0:
            text = _("The file is larger than %(size)d MB.")
            raise FetchError(text % {"size": most >> 20})
        if time.monotonic() > until:
            raise FetchError(_("The other side answers too slowly."))
        out.write(piece)


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at."""

    def __init__(self, host: str, address: str, port: int) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address

    def connect(self) -> None:
        """To the address, not to whatever the name means now."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedSecure(_Pinned):
    """The same with a certificate that is of the name."""

    default_port = PORTS["https"]

    def connect(self) -> None:
        """As the other; the certificate has to be that of the host."""
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _connection(parts: SplitResult, address: str) -> http.client.HTTPConnection:
    kind = _PinnedSecure if parts.scheme == "https" else _Pinned
    return kind(parts.hostname or "", address, PORTS[parts.scheme])
