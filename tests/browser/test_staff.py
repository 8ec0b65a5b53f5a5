"""The staff's room in a browser: axe and widths, signed in."""

import pytest

from tests.browser.axe import in_both_windows
from tests.browser.pages import follow
from tests.browser.portfolio import SECRET, STAFF
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser


def test_the_room_is_accessible_and_fits(opened, site):
    names = [name for name in site.pages if name.startswith("staff")]
    assert len(names) > 8
    found, looks, page = {}, {}, opened()
    sign_in(page, site, STAFF, SECRET)
    for name in names:
        page.goto(site.url(name))
        found[name] = in_both_windows(page, looks)
    page.goto(site.url("staff-load-new"))
    follow(page.locator("main form button"))
    assert page.locator("#errors").count() == 1
    found["errors"] = in_both_windows(page, looks)
    assert {place: faults for place, faults in found.items() if faults} == {}
