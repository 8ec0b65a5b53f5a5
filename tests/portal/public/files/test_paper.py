"""PDFs: every word lies on its page, however many columns a table has."""

import re
import subprocess

import pytest

from projects.models import Status
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
# Kinds of pages that are made of most of the others' parts, in every other language.
IN_ALL_LANGUAGES = ("/project/00102004/", "/fund/UNA00/", "/contributor/UNDP/statement/2021/")
MARGIN = 20  # points; text ends well within the paper
PAGES = (
    "/project/00102004/",
    "/project/00102004/closure/",
    "/projects/",
    "/projects/no-report/",
    "/fund/UNA00/",
    "/fund/UNA00/annual-report/",
    "/contributors/",
    "/contributor/UNDP/",
    "/contributor/UNDP/statement/2021/",
    "/organization/UNDP/",
    "/reports/",
    "/vouchers/",
    "/seals/",
)


def words_outside(pdf: bytes) -> list[str]:
    """The words that do not lie within the margins of their page."""
    found = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    width, outside = 0.0, []
    for line in found.stdout.decode().splitlines():
        if page := re.search(r'<page width="([\d.]+)"', line):
            width = float(page[1])
        word = re.search(r'xMin="(-?[\d.]+)".* xMax="(-?[\d.]+)".*?>(.*)</word>', line)
        # Marks over letters have no width.
        if word and not MARGIN < float(word[1]) <= float(word[2]) < width - MARGIN:
            outside.append(word[3])
    assert width
    return outside


@pytest.fixture(scope="module")
def _portfolio(module_db):
    """Projects with money of all kinds, one of them closed."""
    world = World()
    world.open.status = Status.OPERATIONALLY_CLOSED
    world.open.save()


@pytest.mark.usefixtures("_portfolio")
@pytest.mark.parametrize(
    "page",
    [*PAGES, *(f"/{code}{page}" for code in ("fr", "es", "ar") for page in IN_ALL_LANGUAGES)],
)
def test_every_word_of_a_pdf_lies_on_its_page(client, page):
    answer = client.get(page, {"format": "pdf"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert words_outside(answer.content) == []
