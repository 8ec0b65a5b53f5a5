"""Writing the package: each table straight from the database into a ZIP file, hashed on its way.

Nothing of a table is ever held in memory whole; all tables are of one moment.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO, Any

from django.db import connection
from django.db.models import Sum
from django.db.models.query import QuerySet

from portal.kit.files.streams import csv_cell
from portal.package.apply import Lines
from portal.package.approval_tables import APPROVALS
from portal.package.columns import NUMBER, Column, PackageTable
from portal.package.entity_tables import ENTITIES
from portal.package.money_tables import MONEY

TABLES: tuple[PackageTable, ...] = (*ENTITIES, *MONEY, *APPROVALS)
MANIFEST = "datapackage.json"
_PIECE = 1 << 17


@dataclass(frozen=True)
class Written:
    """What became of one file of the package."""

    name: str
    size: int
    sha256: str
    rows: int = 0
    sums: Mapping[str, Decimal] | None = None


class _Hashed:
    """Counts and hashes what goes through it, many rows at a time: COPY gives one by one."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.size, self.digest = out, 0, hashlib.sha256()
        self.held = bytearray()

    def write(self, data: bytes | str) -> int:
        """On to the file, or held until there is more."""
        self.held += data.encode() if isinstance(data, str) else data
        if len(self.held) > _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """All that is held goes on."""
        self.size += len(self.held)
        self.digest.update(self.held)
        self.out.write(self.held)
        self.held.clear()


@contextmanager
def _member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> Iterator[_Hashed]:
    with archive.open(name, "w", force_zip64=True) as out:
        hashed = _Hashed(out)
        yield hashed
        hashed.flush()


def write_table(archive: zipfile.ZipFile, table: PackageTable) -> Written:
    """The table as CSV with one row of headings."""
    rows = table.rows()
    with _member(archive, table.file_name) as out:
        out.write(",".join(column.name for column in table.columns) + "\n")
        if isinstance(rows, QuerySet):
            count, sums = _copied(rows, table, out)
        else:
            count, sums = _listed(rows, table, out)
    return Written(table.file_name, out.size, out.digest.hexdigest(), count, sums)


def write_text(archive: zipfile.ZipFile, name: str, text: str | bytes) -> Written:
    """A text of the package, or some bytes."""
    with _member(archive, name) as out:
        out.write(text)
    return Written(name, out.size, out.digest.hexdigest())


def write_pieces(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, pieces: Iterable[bytes], like: Written
) -> Written:
    """A file that holds the rows and sums of another."""
    with _member(archive, info) as out:
        for piece in pieces:
            out.write(piece)
    return replace(like, name=info.filename, size=out.size, sha256=out.digest.hexdigest())


def _copied(rows: QuerySet, table: PackageTable, out: _Hashed) -> tuple[int, dict[str, Decimal]]:
    """By the database's own COPY, which no row passes through Python one by one."""
    values = rows.values_list(*(column.expression for column in table.columns))
    sql, parameters = values.query.sql_with_params()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, parameters).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv)", out)
        count = cursor.rowcount
    sums: dict[str, Decimal] = {}
    if table.sums:
        by_name = {column.name: column.expression for column in table.columns}
        found = rows.order_by().aggregate(
            **{f"sum_{name}": Sum(by_name[name]) for name in table.sums}
        )
        sums = {name: found[f"sum_{name}"] or Decimal(0) for name in table.sums}
    return count, sums


def _listed(rows: Any, table: PackageTable, out: _Hashed) -> tuple[int, dict[str, Decimal]]:
    count, sums = 0, dict.fromkeys(table.sums, Decimal(0))
    for row in rows:
        text = io.StringIO()
        cells = [_cell(column, row[column.name]) for column in table.columns]
        Lines(text).write(cells)
        out.write(text.getvalue())
        count += 1
        for name in table.sums:
            sums[name] += row[name] or 0
    return count, sums


def _cell(column: Column, value: Any) -> str:
    if column.kind == NUMBER and value is not None:
        return exact(Decimal(value))
    return csv_cell(value)


def exact(value: Decimal) -> str:
    """The number without zeros at its end."""
    return f"{value.normalize():f}" if value else "0"


def as_json(value: Any) -> str:
    """A description, for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
