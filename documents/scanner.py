"""The virus scanner, believed only after it has shown that it owns up to its own limits.

clamd says "OK" of what it skipped, unless `AlertExceedsMax` is set. So before it is believed it is
given two files: one packed deeper than it will look into, of which it must not say "OK", and one
of the largest size that is taken in, of which it must.
"""

import gzip
import hashlib
import io
import logging
import time
import zipfile
from typing import IO, Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from documents.files.clamav import Beyond, NotScanned, scan

log = logging.getLogger(__name__)
DEPTH = 60  # packed so often; clamd looks 17 deep
BELIEVED = 3600  # seconds for which a scanner that passed is believed
AGAIN = 50  # seconds after which one that failed is tried again


def fault() -> str:
    """What is wrong with the scanner: "", "away", "silent" (limits) or "small"; tries it if due."""
    if not settings.CLAMD_ADDRESS:
        return ""
    known = _known()
    if known and time.time() - known["at"] < (AGAIN if known["fault"] else BELIEVED):
        return str(known["fault"])
    return examine()


def examine() -> str:
    """Try the scanner now; what was found is kept for all processes."""
    found = _examined()
    if found:
        log.error("The virus scanner is not to be believed: %s", found)
    cache.set(_key(), {"fault": found, "at": time.time()}, None)
    return found


def examine_if_any() -> str:
    """Try it at the start of a worker, whatever was found before."""
    return examine() if settings.CLAMD_ADDRESS else ""


def _examined() -> str:
    address, patience = settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS
    try:
        scan(io.BytesIO(nested()), address, patience)
    except Beyond:
        pass
    except NotScanned:
        return "away"
    else:
        return "silent"
    try:
        scan(_Zeros(_limit()), address, patience)
    except NotScanned:
        # It has just answered, and hangs up on this one.
        return "small"
    return ""


def nested() -> bytes:
    """A file of about a kilobyte, packed `DEPTH` times."""
    data = b"nothing"
    for _time in range(DEPTH):
        data = gzip.compress(data, mtime=0)
    return data


class _Zeros:
    """So many bytes, of which none is kept anywhere."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int, /) -> bytes:
        taken = min(self.left, size)
        self.left -= taken
        return bytes(taken)


def _limit() -> int:
    return settings.DOCUMENT_MAX_MB << 20


def _known() -> dict[str, Any] | None:
    return cache.get(_key())


def _key() -> str:
    what = f"{settings.CLAMD_ADDRESS} {settings.DOCUMENT_MAX_MB}"
    return "scanner-" + hashlib.sha256(what.encode()).hexdigest()[:16]


def verdict(file: IO[bytes]) -> str:
    """ "" for clean, or the name of what was found. Raises NotScanned, also Beyond."""
    if fault():
        raise NotScanned("the scanner is not to be believed")
    # Even then clamd skips what unpacks to more than its limit, and says nothing.
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as package:
            if any(entry.file_size > _limit() for entry in package.infolist()):
                raise Beyond("a packed part")
    file.seek(0)
    return scan(file, settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS)


def said_of_fault() -> str:
    """For staff: what is wrong, as last seen, and what to do. Nothing is tried for it."""
    known = _known() if settings.CLAMD_ADDRESS else None
    words = {
        "away": _(
            "It does not answer at the address in CLAMD_ADDRESS. Start clamd, or correct the "
            "address."
        ),
        "silent": _(
            "It says “clean” of what it did not look into. Set “AlertExceedsMax yes” in "
            "clamd.conf, leave MaxRecursion at 17, and restart clamd."
        ),
        "small": _(
            "It does not take files of %(limit)s MB. Set StreamMaxLength, MaxFileSize and "
            "MaxScanSize in clamd.conf to at least that, and restart clamd; or lower "
            "DOCUMENT_MAX_MB."
        ),
    }
    text = words.get(str(known["fault"]), "") if known else ""
    return text % {"limit": settings.DOCUMENT_MAX_MB} if "%(" in text else text
