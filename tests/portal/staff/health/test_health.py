"""The page of the portal's health, and what administrators do on it."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from finance.models import VerifyResult
from portal.health.version import version
from portal.models import OutgoingMail, Verification, WorkerSign
from portal.work.mail import TRIED_FOR, send_due
from portal.work.verifying import ask_for_verification, verify_everything
from projects.models import Office
from tests.factories import FundFactory
from tests.waiting import silent_port

pytestmark = pytest.mark.django_db
PAGE = "/staff/health/"


@pytest.fixture
def unsent(settings):
    """A mail that could not be sent."""
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    settings.MAIL_DELIVERY = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 1
    with silent_port() as settings.EMAIL_PORT:
        EmailMessage("Receipt", "Thank you", to=["a@x.org"]).send()
        assert send_due() == 0
        yield OutgoingMail.objects.get()


def test_the_page_says_what_is_wrong_and_how_it_is_mended(admin_client):
    WorkerSign.objects.create(name="one", seen_at=timezone.now() - timedelta(hours=1))
    text = admin_client.get(PAGE).content.decode()
    assert "No background worker has run since" in text
    assert "Start manage.py worker" in text
    assert "Everything has never been verified." in text
    assert f"Version {version()}." in text


def test_a_portal_without_a_virus_scanner_is_not_said_to_have_one_in_order(admin_client, settings):
    settings.CLAMD_ADDRESS = ""
    assert "without being looked into for viruses" in admin_client.get(PAGE).content.decode()
    settings.CLAMD_ADDRESS = "127.0.0.1:3310"
    assert "for viruses" not in admin_client.get(PAGE).content.decode()


@pytest.mark.parametrize("asked", [True, False])
def test_backups_and_time_stamps_that_nobody_asked_for_are_not_said_to_be_in_order(
    admin_client, settings, asked
):
    FundFactory()
    Office.objects.update_or_create(pk=1, defaults={"sample": not asked})
    settings.TIME_STAMP_URL = "http://stamps.example.org" if asked else ""
    shown = admin_client.get(PAGE).content.decode()
    looked_at = shown.partition("What was done last")[0]
    assert ("Backup" in looked_at, "Time stamps" in looked_at) == (asked, asked)


def test_an_administrator_verifies_everything_and_sees_how_far_it_is(
    admin_client, admin_user, settings
):
    assert admin_client.get(PAGE).headers.get("Refresh") is None
    answer = admin_client.post(reverse("staff-health-verify"), follow=True)
    assert "Verification begins" in answer.content.decode()
    assert answer.headers["Refresh"] == "5"
    run = Verification.objects.get()
    assert run.by == admin_user
    # A second time meanwhile begins nothing.
    again = admin_client.post(reverse("staff-health-verify"), follow=True)
    assert "under way already" in again.content.decode()
    assert DBTaskResult.objects.filter(task_path=verify_everything.module_path).count() == 1
    Verification.objects.update(step="entries", percent=40)
    assert "entries: 40 %" in admin_client.get(PAGE).content.decode()
    assert verify_everything.call(run.pk) == "ok"
    run.refresh_from_db()
    assert (run.under_way, run.result.ok) == (None, True)
    assert run.result == VerifyResult.objects.of_everything().first()
    text = admin_client.get(PAGE).content.decode()
    assert "all agrees" in text and "Verify everything" in text


def test_a_verification_whose_task_is_gone_gives_way_to_a_new_one(admin_user):
    old = Verification.objects.create(by=admin_user)
    assert ask_for_verification(admin_user)
    old.refresh_from_db()
    assert (old.under_way, old.result) == (None, None)


def test_a_mail_that_did_not_go_is_sent_again(admin_client, unsent, settings, tmp_path):
    assert "refused" in admin_client.get(PAGE).content.decode()
    settings.MAIL_DELIVERY = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    assert send_due() == 0
    admin_client.post(reverse("staff-health-mail", args=[unsent.pk]), {"action": "again"})
    assert send_due() == 1
    assert not OutgoingMail.objects.exists()


def test_a_mail_that_was_given_up_is_forgotten_but_not_sent(admin_client, unsent):
    OutgoingMail.objects.update(
        queued_at=timezone.now() - 2 * TRIED_FOR, next_try_at=timezone.now()
    )
    send_due()
    url = reverse("staff-health-mail", args=[unsent.pk])
    answer = admin_client.post(url, {"action": "again"}, follow=True)
    assert "has to be done again" in answer.content.decode()
    assert admin_client.get(PAGE).content.decode().count('value="again"') == 0
    admin_client.post(url, {"action": "forget"})
    assert not OutgoingMail.objects.exists()
