"""Passkeys in a real Chromium, with an authenticator that Chromium simulates."""

import re

import pytest

from tests.browser.axe import violations
from tests.browser.pages import follow
from tests.browser.portfolio import PASSWORD, SECRET, STAFF
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


class Key:
    """A built-in authenticator that knows its user, as of a telephone or a laptop."""

    def __init__(self, page) -> None:
        self.line = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        answer = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = answer["authenticatorId"]

    @property
    def credentials(self):
        answer = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return answer["credentials"]

    def refuse(self) -> None:
        """From now on the user is not recognized."""
        asked = {"authenticatorId": self.id, "isUserVerified": False}
        self.line.send("WebAuthn.setUserVerified", asked)


@pytest.fixture
def invited(opened, site):
    """Invites somebody, and gives the page behind the link of the mail."""

    def invite(email, role=""):
        chief = opened()
        sign_in(chief, site, STAFF, SECRET)
        chief.goto(site.url("staff-invite"))
        chief.fill("[name=email]", email)
        if role:
            chief.select_option("[name=role]", label=role)
        chief.locator("main form button").click()
        chief.get_by_text("Invited: the link works").wait_for()
        link = re.search(r"http://\S+/accounts/invitation/\S+", site.mails_to(email)[-1])[0]
        page = opened()
        page.goto(link)
        page.fill("[name=first_name]", "Nora")
        page.fill("[name=last_name]", "New")
        page.fill("[name=password]", PASSWORD)
        page.locator("main form button").click()
        page.wait_for_url(lambda url: "/invitation/" not in url)
        return page, link

    return invite


def sign_out(page, site):
    page.goto(site.url("gateway-account"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site.root}/")


def set_up(page):
    """Make a passkey on the page where one is led to; gives the recovery codes."""
    page.locator("#mfa_webauthn_add").wait_for()
    page.wait_for_load_state()  # its script comes last
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    assert violations(page) == []
    return page.locator("#recovery_codes").input_value().split()


def give_password(page, site, email):
    page.goto(f"{site.root}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form [type=submit]")
    page.wait_for_url("**/accounts/2fa/authenticate/**")


def test_an_invited_person_keeps_a_passkey_and_signs_in_by_it_alone_or_as_second_factor(
    invited, site, opened
):
    page, link = invited("nora@browser.example.org")
    key = Key(page)
    page.goto(site.url("gateway-factors"))
    assert violations(page) == []
    follow(page.get_by_role("link", name=re.compile("passkey", re.I)))
    assert violations(page) == []
    codes = set_up(page)
    assert len(codes) == 10
    assert [c["isResidentCredential"] for c in key.credentials] == [True]
    sign_out(page, site)
    # As a second factor.
    give_password(page, site, "nora@browser.example.org")
    assert violations(page) == []
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto(site.url("gateway-account"))
    assert "nora@browser.example.org" in page.inner_text("main")
    sign_out(page, site)
    # Alone.
    page.goto(f"{site.root}/accounts/login/?next={site.pages['gateway-account']}")
    page.locator("#passkey_login").click()
    page.wait_for_url(site.url("gateway-account"))
    assert "nora@browser.example.org" in page.inner_text("main")
    sign_out(page, site)
    # A recovery code in its place, once.
    for works in (True, False):
        give_password(page, site, "nora@browser.example.org")
        page.fill("[name=code]", codes[0])
        follow(page.locator("main form [type=submit]").first)
        if works:
            page.wait_for_url(lambda url: "/accounts/" not in url)
            sign_out(page, site)
    assert page.locator("#errors").count() == 1
    # The invitation is used up.
    again = opened()
    assert again.goto(link).status == 410


def test_staff_are_led_to_a_passkey_and_with_it_alone_reach_their_room_and_the_admin(invited, site):
    email = "olga@browser.example.org"
    page, _link = invited(email, "Fund staff, who enter")
    key = Key(page)
    # Nothing opens before there is a second factor, and the page says why.
    for path in ("/staff/", "/admin/", "/"):
        page.goto(site.root + path)
        assert page.url == site.url("gateway-factors")
        assert "Staff need a second factor" in page.inner_text("main")
    follow(page.get_by_role("link", name=re.compile("passkey", re.I)))
    set_up(page)
    for path in ("/staff/", "/admin/"):
        assert page.goto(site.root + path).status == 200
        assert page.url == site.root + path
    sign_out(page, site)
    page.goto(f"{site.root}/admin/")
    assert "/accounts/login/" in page.url
    page.locator("#passkey_login").click()
    page.wait_for_url(f"{site.root}/admin/")
    assert page.goto(f"{site.root}/staff/").status == 200
    sign_out(page, site)
    give_password(page, site, email)
    page.goto(f"{site.root}/staff/")
    assert page.url.startswith(f"{site.root}/accounts/")
    page.goto(f"{site.root}/accounts/2fa/authenticate/")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(f"{site.root}/staff/")
    assert len(key.credentials) == 1


def test_a_passkey_that_does_not_know_its_user_lets_nobody_in_and_the_page_says_so(
    invited, site, opened
):
    page, _link = invited("paul@browser.example.org")
    key = Key(page)
    page.goto(site.url("gateway-factors"))
    follow(page.get_by_role("link", name=re.compile("passkey", re.I)))
    set_up(page)
    sign_out(page, site)
    key.refuse()
    page.goto(f"{site.root}/accounts/login/")
    page.locator("#passkey_login").click()
    page.locator("#key-failed").wait_for()
    assert "passkey" in page.locator("#key-failed").inner_text()
    assert violations(page) == []
    page.goto(site.url("gateway-account"))
    assert "/accounts/login/" in page.url
