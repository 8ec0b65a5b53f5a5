"""Mail that comes back: who is told, whom it stops following, and what a made-up report can do."""

import socket
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from portal.following.digests import _digest
from portal.models import Follow, OutgoingMail
from portal.work.bounces import take_in
from portal.work.mail import MARK, mark_of, send_due
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>:
    no such user here
--b
Content-Type: {kind}

{returned}
--b--
"""


def report(address, returned=None, action="failed", kind="message/rfc822", reason=None):
    returned = sent_to(address) if returned is None else returned
    said = REPORT.format(address=address, returned=returned, action=action, kind=kind)
    return (said if reason is None else said.replace("no such user here", reason)).encode()


def sent_to(address, subject="You are invited"):
    """A mail as it left."""
    return f"Subject: {subject}\n{MARK}: {mark_of([address])}\n"


def follow_by(email):
    now = timezone.now()
    return Follow.objects.create(
        email=email, kind="fund", key="SOM10", language="en", confirmed_at=now
    )


def test_staff_read_whom_a_mail_did_not_reach_and_why(admin_client):
    UserFactory(email="Gone@example.org")
    assert take_in(report("gone@example.org")) == 1
    page = admin_client.get(reverse("staff-health")).content.decode()
    assert "You are invited" in page and "Gone@example.org" in page
    assert "came back: 550 5.1.1 &lt;gone@example.org&gt;: no such user here" in page


def test_what_comes_back_again_and_again_is_told_once_and_not_sent_again():
    UserFactory(email="gone@example.org")
    for _time in range(3):
        take_in(report("gone@example.org"))
    assert OutgoingMail.objects.count() == 1 and not OutgoingMail.objects.waiting().exists()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_who_follows_something_is_erased_by_the_mail_that_came_back(settings, kind):
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    follow_by("Gone@example.org"), follow_by("here@example.org")
    _digest(Follow.objects.get(email="Gone@example.org"), ["News"]).send()
    left = bytes(OutgoingMail.objects.get().content).decode()
    assert take_in(report("gone@example.org", returned=left, kind=kind)) == 1
    assert list(Follow.objects.values_list("email", flat=True)) == ["here@example.org"]


@pytest.mark.parametrize(
    "returned",
    ["Subject: hello\n", f"{MARK}: made-up\n", sent_to("another@example.org"), ""],
)
def test_nobody_can_report_a_mail_that_was_not_ours(returned):
    follow_by("here@example.org")
    UserFactory(email="here@example.org")
    assert take_in(report("here@example.org", returned=returned)) == 0
    assert Follow.objects.count() == 1 and not OutgoingMail.objects.exists()


def test_signs_that_no_page_shows_are_left_out():
    UserFactory(email="gone@example.org")
    odd = sent_to("gone@example.org", subject="=?utf-8?q?a=00b?=")
    assert take_in(report("gone@example.org", returned=odd, reason="no\x00 \x1bsuch")) == 1
    mail = OutgoingMail.objects.get()
    assert mail.subject == "ab" and "\x00" not in mail.fault and "\x1b" not in mail.fault


@pytest.mark.parametrize(
    "mail",
    [
        report("gone@example.org", action="delayed"),
        report("", action="failed"),
        b"Subject: out of office\n\nI am away.",
        b"",
        b"\xff\x00\xfe",
        b"Content-Type: message/delivery-status\n\nnonsense",
    ],
)
def test_what_reports_no_failure_changes_nothing(mail):
    UserFactory(email="gone@example.org")
    assert take_in(mail) == 0
    assert not OutgoingMail.objects.exists()


def test_the_command_reads_one_report(monkeypatch):
    UserFactory(email="gone@example.org")
    given = SimpleNamespace(buffer=BytesIO(report("gone@example.org")))
    monkeypatch.setattr("portal.management.commands.bounced.sys.stdin", given)
    out = StringIO()
    call_command("bounced", stdout=out)
    assert out.getvalue() == "Addresses that a mail of ours did not reach: 1.\n"


def test_other_servers_report_to_the_address_for_it_and_readers_see_the_sender(settings):
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    settings.MAIL_DELIVERY = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.BOUNCE_ADDRESS = "127.0.0.1", "returns@example.org"
    EmailMessage("Hello", "x", from_email="Open Funds <us@example.org>", to=["a@x.org"]).send()
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:
        settings.EMAIL_PORT = server.getsockname()[1]
        talk = pool.submit(_listen, server)
        assert send_due() == 1
        said = talk.result()
    assert any(line.startswith("mail FROM:<returns@example.org>") for line in said)
    assert "From: Open Funds <us@example.org>" in said


def _listen(server):
    """Take one mail as a mail server does; the lines that were said."""
    taken, _address = server.accept()
    said, in_message = [], False
    with taken, taken.makefile("rw", newline="\r\n") as talk:
        print("220 here", file=talk, flush=True)
        for line in talk:
            said.append(line.strip())
            if in_message:
                in_message = said[-1] != "."
                if in_message:
                    continue
            in_message = said[-1].lower() == "data"
            print("354 go on" if in_message else "250 well", file=talk, flush=True)
            if said[-1].lower() == "quit":
                return said
    return said
