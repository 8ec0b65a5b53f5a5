"""Statuses: all that the portal asks of one is said where it is defined."""

from pathlib import Path

import pytest
from django.db import connection

from portal.about.glossary import TERMS
from projects.models import Status
from projects.models.statuses import NAMED_SETS

STYLE = (Path(__file__).parents[2] / "static" / "css" / "figures.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("status", Status)
def test_every_status_has_label_meaning_mark_code_and_term(status):
    assert status.label
    assert str(status.stage.meaning).endswith(".")
    codes = {""} if status == Status.NOT_STATED else {"1", "2", "3", "4", "5", "6"}
    assert status.stage.iati in codes
    assert status.stage.mark == "open" or f".status-{status.stage.mark}" in STYLE
    assert [term.name for term in TERMS if term.anchor == status.value] == [status.label]


@pytest.mark.parametrize("status", Status)
def test_the_flags_of_a_status_agree_with_each_other(status):
    stage = status.stage
    assert stage.over or not stage.settled
    assert stage.carried_out or not stage.follows
    groups = (Status.running(), Status.done())
    assert sum(status in group for group in groups) == stage.carried_out


def test_the_sets_are_those_of_the_terms():
    assert Status.running() == ("on-going", "suspended")
    assert Status.done() == ("operationally-closed", "financially-closed", "closed")
    assert Status.over() == (*Status.done(), "cancelled")
    assert Status.settled() == ("financially-closed", "closed", "cancelled")
    assert Status.awaiting_closure() == ("on-going", "operationally-closed", "suspended")
    assert set(Status) - set(Status.carried_out()) == {"pipeline", "cancelled", "not-stated"}


@pytest.mark.django_db
@pytest.mark.parametrize("named", NAMED_SETS, ids=lambda named: named.__name__)
def test_the_database_knows_the_same_sets(named):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(status) FROM unnest(%s::text[]) AS status"
            " WHERE project_status_is(status, %s)",
            [[*map(str, Status)], named.__name__],
        )
        assert set(cursor.fetchone()[0]) == set(named())


def test_a_publishers_closed_is_not_financially_closed():
    assert Status.of_iati("4") == Status.CLOSED
    assert {Status.of_iati(status.stage.iati) for status in Status} == {*Status} - {
        Status.FINANCIALLY_CLOSED
    }
    assert Status.of_iati("") == Status.of_iati("Implementation") == Status.NOT_STATED
