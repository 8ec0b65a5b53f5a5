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
from portal.work.mail import send_due
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


def report(address, returned="Subject: You are invited\n", action="failed", kind="message/rfc822"):
    said = REPORT.format(address=address, returned=returned, action=action, kind=kind)
    return said.encode()


def follow_by(email):
    now = timezone.now()
    return Follow.objects.create(
        email=email, kind="fund", key="SOM10", language="en", confirmed_at=now
    )


def test_staff_read_whom_a_mail_did_not_reach_and_why(admin_client):
    UserFactory(email="Gone@example.org")
    (said,) = take_in(report("gone@example.org"))
    assert "Gone@example.org" in said
    page = admin_client.get(reverse("staff-health")).content.decode()
    assert "You are invited" in page
    assert "came back: 550 5.1.1 &lt;gone@example.org&gt;: no such user here" in page


def test_it_is_not_sent_again(admin_client):
    UserFactory(email="gone@example.org")
    take_in(report("gone@example.org"))
    assert not OutgoingMail.objects.waiting().exists()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_who_only_follows_something_is_erased_by_the_mail_that_came_back(kind):
    follow_by("gone@example.org"), follow_by("here@example.org")
    sent = _digest(Follow.objects.get(email="gone@example.org"), ["News"]).message().as_string()
    take_in(report("gone@example.org", returned=sent, kind=kind))
    assert list(Follow.objects.values_list("email", flat=True)) == ["here@example.org"]
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "returned",
    [
        "List-Unsubscribe: <http://localhost:8000/follow/stop/made-up/>\n",
        "List-Unsubscribe: <http://[>\n",
        "Subject: hello\n",
    ],
)
def test_nobody_can_erase_a_follower_by_a_report_of_their_own(returned):
    follow_by("here@example.org")
    (said,) = take_in(report("here@example.org", returned=returned))
    assert "not known here" in said and Follow.objects.count() == 1


def test_a_link_of_one_follower_does_not_erase_another():
    follow = follow_by("me@example.org")
    follow_by("here@example.org")
    take_in(report("here@example.org", returned=_digest(follow, []).message().as_string()))
    assert Follow.objects.count() == 2


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
    assert take_in(mail) == []
    assert not OutgoingMail.objects.exists()


def test_the_command_reads_one_report(monkeypatch):
    UserFactory(email="gone@example.org")
    given = SimpleNamespace(buffer=BytesIO(report("gone@example.org")))
    monkeypatch.setattr("portal.management.commands.bounced.sys.stdin", given)
    out = StringIO()
    call_command("bounced", stdout=out)
    assert out.getvalue() == "Kept for the staff: the mail to gone@example.org came back.\n"


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
