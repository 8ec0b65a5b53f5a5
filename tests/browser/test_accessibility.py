"""axe inside every kind of page, at both widths and in both colour schemes."""

import pytest

from tests.browser.axe import (
    in_the_dark,
    scrolls_in_itself,
    too_long,
    too_wide,
    violations,
    widen,
)
from tests.browser.pages import follow

pytestmark = pytest.mark.browser

PAGES = (
    "home",
    "project-list",
    "fund-list",
    "organization-list",
    "country-list",
    "voucher-list",
    "document-list",
    "load-list",
    "report-list",
    "project-closure",
    "project-revisions",
    "project-preset",
    "factsheet",
    "fund",
    "fund-statement",
    "fund-annual",
    "funds-flow",
    "fund-performance",
    "fund-performance-projects",
    "contributor-list",
    "contributor",
    "outstanding",
    "fund-outstanding",
    "fund-forward",
    "fund-decisions",
    "decision-list",
    "sub-grant-list",
    "contributor-forward",
    "contributor-notional",
    "organization",
    "country",
    "side-by-side",
    "help",
    "help-page",
    "voucher",
    "load",
    "search",
    "feedback",
    "glossary",
    "contact",
    "scam-alert",
    "information-disclosure",
    "data",
    "document-search",
    "document-history",
    "404",
    "410",
    "withheld",
    "untitled",
)


def test_axe_finds_nothing_in_light_and_dark_and_no_page_is_too_wide_or_too_long(opened, site):
    """Colours are the same at each width: the dark is looked at in one, and contrast of looks that
    the narrow window had is not asked again in the wide one."""
    found, looks, page = {}, {}, opened(width=390)
    for name in PAGES:
        page.goto(site.url(name))
        found[390, name] = [
            *_faults(page, looks), *in_the_dark(page, looks), *scrolls_in_itself(page)
        ]  # fmt: skip
        # A window of 1,280 at 400 % zoom (WCAG 2.2, 1.4.10).
        widen(page, 320)
        found[320, name] = too_wide(page)
        widen(page, 1280)
        found[1280, name] = _faults(page, looks)
        widen(page, 390)
    assert {place: faults for place, faults in found.items() if faults} == {}


def _faults(page, looks):
    return [*too_wide(page), *too_long(page), *violations(page, looks)]


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_open_menus_and_failed_forms(opened, site, width):
    page = opened(width=width)
    page.goto(site.url("factsheet"))
    page.locator("details.menu summary").click()
    assert violations(page) == []
    page.locator("main button.term").first.click()
    assert violations(page) == []
    page.goto(site.url("project-list"))
    if page.locator("details.filters summary").is_visible():
        page.locator("details.filters summary").click()
    assert violations(page) == []
    page.goto(site.url("feedback"))
    follow(page.locator("main form button"))
    assert page.locator("#errors").count() == 1
    assert violations(page) == []


def test_no_page_of_many_rows_is_wider_than_a_narrow_window(opened, site):
    page = opened(width=320)
    page.goto(site.url("factsheet-200"))
    assert too_wide(page) == []
