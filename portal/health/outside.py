"""What the portal needs of others: the mail server, the virus scanner, Redis."""

import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from documents import scanner
from portal.health.trouble import Check, Trouble
from portal.health.work import TIMES
from portal.kit.formatting import moment
from portal.kit.mail import delivery
from portal.kit.web import redis_memory
from portal.models import OutgoingMail

# Authorities that renew by themselves do so a month before.
_RENEWED_BY = 14
_SEEN = "health-certificate"


def mail_goes() -> Iterator[Trouble]:
    """No mail waits because the server does not take it, and none was given up."""
    tried = OutgoingMail.objects.waiting().filter(tries__gte=TIMES)
    if first := tried.first():
        yield Trouble(
            "mail-waits",
            _("%(count)s mails wait since %(since)s, for they could not be sent: %(fault)s")
            % {
                "count": OutgoingMail.objects.waiting().count(),
                "since": moment(first.queued_at),
                "fault": first.fault,
            },
            _("Start the mail server, or correct EMAIL_URL."),
        )
    if count := OutgoingMail.objects.exclude(given_up_at=None).count():
        yield Trouble(
            "mail-given-up",
            _("%(count)s mails were given up.") % {"count": count},
            _("The page of the portal’s health lists them: send them again or forget them."),
            grave=False,
        )


def mail_server_answers() -> Iterator[Trouble]:
    """It lets us in, if asked now; nothing is sent."""
    try:
        connection = delivery()
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        yield Trouble(
            "mail-server",
            _("The mail server %(host)s does not take mail: %(error)s.")
            % {"host": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}", "error": error},
            _("Start it, or correct EMAIL_URL; manage.py sendtestemail tries it. Until then mail "
              "waits in the portal, for three days."),
        )  # fmt: skip


def scanner_is_believed() -> Iterator[Trouble]:
    """What was found of the scanner last, or that there is none."""
    if not settings.CLAMD_ADDRESS:
        yield Trouble(
            "scanner-none",
            _("None is set up: documents become public without being looked into for viruses."),
            _("Install clamav-daemon and set CLAMD_ADDRESS."),
            grave=False,
        )
    if said := scanner.said_of_fault():
        yield Trouble("scanner", _("The virus scanner: %(said)s") % {"said": said}, tell=True)


def scanner_tried() -> Iterator[Trouble]:
    """The scanner, tried now."""
    if settings.CLAMD_ADDRESS:
        scanner.examine()
    yield from scanner_is_believed()


def uses_redis() -> bool:
    """Whether the settings name one."""
    return bool(settings.REDIS_URL)


def redis_answers() -> Iterator[Trouble]:
    """It can be asked, and forgets what is old before its memory is full."""
    if not uses_redis():
        return
    from redis.exceptions import RedisError

    try:
        memory = redis_memory.client(settings.REDIS_URL).info("memory")
    except RedisError as error:
        yield Trouble(
            "redis",
            _("Redis does not answer: %(error)s. Pages are drawn each time, and the database "
              "counts how often programs ask.") % {"error": error},
            _("Start it, or correct REDIS_URL."),
            grave=False,
        )  # fmt: skip
        return
    if not memory.get("maxmemory") or memory.get("maxmemory_policy") == "noeviction":
        yield Trouble(
            "redis-memory",
            _("Redis takes memory without end, or keeps nothing new when it is full."),
            _("Set maxmemory, and maxmemory-policy to allkeys-lru."),
            grave=False,
        )


def certificate_holds() -> Iterator[Trouble]:
    """Browsers believe the site's certificate, and will for some weeks."""
    if not settings.HTTPS:
        return
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    try:
        with (
            socket.create_connection((host, site.port or 443), timeout=5) as link,
            ssl.create_default_context().wrap_socket(link, server_hostname=host) as tls,
        ):
            ends = ssl.cert_time_to_seconds(str((tls.getpeercert() or {}).get("notAfter")))
    except ssl.SSLError as error:
        yield Trouble(
            "certificate",
            _("Browsers do not believe the certificate of %(host)s: %(error)s.")
            % {"host": host, "error": getattr(error, "verify_message", "") or error},
            _("Get one from an authority that browsers know, and let the proxy read it anew."),
        )
        return
    except OSError as error:
        yield Trouble(
            "site",
            _("The site does not answer at its own address %(url)s: %(error)s.")
            % {"url": settings.SITE_URL, "error": error},
            _("Start the proxy in front, or correct SITE_URL and the name’s entry in DNS."),
        )
        return
    days = int((ends - time.time()) // 86400)
    if days < _RENEWED_BY:
        yield Trouble(
            "certificate-ends",
            _("The certificate of %(host)s ends in %(days)s days.") % {"host": host, "days": days},
            _("See why it was not renewed (systemctl list-timers)."),
        )


def certificate_seen() -> Iterator[Trouble]:
    """The same, asked once an hour, and soon again where it did not answer.

    Administrators are mailed of a certificate that ends; one that nobody believes yet, as after an
    installation, they see for themselves.
    """
    key = f"{_SEEN}-{get_language()}"
    found = cache.get(key)
    if found is None:
        found = list(certificate_holds())
        cache.set(key, found, 600 if found else 3600)
    for trouble in found:
        yield replace(trouble, tell=trouble.key == "certificate-ends")


MAIL = Check("mail", gettext_lazy("Mail"), mail_goes)
MAIL_SERVER = Check("mail-server", gettext_lazy("Mail server"), mail_server_answers, asks=False)
REDIS = Check("redis", gettext_lazy("Redis"), redis_answers, asks=False, is_used=uses_redis)
SCANNER = Check("scanner", gettext_lazy("Virus scanner"), scanner_is_believed)
CERTIFICATE = Check("certificate", gettext_lazy("Certificate"), certificate_holds, asks=False)
CERTIFICATE_SEEN = Check(
    "certificate", gettext_lazy("Certificate"), certificate_seen, asks=False,
    is_used=lambda: bool(settings.HTTPS),
)  # fmt: skip
SCANNER_TRIED = Check("scanner", gettext_lazy("Virus scanner"), scanner_tried)
