"""Reminders: to whom, once only, stopped by a link and by staff."""

from datetime import date, timedelta

import pytest
from django.core import mail

from documents.access import withdraw_access
from documents.models import GatewayAccess
from portal.models import ReminderBatch, ReminderSent, ReminderStop
from portal.reporting.reminders import begin_batch, pending, send_reminders, stop, token_of
from projects.models import Office, Project
from tests.factories import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2023, 6, 1)


@pytest.fixture
def keeper(project):
    """A person who keeps the documents of the project's organization."""
    Office.objects.update(reminders_on=True, missing_after_days=365)
    user = UserFactory(email="keeper@x.org")
    organization = project.participations.get().organization
    GatewayAccess.objects.create(user=user, organization=organization, valid_from=date(2020, 1, 1))
    return user


def _send(day=TODAY):
    batch, _new = ReminderBatch.objects.get_or_create(day=day)
    send_reminders.func(batch.pk)
    batch.refresh_from_db()
    return batch


def test_a_person_is_told_of_what_is_late_in_one_mail_without_names(keeper, project):
    batch = _send()
    (message,) = mail.outbox
    assert message.to == ["keeper@x.org"]
    assert "31 Mar 2023: Annual narrative report 2022, project P1" in message.body
    assert "2021" not in message.body  # missing for long
    assert project.title not in message.body
    assert token_of(keeper) in message.extra_headers["List-Unsubscribe"]
    assert (batch.mails, batch.reports, batch.failed) == (1, 2, 0)


def test_the_same_is_never_told_twice(keeper, project, today):
    _send()
    _send()
    _send(TODAY + timedelta(days=1))
    assert len(mail.outbox) == 1
    today(date(2024, 3, 5))  # 26 days before the next narrative report is due
    _send(date(2024, 3, 5))
    assert len(mail.outbox) == 2
    assert "31 Mar 2024: Annual narrative report 2023" in mail.outbox[1].body
    assert "2022" not in mail.outbox[1].body
    today(date(2024, 4, 2))
    _send(date(2024, 4, 2))
    assert "report 2023, project P1" in mail.outbox[2].body
    assert " – late" in mail.outbox[2].body
    assert ReminderSent.objects.count() == 5  # the year-end expenditure is due soon by then


def test_a_new_date_is_told_again(keeper, project, stated):
    _send()
    stated("P1,UNDP,narrative,2022,,2023-06-20,,Floods")
    _send(TODAY + timedelta(days=1))
    assert "20 Jun 2023: Annual narrative report 2022" in mail.outbox[1].body


def test_a_mail_that_fails_is_tried_again_another_day(keeper, project, monkeypatch):
    monkeypatch.setattr(mail.EmailMessage, "send", _refuse)
    batch = _send()
    assert (batch.mails, batch.failed) == (0, 1)
    assert not ReminderSent.objects.exists()
    monkeypatch.undo()
    assert list(pending(TODAY)) == [keeper]


def _refuse(_message):
    raise ConnectionRefusedError


def test_only_those_responsible_are_told(keeper, project):
    other = OrganizationFactory()
    colleague, stranger = UserFactory(), UserFactory(organization=other)
    for user in (colleague, stranger):
        GatewayAccess.objects.create(user=user, fund=project.fund, valid_from=date(2020, 1, 1))
    GatewayAccess.objects.create(
        user=UserFactory(),
        project=project,
        valid_from=date(2020, 1, 1),
        valid_to=date(2022, 1, 1),
    )
    assert set(pending(TODAY)) == {keeper, colleague}
    Project.objects.filter(pk=project.pk).update(withheld_on=TODAY)
    assert pending(TODAY) == {}


def test_whose_right_was_withdrawn_is_told_nothing(keeper, project):
    withdraw_access(right=GatewayAccess.objects.get(user=keeper), by=None)
    _send()
    assert not mail.outbox


def test_the_link_in_a_mail_stops_them_without_sign_in(keeper, client):
    url = f"/reminders/stop/{token_of(keeper)}/"
    assert "Shall reminders" in client.get(url).content.decode()
    assert not ReminderStop.objects.exists()  # a look is no wish
    assert "no more reminders" in client.post(url).content.decode()
    assert client.post(url).status_code == 200
    _send()
    assert mail.outbox == []
    assert client.get("/reminders/stop/forged/").status_code == 404
    assert client.get(f"{url[:-2]}x/").status_code == 404


def test_the_switch_stops_a_batch_and_begins_one_a_day(keeper):
    assert begin_batch(TODAY)
    assert not begin_batch(TODAY)
    Office.objects.update(reminders_on=False)
    assert not begin_batch(TODAY + timedelta(days=1))
    _send(TODAY + timedelta(days=2))
    assert mail.outbox == []


def test_who_stopped_between_reading_and_sending_gets_none(keeper, monkeypatch):
    found = pending(TODAY)
    stop(user=keeper)
    monkeypatch.setattr("portal.reporting.reminders.pending", lambda _today: found)
    _send()
    assert mail.outbox == []
