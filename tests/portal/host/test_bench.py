"""`manage.py bench` measures what it is asked for, and leaves nothing behind."""

import pytest
from django.core.management import call_command
from django.db import connections

from tests.databases import template


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_measurements_run_by_name_and_remove_their_database(capsys):
    """One that fills its own tables: it breaks first when the models change."""
    before = _databases()
    call_command("bench", "as_of", projects=400, template=template())
    said = capsys.readouterr().out
    assert "factsheet" in said
    assert "fund of 20 projects" in said
    # A measurement that was killed may have left one.
    assert _databases() <= before


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
