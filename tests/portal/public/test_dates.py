"""As of and until on pages: said in words, kept by links, corrected when wrong; provenance."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from lxml import html

from portal.kit.dates import Dates
from portal.kit.kept_dates import keep_dates
from projects.models import Office
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db

BOTH = Dates(date(2025, 5, 31), date(2024, 12, 31))
PAGES = (
    *("/", "/projects/", "/funds/", "/organizations/", "/countries/", "/vouchers/", "/loads/"),
    *("/fund/F/", "/project/P/", "/project/P/key-figures/", "/project/P/vouchers/"),
    *("/project/P/records/", "/project/P/changes/", "/records/"),
)


@pytest.fixture(scope="module")
def loads(module_db):
    """Two loads of one project, 9 and 4 days ago."""
    project = ProjectFactory(number="P", fund=FundFactory(code="F"))
    source, now = SourceFactory(), timezone.now()
    return [
        released(transfer(project, base_amount), source=source, moment=now - timedelta(days=days))
        for base_amount, days in (("1000", 9), ("2500", 4))
    ]


def day(days_ago: int) -> str:
    return (timezone.localdate() - timedelta(days=days_ago)).isoformat()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", ["as_of={}", "until={}", "as_of={}&until=2024-12-31"])
def test_every_page_with_figures_says_its_dates_and_keeps_them(client, loads, page, query):
    asked = query.format(day(6))
    text = client.get(f"{page}?{asked}").content.decode()
    assert 'class="notice then"' in text
    links = re.findall(r'<a\b[^>]*href="(/[^"]*)"[^>]*>', text.replace("data-as-is", ""))
    # What is asked about a page, feeds and calendars are of today.
    of_today = re.compile(r"/(static|follow|feedback)/|.*(/feed/|\.ics)$")
    inner = [url for url in links if not of_today.match(url)]
    kept = [url for url in inner if asked.split("&")[0] in url]
    assert len(kept) >= len(inner) - 1  # all but the way back to today


def test_links_and_forms_of_ours_take_the_dates_and_no_others():
    dates = "as_of=2025-05-31&amp;until=2024-12-31"
    for before, after in (
        ('<a href="/x/">', f'<a href="/x/?{dates}">'),
        ('<a class="n" href="/x/?a=1#b">', f'<a class="n" href="/x/?a=1&amp;{dates}#b">'),
        ('<a href="?page=2&amp;as_of=2020-01-01">',) * 2,
        ('<a href="https://example.org/">',) * 2,
        ('<a href="//example.org/">',) * 2,
        ('<a href="#here">',) * 2,
        ('<a href="/x/" data-as-is>',) * 2,
        ('<form method="post"></form>',) * 2,
    ):
        assert keep_dates(before, BOTH) == after
    assert keep_dates("<form></form>", BOTH).count('type="hidden"') == 2
    assert keep_dates('<a href="/x/">', Dates()) == '<a href="/x/">'


def test_a_day_to_come_is_corrected_with_a_notice(client, loads):
    for page in ("/", "/projects/", "/project/P/", "/fund/F/"):
        for name in ("as_of", "until"):
            answer = client.get(f"{page}?{name}=2999-01-01")
            assert answer.status_code == 200
            assert "notice warn" in answer.content.decode()


@pytest.mark.parametrize("page", [*PAGES, "/funds/statement/", "/fund/F/statement/"])
@pytest.mark.parametrize("as_of", ["2025-02-30", "yesterday", "0001-01-01", "x%00", "05/02/2025"])
def test_nothing_is_shown_by_a_day_that_is_none(client, loads, page, as_of):
    for name in ("as_of", "until"):
        answer = client.get(f"{page}?{name}={as_of}")
        text = answer.content.decode()
        assert answer.status_code == 400
        assert "is not a day that" in text
        assert "2,500" not in text
        assert f'href="{page}"' in text


@pytest.mark.parametrize(
    "asked",
    [
        *("/fund/F/statement/?year=x", "/funds/statement/?year=20255", "/fund/F/report/?year=x"),
        *("/fund/F/report/?report_by=x", "/organization/ORG/report/?report_by=x"),
        *("/project/P/key-figures/?report_by=x", "/fund/F/annual-report/?year=x"),
        *("/contributors/outstanding/?figure=x", "/project/P/compare/?first=x"),
        *("/fund/F/compare/?second=2025-02-30", "/project/P/?from=2020&to=2018"),
    ],
)
def test_what_an_address_asks_for_and_is_nothing_shows_nothing(client, loads, asked):
    OrganizationFactory(code="ORG")
    page = client.get(asked)
    assert page.status_code == 400
    assert "2,500" not in page.content.decode()
    file = client.get(f"{asked}&format=json")
    assert file.status_code == 400
    assert file.headers["Content-Type"].startswith("text/plain")


def test_a_range_without_anything_in_it_is_said_to_be_wrong(client, loads):
    for asked in ("/records/?first=2020&last=2018", "/project/P/records/?first=2020&last=2018"):
        page = client.get(asked).content.decode()
        assert "lies before" in page
        assert "2,500.00" not in page
        assert client.get(f"{asked}&format=csv").status_code == 400


def test_figures_are_those_known_at_the_end_of_the_day(client, loads):
    for days_ago, shown in ((10, "0"), (9, "1,000"), (5, "1,000"), (4, "2,500")):
        text = client.get(f"/fund/F/?as_of={day(days_ago)}").content.decode()
        glance = text.split('id="glance"')[1].split("</section>")[0]
        assert shown in re.findall(r">\s*([\d,]+)\s*<", glance)


def test_before_the_first_release_the_page_says_when_memory_begins(client, loads):
    text = client.get(f"/projects/?as_of={day(30)}").content.decode()
    assert "memory begins on" in text


@pytest.mark.parametrize("fmt", ["xlsx", "csv", "json", "print", "iati"])
def test_the_factsheet_of_then_comes_in_every_format(client, loads, fmt):
    page = "/project/P/" if fmt != "csv" else "/project/P/vouchers/"
    answer = client.get(f"{page}?as_of={day(6)}&until={day(0)}&format={fmt}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    if fmt in {"json", "csv", "iati"}:
        assert b"1000" in content
        assert b"2500" not in content


def test_texts_are_of_that_time_where_their_history_goes_back(client, loads):
    project = loads[0].project_statements.model._meta.get_field("project").related_model
    project.objects.filter(number="P").update(title="A new title")
    text = client.get(f"/project/P/?as_of={day(0)}").content.decode()
    assert "A new title" in text
    assert (
        "the history of this project’s texts begins on"
        in client.get(f"/project/P/?as_of={day(6)}").content.decode()
    )


def test_a_load_shows_figures_before_and_after_and_its_records(client, loads):
    text = client.get(f"/load/{loads[1].pk}/").content.decode()
    assert loads[1].sha256 in text
    assert [">1,000<" in text, ">2,500<" in text, ">1,500<" in text] == [True] * 3
    added = client.get(f"/load/{loads[1].pk}/records/").content.decode()
    withdrawn = client.get(f"/load/{loads[1].pk}/records/?what=withdrawn").content.decode()
    assert "2,500.00" in added
    assert "1,000.00" in withdrawn


def test_the_factsheet_tells_what_changed_newest_first(client, loads):
    text = client.get("/project/P/").content.decode().split('id="changes"')[1]
    assert text.index("2,500") < text.index(f'/load/{loads[0].pk}/"')


def test_two_dates_stand_side_by_side_whatever_is_asked(client, loads):
    for page in ("/project/P/compare/", "/fund/F/compare/"):
        text = client.get(f"{page}?first={day(6)}&second={day(0)}").content.decode()
        assert [">1,000<" in text, ">2,500<" in text, ">1,500<" in text] == [True] * 3
        lead = html.fromstring(text).xpath("string((//p[@class='lead'])[2])")
        assert "up by US$\N{NO-BREAK SPACE}1,500" in lead
        same = client.get(f"{page}?first={day(0)}&second={day(0)}").content.decode()
        assert "No figure changed between the two dates." in same
        for other in ("first=2024-02-29&second=9999-01-01", "second=0001-01-01", ""):
            assert client.get(f"{page}?{other}").status_code == 200


@pytest.mark.parametrize("page", ["/project/P/", "/fund/F/"])
def test_a_feed_announces_releases_and_marks_a_sample(client, loads, page):
    Office.objects.update_or_create(pk=1, defaults={"sample": True})
    assert f'href="{page}feed/"' in client.get(page).content.decode()
    answer = client.get(f"{page}feed/")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert "Sample data" in text
    assert all(f"/load/{load.pk}/" in text for load in loads)


@pytest.mark.parametrize("page", ["/projects/", "/project/P/", "/fund/F/"])
@pytest.mark.parametrize("asked", ["as_of=2024-02-30", "until=31/12/2023"])
def test_a_file_of_a_day_that_is_none_is_refused(client, loads, page, asked):
    answer = client.get(f"{page}?{asked}&format=json")
    assert answer.status_code == 400
    assert "is not a day" in answer.content.decode()


def test_csv_says_what_it_is_by_header_and_by_choice(client, loads):
    answer = client.get(f"/projects/?as_of={day(5)}&format=csv")
    link = answer.headers["Link"]
    assert 'rel="describedby"' in link and "about=only" in link
    beside = client.get(re.search(r"<https?://[^/>]+([^>]*about=only)>", link)[1])
    for text in (beside.content.decode(), first_lines(client, "about=yes")):
        assert "As known on: " in text and "Source: " in text


def first_lines(client, more):
    """The comment lines of a CSV file."""
    answer = client.get(f"/projects/?as_of={day(5)}&format=csv&{more}")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    return "\n".join(line[2:] for line in lines if line.startswith("# "))


def test_the_files_of_a_past_day_say_what_their_page_says_is_not_of_it(client):
    project = ProjectFactory()
    released(transfer(project, 10), moment=timezone.now() - timedelta(days=30))
    today = timezone.localdate()
    for day, told in ((today - timedelta(days=2), "the shares of countries in sums"),
                      (today - timedelta(days=90), "memory begins on")):  # fmt: skip
        for address in ("/projects/", project.fund.get_absolute_url() + "records/"):
            asked = f"{address}?as_of={day}"
            assert told in client.get(asked).content.decode()
            file = b"".join(client.get(f"{asked}&format=csv&about=yes"))
            assert told in file.decode()
