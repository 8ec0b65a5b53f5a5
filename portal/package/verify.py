"""Checks a package of all data without trusting whoever gave it: `python verify.py PACKAGE.zip`.

It needs Python alone, and no network. It tells whether each file is as its description says
(SHA-256, rows, sums, keys that join), whether the chain of seals holds, and with `--voucher NUMBER`
which lines of that voucher are in it. Whoever kept an earlier seal gives it: `--seal NUMBER HASH`.
Whoever altered a row may have altered the description, too: that all is as the office gave it is
proven by its signature alone (`SHA256SUMS.note`, `checkpoint.txt`). It needs the office's key,
which you had elsewhere: `--key KEY`, and the Python package `cryptography`. A time stamp by others
(`timestamp.tsr`, RFC 3161) needs the certificate of their root (`--tsa`), and `openssl`.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

Open = Callable[[str], Any]
_PATIENCE = 60  # seconds that openssl may take over one answer
SUMS, SIGNED_SUMS = "SHA256SUMS", "SHA256SUMS.note"


class Reading(io.RawIOBase):
    """Bytes on their way to a reader, counted and hashed."""

    def __init__(self, file: Any) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        data = self.file.read(len(buffer))
        self.size += len(data)
        self.digest.update(data)
        buffer[: len(data)] = data
        return len(data)


class Report:
    """What was looked at, and what differs."""

    def __init__(self, out: Any) -> None:
        self.out, self.differs = out, 0

    def says(self, is_right: bool, words: str) -> None:
        """One line."""
        self.differs += not is_right
        self.out.write(f"{'ok     ' if is_right else 'DIFFERS'} {words}\n")


def opener(path: Path) -> Open:
    """Opens files of a ZIP file or of a folder."""
    if path.is_dir():
        return lambda name: (path / name).open("rb")
    archive = zipfile.ZipFile(path)
    return archive.open


def names_in(path: Path) -> set[str]:
    """All files of a ZIP file or of a folder."""
    if path.is_dir():
        return {str(one.relative_to(path)) for one in path.rglob("*") if one.is_file()}
    with zipfile.ZipFile(path) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def check_sums(open_file: Open, path: Path, parts: list[dict[str, Any]], report: Report) -> str:
    """Each file is as listed; tables go by their description. Returns the SHA-256 of the list."""
    with open_file(SUMS) as file:
        content = file.read()
    lines = content.decode(errors="replace").splitlines()
    fits = filter(None, (re.fullmatch("([0-9a-f]{64})  (.+)", line) for line in lines))
    names, listed = names_in(path), {line[2]: line[1] for line in fits}
    found = {part["path"]: part["hash"].removeprefix("sha256:") for part in parts}
    for name in sorted(listed.keys() & names - found.keys()):
        with open_file(name) as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    report.says(found == listed and len(listed) == len(lines), f"{SUMS}: all files as listed")
    odd = "".join(f" {name}" for name in sorted(names - listed.keys() - {SUMS, SIGNED_SUMS}))
    if odd and path.is_dir():  # Systems and readers leave files of their own in a folder.
        report.out.write(f"       not of this package, and not checked:{odd}\n")
    else:
        report.says(not odd, f"{SUMS}: no file beside them{odd}")
    return hashlib.sha256(content).hexdigest()


def check_signed_sums(note: str, digest: str, version: str, key: str, report: Report) -> bool:
    """Whether the office signed the list of all files; without a key it is only said to be so."""
    text, _gap, signatures = note.partition("\n\n")
    stated = text.split("\n")[1:]
    report.says(stated == [version, f"sha256:{digest}"], f"{SIGNED_SUMS}: of these files")
    if not key:
        return False
    signed = is_signed(f"{text}\n", signatures, key)
    report.says(signed, f"{SIGNED_SUMS}: signed by that key")
    return signed


def rows_of(open_file: Open, part: dict[str, Any], report: Report) -> Iterator[dict[str, str]]:
    """The rows of a table; at its end its size and digest are compared."""
    with open_file(part["path"]) as file:
        reading = Reading(file)
        text = io.TextIOWrapper(io.BufferedReader(reading, 1 << 16), "utf-8", newline="")
        yield from csv.DictReader(text)
        found = (reading.size, f"sha256:{reading.digest.hexdigest()}")
        report.says(found == (part["bytes"], part["hash"]), f"{part['path']}: bytes and SHA-256")


def check_table(
    open_file: Open, part: dict[str, Any], keys: dict[tuple[str, str], set[str]], report: Report
) -> None:
    """Rows, sums, and keys; the values of columns that others lead to are kept in `keys`."""
    wanted = [name for table, name in keys if table == part["name"]]
    sums = dict.fromkeys(part.get("control_totals", ()), Decimal(0))
    key = part["schema"].get("primaryKey")
    seen: set[tuple[str, ...]] = set()
    count = 0
    for row in rows_of(open_file, part, report):
        count += 1
        for name in sums:
            sums[name] += Decimal(row[name] or 0)
        for name in wanted:
            keys[part["name"], name].add(row[name])
        if key:
            seen.add(tuple(row[name] for name in key))
    report.says(count == part["rows"], f"{part['path']}: {count} rows")
    if key:
        report.says(len(seen) == count, f"{part['path']}: each row once by {', '.join(key)}")
    for name, total in sums.items():
        stated = Decimal(part["control_totals"][name])
        report.says(total == stated, f"{part['path']}: {name} adds up to {stated}")


def joins_of(parts: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str, str]]:
    """Table, column, and the table and column that it leads to."""
    for part in parts:
        for joined in part["schema"].get("foreignKeys", ()):
            other = joined["reference"]
            table = other.get("resource", part["name"])
            yield part, joined["fields"][0], table, other["fields"][0]


def check_joins(
    open_file: Open, parts: list[dict[str, Any]], keys: dict[tuple[str, str], set[str]],
    report: Report,
) -> None:  # fmt: skip
    """Whatever a column leads to is there."""
    silent = Report(io.StringIO())
    for part in parts:
        leads = [(name, keys[table, key]) for p, name, table, key in joins_of(parts) if p is part]
        if not leads:
            continue
        lost = {
            row[name]
            for row in rows_of(open_file, part, silent)
            for name, known in leads
            if row[name] and row[name] not in known
        }
        report.says(not lost, f"{part['path']}: all keys lead somewhere")


def chain_of(loads: Iterable[dict[str, str]], report: Report) -> list[str]:
    """The hashes of all seals, each worked out from the one before."""
    sealed = sorted((row for row in loads if row["seal"]), key=lambda row: int(row["seal"]))
    hashes: list[str] = []
    for place, row in enumerate(sealed, start=1):
        text = f"seal {row['seal']} {hashes[-1] if hashes else ''} {row['seal_content']}"
        found = hashlib.sha256(text.encode()).hexdigest()
        if (int(row["seal"]), found) != (place, row["seal_hash"]):
            report.says(False, f"seal {row['seal']}: the chain breaks")
            return hashes
        hashes.append(found)
    report.says(True, f"the chain of {len(hashes)} seals")
    return hashes


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
    if not roots:
        report.out.write("       who stamped it was not checked: no --tsa was given\n")
        return
    if shutil.which("openssl") is None:
        report.out.write("       who stamped it was not checked: openssl is not here\n")
        return
    with tempfile.TemporaryDirectory() as folder, open_file(stated["path"]) as file:
        answer = Path(folder) / "timestamp.tsr"
        answer.write_bytes(file.read())
        told = f"{stamped_at(answer) or 'no moment'}"
        report.says(
            is_stamped(answer, digest, roots), f"time stamp: seal {number} was there at {told}"
        )


# --- All of it

PROVEN = (
    "Proven: every file listed is as the holder of that key gave it. That the key is the office's, "
    "you know from where you had it.\n"
)
NOT_PROVEN = (
    "Not proven: who made this package. Its files agree with its own description, which whoever "
    "altered a row may have altered, too; only the office's signature tells (--key).\n"
)


def check(path: Path, options: argparse.Namespace, out: Any) -> int:
    """0 where all agrees, 1 where anything differs."""
    open_file, report = opener(path), Report(out)
    with open_file("datapackage.json") as file:
        manifest = json.load(file)
    parts = manifest["resources"]
    more = map(manifest.get, ("checkpoint", "signature", "timestamp"))
    named = {SUMS, *(one["path"] for one in (*parts, *more) if one)}
    if missing := sorted(named - names_in(path)):
        report.says(False, f"not there, so nothing was checked: {' '.join(missing)}")
        return 1
    keys: dict[tuple[str, str], set[str]] = {
        (table, key): set() for _part, _name, table, key in joins_of(parts)
    }
    for part in parts:
        check_table(open_file, part, keys, report)
    check_joins(open_file, parts, keys, report)
    by_name = {part["name"]: part for part in parts}
    silent = Report(io.StringIO())
    hashes = chain_of(rows_of(open_file, by_name["loads"], silent), report)
    seal = manifest["seal"] or {"number": 0, "hash": ""}
    newest = (len(hashes), hashes[-1] if hashes else "")
    report.says(newest == (seal["number"], seal["hash"]), f"newest seal {seal['number']}")
    if options.seal:
        number, kept = int(options.seal[0]), options.seal[1]
        report.says(hashes[number - 1 : number] == [kept], f"the seal {number} that you kept")
    if manifest.get("checkpoint"):
        with open_file("checkpoint.txt") as file:
            check_checkpoint(file.read().decode(), hashes, options.key, report)
    if manifest.get("timestamp"):
        check_stamp(open_file, manifest["timestamp"], hashes, options.tsa, report)
    for one in manifest["checks"]:
        report.says(one["package"] == one["portal"], f"{one['what']}: {one['portal']}")
    if options.voucher:
        tell_voucher(open_file, by_name, options.voucher, report)
    digest, version = check_sums(open_file, path, parts, report), manifest["version"]
    signed = False
    if manifest.get("signature"):
        with open_file(SIGNED_SUMS) as file:
            note = file.read().decode(errors="replace")
        signed = check_signed_sums(note, digest, version, options.key, report)
    elif options.key:
        report.says(False, "this package is not signed")
    if not report.differs:
        out.write(PROVEN if signed else NOT_PROVEN)
    out.write("All agrees.\n" if not report.differs else f"{report.differs} things differ.\n")
    return 1 if report.differs else 0


def tell_voucher(
    open_file: Open, by_name: dict[str, dict[str, Any]], number: str, report: Report
) -> None:
    """The lines of the vouchers with this number."""
    silent = Report(io.StringIO())
    vouchers = rows_of(open_file, by_name["vouchers"], silent)
    ids = {row["id"]: row for row in vouchers if number in (row["number"], row["id"])}
    report.says(bool(ids), f"voucher {number} is in it")
    for row in rows_of(open_file, by_name["voucher_lines"], silent):
        if row["voucher"] in ids:
            told = (row["date"], row["kind"], row["project"], row["currency"], row["amount"])
            report.out.write(f"       {' '.join(told)}, file {row['load']} row {row['line']}\n")


def main() -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the ZIP file, or a folder with its files")
    parser.add_argument("--voucher", help="a number, or the id of its page")
    parser.add_argument("--seal", nargs=2, metavar=("NUMBER", "HASH"), help="a seal that you kept")
    parser.add_argument("--key", default="", help="the office's key: NAME+ID+KEY")
    parser.add_argument("--tsa", type=Path, help="root certificates of time stamps (PEM)")
    options = parser.parse_args()
    return check(options.package, options, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
