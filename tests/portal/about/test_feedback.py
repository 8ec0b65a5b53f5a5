"""Feedback is kept, mailed once, and limited by sender."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.about.feedback import (
    mail_feedback,
    mail_waiting_feedback,
    sender_digest,
    senders,
)
from portal.kit.web.visitors import client_address
from portal.models import Feedback
from projects.models import Office

pytestmark = pytest.mark.django_db
MESSAGE = {"topic": "figure", "message": "Where does this come from?"}


@pytest.fixture(autouse=True)
def _address():
    Office.objects.update_or_create(pk=1, defaults={"feedback_email": "write@office.test"})


def send(client, **values):
    """Send the form."""
    return client.post(reverse("feedback"), MESSAGE | values)


def kept(**values) -> Feedback:
    """A message as it is kept."""
    return Feedback.objects.create(**{**MESSAGE, "sender": "0" * 32, **values})


def test_link_fills_in_page_and_figure(client):
    query = {"page": "/project/1/", "figure": "Transfers <2016>"}
    text = client.get(reverse("feedback"), query).content.decode()
    assert "About:" in text
    assert "Transfers &lt;2016&gt;" in text
    assert 'name="page" value="/project/1/"' in " ".join(text.split())
    assert 'value="figure" selected' in text


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "//evil.test/", "/\\evil.test", "https://evil.test/"]
)
def test_page_that_leads_elsewhere_is_dropped(client, page):
    assert "About:" not in client.get(reverse("feedback"), {"page": page}).content.decode()
    send(client, page=page)
    assert Feedback.objects.get().page == ""


@pytest.mark.parametrize("field", ["message", "page"])
def test_a_form_that_no_browser_sends_is_refused(client, field):
    assert send(client, **{field: "a\x00b"}).status_code == 400
    assert not Feedback.objects.exists()


def test_message_is_kept_and_queued_and_the_reader_thanked(
    client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, page="/project/1/", figure="Transfers", email="a@b.test")
    assert response.status_code == 302
    assert response.url == reverse("feedback-thanks")
    feedback = Feedback.objects.get()
    assert (feedback.page, feedback.figure, feedback.email) == (
        "/project/1/",
        "Transfers",
        "a@b.test",
    )
    assert DBTaskResult.objects.get().args_kwargs["args"] == [feedback.pk]


def test_message_is_mailed_to_the_office_once():
    Office.objects.update_or_create(pk=1, defaults={"feedback_email": "desk@office.test"})
    feedback = kept(page="/project/1/", email="a@b.test")
    mail_feedback.call(feedback.pk)
    mail_feedback.call(feedback.pk)
    [message] = mail.outbox
    assert message.to == ["desk@office.test"]
    assert message.reply_to == ["a@b.test"]
    assert MESSAGE["message"] in message.body
    assert "/project/1/" in message.subject
    feedback.refresh_from_db()
    assert feedback.mailed_at is not None


def test_without_an_address_messages_are_kept_and_mailed_once_there_is_one():
    Office.objects.update(feedback_email="")
    feedback = kept()
    Feedback.objects.update(received_at=timezone.now() - timedelta(hours=1))
    mail_feedback.call(feedback.pk)
    assert (mail_waiting_feedback(), mail.outbox) == (0, [])
    Office.objects.update(feedback_email="write@office.test")
    assert (mail_waiting_feedback(), len(mail.outbox)) == (1, 1)


def test_deleted_message_is_not_mailed():
    mail_feedback.call(1)
    assert mail.outbox == []


def test_failing_mail_server_fails_the_task_and_leaves_the_message_waiting(monkeypatch):
    def fail(*_arguments):
        raise SMTPException("no")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    feedback = kept()
    with pytest.raises(SMTPException):
        mail_feedback.call(feedback.pk)
    feedback.refresh_from_db()
    assert feedback.mailed_at is None


def test_subject_takes_no_header_from_the_sender(client):
    send(client, figure="x\r\nBcc: all@evil.test\u2028y")
    mail_feedback.call(Feedback.objects.get().pk)
    [message] = mail.outbox
    assert "\n" not in message.subject
    assert message.recipients() == [Office.current().feedback_email]


def test_sender_may_write_a_few_times_an_hour(client, settings):
    settings.FEEDBACK_PER_HOUR = 2
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    response = send(client, message="Kept for <you>")
    text = response.content.decode()
    assert response.headers["Retry-After"] == "3600"
    assert Office.current().feedback_email in text
    assert "Kept for &lt;you&gt;" in text
    assert Feedback.objects.count() == 2
    assert client.post(reverse("feedback"), MESSAGE, REMOTE_ADDR="10.0.0.9").status_code == 302
    Feedback.objects.update(received_at=timezone.now() - timedelta(minutes=61))
    assert send(client).status_code == 302


def test_midnight_does_not_start_the_hour_anew(monkeypatch):
    midnight = datetime(2025, 3, 2, 0, 10, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: midnight)
    request = RequestFactory().get("/")
    assert senders(request) == [
        sender_digest("127.0.0.1", midnight),
        sender_digest("127.0.0.1", midnight - timedelta(hours=1)),
    ]


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (3, "1.1.1.1, 2.2.2.2", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:1.2.3.4", "1.2.3.4"),
        (1, "unknown", "unknown"),
    ],
)
def test_address_is_what_trusted_proxies_say(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": header}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="9.9.9.9")
    assert client_address(request) == address


def test_digest_names_nobody(client):
    send(client)
    assert "127.0.0.1" not in Feedback.objects.get().sender
    assert len(Feedback.objects.get().sender) == 32


def test_program_that_fills_in_everything_is_thanked_and_ignored(client):
    assert send(client, nickname="Bot").status_code == 302
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"message": ""}, "message"),
        ({"message": "x" * 1_000_000}, "message"),
        ({"message": "x" * 5001}, "message"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b.test\nBcc: c@d.test"}, "email"),
        ({"topic": "spam"}, "topic"),
    ],
)
def test_wrong_input_is_explained_at_its_field(client, values, field):
    response = send(client, page="/project/1/", **values)
    text = response.content.decode()
    assert response.status_code == 200
    assert f'id="id_{field}_error"' in text
    assert "<title>Error:" in text
    assert 'name="page" value="/project/1/"' in " ".join(text.split())
    assert not Feedback.objects.exists()


def test_lines_are_counted_as_the_browser_counts_them(client):
    assert send(client, message="a\r\n" * 2499 + "b").status_code == 302
    assert len(Feedback.objects.get().message) == 4999


def test_more_than_django_takes_is_a_400(client):
    response = send(client, message="x" * 3_000_000)
    assert response.status_code == 400
    assert b"could not be understood" in response.content


def test_form_points_suspected_fraud_to_its_own_address(client):
    Office.objects.update_or_create(pk=1, defaults={"fraud_email": "secret@office.test"})
    text = client.get(reverse("feedback")).content.decode()
    assert text.index("mailto:secret@office.test") < text.index('<form class="form"')


def test_form_is_never_cached(client):
    assert "no-store" in client.get(reverse("feedback")).headers["Cache-Control"]
