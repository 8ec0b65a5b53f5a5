"""What `manage.py check --deploy` says of settings that are right only together."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.http.request import validate_host


@register(deploy=True)
def proxies_are_trusted(**_options: Any) -> list[CheckMessage]:
    """TLS ends at a proxy, so visitors are told apart by what that one says."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES > 0:
        return []
    return [
        Warning(
            "TRUSTED_PROXIES is 0 although TLS ends at a proxy.",
            hint=(
                "All visitors count as one: five messages an hour for the world, and a stranger "
                "can lock out all sign-ins. Set it to the number of proxies that append to "
                "X-Forwarded-For. Such a proxy is needed, and has to take requests in whole before "
                "it passes them on, as nginx does: else slow senders hold the site's threads."
            ),
            id="portal.W001",
        )
    ]


@register(deploy=True)
def host_is_served(**_options: Any) -> list[CheckMessage]:
    """Links in mails lead to SITE_URL, so the site has to answer there."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [
        Warning(
            f"ALLOWED_HOSTS does not name {host}, the host of SITE_URL.",
            hint="Links in mails lead there, and the site would refuse them.",
            id="portal.W002",
        )
    ]
