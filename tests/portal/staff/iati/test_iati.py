"""The page of our own IATI: a check in the background, faults with the records to mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from portal.iati.load import IatiLoad
from portal.models import IatiLook
from portal.staff.iati.found import issues_of
from portal.work.iati_looks import ask_for_look, look_at_our_iati
from tests.factories import FundFactory, ProjectFactory, released, transfer
from tests.portal.iati.publishing.shared import ORG_ID, publishing_office
from tests.portal.iati.shared import file_of

pytestmark = pytest.mark.django_db
PAGE = "/staff/iati/"


def page_after_look(client) -> str:
    """The page, once a worker has looked."""
    client.post(reverse("staff-iati-look"))
    look_at_our_iati.call(IatiLook.objects.get(under_way=True).pk)
    return client.get(PAGE).content.decode()


def test_before_anything_the_page_says_what_is_missing(admin_client) -> None:
    page = admin_client.get(PAGE).content.decode()
    assert "no IATI identifier yet" in page
    assert "Nothing has been checked yet." in page


def test_a_check_runs_once_at_a_time_and_the_page_looks_again(admin_client, admin_user) -> None:
    answer = admin_client.post(reverse("staff-iati-look"), follow=True)
    assert "The check begins" in answer.content.decode()
    assert answer.headers["Refresh"] == "5"
    assert not ask_for_look(admin_user)
    again = admin_client.post(reverse("staff-iati-look"), follow=True)
    assert "under way already" in again.content.decode()


def test_a_fault_leads_to_the_project_and_to_where_it_is_mended(admin_client) -> None:
    publishing_office()
    project = ProjectFactory(
        number="00102004", fund=FundFactory(code="AAA00"), planned_start=None, original_end=None
    )
    page = page_after_look(admin_client)
    assert "The activity must have a planned start date or an actual start date." in page
    assert f'<a href="{project.get_absolute_url()}">{ORG_ID}-00102004</a>' in page
    assert reverse("admin:projects_project_change", args=[project.pk]) in page


def test_what_is_not_shown_of_a_fault_is_counted_whole() -> None:
    named = {f"A-{number}": 2 for number in range(30)}
    issue = {"kind": "rule", "number": "1.1", "severity": "error", "message": "", "count": 319}
    look = IatiLook(found={"issues": [{**issue, "activities": named}]})
    (told,) = issues_of(look, may_edit=False)
    assert len(told["activities"]) == 20
    assert told["more"] == 319 - 20 * 2


def test_a_fault_of_a_publishers_file_leads_to_its_load_and_line(
    admin_client, tmp_path: Path
) -> None:
    load = IatiLoad(file_of(tmp_path, "<title><narrative>Wells</narrative></title>")).run().load
    page = page_after_look(admin_client)
    assert reverse("staff-load", args=[load.pk]) in page
    assert "line 2 of its source file" in page


def test_a_portfolio_without_faults_says_so_and_how_complete_it_is(admin_client) -> None:
    publishing_office(email="office@funds.int")
    released(transfer(ProjectFactory(fund=FundFactory(code="AAA00")), 5))
    page = page_after_look(admin_client)
    look = IatiLook.objects.get()
    assert (look.errors, look.activities) == (0, 2)
    assert "None: all of it is as the standard asks." in page
    assert 'id="completeness"' in page
    assert "Results with indicators" in page


def test_only_the_newest_checks_are_kept(admin_client) -> None:
    for _n in range(12):
        page_after_look(admin_client)
    assert IatiLook.objects.count() == 10
