"""The network address of a visitor, as far as trusted proxies vouch for it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Whom limits count by: the address, or for IPv6 the network that one household has."""
    return _network(heard_from(request))


def heard_from(request: HttpRequest) -> str:
    """The very address of the client, as far as trusted proxies vouch for it.

    Each proxy appends whom it heard from, so the one we want is that many from the end;
    what stands further left is the client's own claim.
    """
    count = settings.TRUSTED_PROXIES
    heard = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    address = heard[-count] if 0 < count <= len(heard) else ""
    return str(address or request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """The address itself, or for IPv6 the network that one household or office has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)
