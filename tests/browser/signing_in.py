"""Signing in by address, password and second factor, as a person does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.portfolio import PASSWORD
from tests.waiting import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site

_used: set[tuple[str, int]] = set()
# By site and address, the cookies of who signed in.
_signed_in: dict[tuple[str, str], list[Any]] = {}


def sign_in(page: Page, site: Site, email: str, secret: str = "", password: str = PASSWORD) -> None:
    """Sign in, with a secret also by the code of an app; later go on with the same session.

    Each code is good for once only: a third within a minute would have to be waited for.
    """
    if kept := _signed_in.get((site.root, email)):
        page.context.add_cookies(kept)
        return
    page.goto(f"{site.root}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main form [type=submit]")
    if secret:
        # A code may be over by the time it arrives.
        while page.locator("[name=code]").count():
            page.fill("[name=code]", fresh_code(secret))
            with page.expect_navigation():
                page.click("main form [type=submit]")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    _signed_in[site.root, email] = page.context.cookies()


def fresh_code(secret: str) -> str:
    """A code that was not used yet: each is good for once only.

    That of the last half minute is taken too, but may be too old when it arrives.
    """
    counter = wait_until(lambda: _unused(secret))
    _used.add((secret, counter))
    return format_hotp_value(hotp_value(secret, counter))


def _unused(secret: str) -> int | None:
    now = int(time.time()) // 30
    return next((step for step in (now, now + 1) if (secret, step) not in _used), None)
