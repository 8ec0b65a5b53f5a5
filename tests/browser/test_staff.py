"""The staff's room in a browser: axe and widths, signed in."""

import pytest

from tests.browser.axe import too_wide, violations
from tests.browser.pages import follow
from tests.browser.portfolio import SECRET, STAFF
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


def test_the_room_is_accessible_and_fits(opened, site):
    names = [name for name in site.pages if name.startswith("staff")]
    assert len(names) > 8
    found, looks = {}, {}
    for width in (390, 1280):
        page = opened(width=width)
        sign_in(page, site, STAFF, SECRET)
        for name in names:
            page.goto(site.url(name))
            found[width, name] = [*too_wide(page), *violations(page, looks)]
        page.goto(site.url("staff-load-new"))
        follow(page.locator("main form button"))
        assert page.locator("#errors").count() == 1
        found[width, "errors"] = violations(page, looks)
    assert {place: faults for place, faults in found.items() if faults} == {}
