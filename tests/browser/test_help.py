"""The pictures of the help: made from the pages themselves, so that none grows old unnoticed.

`make pictures` makes them anew.
"""

import json
import os
import re
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from portal.about.helping import PAGES
from tests.browser.portfolio import KEEPER, SECRET, STAFF
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

FOLDER = settings.BASE_DIR / "static" / "img" / "help"
SEEN = settings.BASE_DIR / "tests" / "data" / "help_pictures.json"
# Each picture: its page, what of it, and who looks.
PICTURES = {
    "glance": ("factsheet", "#glance", ""),
    "records": ("records", ".frame", ""),
    "contributor": ("contributor", "#glance", ""),
    "upload": ("gateway-project", "form[data-upload]", KEEPER),
    "lines": ("load", "main .frame", ""),
    "invite": ("staff-invite", "main form", STAFF),
}


def words(text: str) -> str:
    """What stands there, less what differs from day to day."""
    return " ".join(re.sub(r"\d[\d.,:]*|\b[A-Z][a-z]{2}\b|−", " ", text).split())


def test_each_picture_shows_what_the_page_shows_today(opened, site):
    made, seen = {}, {}
    pages = {}
    for name, (place, part, who) in PICTURES.items():
        page = pages.get(who)
        if page is None:
            page = pages[who] = opened(width=1100)
            if who:
                sign_in(page, site, who, SECRET if who == STAFF else "")
        page.goto(site.url(place))
        shown = page.locator(part).first
        seen[name] = words(shown.inner_text())[:400]
        made[name] = shown.screenshot()
    if os.environ.get("PICTURES") == "make":
        for name, picture in made.items():
            image = Image.open(BytesIO(picture)).convert("RGB").quantize(64)
            image.save(FOLDER / f"{name}.png", optimize=True)
        SEEN.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert seen == json.loads(SEEN.read_text(encoding="utf-8")), "run `make pictures`"
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(PICTURES)


def test_each_page_of_help_shows_pictures_that_are_there(opened, site):
    page = opened(width=390)
    for name in PAGES:
        page.goto(f"{site.root}/help/{name}/")
        for image in page.locator("figure.shot img").all():
            image.scroll_into_view_if_needed()
            image.evaluate("image => image.decode()")
            assert image.get_attribute("alt")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
