"""The whole sample, stored: it agrees with its source files, and a number is the same whatever way
it is taken: on pages, by programs, in the package, as text."""

import csv
import io
import json
import os
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest import TempPathFactory
from pytest_django import DjangoDbBlocker, Settings

from finance.figures.catalogue import FIGURES, OF_A_CONTRIBUTOR
from portal.api.figures import OF_A_FUND, OF_ROWS
from portal.kit.files.streams import plain
from portal.kit.formatting import half_up, percentage
from portal.work.packages import make_package
from projects.models import Office, Project
from tests.conftest import use_database
from tests.databases import SAID, sample_database
from tests.portal.kit import reading
from tests.portal.sample import agreement

# The database of the sample first: `module_db` opens its transaction there.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample", "module_db")]
CLIENT = Client()
Rows = dict[str, dict[str, Any]]


@dataclass
class Stored:
    """What was said while the sample was stored, and the folder of its accounts."""

    said: str
    var: Path


@pytest.fixture(scope="module")
def sample(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: TempPathFactory
) -> Iterator[Path]:
    """A database with the whole sample; gives the folder of its files."""
    base, name = connections["owner"].settings_dict["NAME"], f"test_sample_{os.getpid()}"
    folder = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), sample_database(name, folder):
        use_database(name)
        yield folder
        use_database(base)


@pytest.fixture(scope="module")
def stored(sample: Path, module_db: Path) -> Stored:
    """The whole sample, with its files where the tests of this module look for them."""
    shutil.copytree(sample / "media", module_db, dirs_exist_ok=True)
    return Stored((sample / SAID).read_text(), sample)


@pytest.fixture(scope="module")
def package(stored: Stored) -> dict[str, list[Any]]:
    """The tables of its package."""
    made = make_package()
    assert made is not None
    with made.file.open() as file, zipfile.ZipFile(file) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode(), newline=""))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def test_the_stored_sample_agrees_with_its_source_files(stored: Stored, settings: Settings) -> None:
    assert Project.objects.count() == 300
    assert Office.current().sample
    # Its passwords are kept as in production.
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    agreement.check_accounts(stored.var / "sample-accounts.txt", stored.said)
    agreement.check_loads()
    agreement.check_reports()
    agreement.check_sums()
    agreement.check_odd_records()
    agreement.check_documents()
    agreement.check_famous_project()
    call_command("sample", "--if-empty")
    with pytest.raises(CommandError, match="projects already"):
        call_command("sample")


def test_whoever_asks_for_it_next_gets_a_copy(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("tests.databases._store_sample")
    with sample_database(f"test_again_{os.getpid()}", tmp_path):
        assert (tmp_path / SAID).read_text() == (sample / SAID).read_text()


def page_rows(url: str) -> list[dict[str, Any]]:
    return json.loads(reading.body(CLIENT.get(url)))["rows"]


def from_program(path: str) -> dict[str, dict[str, Any]]:
    answer = CLIENT.get(f"/api/v1/{path}/")
    assert answer.status_code == 200, path
    return json.loads(answer.content)["result"]["figures"]


def from_text(path: str) -> dict[str, str | None]:
    """The figures of the Markdown twin, by their names."""
    answer = CLIENT.get(f"/{path}.md")
    assert answer.status_code == 200, path
    part = answer.content.decode().partition("## Figures")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return {row[0]: None if row[1] == "not known" else row[1] for row in rows[2:]}


def in_package(row: dict[str, str], key: str) -> str | None:
    if not row[key]:
        return None
    value = Decimal(row[key])
    return plain(percentage(value) if key == "delivery_rate" else half_up(value, 2))


def some(rows: list[Any], count: int) -> Iterator[Any]:
    yield from random.Random(17).sample(rows, min(count, len(rows)))  # noqa: S311


def agree(path: str, page: str, row: dict[str, str], keys: tuple[str, ...]) -> dict[str, Any]:
    """The figures as programs get them; the text and the package say the same."""
    told, text = from_program(path), from_text(page)
    assert set(told) == set(keys)
    for key in keys:
        value = told[key]["value"]
        assert text[str(FIGURES[key])] == value, (path, key)
        if key in row:
            assert in_package(row, key) == value, (path, key)
    return told


def same(told: dict[str, Any], listed: dict[str, Any], *keys: str) -> None:
    """What the page gives as JSON is the same."""
    for key in keys:
        assert listed[key] == told[key]["value"], (listed, key)


def test_projects(package: dict[str, list[Any]]) -> None:
    listed = {row["number"]: row for row in page_rows("/projects/?format=json")}
    shown = [row for row in package["projects"] if not row["withheld_on"]]
    assert len(shown) == len(listed) == 300
    for row in some(shown, 40):
        number = row["number"]
        told = agree(f"projects/{number}", f"project/{number}", row, OF_ROWS)
        same(told, listed[number], "approved", "net_funded", "expenditure", "delivery_rate")
        page = json.loads(reading.body(CLIENT.get(f"/project/{number}/?format=json")))
        by_year = next(t for t in page["tables"] if t["title"] == "Key figures by year")
        for key in ("approved", "transfer", "refund", "expenditure"):
            total = sum(Decimal(line[key] or 0) for line in by_year["rows"])
            assert plain(half_up(total, 2)) == (told[key]["value"] or "0.00"), (number, key)


def test_funds(package: dict[str, list[Any]]) -> None:
    listed = {row["code"]: row for row in page_rows("/funds/?format=json")}
    assert len(package["funds"]) == len(listed) > 3
    for row in package["funds"]:
        told = agree(f"funds/{row['code']}", f"fund/{row['code']}", row, OF_A_FUND)
        same(told, listed[row["code"]], "approved", "net_funded", "expenditure", "delivery_rate")


def test_organizations(package: dict[str, list[Any]]) -> None:
    listed = {row["name"]: row for row in page_rows("/organizations/?format=json")}
    taking_part = [row for row in package["organizations"] if row["name"] in listed]
    for row in some(taking_part, 10):
        told = agree(f"organizations/{row['code']}", f"organization/{row['code']}", row, OF_ROWS)
        same(told, listed[row["name"]], "approved", "net_funded", "expenditure", "delivery_rate")


def test_contributors(package: dict[str, list[Any]]) -> None:
    url = reverse("contributor-list")
    listed = {row["name"]: row for row in page_rows(f"{url}?format=json")}
    assert len(package["contributors"]) == len(listed) > 10
    for row in some([row for row in package["contributors"] if row["code"]], 25):
        told = agree(
            f"contributors/{row['code']}", f"contributor/{row['code']}", row, OF_A_CONTRIBUTOR
        )
        same(
            told, listed[row["name"]], "commitment", "deposit", "not_due", "overdue",
            "exchange_differences", "unmatched_deposits",
        )  # fmt: skip
