"""List pages: filters, order, pages of rows, and what strange addresses do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from projects.models import Country
from tests.portal.kit import reading
from tests.portal.kit.kit_site import CountryTable

pytestmark = pytest.mark.django_db

FIRST = [f"C{number:02}" for number in range(10)]


@pytest.fixture(autouse=True)
def countries():
    """Twenty-five countries and one region, in the order of their names."""
    Country.objects.all().delete()
    Country.objects.bulk_create(
        Country(code=f"C{number:02}", name=f"Land {number:02}") for number in range(25)
    )
    Country.objects.create(code="R1", name="Zone", kind=Country.Kind.REGION)


def codes(response):
    """The codes on a page, in its order."""
    assert response.status_code == 200
    return [row[0] for row in reading.page_rows(response.content)]


def test_a_list_shows_its_first_page_with_count_and_links(site):
    response = site.get("/countries/")
    assert codes(response) == FIRST
    text = " ".join(html.fromstring(response.content).text_content().split())
    assert "26 results" in text
    assert "Rows 1–10 of 26" in text
    assert "Downloads contain all 26 rows" in text
    for name in ("table", "filter", "count", "page_obj", "paginator", "page_numbers", "crumbs"):
        assert name in response.context


@pytest.mark.parametrize(
    ("page", "first"),
    [("2", "C10"), ("3", "C20"), ("99999", "C20"), ("0", "C20"), ("-1", "C20"), ("x", "C00"),
     ("", "C00"), ("1\0", "C00"), ("9" * 5000, "C00"), ("1.5", "C00"), ("٢", "C10")],
)  # fmt: skip
def test_a_wrong_page_number_gives_a_page_that_exists(site, page, first):
    assert codes(site.get("/countries/", {"page": page}))[0] == first


@pytest.mark.parametrize(
    "sort", ["nonsense", "-", "--name", "letters", "-pk", "name;drop", "a" * 5000, "\0name", ","]
)
def test_an_unknown_order_is_ignored(site, sort):
    expected = FIRST
    if sort == "\0name":  # is `name` without the NUL
        expected = FIRST
    assert codes(site.get("/countries/", {"sort": sort})) == expected


def test_a_column_sorts_both_ways_and_says_so(site):
    response = site.get("/countries/?sort=-code")
    assert codes(response)[:2] == ["R1", "C24"]
    page = html.fromstring(response.content)
    heading = page.xpath("//th[@aria-sort]")[0]
    assert (heading.text_content().strip(), heading.get("aria-sort")) == ("Code", "descending")
    assert heading.xpath("a")[0].get("href") == "?sort=code"
    assert not page.xpath("//th[contains(., 'Letters')]/a")


def test_the_order_always_ends_in_the_primary_key():
    for asked, key in ((None, "pk"), ("kind", "pk"), ("-kind", "-pk")):
        table = CountryTable(Country.objects.order_by("kind"), order_by=asked)
        assert table.data.data.query.order_by[-1] == key
    assert CountryTable(Country.objects.order_by("-id")).data.data.query.order_by == ("-id",)


def test_filters_narrow_the_list_and_its_files(site):
    response = site.get("/countries/?kind=region")
    assert codes(response) == ["R1"]
    file = site.get("/countries/?kind=region&format=json")
    made = reading.json_object(file)
    assert [row["code"] for row in made["rows"]] == ["R1"]
    assert made["meta"]["filters"] == [{"label": "Kind", "value": "Region"}]


def test_files_hold_all_rows_in_the_order_of_the_page(site):
    rows = reading.csv_rows(site.get("/countries/?sort=-code&page=2&format=csv"))
    assert [row[0] for row in rows[1:3]] == ["R1", "C24"]
    assert len(rows) == 27
    sheet = reading.sheets(site.get("/countries/?sort=-code&format=xlsx")).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=2, max_row=3)] == [
        row[:2] for row in rows[:3]
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "nonsense"), ("many", "\0"), ("many", "nowhere"), ("number", "abc"),
     ("number", "1e999999"), ("number", "NaN"), ("number", "9" * 400)],
)  # fmt: skip
def test_a_wrong_filter_value_finds_nothing_and_says_why(site, name, value):
    response = site.get("/countries/", {name: value})
    assert codes(response) == []
    assert "cannot be read" in response.content.decode()
    assert "<b>0</b> results" not in response.content.decode()
    assert response.context["filter"].form.errors
    assert html.fromstring(response.content).xpath("//details[@open]//ul[@class='errors']")


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "pdf", "print"])
@pytest.mark.parametrize(
    "query", [{"kind": "nonsense"}, {"number": "abc"}, {"as_of": "2024-02-30"}, {"until": "x"}]
)
def test_a_file_by_what_cannot_be_read_is_refused_in_words(site, form, query):
    answer = site.get("/countries/", {**query, "format": form})
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        400, "text/plain; charset=utf-8",
    )  # fmt: skip
    assert "No file was made" in answer.content.decode()


@pytest.mark.parametrize("query", [{"as_of": "2024-02-30"}, {"until": "31/12/2023"}])
def test_a_page_of_a_day_that_cannot_be_read_shows_nothing(site, query):
    answer = site.get("/countries/", query)
    assert answer.status_code == 400
    assert "is not a day that" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"name": "\0"},
        {"name": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
        {"name": "%" * 3000},
        {"number": "1e40"},
        {"x\0y": "1"},
    ],
)
def test_absurd_input_is_no_server_error(site, query):
    assert site.get("/countries/", query).status_code == 200


def test_an_empty_result_says_so(site):
    response = site.get("/countries/?name=atlantis")
    assert "Nothing matches these filters." in response.content.decode()
    assert codes(response) == []


def test_dates_and_order_stay_when_a_filter_is_sent_or_cleared(site):
    response = site.get("/countries/?as_of=2025-05-31&sort=-code&kind=country&page=2")
    page = html.fromstring(response.content)
    hidden = {
        field.get("name"): field.get("value")
        for field in page.xpath("//details[@class='filters']//input[@type='hidden']")
    }
    assert hidden == {"as_of": "2025-05-31", "sort": "-code"}
    clear = page.xpath("//a[contains(., 'Clear all')]")[0].get("href")
    assert clear == "?as_of=2025-05-31&sort=-code"


def test_a_list_without_filters_shows_its_count(site):
    response = site.get("/plain/")
    assert "26</b> results" in response.content.decode()
    assert len(codes(response)) == 25


def test_an_unknown_format_is_not_found(site):
    assert site.get("/countries/?format=docx").status_code == 404


def test_the_print_view_shows_all_rows_and_its_filters(site):
    response = site.get("/countries/?kind=country&format=print&page=2")
    assert len(codes(response)) == 25
    assert "Kind: Country" in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(site):
    few = _queries(site, "/plain/?page=2")
    many = _queries(site, "/plain/")
    assert len(few) == len(many)
    assert sum("COUNT(*)" in sql and "projects_country" in sql for sql in many) == 1


def _queries(site, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert site.get(url).status_code == 200
    return [query["sql"] for query in captured]
