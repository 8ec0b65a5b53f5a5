"""Tables of a package as Parquet: what the CSV has, with types, exact; or a word that it is not."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from portal.models import DataPackage
from portal.package import parquet
from portal.package.checking import PackageError
from portal.package.writing import TABLES, Written
from portal.withholding.services import withhold
from portal.work.packages import make_package
from tests.factories import ProjectFactory, UserFactory, released, transfer
from tests.portal.api.test_lists import portfolio
from tests.portal.package.test_verify import checked, unpacked

pytestmark = pytest.mark.django_db
# What the text of a CSV stands for, by the type that the description names.
READ: dict[str, Callable[[str], Any]] = {
    "number": Decimal, "integer": int, "string": str, "boolean": lambda text: text == "true",
    "date": date.fromisoformat, "datetime": datetime.fromisoformat,
}  # fmt: skip


def made() -> DataPackage:
    """A package of the portfolio, with a text of several lines and an amount of many places."""
    portfolio()
    project = ProjectFactory(number="P,1", title="A “b”,\nc", narrative="One.\n\nTwo, “three”.\r")
    released(transfer(project, "0.0000001"), transfer(project, "-12345678901.25"))
    package = make_package()
    assert package is not None
    return package


def test_each_table_has_the_rows_of_its_csv_exactly(tmp_path: Path) -> None:
    folder = unpacked(made(), tmp_path / "package")
    manifest = json.loads((folder / "datapackage.json").read_text("utf-8"))
    parts = {part["name"]: part for part in manifest["resources"]}
    assert "without" not in manifest
    for table in TABLES:
        part = parts[f"{table.name}-parquet"]
        content = (folder / part["path"]).read_bytes()
        assert part["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert (part["bytes"], part["format"]) == (len(content), "parquet")
        fields = part["schema"]["fields"]
        assert fields == parts[table.name]["schema"]["fields"]
        text = (folder / f"{table.name}.csv").read_bytes().decode()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        found = pq.read_table(io.BytesIO(content)).to_pylist()
        assert len(found) == part["rows"] == len(rows)
        for theirs, ours in zip(found, rows, strict=True):
            for field in fields:
                value, name = ours[field["name"]], field["name"]
                if value or theirs[name] != "":
                    wanted = READ[field["type"]](value) if value else None
                    assert theirs[name] == wanted, (table.name, name)
        for key in part["schema"].get("foreignKeys", ()):
            assert key["reference"].get("resource", part["name"]) in parts
            assert key["reference"].get("resource", "-parquet").endswith("-parquet")


def test_the_script_of_the_package_compares_its_files_too(tmp_path: Path) -> None:
    folder = unpacked(made(), tmp_path / "package")
    assert checked(folder)[0] == 0
    with (folder / "projects.parquet").open("ab") as file:
        file.write(b"\0")
    code, text = checked(folder)
    assert (code, "DIFFERS SHA256SUMS: all files as listed" in text) == (1, True)


def test_where_rows_or_sums_differ_there_is_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio()
    kept = parquet._batches

    def shorter(*arguments: Any) -> Any:
        yield from (batch.slice(1) for batch in kept(*arguments))

    monkeypatch.setattr(parquet, "_batches", shorter)
    with pytest.raises(PackageError, match="Parquet of projects differs: rows 2, in CSV 3"):
        make_package()
    assert not DataPackage.objects.exists()
    table = next(table for table in TABLES if table.sums)
    sums = dict.fromkeys(table.sums, Decimal(1))
    with pytest.raises(PackageError, match="approved 2, in CSV 1"):
        parquet._compare(
            table, Written("x.csv", 1, "", 1, sums), 1, dict.fromkeys(sums, Decimal(2))
        )


def test_row_groups_are_written_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first is too short for most rows.
    monkeypatch.setattr(parquet, "_BLOCKS", (200, 4_000, 1 << 20))
    monkeypatch.setattr(parquet, "_GROUP", 1)
    folder = unpacked(made(), tmp_path / "package")
    files = [pq.ParquetFile(path) for path in folder.glob("*.parquet")]
    assert max(file.num_row_groups for file in files) > 1


def test_without_its_library_the_description_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "is_there", lambda: False)
    package = made()
    assert package.manifest["without"] == [parquet.MISSING]
    with package.file.open() as file, zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".parquet")]
    assert "projects.parquet" not in client.get("/data/").content.decode()
    assert client.get(f"/data/package/{package.name}/projects.parquet").status_code == 404


def test_a_table_has_an_address_and_is_taken_away_with_what_is_withheld(client: Client) -> None:
    package = made()
    address = f"/data/package/{package.name}/projects.parquet"
    assert address in client.get("/data/").content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == parquet.MEDIA_TYPE
    names = pq.read_table(io.BytesIO(b"".join(answer.streaming_content)))["number"].to_pylist()
    assert "P,1" in names
    project = ProjectFactory(number="SECRET")
    withhold(kind="project", target_id=project.pk, reason="Danger.", by=UserFactory(is_staff=True))
    assert client.get(address).status_code == 410
