"""Reports due of today are kept, and worked out again when what they rest on has changed."""

import re
from contextlib import closing
from datetime import date, timedelta

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections

from documents.models import DocumentType
from portal.kit.dates import TODAY, Known
from portal.models import ReportKept, ReportsOf, ReportTally
from portal.reporting.due_reports import (
    all_waiting,
    record_of,
    record_told,
    reports_due,
    to_work_out,
)
from portal.reporting.kept_reports import check_kept_reports, keep_reports
from portal.reporting.tallies import tally_anew
from projects.models import Extension, Office, Project, ReportRule
from tests.factories import FundFactory, ParticipationFactory, ProjectFactory
from tests.portal.reporting.conftest import kept_as_worked_out

pytestmark = pytest.mark.django_db

_TALLIED = ("fund", "organization", "state", "in_time", "count")
_TABLE = re.compile(r"\b(?:FROM|JOIN) ((?:finance|projects|documents)_[a-z]+)")
# Only what is known of a past day is read from history.
_OF_THE_PAST = {"projects_participationevent", "projects_projectevent"}


def test_whatever_they_rest_on_has_a_trigger():
    sql = (settings.BASE_DIR / "portal/sql/reports_due.sql").read_text()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname LIKE 'reports_anew%'"
        )
        watched = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT pg_get_functiondef('project_end'::regproc)")
        sql += cursor.fetchone()[0].replace('"', "")
    read = set(_TABLE.findall(sql)) - _OF_THE_PAST
    assert "projects_extension" in read
    assert read == watched


def test_what_has_not_changed_is_read_as_it_was_worked_out(project, django_assert_num_queries):
    count = ReportKept.objects.count()
    assert count
    with django_assert_num_queries(2):
        assert len(reports_due()) == count
    assert keep_reports() == 0


def test_only_what_has_changed_is_worked_out_again(project):
    other = ProjectFactory()
    ParticipationFactory(project=other)
    keep_reports()
    other.status = "cancelled"
    other.save()
    assert set(to_work_out(TODAY.day).values_list("pk", flat=True)) == {other.pk}
    kept_as_worked_out()


def test_the_next_day_all_are_worked_out_again(project, today):
    late = {r.pk: r.days_late for r in reports_due() if r.days_late}
    today(TODAY.day + timedelta(days=1))
    assert {r.pk: r.days_late for r in reports_due()} | late != late
    kept_as_worked_out()
    assert {r.pk: r.days_late - 1 for r in reports_due() if r.pk in late} == late


@pytest.mark.parametrize("change", ["office", "rule", "fund", "type", "end", "paper", "project"])
def test_changes_of_rules_documents_and_dates_count_at_once(project, paper, change):
    document = paper(project, "annual-narrative-report", date(2023, 3, 1), year_reported=2022)
    keep_reports()
    if change == "office":
        Office.objects.update(reports_from=2022)
    elif change == "rule":
        ReportRule.objects.create(fund=project.fund, kind="narrative", is_asked=False)
    elif change == "fund":
        project.fund.follows_rules = False
        project.fund.save()
    elif change == "type":
        DocumentType.objects.filter(pk=document.type_id).update(report_kind="")
    elif change == "end":
        project.status = "operationally-closed"
        project.save()
        keep_reports()
        Extension.objects.create(
            project=project,
            approved_on=date(2022, 1, 1),
            old_end=date(2021, 12, 31),
            new_end=date(2022, 12, 31),
        )
    elif change == "paper":
        document.year_reported = 2021
        document.save()
    else:
        project.fund = FundFactory()
        project.save()
    kept_as_worked_out()


def test_verify_names_the_project_whose_reports_were_tampered_with(project):
    assert list(check_kept_reports(lambda *_: None)) == []
    ReportKept.objects.filter(state="late").update(state="received")
    assert list(check_kept_reports(lambda *_: None)) == [
        "The reports kept for project P1 are not those that are due.",
        "The numbers of reports told are not those of the reports kept.",
    ]
    ReportsOf.objects.update(day=ReportsOf.NEVER)
    tally_anew()
    assert list(check_kept_reports(lambda *_: None)) == []


def records_told(fund, organization):
    """How punctual reports were: of all, of the fund, of the organization, as tallied and as
    counted one by one."""
    shown = reports_due().filter(project__withheld_on__isnull=True)
    for whose in ({}, {"fund": fund.pk}, {"organization": organization.pk}):
        yield record_told(Known(), all_waiting(Known()), **whose), record_of(shown.filter(**whose))


@pytest.mark.parametrize(
    "change", ["", "cancelled", "moved", "withheld", "released again", "rule", "kept"]
)
def test_what_is_tallied_is_what_can_be_counted(project, change):
    part = project.participations.get()
    other = ParticipationFactory(project__fund=FundFactory(), organization=part.organization)
    keep_reports()
    assert record_told(Known(), [])["called"]
    if change == "cancelled":
        project.status = "cancelled"
        project.save()
    elif change == "moved":
        project.fund = other.project.fund
        project.save()
    elif change in ("withheld", "released again"):
        Project.objects.filter(pk=project.pk).update(withheld_on=date(2023, 1, 1))
        keep_reports()
    if change == "released again":
        Project.objects.filter(pk=project.pk).update(withheld_on=None)
    elif change == "rule":
        ReportRule.objects.create(fund=project.fund, kind="narrative", is_asked=False)
    elif change == "kept":
        other.delete()
        keep_reports()
    fund = Project.objects.get(pk=project.pk).fund
    for _time in ("while it waits", "once it is worked out"):
        for tallied, counted in records_told(fund, part.organization):
            assert tallied == counted
        keep_reports()
        assert list(check_kept_reports(lambda *_: None)) == []
    tallies = set(ReportTally.objects.exclude(count=0).values_list(*_TALLIED))
    tally_anew()
    assert set(ReportTally.objects.values_list(*_TALLIED)) == tallies


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_changes_of_one_project_wait_for_nobody_and_none_is_missed(project):
    def change(link):
        with link.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
            cursor.execute("SELECT portal_reports_anew(ARRAY[%s::bigint])", [project.pk])

    keep_reports()
    with (
        closing(psycopg2.connect(**_parameters())) as a,
        closing(psycopg2.connect(**_parameters())) as b,
    ):
        change(a)
        change(b)
        b.commit()
        # The worker sees what is committed, and waits for the other neither.
        assert keep_reports() == 1
        assert not to_work_out(TODAY.day).exists()
        a.commit()
        assert keep_reports() == 1


def _parameters():
    names = {"host", "port", "user", "password", "dbname"}
    found = connections["owner"].get_connection_params()
    return {name: value for name, value in found.items() if name in names}
