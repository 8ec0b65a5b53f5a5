"""The staff's room in a browser: axe and widths, signed in."""

import pytest

from tests.browser.axe import too_wide, violations
from tests.browser.pages import follow
from tests.browser.portfolio import SECRET, STAFF
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1280])
def test_the_room_is_accessible_and_fits(opened, site, width):
    page = opened(width=width)
    sign_in(page, site, STAFF, SECRET)
    found, looks = {}, {}
    names = [name for name in site.pages if name.startswith("staff")]
    assert len(names) > 8
    for name in names:
        page.goto(site.url(name))
        found[name] = [*too_wide(page), *violations(page, looks)]
    page.goto(site.url("staff-load-new"))
    follow(page.locator("main form button"))
    assert page.locator("#errors").count() == 1
    found["errors"] = violations(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
