"""A citizen who knows one thing finds its page: one search, one click, in the whole sample."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Site, Watch, manage, serving
from tests.browser.pages import follow
from tests.databases import sample_database
from tests.waiting import PATIENCE

pytestmark = pytest.mark.browser

# Reads what stands in the documents of one project, and tells which papers lead where.
_READ = """
import json, sys
import django; django.setup()
from documents.models import Document, DocumentVersion
from documents.text_reading import read_version
for version in DocumentVersion.objects.filter(document__project__number="00102004"):
    read_version(version)
def paper(**of):
    return Document.objects.public().get(**of).get_absolute_url()
json.dump({
    "terms": paper(fund__code="HTI00", title="Terms of reference"),
    "report": paper(fund__code="SOM10", title="Consolidated report 2024"),
    "budget": paper(project__number="00102004", title="Approved budget by category"),
}, sys.stdout)
"""
# What somebody knows, as they write it, and the page they are after.
THINGS = {
    # Numbers and codes.
    "102004": "/project/00102004/",
    "project no. 00102004": "/project/00102004/",
    "1O2OO4": "/project/00102004/",
    "UNDP-00714028": "/project/00102004/",
    "award undp 714028": "/project/00102004/",
    "una046 undp": "/project/00102004/",
    "SOM10": "/fund/SOM10/",
    "fund som-10": "/fund/SOM10/",
    "000127": "/voucher/",
    "voucher 127 SOM10": "/voucher/",
    "SAA-UNA00-NO-01": "/contributor/GOV-NO/",
    "xm dac 41114": "/organization/UNDP/",
    # Names, former names, names in other languages and scripts.
    "Norway": "/contributor/GOV-NO/",
    "how much did Norwey give": "/contributor/GOV-NO/",
    "donor holland": "/contributor/GOV-NL/",
    "UNIFEM": "/organization/UN-WOMEN/",
    "pnud": "/organization/UNDP/",
    "sigida nyeta": "/organization/NGO-ML-1/",
    "відбудова": "/organization/NGO-UA-1/",
    "Mali": "/country/ML/",
    "Malli": "/country/ML/",
    "eithopia": "/country/ET/",
    "Côte d'Ivoire": "/country/CI/",
    "soudan du sud": "/country/SS/",
    # Titles, texts, words explained.
    "justise": "/project/00102004/",
    "sexual violence Mali money": "/project/00102004/",
    "judges salary": "/project/00101837/",
    "terms of reference haiti": "terms",
    "consolidated report 2024 som10": "report",
    "budget 102004": "budget",
    "permanent secretariat": "/project/00102004/",
    "delivery rates": "/glossary/#delivery-rate",
}


@pytest.fixture(scope="module")
def whole(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """The root of a portal with the whole sample, and the addresses of its papers."""
    folder = tmp_path_factory.mktemp("whole")
    listening = socket.create_server(("127.0.0.1", 0))
    root = f"http://localhost:{listening.getsockname()[1]}"
    with listening, sample_database(f"test_finding_{os.getpid()}", folder) as leading_there:
        environment = leading_there | {"SITE_URL": root, "EMAIL_URL": "filemail://"}
        shutil.copytree(site.folder / "static", folder / "static")
        papers = json.loads(manage(environment, "-c", _READ))
        with serving(listening, environment, folder / "web.log"):
            yield root, papers


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody who has been here before: styles and scripts are not fetched anew."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext, whole: tuple[str, dict[str, str]]) -> Iterator[Page]:
    """A page of that portal, at its beginning; it may have no error."""
    page, watch = visitor.new_page(), Watch(whole[0])
    watch.over(page)
    page.goto(whole[0])
    yield page
    page.close()
    assert not watch.faults


@pytest.mark.parametrize("known", THINGS)
def test_what_somebody_knows_leads_to_its_page_by_one_search_and_one_click(page, whole, known):
    root, papers = whole
    page.locator("#home-q").fill(known)
    with page.expect_navigation():
        page.locator("#home-q").press("Enter")
    wanted = papers.get(THINGS[known], THINGS[known])
    links = page.locator("main section h3 a")
    found = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert [url for url in found if url.startswith(wanted)], found
    link = links.nth(next(n for n, url in enumerate(found) if url.startswith(wanted)))
    if wanted in papers.values():
        paper = page.request.get(root + str(link.get_attribute("href")))
        assert paper.headers["content-type"] == "application/pdf"
        return
    follow(link)
    reached = urlsplit(page.url)
    assert reached.path.startswith(wanted.partition("#")[0])
    assert wanted.partition("#")[2] == reached.fragment
    assert page.locator("h1").is_visible()


def test_the_country_of_this_name_stands_before_one_whose_name_has_it_within(page):
    page.locator("#home-q").fill("mali")
    with page.expect_navigation():
        page.locator("#home-q").press("Enter")
    assert page.locator("main section h3 a").first.get_attribute("href") == "/country/ML/"
    assert page.locator("main section", has_text="Somalia").count() == 0


def test_the_text_within_a_document_leads_to_the_page_where_it_stands(page, whole):
    page.locator("#home-q").fill("expert sits with the permanent secretariat")
    with page.expect_navigation():
        page.locator("#home-q").press("Enter")
    passage = page.locator("main section a[href*='#page=']").first
    assert page.request.get(whole[0] + str(passage.get_attribute("href"))).ok
