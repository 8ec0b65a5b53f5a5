"""What a copy consists of, on disk: however many pages there are, memory does not grow."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE, source TEXT, size INTEGER, sha256 TEXT
);
CREATE TABLE addresses (key TEXT PRIMARY KEY, file TEXT) WITHOUT ROWID;
"""
_REMEMBERED = 20_000
_NEXT = "SELECT id, name, source FROM files WHERE id > ? AND size IS NULL ORDER BY id LIMIT 1"


class Asked(NamedTuple):
    """A file that is to be written, and what it is written from."""

    name: str
    source: str


class Register:
    """Addresses, the files they lead to, and what became of these."""

    def __init__(self, path: Path) -> None:
        self.link = sqlite3.connect(path)
        self.link.executescript(_TABLES)
        # Pages lead to the same addresses again and again.
        self._found: dict[str, str] = {}

    def close(self) -> None:
        """Nothing is kept of it."""
        self.link.close()

    def add(self, wanted: str, source: str, *keys: str) -> str:
        """A file to be written from a source, known by these addresses; returns its name.

        Where the name is taken, in any case of letters, it gets a number.
        """
        stem, dot, ending = wanted.rpartition(".")
        name, number = wanted, 1
        while self.link.execute("SELECT 1 FROM files WHERE name = ?", [name]).fetchone():
            number += 1
            name = f"{stem}~{number}{dot}{ending}"
        self.link.execute("INSERT INTO files (name, source) VALUES (?, ?)", [name, source])
        for key in keys:
            self.know(key, name)
        return name

    def know(self, key: str, name: str) -> None:
        """The address leads to this file."""
        self.link.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", [key, name])

    def file_of(self, key: str) -> str | None:
        """The file of an address; None where it is not in the copy."""
        if key in self._found:
            return self._found[key]
        row = self.link.execute("SELECT file FROM addresses WHERE key = ?", [key]).fetchone()
        if row is None:
            return None
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[key] = row[0]
        return row[0]

    def waiting(self) -> Iterator[Asked]:
        """Each file that is not written yet, those too that are added meanwhile."""
        last = 0
        while row := self.link.execute(_NEXT, [last]).fetchone():
            last = row[0]
            yield Asked(row[1], row[2])

    def counts(self) -> tuple[int, int]:
        """How many files are written, and how many are known."""
        return self.link.execute("SELECT count(size), count(*) FROM files").fetchone()

    def note(self, name: str, size: int, sha256: str) -> None:
        """What was written."""
        self.link.execute(
            "INSERT INTO files (name, source, size, sha256) VALUES (?1, '', ?2, ?3) "
            "ON CONFLICT (name) DO UPDATE SET size = ?2, sha256 = ?3",
            [name, size, sha256],
        )

    def files(self) -> Iterator[tuple[str, int, str]]:
        """Name, size and SHA-256 of each file that is written."""
        yield from self.link.cursor().execute(
            "SELECT name, size, sha256 FROM files WHERE size IS NOT NULL "
            "ORDER BY name COLLATE BINARY"
        )
