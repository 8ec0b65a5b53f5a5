"""One page of each kind in each language but English: axe, the window, and the way of writing."""

import pytest

from tests.browser.axe import too_wide, violations

pytestmark = pytest.mark.browser
KINDS = (
    "home",
    "project-list",
    "voucher-list",
    "report-list",
    "document-list",
    "factsheet",
    "fund",
    "fund-statement",
    "organization",
    "contributor",
    "country",
    "load",
    "search",
    "feedback",
    "glossary",
    "help-page",
    "data",
    "404",
)
# Words are longest in French and Spanish, where a phone is narrowest; Arabic turns a page round.
WINDOWS = {"fr": 390, "es": 390, "ar": 1280}


@pytest.mark.parametrize("language", WINDOWS)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(opened, site, language):
    page, found, looks = opened(width=WINDOWS[language]), {}, {}
    for kind in KINDS:
        page.goto(site.url(kind, language))
        written = page.evaluate(
            "[document.documentElement.lang, getComputedStyle(document.body).direction]"
        )
        assert written == [language, "rtl" if language == "ar" else "ltr"], kind
        if faults := [*too_wide(page), *violations(page, looks)]:
            found[kind] = faults
    assert found == {}
