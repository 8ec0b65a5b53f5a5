"""What a copy consists of, on disk: however many pages there are, memory does not grow."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE, source TEXT,
    is_taken INTEGER DEFAULT 0, size INTEGER, sha256 TEXT
);
CREATE INDEX IF NOT EXISTS waiting ON files (id) WHERE is_taken = 0;
CREATE TABLE IF NOT EXISTS addresses (key TEXT PRIMARY KEY, file TEXT) WITHOUT ROWID;
"""
_REMEMBERED = 20_000
_NEXT = (
    "UPDATE files SET is_taken = 1"
    " WHERE id = (SELECT id FROM files WHERE is_taken = 0 ORDER BY id LIMIT 1)"
    " RETURNING name, source"
)
_PATIENCE = 60


class Asked(NamedTuple):
    """A file that is to be written, and what it is written from."""

    name: str
    source: str


class Register:
    """Addresses, the files they lead to, and what became of these; several processes share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Each statement is one transaction, but where `add` begins one.
        self.link = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        self.link.execute("PRAGMA journal_mode = WAL")
        self.link.execute("PRAGMA synchronous = OFF")
        self.link.executescript(_TABLES)
        # Pages lead to the same addresses again and again.
        self._found: dict[str, str] = {}

    def close(self) -> None:
        """Nothing is kept of it."""
        self.link.close()

    def add(self, wanted: str, source: str, *keys: str) -> str:
        """A file to be written from a source, known by these addresses; returns its name.

        Where the name is taken, in any case of letters, it gets a number; where another process
        added the address meanwhile, its file is the one.
        """
        self.link.execute("BEGIN IMMEDIATE")
        try:
            return self._known(keys[0]) or self._added(wanted, source, keys)
        finally:
            self.link.execute("COMMIT")

    def _added(self, wanted: str, source: str, keys: tuple[str, ...]) -> str:
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
        found = self._known(key)
        if found is None:
            return None
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[key] = found
        return found

    def _known(self, key: str) -> str | None:
        row = self.link.execute("SELECT file FROM addresses WHERE key = ?", [key]).fetchone()
        return row[0] if row else None

    def waiting(self) -> Iterator[Asked]:
        """Each file that nobody writes yet, those too that are added meanwhile."""
        while row := self.link.execute(_NEXT).fetchone():
            yield Asked(*row)

    def take(self, name: str) -> None:
        """Who calls writes it."""
        self.link.execute("UPDATE files SET is_taken = 1 WHERE name = ?", [name])

    def counts(self) -> tuple[int, int]:
        """How many files are written, and how many are known."""
        return self.link.execute("SELECT count(size), count(*) FROM files").fetchone()

    def note(self, name: str, size: int, sha256: str) -> None:
        """What was written."""
        self.link.execute(
            "INSERT INTO files (name, source, is_taken, size, sha256) VALUES (?1, '', 1, ?2, ?3) "
            "ON CONFLICT (name) DO UPDATE SET size = ?2, sha256 = ?3",
            [name, size, sha256],
        )

    def files(self) -> Iterator[tuple[str, int, str]]:
        """Name, size and SHA-256 of each file that is written."""
        yield from self.link.cursor().execute(
            "SELECT name, size, sha256 FROM files WHERE size IS NOT NULL "
            "ORDER BY name COLLATE BINARY"
        )
