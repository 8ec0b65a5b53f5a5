"""Signing in by address, password and second factor, as a person does."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.portfolio import PASSWORD

_used = set()


def sign_in(page, site, email, secret="", password=PASSWORD):
    """Sign in; with a secret also by the code of an authenticator app."""
    page.goto(f"{site.root}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main form [type=submit]")
    if secret:
        page.fill("[name=code]", fresh_code(secret))
        page.click("main form [type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)


def fresh_code(secret):
    """A code that was not used yet: each is good for once only.

    That of the last half minute is taken too, but may be too old when it arrives.
    """
    while True:
        now = int(time.time()) // 30
        for counter in (now, now + 1):
            if (secret, counter) not in _used:
                _used.add((secret, counter))
                return format_hotp_value(hotp_value(secret, counter))
        time.sleep(1)
