"""Going from page to page as a reader does, and waiting until the next page is there."""

from playwright.sync_api import Locator


def follow(place: Locator) -> None:
    """Click what leads to another page and wait until that page is whole.

    A click by itself returns when the new address is known: what is counted at once may be the old
    page, or half of the new one.
    """
    with place.page.expect_navigation():
        place.click()
