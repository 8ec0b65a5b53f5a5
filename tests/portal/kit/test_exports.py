"""Every format holds the same cells as the page, and says what it is."""

import io
import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.http import Http404
from django.template.loader import render_to_string

from portal.kit.files import workbook
from portal.kit.files.about import About, sample_notice
from portal.kit.files.exports import requested_format, table_response
from portal.kit.files.links import FORMATS, export_links
from portal.kit.files.workbook import sheet_names
from portal.kit.safe import EXCEL_CELL, csv_text
from portal.kit.tables.base import TotalRow
from tests.portal.kit import reading
from tests.portal.kit.sample_table import CELLS, KEYS, LINES, PAGE, SampleTable

# Closing an answer looks after the database's connections.
pytestmark = pytest.mark.django_db

NOTICE = "Sample data – invented figures, not a real fund office"


@pytest.fixture(autouse=True)
def _site_address(settings):
    settings.SITE_URL = "https://portal.example.org"
    settings.ROOT_URLCONF = "tests.portal.kit.kit_site"


def export(request, fmt, tables=None, **options):
    """The sample table in a format."""
    options = {"title": "Projects of 2016", "file_name": "projects", **options}
    return table_response(request, tables or SampleTable(LINES), fmt=fmt, **options)


def with_title(*titles):
    """Lines like the first one, with other titles."""
    first = LINES[0]
    return [type(first)(**{**vars(first), "title": title}) for title in titles]


# --- The same cells everywhere


def test_the_page_shows_the_cells(get):
    html = render_to_string("kit/table.html", {"table": SampleTable(LINES, query=get().GET)})
    assert reading.page_rows(html) == PAGE
    assert '<a href="/project/00102004/">00102004</a>' in html
    spent = '<a href="/project/00102004/records/">1,234,568</a><a'
    assert f'<td class="n interim" data-label="Spent">{spent}' in html
    assert '<span class="status status-on-going">On Going</span>' in html
    assert '<a href="/organization/UNDP/">UNDP</a>; <a' in html
    assert '<span class="unknown">n/a</span>' in html


def test_excel_holds_the_cells_typed(get):
    sheet = reading.sheets(export(get(), "xlsx")).worksheets[0]
    assert reading.xlsx_rows(sheet) == CELLS
    assert sheet["D2"].number_format == "#,##0.00"
    assert sheet["A2"].data_type == "s"
    assert sheet["I2"].is_date
    assert [cell.value for cell in sheet[1]][:4] == ["Number", "Title", "State", "Spent"]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:M4"
    assert sheet.column_dimensions["B"].width == 40


def test_csv_holds_the_cells(get):
    rows = reading.csv_rows(export(get(), "csv"))
    assert rows[0][0] == "Number"
    typed = [
        [reading.typed(key, text) for key, text in zip(KEYS, row, strict=True)] for row in rows[1:]
    ]
    assert [row[0] for row in typed] == ["00102004", "00000007", "5"]
    typed[1][1] = typed[1][1].removeprefix("'")
    assert typed == CELLS


def test_json_holds_the_cells_and_money_as_exact_text(get):
    made = reading.json_object(export(get(), "json"))
    assert [column["key"] for column in made["columns"]] == KEYS
    rows = [[reading.typed(key, row[key]) for key in KEYS] for row in made["rows"]]
    assert rows == CELLS
    assert made["rows"][0]["spent"] == "1234567.90"
    assert made["rows"][2]["given"] == "-3.00"
    assert made["columns"][0]["definition"] == "The ledger's number."
    assert made["columns"][3] | {"definition": ""} == {
        "key": "spent",
        "label": "Spent",
        "type": "money",
        "unit": "US$",
        "definition": "",
    }


def test_the_pdf_shows_the_cells(get):
    pypdf = pytest.importorskip("pypdf")
    response = export(get(), "pdf")
    assert response["Content-Type"] == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    for cell in ("00102004", "1,234,568", "94.6 %", "15 Sep 2016", "−12.3 %", "−3.00"):
        assert cell in text
    assert document.metadata.title.startswith("Projects of 2016")
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"] is not None
    assert "https://portal.example.org/projects/" in text


def test_the_print_view_shows_the_cells_and_says_what_it_is(get):
    text = export(get(), "print", filters=[("Year", "2016")]).content.decode()
    assert reading.page_rows(text) == PAGE
    assert "Year: 2016" in text
    assert "https://portal.example.org/projects/" in text
    assert 'class="sort"' not in text
    assert text.count("include interim expenditure") == 1


def test_totals_stand_under_the_table_on_pages_and_in_files(get):
    totals = [TotalRow({"spent": Decimal("1234567.89"), "vouchers": 1200}, links={"spent": "/r/"})]
    table = SampleTable(LINES, totals=totals)
    html = render_to_string("kit/table.html", {"table": table})
    foot = html.split("<tfoot")[1]
    assert re.search(r'<th scope="row"[^>]*>Total</th>', foot)
    assert re.search(r'<td class="n"[^>]*><a href="/r/">1,234,568</a></td>', foot)
    assert "n/a" not in foot
    made = reading.json_object(export(get(), "json", table))
    assert made["totals"] == [
        {"label": "Total", "values": {"spent": "1234567.89", "vouchers": 1200}}
    ]
    book = reading.sheets(export(get(), "xlsx", table))
    sheet = book.worksheets[0]
    empty, total = list(sheet.iter_rows(values_only=True))[1 + len(LINES) :]
    heads = [cell.value for cell in sheet[1]]
    assert set(empty) == {None}
    assert total[0] == "Total"
    assert (total[heads.index("Spent")], total[heads.index("Vouchers")]) == (1234567.89, 1200)
    # They belong neither to what is filtered nor to what is sorted.
    assert sheet.auto_filter.ref.endswith(str(1 + len(LINES)))


# --- What a file says of itself


def test_excel_says_what_it_is_on_its_last_sheet(get):
    request = get("/projects/", year="2016", format="xlsx", page="3")
    book = reading.sheets(export(request, "xlsx", filters=[("Year", "2016")]))
    rows = [row for row in book.worksheets[-1].values if row[0]]
    # The columns follow, one of which is called "Title" as well.
    lines = {row[0]: row[2] for row in reversed(rows)}
    assert book.sheetnames == ["Projects", "About"]
    assert lines["Title"] == "Projects of 2016"
    assert lines["Filters"] == "Year: 2016"
    assert lines["Source"] == "https://portal.example.org/projects/?year=2016"
    assert lines["Licence"].startswith("CC BY 4.0")
    assert lines["Number"] == "The ledger's number."
    assert lines["Made"].endswith("UTC")
    assert "As known on" in lines
    assert "All amounts in US$" in lines
    assert book.properties.title == "Projects of 2016"


def test_json_says_what_it_is(get):
    from datetime import date

    made = reading.json_object(export(get(), "json", as_of=date(2025, 5, 31)))["meta"]
    assert made["as_of"] == "2025-05-31"
    assert made["made_at"].endswith("Z")
    assert made["source"] == "https://portal.example.org/projects/"
    assert made["sample"] is False
    assert made["notice"] == ""


def test_a_sample_is_marked_in_every_row_and_in_the_name_of_the_file(get):
    request = get(sample=True)
    assert sample_notice(request) == NOTICE
    rows = reading.csv_rows(export(request, "csv"))
    assert rows[0][-1] == "Notice"
    assert {row[-1] for row in rows[1:]} == {NOTICE}
    response = export(request, "xlsx")
    assert 'filename="SAMPLE-projects-' in response["Content-Disposition"]
    book = reading.sheets(response)
    assert {row[-1] for row in list(book.worksheets[0].values)[1:]} == {NOTICE}
    assert next(book["About"].values)[0] == NOTICE
    assert book.worksheets[0].oddHeader.right.text == NOTICE
    assert book.properties.description == NOTICE
    assert reading.json_object(export(request, "json"))["meta"]["notice"] == NOTICE


def test_a_real_office_has_no_notice(get):
    assert sample_notice(get()) == ""
    assert "Notice" not in reading.csv_rows(export(get(), "csv"))[0]
    assert 'filename="projects-' in export(get(), "csv")["Content-Disposition"]


def test_several_tables_are_several_sheets_and_several_files(get):
    tables = [SampleTable(LINES), SampleTable(LINES[:1], title="Projects"), SampleTable([])]
    book = reading.sheets(export(get(), "xlsx", tables))
    assert book.sheetnames == ["Projects", "Projects (2)", "Projects (3)", "About"]
    made = reading.json_object(export(get(), "json", tables))
    assert [len(table["rows"]) for table in made["tables"]] == [3, 1, 0]
    response = export(get(), "csv", tables)
    with zipfile.ZipFile(io.BytesIO(reading.body(response))) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist())) == 4
        assert archive.read(archive.namelist()[0]).decode().startswith("\ufeffNumber,")


def test_sheet_names_are_short_and_legal_and_no_two_alike():
    names = sheet_names(["A/B: [x]?*", "a b x", "History", "", "'About'", "n" * 40, "n" * 41])
    assert names[0] == "A B x"
    assert names[1] == "a b x (2)"
    assert names[3] == "Table 4"
    assert names[4] == "About (2)"
    assert all(0 < len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    assert "history" not in {name.casefold() for name in names}


# --- Hostile and awkward text


def test_formulas_stay_text(get, real_files):
    file = real_files.path("formula-cases.json")
    cases = [case for case in json.loads(file.read_text()) if isinstance(case["input"], str)]
    lines = with_title(*(case["input"] for case in cases))
    rows = reading.csv_rows(export(get(), "csv", SampleTable(lines)))[1:]
    assert [row[1] for row in rows] == [case["defusedcsv_output"] for case in cases]
    sheet = reading.sheets(export(get(), "xlsx", SampleTable(lines))).worksheets[0]
    assert [cell.value or "" for cell in sheet["B"][1:]] == [case["input"] for case in cases]
    assert {cell.data_type for cell in sheet["B"][1:] if cell.value} == {"s"}


@pytest.mark.parametrize("text", ["\t=1+1", "\r=1+1", "\n@x", "  =1+1", "＝1+1", "|x", "%0"])
def test_disguised_formulas_stay_text_too(get, text):
    assert csv_text(text).startswith("'")
    rows = reading.csv_rows(export(get(), "csv", SampleTable(with_title(text))))
    assert rows[1][1].startswith("'")
    sheet = reading.sheets(export(get(), "xlsx", SampleTable(with_title(text)))).worksheets[0]
    assert sheet["B2"].data_type == "s"


def test_a_heading_that_looks_like_a_formula_stays_text(get):
    table = SampleTable(LINES[:1])
    table.columns["name"].column.verbose_name = "=1+1"
    assert reading.csv_rows(export(get(), "csv", table))[0][1] == "'=1+1"
    sheet = reading.sheets(export(get(), "xlsx", table)).worksheets[0]
    assert (sheet["B1"].value, sheet["B1"].data_type) == ("=1+1", "s")


def test_control_characters_are_removed_and_the_file_stays_whole(get):
    lines = with_title("a\0b\x1f\x0bc\ud800\uffff", "two\r\nlines", "last")
    sheet = reading.sheets(export(get(), "xlsx", SampleTable(lines))).worksheets[0]
    assert [cell.value for cell in sheet["B"][1:]] == ["abc", "two\nlines", "last"]
    rows = reading.csv_rows(export(get(), "csv", SampleTable(lines)))
    assert [row[1] for row in rows[1:]] == ["abc", "two\nlines", "last"]
    made = reading.json_object(export(get(), "json", SampleTable(lines)))
    assert [row["name"] for row in made["rows"]] == ["abc", "two\nlines", "last"]


def test_text_too_long_for_excel_is_cut_with_a_word(get):
    lines = with_title("x" * 40_000, "😀" * 20_000, "y" * EXCEL_CELL)
    sheet = reading.sheets(export(get(), "xlsx", SampleTable(lines))).worksheets[0]
    long, emoji, fitting = (cell.value for cell in sheet["B"][1:])
    assert len(long) == EXCEL_CELL
    assert long.endswith("… [cut: the whole text has 40000 characters]")
    assert len(emoji.encode("utf-16-le")) // 2 <= EXCEL_CELL
    assert emoji.endswith("20000 characters]")
    assert fitting == "y" * EXCEL_CELL
    rows = reading.csv_rows(export(get(), "csv", SampleTable(lines)))
    assert len(rows[1][1]) == 40_000


def test_markup_and_script_addresses_are_only_text():
    line = with_title("<script>x</script>")[0]
    line.partners = ["<b>"]

    class Sly(SampleTable):
        def records_url(self, _line):
            return "javascript:alert(1)"

    html = render_to_string("kit/table.html", {"table": Sly([line])})
    assert "<script>" not in html
    assert "<b>" not in html
    assert "javascript:" not in html


# --- Failures


class Breaking:
    """A record whose reading fails."""

    def __getattr__(self, name):
        raise RuntimeError("the database went away")


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_a_stream_that_breaks_off_says_so_and_raises(get, fmt):
    response = export(get(), fmt, SampleTable([*LINES * 300, Breaking()]))
    received = []
    with pytest.raises(RuntimeError):
        received.extend(response.streaming_content)
    text = b"".join(received).decode()
    assert "INCOMPLETE" in text.splitlines()[-1]
    assert "00102004" in text


@pytest.mark.parametrize("fmt", ["csv", "json", "xlsx"])
def test_what_fails_at_once_is_an_error_and_no_file(get, fmt):
    with pytest.raises(RuntimeError):
        export(get(), fmt, SampleTable([Breaking()]))


def test_too_many_rows_for_a_pdf_are_explained(get, settings):
    settings.PDF_MAX_ROWS = 2
    response = export(get(year="2016"), "pdf")
    assert response.status_code == 422
    text = response.content.decode()
    assert "This list has 3 rows; PDF holds at most 2." in text
    assert "?year=2016&amp;format=xlsx" in text
    assert "?year=2016&amp;format=csv" in text


# --- Links


def test_links_to_files_keep_filters_and_order_but_not_the_page(get):
    request = get(sort="-name", page="3", q="é&x")
    links = dict(export_links(request))
    assert [str(label) for label in links] == ["Excel", "CSV", "JSON", "PDF", "Print view"]
    assert "/projects/?sort=-name&q=%C3%A9%26x&format=xlsx" in links.values()
    assert dict(export_links(request, "/other/")).popitem()[1].startswith("/other/?sort=")


def test_an_unknown_format_is_not_found_and_names_the_known_ones(get):
    assert requested_format(get()) is None
    for name in FORMATS:
        assert requested_format(get(format=name)) == name
    with pytest.raises(Http404, match="xlsx, csv, json, pdf, print"):
        requested_format(get(format="docx"))


def test_what_one_sheet_cannot_hold_goes_on_in_further_ones(get, monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    with workbook.workbook_file([SampleTable(LINES)], About.of(get(), "Projects")) as file:
        book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Projects", "Projects (2)", "Projects (3)", "About"]
    rows = [row for sheet in book.worksheets[:3] for row in reading.xlsx_rows(sheet)]
    assert rows == CELLS
    assert {sheet["A1"].value for sheet in book.worksheets[:3]} == {"Number"}
