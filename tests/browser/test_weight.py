"""What the factsheet of a project with 200 vouchers costs its reader."""

import gzip
from urllib.request import Request, urlopen

import pytest

from tests.browser.pages import follow
from tests.browser.portfolio import VOUCHERS

pytestmark = pytest.mark.browser


def test_first_view_of_a_factsheet_transfers_at_most_150_kb(opened, site):
    page = opened()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(site.url("factsheet-200"), wait_until="networkidle")
    assert len(sizes) > 5
    assert sum(sizes) <= 150_000


def test_html_of_a_factsheet_with_200_vouchers_is_at_most_60_kb(opened, site):
    with urlopen(Request(site.url("factsheet-200"))) as response:  # noqa: S310
        assert response.headers["Content-Encoding"] is None
        html = response.read()
    assert len(html) <= 60_000, f"{len(gzip.compress(html))} compressed"
    page = opened()
    page.goto(site.url("factsheet-200"))
    assert 0 < page.locator("#vouchers tbody tr").count() < VOUCHERS
    page.locator("details.fold:has(#vouchers) summary").first.click()
    follow(page.locator("#vouchers .section-head a"))
    assert f"{VOUCHERS}" in page.locator("main .results").inner_text()


def test_static_files_are_hashed_and_kept_by_the_browser(opened, site):
    page = opened()
    page.goto(site.url("home"))
    sheet = page.locator('link[rel="stylesheet"][href*="/static/css/base."]')
    with urlopen(site.root + sheet.get_attribute("href")) as response:  # noqa: S310
        assert "immutable" in response.headers["Cache-Control"]
