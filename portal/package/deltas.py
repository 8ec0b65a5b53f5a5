"""What changed between two packages: for each table the rows added, changed and withdrawn.

Both are read row by row; the rows of the one before wait in a file of SQLite beside, so that a
million of them take no memory.
"""

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from portal.package import apply
from portal.package.apply import Lines, read_rows, row_digest
from portal.package.verify import tables_of
from portal.package.writing import MANIFEST, as_json

_KINDS = ("added", "changed", "withdrawn")
_SEPARATOR = "\x1f"


def write_delta(before: zipfile.ZipFile, after: zipfile.ZipFile, file: IO[bytes]) -> dict[str, Any]:
    """Write what leads from one package to the next, and return what it says of itself.

    Empty, with nothing written, where a table has other columns than before: there is no way then.
    """
    old, new = (json.loads(archive.read(MANIFEST)) for archive in (before, after))
    if _columns(old) != _columns(new):
        return {}
    hashes = {part["name"]: part["hash"] for part in tables_of(old)}
    parts = [part for part in tables_of(new) if part["hash"] != hashes[part["name"]]]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as out:
        said = {
            "from": old["version"],
            "to": new["version"],
            "seal": new["seal"],
            "tables": [_table(part, before, after, out) for part in parts],
        }
        out.writestr("delta.json", as_json(said))
        out.writestr(MANIFEST, after.read(MANIFEST))
        out.writestr("apply.py", Path(apply.__file__).read_text("utf-8"))
    return said


def _columns(manifest: dict[str, Any]) -> list[Any]:
    return [
        (part["name"], _fields(part), part["schema"].get("primaryKey"))
        for part in tables_of(manifest)
    ]


def _fields(part: dict[str, Any]) -> list[str]:
    return [field["name"] for field in part["schema"]["fields"]]


def _table(
    part: dict[str, Any], before: zipfile.ZipFile, after: zipfile.ZipFile, out: zipfile.ZipFile
) -> dict[str, Any]:
    """Write what changed of a table; what has to come out when it is applied."""
    fields, key = _fields(part), part["schema"].get("primaryKey") or []
    places = [fields.index(name) for name in key] or list(range(len(fields)))
    with tempfile.TemporaryDirectory() as folder:
        changes = {kind: _Rows(Path(folder) / kind) for kind in _KINDS}
        with _Kept(Path(folder) / "before", places) as kept:
            kept.fill(_body(before, part["path"]))
            total = 0
            for row in _body(after, part["path"]):
                digest = row_digest(row)
                total += int.from_bytes(digest, "big")
                if kind := kept.found(row, digest):
                    changes[kind].add(row)
            for row in kept.left():
                changes["withdrawn"].add(row)
        headings = dict.fromkeys(_KINDS, fields) | {"withdrawn": key or fields}
        for kind, rows in changes.items():
            rows.write(out, f"{part['name']}.{kind}.csv", headings[kind])
    totals = part.get("control_totals")
    return {
        "name": part["name"],
        "fields": fields,
        "key": key,
        **{kind: rows.count for kind, rows in changes.items()},
        "rows": part["rows"],
        "rows_hash": f"{total % 2**256:064x}",
        **({"control_totals": totals} if totals else {}),
    }


def _body(archive: zipfile.ZipFile, name: str) -> Iterator[list[str]]:
    rows = read_rows(archive, name)
    next(rows, None)
    yield from rows


class _Kept:
    """The rows of the package before: key, how many, digest."""

    def __init__(self, path: Path, places: Sequence[int]) -> None:
        self.places, self.base = places, sqlite3.connect(path)
        self.base.execute("PRAGMA journal_mode = OFF")
        self.base.execute("PRAGMA synchronous = OFF")
        self.base.execute(
            "CREATE TABLE kept (key TEXT PRIMARY KEY, digest BLOB, count INT) WITHOUT ROWID"
        )

    def __enter__(self) -> "_Kept":
        return self

    def __exit__(self, *_error: object) -> None:
        self.base.close()

    def _key(self, row: Sequence[str]) -> str:
        return _SEPARATOR.join(row[place] for place in self.places)

    def fill(self, rows: Iterator[list[str]]) -> None:
        """Take in all of them; the same row twice counts twice."""
        self.base.executemany(
            "INSERT INTO kept VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
            ((self._key(row), row_digest(row)) for row in rows),
        )

    def found(self, row: Sequence[str], digest: bytes) -> str:
        """Whether it is new or another than before, or "" where it is the same."""
        key = self._key(row)
        asked = "SELECT digest FROM kept WHERE key = ? AND count > 0"
        was = self.base.execute(asked, (key,)).fetchone()
        if was is None:
            return "added"
        self.base.execute("UPDATE kept SET count = count - 1 WHERE key = ?", (key,))
        return "" if was[0] == digest else "changed"

    def left(self) -> Iterator[list[str]]:
        """The keys of those that the package after does not have."""
        for key, count in self.base.execute("SELECT key, count FROM kept WHERE count > 0"):
            for _one in range(count):
                yield key.split(_SEPARATOR)


class _Rows:
    """Rows on their way into a file of the delta; none, no file."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self.file = path.open("w", encoding="utf-8", newline="")
        self.lines = Lines(self.file)

    def add(self, row: Sequence[str]) -> None:
        """One more."""
        self.lines.write(row)
        self.count += 1

    def write(self, out: zipfile.ZipFile, name: str, headings: Sequence[str]) -> None:
        """Headings and rows."""
        self.file.close()
        if not self.count:
            return
        with out.open(name, "w", force_zip64=True) as member, self.path.open("rb") as rows:
            text = io.StringIO()
            Lines(text).write(headings)
            member.write(text.getvalue().encode())
            while piece := rows.read(1 << 17):
                member.write(piece)
