"""The tables of a package as Parquet, made from their CSV: the same rows, with types.

Row groups are written as they are read, so memory does not grow with the table. The library
(pyarrow) unpacks to 165 MB, and stands in `requirements-server.lock` and that of developers only:
where it is not installed, a package has no Parquet, and its description says so.
"""

import importlib.util
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

from portal.package.checking import PackageError
from portal.package.columns import DAY, INTEGER, MOMENT, NUMBER, TEXT, YES, Column, PackageTable
from portal.package.writing import Written, exact, write_pieces

MEDIA_TYPE = "application/vnd.apache.parquet"
MISSING = "Parquet: the server that made this package has no pyarrow."
# Bytes of CSV that are read at once; where a row is longer, it is read anew by the next.
_BLOCKS = (1 << 20, 1 << 24, 1 << 28)
# Bytes of a row group, in memory.
_GROUP = 1 << 22
_PIECE = 1 << 17
# Digits that an exact decimal may have; all programs read so many.
_DIGITS = 38


def is_there() -> bool:
    """Whether this installation can write it."""
    return importlib.util.find_spec("pyarrow") is not None


def write_parquet(archive: zipfile.ZipFile, table: PackageTable, csv: Written) -> Written:
    """The table whose CSV is in the archive already, as Parquet beside it.

    Raises PackageError where its rows or sums are not those of the CSV.
    """
    with tempfile.TemporaryFile() as file:
        _make(archive, table, csv, file)
        file.seek(0)
        name = f"{table.name}.parquet"
        # It is compressed already.
        return write_pieces(archive, _stored(name), iter(lambda: file.read(_PIECE), b""), csv)


def _make(archive: zipfile.ZipFile, table: PackageTable, csv: Written, file: IO[bytes]) -> None:
    import pyarrow as pa

    for block in _BLOCKS:
        file.seek(0)
        file.truncate()
        try:
            with archive.open(csv.name) as text:
                scales = _scales(text, table, block)
            with archive.open(csv.name) as text:
                rows, sums = _written(text, table, scales, file, block)
        except pa.ArrowInvalid:
            if block == _BLOCKS[-1]:
                raise
        else:
            _compare(table, csv, rows, sums)
            return


def _stored(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED
    return info


def _scales(text: IO[bytes], table: PackageTable, block: int) -> dict[str, int]:
    """How many decimal places each column of numbers needs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [column.name for column in table.columns if column.kind == NUMBER]
    scales = dict.fromkeys(names, 0)
    if names:
        for batch in _batches(text, dict.fromkeys(names, pa.string()), block):
            for name in names:
                places = pc.utf8_length(pc.replace_substring_regex(batch[name], r"^[^.]*\.?", ""))
                scales[name] = max(scales[name], pc.max(places).as_py() or 0)
    return scales


def _written(
    text: IO[bytes], table: PackageTable, scales: Mapping[str, int], file: IO[bytes], block: int
) -> tuple[int, dict[str, Decimal]]:
    """How many rows were written, and what their columns add up to."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    types = {column.name: _type(column, scales) for column in table.columns}
    rows, sums = 0, dict.fromkeys(table.sums, Decimal(0))
    with pq.ParquetWriter(file, pa.schema(list(types.items())), compression="zstd") as out:
        for group in _groups(_batches(text, types, block)):
            out.write_table(group)
            rows += group.num_rows
            for name in sums:
                sums[name] += pc.sum(group[name]).as_py() or 0
    return rows, sums


def _groups(batches: Iterator[Any]) -> Iterator[Any]:
    """Batches put together to row groups."""
    import pyarrow as pa

    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        if sum(one.nbytes for one in held) >= _GROUP:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _batches(text: IO[bytes], types: Mapping[str, Any], block: int) -> Any:
    """These columns of the CSV, read by one thread; nothing is no text, one of no letters is."""
    import pyarrow.csv as reading

    return reading.open_csv(
        text,
        read_options=reading.ReadOptions(use_threads=False, block_size=block),
        parse_options=reading.ParseOptions(newlines_in_values=True),
        convert_options=reading.ConvertOptions(
            column_types=dict(types),
            include_columns=list(types),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["true"],
            false_values=["false"],
        ),
    )


def _type(column: Column, scales: Mapping[str, int]) -> Any:
    """The type that the schema of the description names, exact for numbers."""
    import pyarrow as pa

    if column.kind == NUMBER:
        return pa.decimal128(_DIGITS, scales[column.name])
    kinds = {
        TEXT: pa.string(), INTEGER: pa.int64(), DAY: pa.date32(), YES: pa.bool_(),
        MOMENT: pa.timestamp("s", "UTC"),
    }  # fmt: skip
    return kinds[column.kind]


def _compare(table: PackageTable, csv: Written, rows: int, sums: Mapping[str, Decimal]) -> None:
    """Raises PackageError where it does not hold what the CSV holds."""
    stated = {"rows": Decimal(csv.rows), **(csv.sums or {})}
    found = {"rows": Decimal(rows), **sums}
    told = [
        f"{name} {exact(found[name])}, in CSV {exact(value)}"
        for name, value in stated.items()
        if found[name] != value
    ]
    if told:
        raise PackageError(f"Parquet of {table.name} differs: {'; '.join(told)}.")
