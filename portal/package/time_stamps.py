"""Time stamps by others (RFC 3161): proof that a seal was there at a moment.

What is stamped is the hash of the seal itself, which is a SHA-256. `openssl` makes the question and
checks the answer; `portal/package/evidence.py` checks it once more, at the stranger's.
"""

import subprocess
import tempfile
import time
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from portal.package.evidence import is_stamped, stamped_at

# Seconds that an authority may take over each piece and over all, and bytes that its answer may
# have.
_PATIENCE, _IN_ALL = 15, 60
_MOST = 1 << 16


class NotStamped(Exception):
    """The authority gave no time stamp that holds; its text says why."""


def asked_stamp(digest: str, authority: str, roots: str) -> tuple[bytes, datetime]:
    """The answer of the authority about this SHA-256, checked, and its moment.

    `roots` is a PEM file of the certificates that are believed. Raises NotStamped.
    """
    if urlsplit(authority).scheme not in ("http", "https"):
        raise NotStamped(f"{authority} is no address of the web.")
    try:
        answer = _asked(_query(digest), authority)
        return answer, checked_stamp(answer, digest, roots)
    except (OSError, HTTPException, subprocess.SubprocessError) as error:
        raise NotStamped(f"{type(error).__name__}: {error}") from error


def checked_stamp(answer: bytes, digest: str, roots: str) -> datetime:
    """The moment that an answer states of this SHA-256. Raises NotStamped."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.tsr"
        path.write_bytes(answer)
        moment = stamped_at(path)
        if moment is None or not is_stamped(path, digest, Path(roots)):
            raise NotStamped("The time stamp is not of this seal, or not by a believed authority.")
    return moment


def _query(digest: str) -> bytes:
    """A question with a number of its own, which asks for the certificate, too."""
    command = ["openssl", "ts", "-query", "-sha256", "-cert", "-digest", digest]
    done = subprocess.run(  # noqa: S603 – fixed words
        command, capture_output=True, check=False, timeout=_IN_ALL
    )
    if done.returncode:
        raise OSError(done.stderr.decode(errors="replace")[:300])
    return done.stdout


def _asked(query: bytes, authority: str) -> bytes:
    request = Request(  # noqa: S310 – the setting's, http or https
        authority, query, {"Content-Type": "application/timestamp-query"}
    )
    answer, end = b"", time.monotonic() + _IN_ALL
    with urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310
        while piece := response.read1(_MOST):
            answer += piece
            if len(answer) > _MOST:
                raise OSError("The answer is too long.")
            if time.monotonic() > end:
                raise OSError("The answer takes too long.")
    return answer
