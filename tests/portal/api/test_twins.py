"""Each page's twin in Markdown: the same rows and figures, at its own address or at the page's."""

import json
import re
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from pytest_django import Settings

from finance.models import Voucher
from portal.kit.files import markdown
from portal.kit.web.twins import prefers_twin
from tests.factories import ProjectFactory
from tests.portal.api.test_lists import portfolio
from tests.portal.kit import reading
from tests.portal.sample.read_back import of_markdown

pytestmark = pytest.mark.django_db
MARKDOWN = "text/markdown; charset=utf-8"
ASKED = {"Accept": "text/markdown, text/html;q=0.9, */*;q=0.1"}


def text_of(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, MARKDOWN), url
    return answer.content.decode()


# The twin, and the page whose file in JSON has the same.
PAGES = (
    ("/projects.md", "/projects/?format=json"),
    ("/projects.md?q=00001&sort=-approved", "/projects/?q=00001&sort=-approved&format=json"),
    ("/projects.md?as_of=2024-01-01", "/projects/?as_of=2024-01-01&format=json"),
    ("/funds.md", "/funds/?format=json"),
    ("/contributors.md", "/contributors/?format=json"),
    ("/vouchers.md", "/vouchers/?format=json"),
    ("/funds/statement.md", "/funds/statement/?format=json"),
    ("/fund/F1/report.md?report_by=year", "/fund/F1/report/?report_by=year&format=json"),
    ("/project/00001/key-figures.md", "/project/00001/key-figures/?format=json"),
    ("/project/00001/records.md?figure=expenditure",
     "/project/00001/records/?figure=expenditure&format=json"),
)  # fmt: skip


@pytest.mark.parametrize(("twin", "page"), PAGES)
def test_a_page_with_a_table_has_the_same_rows_as_text(
    client: Client, twin: str, page: str
) -> None:
    portfolio()
    found = reading.json_object(client.get(page))
    text = text_of(client, twin)
    ((_title, (heads, cells)),) = of_markdown(text).items()
    labels = [column["label"] for column in found["columns"]]
    assert heads[: len(labels)] == labels
    theirs: list[list[Any]] = [row[: len(labels)] for row in cells]
    ours = [
        ["" if value is None else str(value) for value in row.values()] for row in found["rows"]
    ]
    assert theirs[: len(ours)] == ours
    meta = found["meta"]
    assert meta["seal"]["hash"] in text
    assert f"Page: {meta['source']}\n" in text


def test_each_row_has_the_address_of_its_page(client: Client) -> None:
    portfolio()
    assert _addresses(client, "/projects.md") == [
        f"http://localhost:8000/project/0000{n}/" for n in range(3)
    ]
    vouchers = {f"http://localhost:8000/voucher/{one.pk}/" for one in Voucher.objects.all()}
    assert {*_addresses(client, "/vouchers.md")} == vouchers


def _addresses(client: Client, twin: str) -> list[str]:
    ((_title, (heads, cells)),) = of_markdown(text_of(client, twin)).items()
    return [row[heads.index("Address")] for row in cells if "http" in row[-1]]


def test_home_and_search_have_twins_with_figures_addresses_and_seal(client: Client) -> None:
    portfolio()
    ProjectFactory(number="N7", title="Clinics on the coast")
    home = text_of(client, "/index.md")
    figures = of_markdown(home)["Figures"][1]
    listed = json.loads(client.get("/api/v1/funds/").content)["results"]
    approved = next(row for row in figures if row[0] == "Approved budget")
    assert approved[1] == listed[0]["figures"]["approved"]["value"]
    assert approved[-1] == "http://localhost:8000/records/?figure=approved"
    assert "- http://localhost:8000/projects.md\n" in home
    assert "Hash of the seal: " in home
    found = text_of(client, "/search.md?q=clinixs")
    assert "[Clinics on the coast](http://localhost:8000/project/N7/)" in found
    assert "Nothing here is spelt “clinixs”. Searched for “clinics” instead." in found
    assert "Nothing was found for “qqqq”" in text_of(client, "/search.md?q=qqqq")


@pytest.mark.parametrize(
    "twin", ["/index.md", "/project/00001.md", "/fund/F1.md", "/projects.md", "/funds.md"]
)
def test_a_twin_of_then_leads_to_pages_of_then(client: Client, twin: str) -> None:
    portfolio()
    dates = "as_of=2024-06-01&until=2024-05-31"
    text = text_of(client, f"{twin}?{dates}")
    page = "/" if twin == "/index.md" else f"{twin.removesuffix('.md')}/"
    assert f"Page: http://localhost:8000{page}?{dates}\n" in text
    addresses = re.findall(r"http://localhost:8000(/[^\s)|]*)", text)
    assert len(addresses) > 2
    for address in addresses:
        assert address in ("/documents.md", "/loads.md") or dates in address, address
        assert client.get(address).status_code == 200, address


def test_rows_beyond_those_of_a_twin_of_then_are_those_of_then(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    portfolio()
    monkeypatch.setattr(markdown, "MOST_ROWS", 1)
    text = text_of(client, "/fund/F1.md?as_of=2024-06-01")
    assert "http://localhost:8000/fund/F1/?as_of=2024-06-01&format=csv\n" in text


def test_who_prefers_markdown_gets_it_at_the_address_of_the_page(client: Client) -> None:
    portfolio()
    for page in ("/", "/projects/", "/project/00001/", "/fund/F1/", "/search/?q=00001"):
        own = client.get(page, headers=ASKED)
        assert own["Content-Type"] == MARKDOWN, page
        assert "Accept" in own["Vary"].split(", "), page
        for browsers in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
            answer = client.get(page, headers={"Accept": browsers})
            assert answer["Content-Type"].startswith("text/html"), (page, browsers)
            assert "Accept" in answer["Vary"].split(", "), page
    # What has none stays the page, a feed the feed, and a file the file.
    feed = client.get("/project/00001/feed/", headers={"Accept": "text/markdown, */*"})
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert client.get("/feedback/", headers=ASKED)["Content-Type"].startswith("text/html")
    file = client.get("/projects/?format=json", headers=ASKED)
    assert file["Content-Type"] == "application/json"
    reading.body(file)


@pytest.mark.parametrize(
    ("accept", "has_twin"),
    [
        ("text/markdown, text/html", True),
        ("text/html, text/markdown", False),
        ("*/*, text/markdown", True),
        ("text/markdown;q=0.5, text/html;q=0.9", False),
        ("text/markdown;q=0.5, */*", False),
        ("text/html;q=0.5, text/markdown;q=0.9", True),
        # Refused, though anything else is taken.
        ("text/markdown;q=0, text/html;q=0.5, */*", False),
        ("text/*, text/html;q=0.5", False),
    ],
)
def test_markdown_is_preferred_where_it_is_named_and_html_is_not_before_it(
    accept: str, *, has_twin: bool
) -> None:
    request = RequestFactory().get("/", headers={"Accept": accept})
    assert prefers_twin(request) is has_twin


def test_what_is_kept_of_a_page_is_not_given_for_its_twin(
    client: Client, settings: Settings
) -> None:
    portfolio()
    settings.PAGES_KEPT = 100
    caches["pages"].clear()
    etags = set()
    for _time in range(2):
        for headers in ({}, ASKED):
            answer = client.get("/projects/", headers=headers)
            assert answer["Content-Type"].startswith("text/markdown" if headers else "text/html")
            assert "Accept" in answer["Vary"].split(", ")
            etags.add(answer["ETag"])
            again = client.get("/projects/", headers={**headers, "If-None-Match": answer["ETag"]})
            assert (again.status_code, "Accept" in again["Vary"].split(", ")) == (304, True)
    assert len(etags) == 2
    caches["pages"].clear()


def test_a_page_says_where_its_twin_is_in_each_language(client: Client) -> None:
    portfolio()
    for page, twin in (
        ("/", "/index.md"), ("/fr/", "/fr/index.md"), ("/fr/projects/", "/fr/projects.md"),
        ("/project/00001/", "/project/00001.md"),
        ("/project/00001/vouchers/", "/project/00001/vouchers.md"),
    ):  # fmt: skip
        link = f'<link rel="alternate" type="text/markdown" href="http://localhost:8000{twin}">'
        assert link in client.get(page).content.decode(), page
        assert text_of(client, twin).startswith("# ")
    assert "text/markdown" not in client.get("/feedback/").content.decode()


@pytest.mark.parametrize(
    ("twin", "said"),
    [
        ("/glossary.md", "## Delivery rate"),
        ("/help.md", "[How to read a factsheet](http://localhost:8000/help/factsheets/)"),
        ("/help/factsheets.md", "- Approved budget: what may be spent."),
        ("/contact.md", "# Contact us"),
        ("/scam-alert.md", "# "),
        ("/information-disclosure.md", "# "),
        ("/fr/glossary.md", "# Glossaire"),
    ],
)
def test_pages_of_words_have_twins_that_lead_back_to_them(
    client: Client, twin: str, said: str
) -> None:
    portfolio()
    text = text_of(client, twin)
    assert said in text
    page = f"{twin.removesuffix('.md')}/"
    assert f"http://localhost:8000{page}" in text
    assert f'type="text/markdown" href="http://localhost:8000{twin}"' in (
        client.get(page).content.decode()
    )


def test_what_assistants_find_first_names_the_glossary_and_the_help(client: Client) -> None:
    portfolio()
    said = client.get("/llms.txt").content.decode()
    assert "http://localhost:8000/glossary.md" in said
    assert "http://localhost:8000/help.md" in said


def test_what_is_closed_or_not_there_has_no_twin(client: Client, admin_client: Client) -> None:
    for url in (
        "/staff/loads.md",
        "/gateway/reports.md",
        "/feedback.md",
        "/help/nothing.md",
        "/nowhere.md",
        "/.md",
    ):
        assert client.get(url).status_code == 404, url
        assert admin_client.get(url).status_code == 404, url
    assert client.get("/projects.md?coutry=ML").status_code == 400
