"""What changed between two packages: applied in turn, deltas lead from the first to the newest."""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.models import DataPackage
from portal.package.apply import Lines, apply, read_rows
from portal.package.deltas import write_delta
from portal.package.writing import TABLES
from portal.withholding.services import withhold
from portal.work.packages import make_package
from projects.models import Project
from tests.factories import ProjectFactory, SourceFactory, UserFactory, budget, released, transfer
from tests.portal.api.test_lists import portfolio
from tests.portal.package.test_verify import unpacked


def rows_in(folder):
    """All rows of each table, in whatever order."""
    found = {}
    for table in TABLES:
        with (folder / table.file_name).open(encoding="utf-8", newline="") as file:
            found[table.name] = sorted(csv.reader(file))
    return found


def kept(package, folder):
    """The delta of a package as a file."""
    path = folder / f"{package.name}-delta.zip"
    with package.delta_file.open() as file:
        path.write_bytes(file.read())
    return path


@pytest.mark.django_db
def test_all_deltas_in_turn_lead_from_the_first_package_to_the_newest(client, tmp_path):
    projects = portfolio()
    source = SourceFactory()
    first, second = ProjectFactory(number="A,1"), ProjectFactory(number="A“2”")
    packages = [make_package()]
    for lines in (
        [transfer(first, "10", voucher="1"), budget(first, "70")],
        [transfer(first, "11", voucher="1"), budget(first, "70"), transfer(second, "5")],
        [transfer(second, "5")],
    ):
        released(*lines, source=source)
        Project.objects.filter(pk=projects[0].pk).update(narrative=f"Line\n“{len(packages)}”,")
        packages.append(make_package())
    newest = unpacked(packages[-1], tmp_path / "newest")
    folder = unpacked(packages[0], tmp_path / "first")
    assert rows_in(folder) != rows_in(newest)
    deltas = [kept(package, tmp_path) for package in packages[1:]]
    with zipfile.ZipFile(deltas[0]) as archive:
        (tmp_path / "apply.py").write_bytes(archive.read("apply.py"))
    command = [sys.executable, "-I", str(tmp_path / "apply.py"), str(folder), *map(str, deltas)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert rows_in(folder) == rows_in(newest)
    assert json.loads((folder / "datapackage.json").read_text())["version"] == packages[-1].name
    lines = {t["name"]: t for t in packages[2].delta["tables"]}["voucher_lines"]
    assert (lines["added"], lines["changed"], lines["withdrawn"]) == (2, 0, 1)


@pytest.mark.django_db
def test_a_delta_has_an_address_that_stays_and_the_page_of_data_names_it(client):
    portfolio()
    first = make_package()
    released(transfer(ProjectFactory(), "1"))
    second = make_package()
    assert (first.delta, second.delta["from"]) == ({}, first.name)
    answer = client.get(f"/data/package/{second.name}/delta.zip")
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == second.delta["sha256"]
    assert len(content) == second.delta["size"] < second.size
    latest = client.get("/data/package/latest/delta.zip")
    assert latest["Location"] == f"/data/package/{second.name}/delta.zip"
    assert client.get(f"/data/package/{first.name}/delta.zip").status_code == 404
    page = client.get("/data/").content.decode()
    assert f"/data/package/{second.name}/delta.zip" in page
    assert second.delta["sha256"] in page


@pytest.mark.django_db
def test_what_is_withheld_leaves_deltas_too_and_none_leads_over_it(
    client, django_capture_on_commit_callbacks
):
    projects = portfolio()
    make_package()
    released(transfer(ProjectFactory(), "1"))
    old = make_package()
    name = old.delta_file.name
    with django_capture_on_commit_callbacks(execute=True):
        withhold(kind="project", target_id=projects[0].pk, reason="danger", by=UserFactory())
    assert not default_storage.exists(name)
    assert client.get(f"/data/package/{old.name}/delta.zip").status_code == 410
    assert make_package().delta == {}
    assert DataPackage.objects.standing().count() == 1


@pytest.mark.django_db
def test_a_delta_is_applied_to_its_own_package_alone_and_not_where_rows_differ(tmp_path, capsys):
    portfolio()
    folder = unpacked(make_package(), tmp_path / "first")
    released(transfer(ProjectFactory(), "1"))
    second = make_package()
    delta = kept(second, tmp_path)
    altered = tmp_path / "altered"
    shutil.copytree(folder, altered)
    lines = (altered / "voucher_lines.csv").read_text("utf-8")
    (altered / "voucher_lines.csv").write_text(lines.replace("100.37", "999.37"), "utf-8")
    assert apply(altered, delta, sys.stdout) == 1
    assert "DIFFERS voucher_lines" in capsys.readouterr().out
    assert not list(altered.glob("*.next"))
    assert apply(folder, delta, sys.stdout) == 0
    assert apply(folder, delta, sys.stdout) == 1
    assert "the delta begins with" in capsys.readouterr().out


def test_a_delta_takes_away_only_the_parquet_of_tables_that_it_changes(tmp_path):
    same = ("same", ["k"], [("a", "1")])
    listed = {"changed.parquet", "same.parquet"}
    left = _parquet_left(tmp_path, listed, listed | {"my own.parquet"}, same)
    assert left == {"my own.parquet", "same.parquet"}


def test_a_file_of_the_reader_stays_though_it_is_named_like_a_table(tmp_path):
    assert _parquet_left(tmp_path, set(), {"changed.parquet"}) == {"changed.parquet"}


def _parquet_left(base, listed, there, *same):
    """Which of the Parquet files there are left by a delta that changes the table `changed`."""
    one, other = (
        _package(base / f"{at}.zip", at, [("changed", ["k"], [("a", at)]), *same]) for at in "12"
    )
    folder, delta = base / "folder", base / "delta.zip"
    with zipfile.ZipFile(one) as old, zipfile.ZipFile(other) as new, delta.open("wb") as file:
        write_delta(old, new, file)
        old.extractall(folder)
    manifest = json.loads((folder / "datapackage.json").read_text())
    manifest["resources"] += [{"path": name} for name in listed]
    (folder / "datapackage.json").write_text(json.dumps(manifest))
    for name in there:
        (folder / name).touch()
    assert apply(folder, delta, sys.stdout) == 0
    return {path.name for path in folder.glob("*.parquet")}


_CELL = st.text(st.sampled_from('ab,"\n\r é’'), max_size=3)


def _package(path, name, tables):
    """A package with two tables: one with a key, one without."""
    parts = []
    with zipfile.ZipFile(path, "w") as archive:
        for table, key, rows in tables:
            lines = [["k", "v"], *rows]
            with (path.parent / "rows").open("w", newline="", encoding="utf-8") as file:
                for line in lines:
                    Lines(file).write(line)
            content = (path.parent / "rows").read_bytes()
            archive.writestr(f"{table}.csv", content)
            fields = [{"name": "k"}, {"name": "v"}]
            schema = {"fields": fields, **({"primaryKey": key} if key else {})}
            digest = hashlib.sha256(content).hexdigest()
            parts.append(
                {"name": table, "path": f"{table}.csv", "hash": digest, "rows": len(rows),
                 "schema": schema}
            )  # fmt: skip
        manifest = {"version": name, "seal": None, "resources": parts}
        archive.writestr("datapackage.json", json.dumps(manifest))
    return path


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    *[st.dictionaries(_CELL, _CELL, max_size=5) for _ in range(2)],
    *[st.lists(st.tuples(_CELL, _CELL), max_size=5) for _ in range(2)],
)
def test_whatever_rows_two_packages_have_a_delta_leads_from_one_to_the_other(
    tmp_path, before, after, rows, later
):
    one = _package(
        tmp_path / "one.zip", "1", [("keyed", ["k"], before.items()), ("bare", [], rows)]
    )
    other = _package(
        tmp_path / "other.zip", "2", [("keyed", ["k"], after.items()), ("bare", [], later)]
    )
    with zipfile.ZipFile(one) as old, zipfile.ZipFile(other) as new:
        with (tmp_path / "delta.zip").open("wb") as file:
            write_delta(old, new, file)
        folder = tmp_path / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        old.extractall(folder)
        assert apply(folder, tmp_path / "delta.zip", sys.stdout) == 0
        for name in ("keyed", "bare"):
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                found = sorted(csv.reader(file))
            assert found == sorted(read_rows(new, f"{name}.csv"))
