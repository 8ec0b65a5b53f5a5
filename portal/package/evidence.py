"""Who vouches for a package, and what is said of it: the part of `verify.py` that the portal uses.

It needs Python alone; a signature needs the package `cryptography`, a time stamp `openssl`. In a
package it stands within the script itself (`portal/package/script.py`).
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import importlib.util
import re
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

Open = Callable[[str], Any]
_PATIENCE = 60  # seconds that openssl may take over one answer
# What reading raises where something is not as a package has it.
ODD = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, EOFError,
    RuntimeError, csv.Error, zipfile.BadZipFile, zlib.error, subprocess.SubprocessError,
)  # fmt: skip


class Report:
    """What was looked at, and what differs."""

    def __init__(self, out: Any) -> None:
        self.out, self.differs = out, 0

    def says(self, is_right: bool, words: str) -> None:
        """One line."""
        self.differs += not is_right
        self.out.write(f"{'ok     ' if is_right else 'DIFFERS'} {words}\n")

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """What within cannot be read differs; the rest is checked all the same."""
        try:
            yield
        except ODD as error:
            self.says(False, f"{name} cannot be read: {type(error).__name__}: {error}")


# --- Signed checkpoints (C2SP tlog-checkpoint, signed-note)


def tree_hash(leaves: list[bytes]) -> bytes:
    """The root of a Merkle tree as RFC 6962 has it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def check_checkpoint(note: str, hashes: list[str], key: str, report: Report) -> None:
    """The root is that of the seals, and the office signed it."""
    text, _gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    size, root = int(lines[1]), lines[2]
    leaves = [bytes.fromhex(one) for one in hashes[:size]]
    found = base64.b64encode(tree_hash(leaves)).decode()
    report.says(len(leaves) == size and found == root, f"checkpoint of {size} seals: root")
    if not key:
        report.out.write("       the signature was not checked: no --key was given\n")
        return
    report.says(is_signed(f"{text}\n", signatures, key), "checkpoint: signed by that key")


def is_signed(text: str, signatures: str, key: str) -> bool:
    """Whether one of the signatures is by the key, which is NAME+ID+KEY."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    name, key_id, encoded = key.split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    for line in signatures.splitlines():
        try:
            _dash, signer, signature = line.split(" ")
            raw = base64.b64decode(signature)
            if signer == name and raw[:4].hex() == key_id:
                public.verify(raw[4:], text.encode())
                return True
        except (InvalidSignature, ValueError):
            return False
    return False


# --- Time stamps by others (RFC 3161)


def stamped_at(answer: Path) -> datetime | None:
    """The moment that a time stamp states; None where it states none."""
    with tempfile.TemporaryDirectory() as folder:
        token = _token(answer, folder)
        return _moment(token) if token else None


def _token(answer: Path, folder: str) -> str:
    """The signed part of an answer, by itself: the words around it are anybody's; "" if none."""
    token = str(Path(folder) / "token")
    done = _openssl("-reply", "-in", str(answer), "-token_out", "-out", token)
    return "" if done.returncode else token


def _moment(token: str) -> datetime | None:
    done = _openssl("-reply", "-in", token, "-token_in", "-text")
    text = done.stdout.decode(errors="replace")
    found = re.search(r"^Time stamp: (\w{3} +\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT", text, re.M)
    if done.returncode or found is None:
        return None
    try:
        named = datetime.strptime(" ".join(found.groups()), "%b %d %H:%M:%S %Y")
    except ValueError:
        return None
    return named.replace(tzinfo=timezone.utc)  # noqa: UP017 – older Pythons have no other


def is_stamped(answer: Path, digest: str, roots: Path) -> bool:
    """Whether it is of this SHA-256, and signed by whom a root vouched for at its moment.

    Of that moment, for the certificate of whoever signed ends some years later.
    """
    with tempfile.TemporaryDirectory() as folder:
        token = _token(answer, folder)
        moment = _moment(token) if token else None
        if moment is None:
            return False
        of = ("-digest", digest, "-in", token, "-token_in", "-CAfile", str(roots))
        return _openssl("-verify", *of, "-attime", str(int(moment.timestamp()))).returncode == 0


def _openssl(*words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["openssl", "ts", *words]
    return subprocess.run(  # noqa: S603 – no shell
        command, capture_output=True, check=False, timeout=_PATIENCE
    )


def check_stamp(
    open_file: Open, stated: dict[str, Any], hashes: list[str], roots: Path | None, report: Report
) -> None:
    """It is of a seal of the chain, and by whom the reader believes."""
    number, digest = int(stated["seal"]), stated["hash"]
    report.says(hashes[number - 1 : number] == [digest], f"time stamp: of seal {number}")
    if not roots or shutil.which("openssl") is None:
        why = "openssl is not here" if roots else "no --tsa was given"
        report.out.write(f"       who stamped it was not checked: {why}\n")
        return
    with tempfile.TemporaryDirectory() as folder, open_file(stated["path"]) as file:
        answer = Path(folder) / "timestamp.tsr"
        answer.write_bytes(file.read())
        told = f"{stamped_at(answer) or 'no moment'}"
        report.says(
            is_stamped(answer, digest, roots), f"time stamp: seal {number} was there at {told}"
        )


def key_of(text: str) -> str:
    """A key as it is given; argparse says so where it is none, or cannot be used here."""
    try:
        is_key = len(base64.b64decode(text.split("+", 2)[2], validate=True)) == 33
    except (IndexError, ValueError):
        is_key = False
    if text and not is_key:
        raise argparse.ArgumentTypeError(f"“{text}” is no key of the form NAME+ID+KEY")
    if text and importlib.util.find_spec("cryptography") is None:
        raise argparse.ArgumentTypeError("it needs cryptography: pip install cryptography")
    return text
