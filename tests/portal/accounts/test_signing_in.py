"""Accounts: by invitation, by e-mail address, staff with a second factor at every door."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.invitations import invite, send_invitation
from portal.models import CacheEntry, Invitation
from portal.templatetags.accounts import browser
from projects.models import Office, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests():
    cache.clear()


@pytest.fixture
def keeper():
    return User.objects.create_user("keeper@x.org", PASSWORD)


@pytest.fixture
def chief():
    user = User.objects.create_superuser("chief@x.org", PASSWORD)
    TOTP.activate(user, SECRET)
    return user


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def code(step=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def link(mailoutbox):
    return re.search(r"(/accounts/invitation/\S+)", mailoutbox[-1].body)[1]


def invited(capture, **values):
    with capture(execute=True):
        return invite(by=None, **{"email": "new@x.org", **values})


def test_an_invitation_works_once_and_for_seven_days(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    invited(django_capture_on_commit_callbacks)
    url = link(mailoutbox)
    assert client.get(url).status_code == 200
    short = client.post(url, {"first_name": "A", "last_name": "B", "password": "short"})
    assert "at least 12" in short.content.decode()
    done = client.post(url, {"first_name": "A", "last_name": "B", "password": PASSWORD})
    assert done.status_code == 302
    assert client.get(reverse("account")).status_code == 200
    assert Client().get(url).status_code == 410
    assert sign_in(Client(), "NEW@x.org").status_code == 302


def test_an_old_or_replaced_invitation_is_over(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    made = invited(django_capture_on_commit_callbacks)
    first = link(mailoutbox)
    with django_capture_on_commit_callbacks(execute=True):
        send_invitation(user=made.user, by=None)
    assert client.get(first).status_code == 410
    second = link(mailoutbox)
    assert client.get(second).status_code == 200
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(second).status_code == 410
    # Only a digest is kept.
    assert second.split("/")[3] not in str(list(Invitation.objects.values()))


def test_nobody_signs_up_or_changes_the_address(client, keeper):
    for path in ("/accounts/signup/", "/accounts/email/"):
        assert client.get(path).status_code == 404
    assert not User.objects.exclude(pk=keeper.pk).exists()


def test_guessing_is_slowed_down_and_counted_in_the_database(client, keeper):
    for _ in range(5):
        assert sign_in(client, "keeper@x.org", "wrong").status_code == 200
    # The right one does not help any more, from another machine neither.
    assert "Too many failed" in sign_in(Client(), "keeper@x.org").content.decode()
    assert CacheEntry.objects.exists()


def test_a_second_factor_is_asked_for_and_each_code_works_once(client, chief):
    answer = sign_in(client, "chief@x.org")
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("staff")).status_code == 302
    Office.objects.update_or_create(pk=1, defaults={"set_up_at": timezone.now()})
    used = code()
    assert client.post(reverse("mfa_authenticate"), {"code": used}).url == reverse("staff")
    assert client.get(reverse("staff")).status_code == 200
    other = Client()
    sign_in(other, "chief@x.org")
    assert other.post(reverse("mfa_authenticate"), {"code": used}).status_code == 200
    assert other.post(reverse("mfa_authenticate"), {"code": code(1)}).status_code == 302


def test_the_secret_is_not_readable_in_the_database(chief):
    assert SECRET not in str(Authenticator.objects.get().data)


@pytest.mark.parametrize("path", ["/staff/", "/admin/", "/gateway/", "/", "/staff/exports/"])
def test_staff_without_a_second_factor_are_led_to_set_one_up(client, chief, path):
    Authenticator.objects.all().delete()
    sign_in(client, "chief@x.org")
    assert client.get(path).url == reverse("mfa_index")
    assert client.post("/staff/exports/").url == reverse("mfa_index")


def test_the_admins_own_door_lets_in_by_no_password_alone(client, chief):
    values = {"username": "chief@x.org", "password": PASSWORD, "next": "/admin/"}
    answer = client.post("/admin/login/", values)
    assert answer.url.startswith(reverse("account_login"))
    assert client.get("/admin/").status_code == 302


def test_whoever_became_staff_in_mid_session_gives_the_second_factor(client, keeper):
    sign_in(client, "keeper@x.org")
    assert client.get("/").status_code == 200
    User.objects.update(is_staff=True)
    TOTP.activate(keeper, SECRET)
    assert client.get("/staff/").url.startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert client.get("/staff/").status_code == 200


@pytest.mark.django_db(
    transaction=True, databases=["default", "owner"]
)  # the session is marked once the factor is committed
def test_setting_a_factor_up_lets_staff_go_on(client, chief):
    Authenticator.objects.all().delete()
    sign_in(client, "chief@x.org")
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    value = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(reverse("mfa_activate_totp"), {"code": value}).status_code == 302
    assert client.get("/staff/").status_code == 200
    types = set(Authenticator.objects.values_list("type", flat=True))
    assert types == {"totp", "recovery_codes"}


def test_a_recovery_code_works_in_place_of_the_app(client, chief):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    codes = RecoveryCodes.activate(chief).generate_codes()
    for expected in (302, 200):
        fresh = Client()
        sign_in(fresh, "chief@x.org")
        answer = fresh.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert answer.status_code == expected


def test_sessions_are_listed_and_ended(client, keeper):
    other = Client()
    sign_in(other, "keeper@x.org")
    sign_in(client, "keeper@x.org")
    assert UserSession.objects.filter(user=keeper).count() == 2
    assert client.get(reverse("usersessions_list")).status_code == 200
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_one_of_several_sessions_is_ended_by_itself_and_none_of_another_person(client, keeper):
    first, second, third = Client(), Client(), Client()
    for one in (client, first, second):
        sign_in(one, "keeper@x.org")
    stranger = UserFactory(email="stranger@x.org")
    third.force_login(stranger)
    keys = {one: one.session.session_key for one in (client, first, second)}
    ids = {key: UserSession.objects.get(session_key=keys[key]).pk for key in keys}
    assert client.get(reverse("session-end", args=[ids[first]])).status_code == 405
    # A stranger finds nothing there; the session in use is left by signing out.
    assert third.post(reverse("session-end", args=[ids[first]])).status_code == 404
    client.post(reverse("session-end", args=[ids[client]]))
    assert client.post(reverse("session-end", args=[ids[first]])).status_code == 302
    account = reverse("account")
    answers = [one.get(account).status_code for one in (client, first, second)]
    assert answers == [200, 302, 200]


def test_a_forgotten_password_is_set_anew_by_mail_once(client, keeper, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "keeper@x.org"})
    url = re.search(r"https?://\S+?(/accounts/\S+)", mailoutbox[0].body)[1]
    form = client.get(url, follow=True)
    where = form.redirect_chain[-1][0]
    new = "another long password"
    client.post(where, {"password1": new, "password2": new})
    assert sign_in(Client(), "keeper@x.org", new).status_code == 302
    again = Client().get(url, follow=True)
    assert "password1" not in again.content.decode()
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@x.org"})
    assert unknown.status_code == 302 and len(mailoutbox) <= 2


@pytest.mark.parametrize(
    "name",
    ["account", "mfa_index", "usersessions_list", "account_change_password", "account_logout"],
)
def test_the_pages_of_ones_own_account_open_in_our_look(client, keeper, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(keeper)
    text = client.get(reverse(name)).content.decode()
    assert 'class="site-head"' in text and "<script>" not in text
    # What Django says of passwords is markup, and shown as such.
    assert "&lt;" not in text


def test_consent_is_recorded_with_its_day_and_can_be_taken_back(client, keeper):
    client.force_login(keeper)
    values = {"first_name": "Kim", "last_name": "Keeper", "show_name": "on"}
    client.post(reverse("account"), values)
    keeper.refresh_from_db()
    assert (keeper.public_name, keeper.public_email) == ("Kim Keeper", "")
    assert keeper.name_consent_on == timezone.localdate()
    client.post(reverse("account"), {"first_name": "Kim", "last_name": "Keeper"})
    keeper.refresh_from_db()
    assert keeper.public_name == ""


def test_who_accepts_an_invitation_is_not_asked_for_the_new_password_again(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    invited(django_capture_on_commit_callbacks)
    values = {"first_name": "A", "last_name": "B", "password": PASSWORD}
    client.post(link(mailoutbox), values)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_page_that_is_posted_sends_its_origin(client, mailoutbox, invitation_link):
    # Under “no-referrer” a browser posts with “Origin: null”, and the form is refused as forged.
    page = client.get(invitation_link)
    assert page["Referrer-Policy"] == "same-origin"
    assert b"no-referrer" not in page.content


@pytest.fixture
def invitation_link(mailoutbox, django_capture_on_commit_callbacks):
    invited(django_capture_on_commit_callbacks)
    return link(mailoutbox)


def test_changes_of_the_account_are_mailed_to_its_owner(client, keeper, mailoutbox):
    sign_in(client, "keeper@x.org")
    new = "another long password"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), values).status_code == 302
    assert [mail.to for mail in mailoutbox] == [["keeper@x.org"]]
    body = mailoutbox[0].body
    assert "If it was not you" in body and "example.com" not in body


def test_whoever_has_a_passkey_only_is_asked_for_it_and_not_for_a_code(client, keeper):
    sign_in(client, "keeper@x.org")
    User.objects.update(is_staff=True)
    Authenticator.objects.create(user=keeper, type="webauthn", data={"name": "Telephone"})
    assert client.get("/staff/").url.startswith(reverse("mfa_reauthenticate_webauthn"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/2010 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit Safari/605.1", "Safari, macOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5", "curl/8.5"),
        ("", "unknown browser"),
    ],
)
def test_a_browser_is_called_by_its_name(said, shown):
    assert browser(said) == shown


def test_guessing_the_second_factor_is_slowed_down_too(client, chief):
    sign_in(client, "chief@x.org")
    for _ in range(5):
        assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    answer = client.post(reverse("mfa_authenticate"), {"code": code()})
    assert answer.status_code == 200 and "Too many failed" in answer.content.decode()
    assert client.get("/staff/").status_code == 302


def test_a_new_password_by_mail_passes_no_second_factor_and_ends_other_sessions(
    client, chief, mailoutbox
):
    other = Client()
    sign_in(other, "chief@x.org")
    other.post(reverse("mfa_authenticate"), {"code": code()})
    assert other.get("/staff/").status_code == 200
    client.post(reverse("account_reset_password"), {"email": "chief@x.org"})
    url = re.search(r"https?://\S+?(/accounts/\S+)", mailoutbox[0].body)[1]
    where = client.get(url, follow=True).redirect_chain[-1][0]
    new = "another long password"
    client.post(where, {"password1": new, "password2": new}, follow=True)
    assert client.get("/staff/").status_code == 302
    assert other.get("/staff/").status_code == 302
    assert sign_in(client, "chief@x.org", new).url.startswith(reverse("mfa_authenticate"))


def test_what_staff_do_to_an_account_is_logged_and_shown(client, chief, keeper):
    client.force_login(chief)
    page = reverse("staff-person", args=[keeper.pk])
    TOTP.activate(keeper, SECRET)
    for name in ("staff-person-sign-out", "staff-person-factors", "staff-person-active"):
        client.post(reverse(name, args=[keeper.pk]), {"active": "no"})
    text = client.get(page).content.decode()
    for words in ("signed out everywhere", "second factor removed", "let in no more"):
        assert words in text
    assert text.count("chief@x.org") >= 3
