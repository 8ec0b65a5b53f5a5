"""When a project ends: one rule for pages, boards, checks, closure and reports due."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from portal.about.glossary import TERMS
from portal.closure.services import open_again
from portal.kit.dates import TODAY
from portal.public.project_facts import _feet
from portal.public.views.presets import PresetTable
from portal.reporting.due_reports import reports_due
from projects.facts import ProjectFacts
from projects.history import with_end_then
from projects.models import Extension, Project
from tests.factories import ParticipationFactory, ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db
FIRST, STATED, NEW = date(2020, 6, 30), date(2020, 9, 30), date(2021, 3, 31)
LONG_TO_COME = date(2199, 1, 1)


def extended(project, to=NEW, approved_on=date(2020, 5, 1)):
    """An extension of the project."""
    return Extension.objects.create(
        project=project, old_end=FIRST, new_end=to, approved_on=approved_on
    )


def ends(project, on):
    """The end as the database's function, boards and checks have it; today's, as pages do too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT project_end(%s, %s)", [project.pk, on])
        in_database = cursor.fetchone()[0]
    projects = Project.objects.filter(pk=project.pk)
    assert projects.with_end(on).get().end == in_database
    if on == timezone.localdate():
        assert with_end_then(projects, TODAY).get().end == in_database
        assert ProjectFacts(project).end == in_database
    return in_database


def test_the_end_is_that_of_the_last_extension_approved_by_the_day():
    project = ProjectFactory(original_end=FIRST)
    assert ends(project, date(2020, 5, 31)) == FIRST
    project.stated_end = STATED
    project.save()
    assert ends(project, date(2020, 5, 31)) == STATED
    # Not the latest end: a later decision may shorten a project.
    extended(project, date(2022, 1, 31), date(2020, 5, 1))
    extended(project, NEW, date(2020, 7, 1))
    extended(project, STATED, date(2020, 7, 1))
    assert ends(project, date(2020, 4, 30)) == STATED
    assert ends(project, date(2020, 6, 30)) == date(2022, 1, 31)
    assert ends(project, date(2020, 7, 1)) == STATED
    extended(project, LONG_TO_COME, LONG_TO_COME)
    assert ends(project, timezone.localdate()) == STATED


def test_a_project_without_dates_has_no_end():
    assert ends(ProjectFactory(), timezone.localdate()) is None


def test_the_start_that_is_stated_comes_before_the_planned_one():
    part = ParticipationFactory(
        project__status="on-going", project__planned_start=date(2019, 1, 1),
        project__stated_start=date(2020, 1, 1),
    )  # fmt: skip
    assert part.project.start_as_stated == date(2020, 1, 1)
    assert Project.objects.with_start().get().start == date(2020, 1, 1)


def test_what_is_closed_without_a_day_was_closed_at_its_extended_end():
    project = ProjectFactory(status="operationally-closed", original_end=FIRST)
    extended(project)
    first, second = (ParticipationFactory(project=project) for _ in range(2))
    open_again(part=first)
    second.refresh_from_db()
    assert second.operationally_closed_on == NEW


def test_final_reports_of_what_is_closed_without_a_day_are_due_after_the_extended_end():
    project = ProjectFactory(status="operationally-closed", original_end=FIRST)
    part = ParticipationFactory(project=project)
    released(transfer(project, 10, date(2019, 5, 1), organization_id=part.organization_id))
    extended(project)
    found = {(report.kind, report.year): report for report in reports_due(TODAY, [project.pk])}
    assert found["final-narrative", 2021].first_due_on == date(2021, 6, 30)
    assert ("financial", 2021) in found


def test_footnotes_columns_and_glossary_say_the_same_of_start_and_end():
    terms = {term.anchor: str(term.definition) for term in TERMS}
    feet = {foot["id"]: foot["text"] for foot in _feet()}
    assert feet == {"start": terms["start-date"], "end": terms["end-date"]}
    assert str(PresetTable.base_columns["end"].definition) == terms["end-date"]
    assert "the end that the source states" in terms["end-date"]
