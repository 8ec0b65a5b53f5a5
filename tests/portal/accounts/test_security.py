"""What protects accounts beside the second factor: links, passwords, sessions, and a log."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.sessions import SEEN
from portal.models import Export, OutgoingMail
from projects.models import User
from tests.factories import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests():
    cache.clear()


@pytest.fixture
def keeper():
    return User.objects.create_user("keeper@x.org", PASSWORD)


@pytest.fixture
def lines(caplog):
    """What the log of security got."""
    caplog.set_level(logging.INFO, logger="portal.security")

    def of():
        return [r.getMessage() for r in caplog.records if r.name == "portal.security"]

    return of


@pytest.mark.parametrize("host", ["localhost:4711", "127.0.0.1"])
def test_a_link_to_a_new_password_leads_to_the_site_whatever_the_request_says(
    keeper, settings, host
):
    settings.SITE_URL = "https://portal.example.org"
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    Client().post(reverse("account_reset_password"), {"email": keeper.email}, HTTP_HOST=host)
    text = bytes(OutgoingMail.objects.get().content).decode()
    assert "https://portal.example.org/accounts/password/reset/key/" in text
    assert host not in text


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "qwertyuiopas", "123456789012",
        "abcdefghijklmn", "password1234", "Password2024!", "1qwertyuiop1", "passwordpassword",
        "letmeinletmein", "!!!iloveyou!!!", "asdfghjkl1234", "zyxwvutsrqpo", "sunshine-2024",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_no_password(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "Trombone-Karsten-91", "vier stille Eulen", "kX9#pL2$vQ8!", "мороз ясень лад"],
)
def test_several_words_or_many_signs_are_one(password):
    validate_password(password)


def test_sign_ins_failures_and_refusals_are_logged_without_address_or_name(client, keeper, lines):
    url = reverse("account_login")
    client.post(url, {"login": "nobody@x.org", "password": "x"})
    client.post(url, {"login": "KEEPER@x.org", "password": "wrong"})
    client.post(url, {"login": keeper.email, "password": PASSWORD})
    client.get(reverse("staff"))
    client.post(reverse("account_logout"))
    who = f"person {keeper.pk}, from 127.0.0.1"
    assert lines() == [
        "sign-in failed: nobody, from 127.0.0.1",
        f"sign-in failed: {who}",
        f"signed in: {who}",
        f"refused at staff: {who}",
        f"signed out: {who}",
    ]


def test_whoever_is_kept_waiting_and_whoever_gives_a_wrong_code_is_logged(client, lines):
    from allauth.mfa.totp.internal.auth import TOTP

    chief = User.objects.create_superuser("chief@x.org", PASSWORD)
    TOTP.activate(chief, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.post(reverse("account_login"), {"login": chief.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert lines()[-1] == f"second factor failed: person {chief.pk}, from 127.0.0.1"
    for _ in range(6):
        Client().post(reverse("account_login"), {"login": "x@x.org", "password": "x"})
    assert lines()[-1].startswith("sign-in refused after many failures")


def test_an_address_at_which_nothing_is_stands_in_no_log(client):
    from portal.kit.web.logs import NothingThere

    seen = []

    class Kept(logging.Handler):
        def emit(self, record):
            seen.append(record.getMessage())

    logger, kept = logging.getLogger("django.request"), Kept()
    assert any(isinstance(one, NothingThere) for one in logger.filters)
    logger.addHandler(kept)
    try:
        client.get("/project/ZANZIBAR-1/")
        client.put("/glossary/")
    finally:
        logger.removeHandler(kept)
    assert seen == ["Method Not Allowed (PUT): /glossary/"]


def test_a_log_names_a_page_by_its_pattern_and_not_by_what_it_is_about(client):
    from portal.kit.web.logs import PagesByPattern

    seen = []

    class Kept(logging.Handler):
        def emit(self, record):
            seen.append(record.getMessage())

    console = settings.LOGGING["handlers"]["console"]
    assert [settings.LOGGING["filters"][name]["()"] for name in console["filters"]] == [
        f"{PagesByPattern.__module__}.{PagesByPattern.__name__}"
    ]
    OrganizationFactory(code="ZANZIBAR")
    kept = Kept()
    kept.addFilter(PagesByPattern())
    loggers = [logging.getLogger(f"django.{name}") for name in ("request", "security")]
    for logger in loggers:
        logger.addHandler(kept)
    try:
        client.put("/organization/ZANZIBAR/")
        client.get("/organization/ZANZIBAR/report/", {"year": "x"})
        Client(enforce_csrf_checks=True).post("/organization/ZANZIBAR/")
        client.get("/organization/ZANZIBAR/", headers={"host": "elsewhere.example"})
    finally:
        for logger in loggers:
            logger.removeHandler(kept)
    assert "Method Not Allowed (PUT): /organization/<str:code>/" in seen
    assert any(line.startswith("Forbidden (CSRF") for line in seen)
    assert not [line for line in seen if "ZANZIBAR" in line]


def test_a_session_that_nobody_uses_ends(client, settings):
    user = UserFactory()
    client.force_login(user)
    account = reverse("account")
    assert client.get(account).status_code == 200
    session = client.session
    session[SEEN] -= settings.SESSION_IDLE_MINUTES * 60 - 30
    session.save()
    assert client.get(account).status_code == 200
    # That was a use: it counts anew.
    session = client.session
    session[SEEN] -= settings.SESSION_IDLE_MINUTES * 60 + 1
    session.save()
    assert client.get(account).status_code == 302
    assert "signed out" in client.get(reverse("account_login")).content.decode()


def test_a_page_that_looks_again_by_itself_keeps_no_session_alive(admin_client, admin_user):
    export = Export.objects.create(owner=admin_user, format="csv", known=timezone.now())
    page = reverse("staff-export", args=[export.pk])
    assert admin_client.get(page).has_header("Refresh")
    session = admin_client.session
    session[SEEN] -= 600
    session.save()
    for _look in range(2):
        assert admin_client.get(page).status_code == 200
    assert admin_client.session[SEEN] == session[SEEN]
    admin_client.get(reverse("staff"))
    assert admin_client.session[SEEN] > session[SEEN]


def test_where_there_is_tls_cookies_belong_to_this_host_alone():
    code = (
        "import django; django.setup(); from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE); "
        "from django.utils.module_loading import import_string; "
        "print(*(kind.cookie_name for kind in import_string(s.MESSAGE_STORAGE).storage_classes"
        " if hasattr(kind, 'cookie_name')))"
    )
    environment = {
        **os.environ, "SITE_URL": "https://x.example", "DJANGO_SETTINGS_MODULE": "portal.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parents[3],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [
        "__Host-sessionid", "__Host-csrftoken", "True", "__Host-messages",
    ]  # fmt: skip


def test_mails_on_disk_are_read_by_their_owner_only(settings, tmp_path):
    from portal.kit.mail import delivery

    settings.MAIL_DELIVERY = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_BACKEND = settings.MAIL_QUEUE
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    (tmp_path / "mail").mkdir(mode=0o755)
    delivery()
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
