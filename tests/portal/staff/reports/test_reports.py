"""Reports in the staff's room: entries of mail dates, extensions and exemptions; reminders."""

from datetime import date

import pytest

from finance.loading.services import release_load
from finance.models import Load, ReportReceived
from portal.models import ReminderStop
from portal.reporting.due_reports import reports_due
from projects.models import Office
from tests.factories import ParticipationFactory, UserFactory, released, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(world):
    """A report of the year 2020 that never came."""
    part = ParticipationFactory(project=world)
    released(transfer(world, 10, date(2020, 5, 1), organization_id=part.organization_id))
    return reports_due().get(kind="narrative", year=2020)


def _post(client, report, **data):
    return client.post(f"/staff/report/{report.pk}/", data)


def test_the_list_leads_to_the_form(as_, late):
    page = as_("clerk").get("/staff/reports/?state=overdue").content.decode()
    assert f"/staff/report/{late.pk}/" in page
    assert (
        "Annual narrative report 2020"
        in as_("clerk").get(f"/staff/report/{late.pk}/").content.decode()
    )


def test_an_entry_is_a_load_that_a_second_person_releases(as_, people, late):
    response = _post(as_("clerk"), late, what="received", day="2021-03-30")
    load = Load.objects.get(kind="reports-received")
    assert response.url == f"/staff/load/{load.pk}/"
    assert (load.state, load.received_by) == ("checked", people["clerk"])
    assert reports_due().get(pk=late.pk).state == "missing"
    release_load(load=load, by=people["chief"])
    found = reports_due().get(pk=late.pk)
    assert (found.state, found.received_on, found.load) == ("received", date(2021, 3, 30), load)


def test_extension_and_exemption_keep_their_reason_in_the_same_source(as_, people, late):
    for data in (
        {"what": "extended", "day": "2021-08-01", "reason": "Floods"},
        {"what": "exempt", "reason": "Nothing happened"},
    ):
        _post(as_("clerk"), late, **data)
        release_load(load=Load.objects.filter(state="checked").get(), by=people["chief"])
    found = reports_due().get(pk=late.pk)
    assert (found.state, found.extended_to, found.reason) == (
        "exempt", date(2021, 8, 1), "Nothing happened",
    )  # fmt: skip
    assert ReportReceived.objects.values("source").distinct().count() == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({}, "required"),
        ({"what": "received"}, "Give the day"),
        ({"what": "received", "day": "2999-01-01"}, "a day to come"),
        ({"what": "extended", "day": "2021-01-01", "reason": "x"}, "not later"),
        ({"what": "extended", "day": "2022-01-01"}, "Say why"),
        ({"what": "exempt"}, "Say why"),
        ({"what": "received", "day": "soon"}, "valid date"),
    ],
)
def test_an_entry_that_cannot_be_says_why(as_, late, data, word):
    response = _post(as_("clerk"), late, **data)
    assert response.status_code == 200
    assert word in response.content.decode()
    assert not Load.objects.filter(kind="reports-received").exists()


def test_a_report_that_is_not_due_is_a_404(as_, late):
    assert as_("clerk").get(f"/staff/report/{late.pk + 8000}/").status_code == 404
    assert as_("clerk").get("/staff/report/99999999999/").status_code == 404


def test_staff_switch_reminders_and_stop_them_for_a_person(as_, late):
    person = UserFactory(email="p@x.org")
    client = as_("clerk")
    client.post("/staff/reminders/switch/", {"on": "yes"})
    assert Office.current().reminders_on
    client.post(f"/staff/reminders/person/{person.pk}/")
    assert ReminderStop.objects.get().user == person
    page = client.get("/staff/reminders/").content.decode()
    assert "p@x.org" in page
    assert "Switch off" in page
    client.post(f"/staff/reminders/person/{person.pk}/", {"on": "yes"})
    client.post("/staff/reminders/switch/", {"on": "no"})
    assert not ReminderStop.objects.exists()
    assert not Office.current().reminders_on
