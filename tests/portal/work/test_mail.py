"""No mail server, a dead one, one that hangs: pages do what they do, and the mail waits."""

import hashlib
import json
import re
import socket
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from documents.intake import begin_upload, take_whole
from documents.models import DocumentType
from portal.about.feedback import mail_waiting_feedback
from portal.gateway.receipts import mail_receipt
from portal.models import Feedback, Invitation, OutgoingMail
from portal.work.mail import TRIED_FOR, send_due
from projects.models import Office, User
from tests.documents.files import pdf
from tests.factories import ProjectFactory
from tests.waiting import silent_port

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(params=["none", "dead", "hanging"])
def server(request, settings):
    """A mail server that takes no mail; whatever a page gives to it would fail or wait."""
    cache.clear()
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    settings.MAIL_DELIVERY = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2
    if request.param == "none":
        settings.EMAIL_HOST = "no-such-host.invalid"
    if request.param != "hanging":
        with silent_port() as settings.EMAIL_PORT:
            yield request.param
        return
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT = listening.getsockname()[1]
        yield request.param


@pytest.fixture
def chief(client):
    """Somebody who may invite, signed in with a second factor."""
    user = User.objects.create_superuser("chief@x.org", PASSWORD)
    TOTP.activate(user, SECRET)
    client.force_login(user)
    _passed(client)
    return user


def _passed(client):
    """The client with a second factor given."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()


def _invite(client):
    answer = client.post(reverse("staff-invite"), {"email": "new@x.org"})
    assert answer.status_code == 302
    assert Invitation.objects.standing().get().user.email == "new@x.org"
    assert "on its way" in client.get(answer.url).content.decode()
    return "new@x.org"


def _invite_again(client):
    user = User.objects.create_user("again@x.org")
    assert client.post(reverse("staff-person-invite", args=[user.pk])).status_code == 302
    assert Invitation.objects.standing().filter(user=user).exists()
    return "again@x.org"


def _reset_password(client):
    client.logout()
    User.objects.create_user("keeper@x.org", PASSWORD)
    answer = client.post(reverse("account_reset_password"), {"email": "keeper@x.org"}, follow=True)
    assert answer.status_code == 200
    return "keeper@x.org"


def _change_password(client):
    new = {"oldpassword": PASSWORD, "password1": "another long password"}
    answer = client.post(reverse("account_change_password"), {**new, "password2": new["password1"]})
    assert answer.status_code == 302
    assert User.objects.get(email="chief@x.org").check_password(new["password1"])
    return "chief@x.org"


def _set_up_a_factor(client):
    Authenticator.objects.all().delete()
    client.logout()
    client.post(reverse("account_login"), {"login": "chief@x.org", "password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert answer.status_code == 200
    # The codes are shown this once.
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) > 5
    assert all(code in answer.content.decode() for code in codes)
    return "chief@x.org"


def _add_a_passkey(client):
    client.get(reverse("mfa_add_webauthn"))
    challenge = client.session["mfa.webauthn.state"]["challenge"]
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(
        hashlib.sha256(b"testserver").digest(),
        flags,
        0,
        AttestedCredentialData.create(Aaguid.NONE, b"key-1", key),
    )
    said = CollectedClientData.create("webauthn.create", challenge, "http://testserver")
    credential = {
        "id": websafe_encode(b"key-1"),
        "rawId": websafe_encode(b"key-1"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
    }
    values = {"name": "Laptop", "credential": json.dumps(credential), "passwordless": "on"}
    answer = client.post(reverse("mfa_add_webauthn"), values)
    assert answer.status_code == 302
    assert Authenticator.objects.filter(type="webauthn").exists()
    return "chief@x.org"


def _remove_a_passkey(client):
    _add_a_passkey(client)
    OutgoingMail.objects.all().delete()
    key = Authenticator.objects.get(type="webauthn")
    answer = client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert answer.status_code == 302
    assert not Authenticator.objects.filter(type="webauthn").exists()
    return "chief@x.org"


def _upload(client):
    content = pdf("Report")
    chief = User.objects.get(email="chief@x.org")
    project = ProjectFactory(number="00102004")
    upload = begin_upload(by=chief, of=project, file_name="r.pdf", size=len(content))
    take_whole(upload=upload, content=SimpleUploadedFile("r.pdf", content))
    values = {"title": "A map", "type": DocumentType.objects.get(code="project-document").pk}
    answer = client.post(reverse("gateway-upload", args=[upload.pk]), {**values, "publish": "yes"})
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert upload.version.document.state == "public"
    # The receipt is a task of the worker, and it puts its mail into the queue like any page.
    assert not OutgoingMail.objects.exists()
    assert mail_receipt.call(str(upload.pk)) == "sent"
    return "chief@x.org"


@pytest.mark.parametrize(
    "page", [_invite, _invite_again, _reset_password, _change_password, _upload]
)
def test_a_page_that_causes_mail_does_all_it_says_and_the_mail_waits(server, client, chief, page):
    _does_what_it_says(client, page)


# Its mail is written once the factor is committed.
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("page", [_set_up_a_factor, _add_a_passkey, _remove_a_passkey])
def test_a_factor_is_set_up_or_removed_while_the_mail_waits(server, client, chief, page):
    _does_what_it_says(client, page)


def _does_what_it_says(client, page):
    to = page(client)
    mail = OutgoingMail.objects.waiting().filter(recipients=[to]).first()
    assert mail is not None
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.next_try_at > timezone.now() or mail.tries == 0
    assert OutgoingMail.objects.exclude(fault="").count() == 1


def test_staff_see_what_waits_and_why(server, client, chief):
    _invite(client)
    assert "since" in _section(client)
    send_due()
    assert "tried once" in _section(client)


def _section(client):
    page = client.get("/staff/").content.decode()
    return page.partition('id="mail"')[2].partition("</section>")[0]


def test_feedback_is_kept_and_tried_again(server, client):
    Office.objects.update_or_create(pk=1, defaults={"feedback_email": "desk@office.test"})
    feedback = Feedback.objects.create(message="Why?", sender="x" * 32)
    Feedback.objects.update(received_at=timezone.now() - timedelta(minutes=5))
    assert mail_waiting_feedback() == 0
    feedback.refresh_from_db()
    assert feedback.mailed_at is None


def test_what_waited_is_sent_once_the_server_is_back_and_nothing_of_it_stays(settings, tmp_path):
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    settings.MAIL_DELIVERY = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    EmailMessage("Grüße", "Ein Link: https://x.org/y", to=["a@x.org"], cc=["b@x.org"]).send()
    assert OutgoingMail.objects.get().recipients == ["a@x.org", "b@x.org"]
    assert send_due() == 1
    (file,) = tmp_path.iterdir()
    text = file.read_text()
    assert re.search("^To: a@x.org$", text, re.M) and re.search("^Cc: b@x.org$", text, re.M)
    assert "https://x.org/y" in text
    assert not OutgoingMail.objects.exists()


def test_after_three_days_a_mail_is_given_up_and_its_words_are_gone(settings):
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    settings.MAIL_DELIVERY = "django.core.mail.backends.smtp.EmailBackend"
    EmailMessage("Welcome", "https://x.org/secret", to=["a@x.org"]).send()
    OutgoingMail.objects.update(queued_at=timezone.now() - TRIED_FOR * 2)
    settings.EMAIL_HOST = "127.0.0.1"
    with silent_port() as settings.EMAIL_PORT:
        assert send_due() == 0
    mail = OutgoingMail.objects.get()
    assert mail.given_up_at and bytes(mail.content) == b""
    assert not OutgoingMail.objects.waiting().exists()
