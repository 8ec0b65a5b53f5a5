"""Brings a package of all data to the next: `python apply.py FOLDER DELTA.zip`, in their order.

It needs Python alone, and no network. FOLDER holds the files of the package that the delta begins
with. Each table is checked against what the delta says of it: rows, sums, and a hash over all rows
in whatever order (SHA-256 of each row as JSON, added up modulo 2^256). Rows that were added stand
at the end; nothing is written unless all of it agrees.
"""

import argparse
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any


def row_digest(cells: Sequence[str]) -> bytes:
    """The SHA-256 of a row."""
    text = json.dumps(list(cells), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


class Lines:
    """Rows as lines of a file. A carriage return alone is quoted too, as it ends a line for a
    reader; Python leaves it bare."""

    def __init__(self, file: Any) -> None:
        self.plain = csv.writer(file, lineterminator="\n")
        self.quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def write(self, row: Sequence[str]) -> None:
        """One line."""
        is_bare = all("\r" not in cell for cell in row)
        (self.plain if is_bare else self.quoted).writerow(row)


def read_rows(archive: zipfile.ZipFile, name: str) -> Iterator[list[str]]:
    """The rows of a table in a ZIP file, headings first; none where it is not there."""
    if name not in archive.namelist():
        return
    with archive.open(name) as file:
        yield from csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))


class Table:
    """A table on its way from one package to the next."""

    def __init__(self, said: dict[str, Any], path: Path, delta: zipfile.ZipFile) -> None:
        self.said, self.path = said, path
        name = said["name"]
        self.added = list(read_rows(delta, f"{name}.added.csv"))[1:]
        changed = list(read_rows(delta, f"{name}.changed.csv"))[1:]
        withdrawn = list(read_rows(delta, f"{name}.withdrawn.csv"))[1:]
        self.fields: list[str] = said["fields"]
        # Without a key, a whole row is its own.
        self.at = [self.fields.index(key) for key in said["key"] or self.fields]
        self.changed = {self.key(row): row for row in changed}
        self.withdrawn = Counter(tuple(row) for row in withdrawn)

    def key(self, row: Sequence[str]) -> tuple[str, ...]:
        """What names a row."""
        return tuple(row[place] for place in self.at)

    def rows(self) -> Iterator[list[str]]:
        """The rows of the next package."""
        with self.path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            for row in lines:
                key = self.key(row)
                if self.withdrawn[key]:
                    self.withdrawn[key] -= 1
                else:
                    yield self.changed.pop(key, row)
        yield from self.added

    def write(self, path: Path) -> str:
        """Write the next table there; returns what does not agree, or nothing."""
        total, count = 0, 0
        sums = dict.fromkeys(self.said.get("control_totals", ()), Decimal(0))
        with path.open("w", encoding="utf-8", newline="") as file:
            out = Lines(file)
            out.write(self.fields)
            for row in self.rows():
                out.write(row)
                count += 1
                total += int.from_bytes(row_digest(row), "big")
                for name in sums:
                    sums[name] += Decimal(row[self.fields.index(name)] or 0)
        if self.changed or sum(self.withdrawn.values()):
            return "rows that it changes are missing"
        if (count, f"{total % 2**256:064x}") != (self.said["rows"], self.said["rows_hash"]):
            return f"{count} rows are not those of the package"
        stated = self.said.get("control_totals", {})
        differing = [name for name in sums if sums[name] != Decimal(stated[name])]
        return f"sums differ: {', '.join(differing)}" if differing else ""


def apply(folder: Path, path: Path, out: Any) -> int:
    """0 where the folder holds the next package now, 1 where anything differs."""
    with zipfile.ZipFile(path) as delta:
        said = json.loads(delta.read("delta.json"))
        before = json.loads((folder / "datapackage.json").read_text("utf-8"))
        begins = before["version"]
        if begins != said["from"]:
            out.write(f"DIFFERS the delta begins with {said['from']}, the folder has {begins}\n")
            return 1
        made = []
        for one in said["tables"]:
            table = Table(one, folder / f"{one['name']}.csv", delta)
            made.append((table.path, table.path.with_suffix(".next")))
            if fault := table.write(made[-1][1]):
                out.write(f"DIFFERS {one['name']}: {fault}\n")
                for _now, later in made:
                    later.unlink()
                return 1
            out.write(f"ok      {one['name']}: {one['rows']} rows\n")
        for now, later in made:
            later.replace(now)
        # What they hold was made of the tables of before; other files are not the package's.
        listed = {part["path"] for part in before["resources"]}
        for stale in listed & {f"{one['name']}.parquet" for one in said["tables"]}:
            (folder / stale).unlink(missing_ok=True)
        (folder / "datapackage.json").write_bytes(delta.read("datapackage.json"))
        out.write(
            f"The folder holds the rows of {said['to']} now, as CSV. They may stand in another "
            "order than there, so verify.py, which looks at bytes, is for the package itself.\n"
        )
    return 0


def main() -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the files of the package before")
    parser.add_argument("delta", type=Path, nargs="+", help="deltas, the oldest first")
    options = parser.parse_args()
    # Of this program only: the portal reads files of others with the usual limit.
    csv.field_size_limit(1 << 30)
    return max(apply(options.folder, one, sys.stdout) for one in options.delta)


if __name__ == "__main__":
    sys.exit(main())
