"""`manage.py bench` measures what it is asked for, and leaves nothing behind."""

import json
import secrets
from subprocess import CalledProcessError

import pytest
from django.core.management import call_command
from django.db import connections

from portal.host.bench.bars import FILES, PAGES, Bar
from portal.host.bench.rows import Row, fails
from portal.host.bench.scratch import run, scratch
from tests.databases import template

# Each measures in a database of its own.
pytestmark = pytest.mark.usefixtures("rows_stay")


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch):
    """One after that which warms up: here nobody goes by what comes out."""
    monkeypatch.setenv("BENCH_ROUNDS", "2")


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_measurements_run_by_name_and_remove_their_database(capsys):
    """One that fills its own tables: it breaks first when the models change."""
    before = _databases()
    call_command("bench", "as_of", projects=100, template=template())
    said = capsys.readouterr().out
    assert "factsheet" in said
    assert "fund of 5 projects" in said
    # A measurement that was killed may have left one.
    assert _databases() <= before


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_database_that_is_kept_is_filled_once(kept_name):
    """Filling a large one takes most of the time."""
    with scratch(template(), keep=kept_name) as (_folder, environment):
        run(environment, "-c", _FILL.format(projects=20))
    with scratch(template(), keep=kept_name) as (_folder, environment):
        # It would fail by the numbers of projects that are there already.
        run(environment, "-c", _FILL.format(projects=20))
        with pytest.raises(CalledProcessError):
            run(environment, "-c", _FILL.format(projects=21))


@pytest.fixture
def kept_name():
    """A name that is free, and free again afterwards."""
    name = f"portal_kept_{secrets.token_hex(4)}"
    yield name
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


_FILL = (
    "import django; django.setup(); from portal.host.bench import child; child._fill({projects})"
)


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_each_page_and_file_stands_beside_its_floor_and_its_bar(capsys, tmp_path):
    path = tmp_path / "bench.json"
    call_command("bench", "pages", projects=100, template=template(), json=str(path))
    said = capsys.readouterr().out
    rows = {row["name"]: row for row in json.loads(path.read_text())}
    assert set(rows) == {"ok", *PAGES, *FILES}
    assert all(name in said for name in rows)
    assert all(row["times"] > 0 for name, row in rows.items() if name != "ok")
    # What is kept is read by one statement, and not drawn.
    assert rows["projects, kept"]["statements"] == 1
    assert rows["factsheet, not changed"]["kilobytes"] == 0


def test_what_costs_more_than_twice_its_bar_is_named():
    rows = [
        Row("dear", 21, "ms", times=2.1, bar=Bar(times=1)),
        Row("held", 10, "ms", times=1, database=4, bar=Bar(times=1, database=5)),
        Row("near", 19, "ms", times=1.9, bar=Bar(times=1)),
        Row("free", 19, "ms"),
    ]
    assert fails(rows) == ["dear"]
    assert [row.verdict for row in rows] == ["2.1 × its bar", "holds", "1.9 × its bar", ""]


def _databases():
    """The names of databases to measure in."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'portal_bench_%'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_search_finds_what_the_bare_query_finds(capsys):
    """It stops where the page shows more or fewer passages than the query finds."""
    call_command("bench", "search", pages=800, template=template())
    said = capsys.readouterr().out
    assert said.count("Search of 800 pages") == 6 and "for a phrase: " in said


def test_an_unknown_name_is_answered_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        call_command("bench", "nothing")
    assert "vouchers, iati" in capsys.readouterr().err
