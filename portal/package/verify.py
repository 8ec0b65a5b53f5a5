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
import csv
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.package.evidence import Open, Report, check_checkpoint, check_stamp, is_signed, key_of

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


def digest_of(file: Any) -> str:
    """The SHA-256 of a file of any size."""
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


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
            found[name] = digest_of(file)
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
    report, signed = Report(out), False
    with report.reading(str(path)):
        signed = check_all(path, opener(path), options, report)
    if not report.differs:
        out.write(PROVEN if signed else NOT_PROVEN)
    out.write("All agrees.\n" if not report.differs else f"{report.differs} things differ.\n")
    return 1 if report.differs else 0


def check_all(path: Path, open_file: Open, options: argparse.Namespace, report: Report) -> bool:
    """Whether it is signed by the key; whatever differs is said."""
    parts: list[dict[str, Any]] = []
    with report.reading("datapackage.json"), open_file("datapackage.json") as file:
        manifest = json.load(file)
        parts, version = tables_of(manifest), manifest["version"]
        more = [manifest.get(name) for name in ("checkpoint", "signature", "timestamp")]
        named = {SUMS, *(one["path"] for one in (*manifest["resources"], *more) if one)}
        report.says(bool(parts), f"datapackage.json lists {len(parts) or 'no'} tables")
    if not parts:
        return False
    if missing := sorted(named - names_in(path)):
        report.says(False, f"not there, so nothing was checked: {' '.join(missing)}")
        return False
    with report.reading("what datapackage.json says of tables"):
        check_tables(open_file, manifest, options, report)
    signed, digest = False, ""
    with report.reading(SUMS):
        digest = check_sums(open_file, path, parts, report)
    if manifest.get("signature"):
        with report.reading(SIGNED_SUMS), open_file(SIGNED_SUMS) as file:
            note = file.read().decode(errors="replace")
            signed = check_signed_sums(note, digest, version, options.key, report)
    elif options.key:
        report.says(False, "this package is not signed")
    return signed


def tables_of(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The tables in CSV; of the same as Parquet only the SHA-256 is compared."""
    return [part for part in manifest["resources"] if part["path"].endswith(".csv")]


def check_tables(
    open_file: Open, manifest: dict[str, Any], options: argparse.Namespace, report: Report
) -> None:
    """Tables, the seals in them, and who vouches for those."""
    parts = tables_of(manifest)
    keys: dict[tuple[str, str], set[str]] = {
        (table, key): set() for _part, _name, table, key in joins_of(parts)
    }
    for part in parts:
        with report.reading(part["path"]):
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
        with report.reading("checkpoint.txt"), open_file("checkpoint.txt") as file:
            check_checkpoint(file.read().decode(), hashes, options.key, report)
    if manifest.get("timestamp"):
        with report.reading("timestamp.tsr"):
            check_stamp(open_file, manifest["timestamp"], hashes, options.tsa, report)
    for one in manifest["checks"]:
        report.says(one["package"] == one["portal"], f"{one['what']}: {one['portal']}")
    if options.voucher:
        tell_voucher(open_file, by_name, options.voucher, report)


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
    parser.add_argument("--key", default="", type=key_of, help="the office's key: NAME+ID+KEY")
    parser.add_argument("--tsa", type=Path, help="root certificates of time stamps (PEM)")
    options = parser.parse_args()
    for path in filter(None, (options.package, options.tsa)):
        if not path.exists():
            parser.error(f"there is no {path}")
    if options.seal and not options.seal[0].isdecimal():
        parser.error(f"--seal: {options.seal[0]} is no number")
    csv.field_size_limit(1 << 30)
    return check(options.package, options, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
