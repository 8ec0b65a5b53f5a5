"""Figures of then: one definition in the database, read by the web's role, by moment and day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.figures.listed import parts_of_row, with_own_figures
from finance.figures.reading import KnownFigures, project_entries, what_stands
from finance.figures.sums import figures_of, totals_at, totals_of
from finance.loading.files import load_file
from finance.models import Load
from portal.kit.dates import TODAY, Known
from projects.models import Project
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    budget,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("view", ["finance_statedrecord"])
def test_the_web_role_may_read_the_views_and_no_more(view):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT'),"
            " has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE')",
            [view] * 4,
        )
        assert cursor.fetchone() == (True, False, False, False)


def test_figures_of_then_are_those_of_today_when_nothing_came_since():
    project, one = ProjectFactory(), OrganizationFactory()
    released(
        transfer(project, "100.10"),
        transfer(project, "-3", date(2021, 2, 1)),
        expenditure(project, "60", 2019, organization_id=one.pk),
        expenditure(project, "75.55", 2020, "certified", organization_id=one.pk),
    )
    moment = timezone.now() + timedelta(days=1)
    now, past = figures_of([project.pk]), figures_of([project.pk], moment)
    assert len(now) == 4
    assert sorted(now, key=repr) == sorted(past, key=repr)
    assert KnownFigures().path == "key_figures"


@pytest.mark.parametrize("order", ["pk", "-net_funded", "balance"])
def test_figures_of_a_past_day_are_added_up_of_the_rows_that_are_read(order):
    projects = [ProjectFactory() for _n in range(3)]
    released(
        *(transfer(project, 10 * n) for n, project in enumerate(projects, 1)),
        expenditure(projects[0], 4, 2020, "interim"),
        moment=timezone.now() - timedelta(days=9),
    )
    released(budget(projects[0], 1000), expenditure(projects[1], 9, 2021), moment=timezone.now())
    known = Known(timezone.now() - timedelta(days=5))
    rows = with_own_figures(Project.objects.all(), KnownFigures(known)).order_by(order, "pk")
    with CaptureQueriesContext(connection) as asked:
        found = list(rows[:2])
    assert len(asked) == 2
    selected = asked[0]["sql"].partition(" FROM ")[0]
    assert "sum(" not in selected.lower()
    expected = [projects[2], projects[1]] if order == "-net_funded" else projects[:2]
    assert found == expected
    assert {p.pk: p.net_funded for p in found} == {
        p.pk: Decimal(10 * n) for n, p in enumerate(projects, 1) if p in expected
    }
    if projects[0] in found:
        assert (found[0].expenditure, found[0].balance) == (4, 6)
        assert parts_of_row(found[0], "balance").interim == 4


def test_moment_and_day_hold_together():
    project, source = ProjectFactory(), SourceFactory()
    first = timezone.now() - timedelta(days=9)
    second = first + timedelta(days=4)
    lines = [transfer(project, "10", date(2020, 1, 1)), transfer(project, "5", date(2021, 1, 1))]
    released(*lines, source=source, moment=first)
    changed = [transfer(project, "12", date(2020, 1, 1)), lines[1]]
    released(*changed, source=source, moment=second)
    day = date(2020, 12, 31)
    known = [
        totals_of(KnownFigures(Known(*dates)).all()).transfer
        for dates in ((first, day), (first, None), (second, day), (None, day))
    ]
    assert known == [10, 15, 12, 12]


def test_entries_add_up_to_the_figures_whatever_is_certified():
    project, one = ProjectFactory(), OrganizationFactory()
    released(
        expenditure(project, "100", 2019, organization_id=one.pk),
        expenditure(project, "7", 2020, "interim", organization_id=one.pk),
        expenditure(project, "50", 2020, organization_id=one.pk),
        expenditure(project, "140.40", 2021, "certified", organization_id=one.pk),
    )
    rows = list(what_stands(project_entries(TODAY, ["expenditure"]), TODAY).filter(project=project))
    assert sum(row.base_amount for row in rows) == Decimal("140.40")
    assert sorted((row.base_amount, row.adjusts) for row in rows) == [
        (-100, True),
        (-50, True),
        (50, False),
        (100, False),
        (Decimal("140.40"), False),
    ]
    assert len({row.pk for row in rows}) == len(rows)
    for figure in figures_of([project.pk]):
        alike = what_stands(project_entries(TODAY, ["expenditure"]), TODAY).filter(
            year=figure.year, state=figure.state
        )
        assert sum(row.base_amount for row in alike) == figure.base_amount
        assert alike.count() == figure.records


def test_entries_name_the_record_that_was_restated(tmp_path):
    project = ProjectFactory()
    stated = released(transfer(project, "90", currency="EUR"))
    (tmp_path / "rates.csv").write_text("Currency,Effective date,Units per US$\nEUR,2020-01-01,0.9")
    path = tmp_path / "rates.csv"
    rates = load_file(path, source=SourceFactory(), kind=Load.Kind.RATES)
    entry = what_stands(project_entries(TODAY, ["transfer"]), TODAY).get()
    assert (entry.base_amount, entry.load, entry.original_load) == (100, rates, stated)
    assert entry.original_line == 1


def test_totals_before_and_after_each_load_come_in_one_query(django_assert_num_queries):
    project, source = ProjectFactory(), SourceFactory()
    first = timezone.now() - timedelta(days=9)
    second = first + timedelta(days=1)
    released(transfer(project, "10"), source=source, moment=first)
    released(transfer(project, "25"), source=source, moment=second)
    before = first - timedelta(microseconds=1)
    with django_assert_num_queries(1):
        found = totals_at([before, first, second], [project.pk])
    assert {moment: totals.transfer for (moment, _pk), totals in found.items()} == {
        first: 10,
        second: 25,
    }
