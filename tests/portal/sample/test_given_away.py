"""The whole sample, stored: it agrees with its source files, and a number is the same whatever way
it is taken: on pages, by programs, in the package, as text."""

import csv
import io
import json
import os
import random
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.core.management import CommandError, call_command
from django.db import connections
from pytest import TempPathFactory
from pytest_django import DjangoDbBlocker, Settings

from finance.figures.catalogue import OF_A_CONTRIBUTOR
from portal.api.figures import OF_A_FUND, OF_ROWS
from portal.work.packages import make_package
from projects.models import Office, Project
from tests.conftest import use_database
from tests.databases import SAID, sample_database
from tests.portal.kit import reading
from tests.portal.sample import agreement
from tests.portal.sample.ways import (
    CLIENT,
    OF_A_PROJECT,
    OF_FUNDS,
    OF_ORGANIZATIONS,
    Kind,
    Thing,
)

_FRESH = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
# How many things are walked: `make fuzz` draws others each time, and more.
COUNT, SEED = (200, random.randrange(10**6)) if _FRESH else (10, 17)  # noqa: S311
# Of these kinds, and which part of them is of each.
KINDS = {
    Kind("project", "projects", OF_ROWS, OF_A_PROJECT): 0.5,
    Kind("fund", "funds", OF_A_FUND, OF_FUNDS): 0.15,
    Kind("organization", "organizations", OF_ROWS, OF_ORGANIZATIONS): 0.15,
    Kind("contributor", "contributors", OF_A_CONTRIBUTOR, ("",)): 0.2,
}
WAYS = {
    "list", "page", "records", "xlsx", "csv", "pdf", "package", "mcp", "markdown", "iati", "copy",
}  # fmt: skip
# The database of the sample first: `module_db` opens its transaction there.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample", "module_db")]


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


def rows_of_list(path: str) -> list[dict[str, Any]]:
    """The rows of a list, as its page gives them to programs."""
    return json.loads(reading.body(CLIENT.get(f"{path}?format=json")))["rows"]


def drawn(package: dict[str, list[Any]]) -> Iterator[Thing]:
    """Things of each kind, drawn at random, with their rows in the package and in the lists."""
    draw = random.Random(SEED)  # noqa: S311
    for kind, share in KINDS.items():
        name = "number" if kind.name == "project" else "code"
        rows = [r for r in package[kind.list_name] if r[name] and not r.get("withheld_on")]
        listed = {row.get(name) or row["name"]: row for row in rows_of_list(f"/{kind.list_name}/")}
        shown = [row for row in rows if row[name] in listed or row.get("name") in listed]
        assert len(shown) > 3, kind.name
        for row in draw.sample(shown, min(len(shown), round(share * COUNT))):
            in_list = listed.get(row[name]) or listed[row["name"]]
            yield Thing(kind, row[name], row, in_list)


def test_every_number_is_the_same_whatever_way_it_is_taken(
    package: dict[str, list[Any]],
) -> None:
    compared: Counter[str] = Counter()
    wrong = []
    for thing in drawn(package):
        wrong += thing.differences()
        compared += thing.compared
    assert wrong == [], f"seed {SEED}"
    assert set(compared) == WAYS
    assert min(compared.values()) >= COUNT, compared
