"""Databases of versions, kept in `tests/data/versions`; `make keep-version` adds this one.

Of each version two files: an archive of its database, as SQL, and of its files, filled with two
projects of the sample; and beside it, as JSON, the figures that it showed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.health.version import version
from portal.host.embedded import binary
from tests.databases import CHECKOUT, database, drop_database, empty_database, environment

FOLDER = CHECKOUT / "tests" / "data" / "versions"
# Of the server's or the program's own version, unknown to older ones.
_OF_ITS_TIME = re.compile(rb"^(SET transaction_timeout = .*|\\(un)?restrict .*)\n", re.MULTILINE)


@dataclass(frozen=True)
class KeptVersion:
    """A database of some version, its files, and what it showed."""

    archive: Path

    @property
    def shown(self) -> dict[str, Any]:
        """Version, day of its making, digests of its migrations, seal, figures."""
        return dict(json.loads(self.archive.with_suffix("").with_suffix(".json").read_text()))

    @property
    def changed_migrations(self) -> list[str]:
        """Its migrations that are not as they were: databases that ran them would never learn."""
        now = migrations()
        return [name for name, digest in self.shown["migrations"].items() if now[name] != digest]

    @contextmanager
    def restored(self, name: str, folder: Path) -> Iterator[dict[str, str]]:
        """Its database and files, as they were; yields the environment that leads there."""
        empty_database(name)
        try:
            with tarfile.open(self.archive) as archive:
                archive.extractall(folder, filter="data")
            dump = folder / "database.sql"
            owner = environment(name)["DATABASE_OWNER_URL"]
            command = [str(binary("psql")), "-qX1", "-v", "ON_ERROR_STOP=1", "-f", str(dump), owner]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            yield environment(name) | {"VAR_DIR": str(folder)}
        finally:
            drop_database(name)


def kept_versions() -> list[KeptVersion]:
    """All that are kept, the oldest first."""
    found = [KeptVersion(path) for path in FOLDER.glob("*.tar.xz")]
    return sorted(found, key=lambda kept: [int(n) for n in kept.shown["version"].split(".")])


def keep(folder: Path) -> KeptVersion:
    """The database of this version, made anew, as files in the folder."""
    name = f"kept_version_{os.getpid()}"
    with tempfile.TemporaryDirectory() as var, database(name) as leading_there:
        leading_there |= {"VAR_DIR": var}
        run(leading_there, "-m", "tests.keep_version", "fill")
        shown: dict[str, Any] = {
            "version": version(),
            "made_on": f"{datetime.now(UTC):%Y-%m-%d}",
            "migrations": migrations(),
        }
        shown |= json.loads(figures(leading_there, shown["made_on"]))
        dump = subprocess.run(
            [binary("pg_dump"), "-Ox", leading_there["DATABASE_OWNER_URL"]],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        kept = KeptVersion(folder / f"{version()}.tar.xz")
        with tarfile.open(kept.archive, "w:xz", preset=9) as archive:
            member = tarfile.TarInfo("database.sql")
            content = _OF_ITS_TIME.sub(b"", dump)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
            archive.add(Path(var) / "media", "media")
    text = json.dumps(shown, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / f"{version()}.json").write_text(f"{text}\n", encoding="utf-8")
    return kept


def figures(leading_there: dict[str, str], day: str) -> str:
    """The newest seal, and each figure of the sampled lists as of that day, as JSON."""
    return run(leading_there, "-W", "ignore", "-m", "tests.keep_version", "figures", day)


def migrations() -> dict[str, str]:
    """A digest of each migration of the code, by its path."""
    return {
        str(path.relative_to(CHECKOUT)): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(CHECKOUT.glob("*/migrations/[0-9]*.py"))
    }


def run(leading_there: dict[str, str], *command: str) -> str:
    """What a program of Python says in that environment; fails with its errors."""
    done = subprocess.run(
        [sys.executable, *command], cwd=CHECKOUT, env=leading_there, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
