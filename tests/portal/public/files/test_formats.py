"""Every table of the portal, taken through all formats: the same cells in the same order."""

import csv
import zipfile
from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO, StringIO
from itertools import takewhile

import pytest
from django.utils import timezone
from pypdf import PdfReader

from finance.models import Voucher
from finance.reports.editions import publish_edition
from projects.models import Fund
from tests.portal.kit import reading
from tests.portal.public.files.tables import NUMBER, TABLES, make_portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _portfolio(module_db):
    make_portfolio()


def _text(value):
    """A value of any format as one text."""
    if value is None or value == "":
        return ""
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)


def _plain(cell):
    """CSV sets an apostrophe before what could start a formula; numbers lose idle zeros."""
    text = cell.removeprefix("'")
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return text if text.startswith("0") and text.isdigit() and len(text) > 1 else _text(number)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_the_same_cells_in_every_format(client, table):
    url = table.format(voucher=Voucher.objects.first().pk) + "format="
    workbook = reading.sheets(client.get(f"{url}xlsx"))
    sheet = workbook.worksheets[0]
    excel = [[_text(cell) for cell in row] for row in reading.xlsx_rows(sheet)]
    head, *lines = reading.csv_rows(client.get(f"{url}csv"))
    made = reading.json_object(client.get(f"{url}json"))
    json_rows = [[_plain(_text(cell)) for cell in row.values()] for row in made["rows"]]
    assert [cell.value for cell in sheet[1]] == head
    assert excel
    assert [[_plain(cell) for cell in row] for row in lines] == excel
    width = len(json_rows[0])
    assert json_rows == [row[:width] for row in excel]
    _assert_well_made(workbook, sheet, head)
    assert made["meta"]["sample"]
    assert head[-1] == "Notice"


SEVERAL = (
    "/contributor/G1/?",
    "/contributor/G1/statement/2020/?",
    "/fund/F1/annual-report/?",
    "/fund/F1/annual-report/2020/1/?",
)


@pytest.mark.parametrize("page", SEVERAL)
def test_pages_of_several_tables_have_the_same_cells_in_every_format(client, page):
    publish_edition(
        fund=Fund.objects.get(code="F1"), year=2020, as_of=timezone.localdate() - timedelta(days=1)
    )
    url = f"{page}format="
    workbook = reading.sheets(client.get(f"{url}xlsx"))
    made = reading.json_object(client.get(f"{url}json"))["tables"]
    with zipfile.ZipFile(BytesIO(reading.body(client.get(f"{url}csv")))) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        assert set(archive.namelist()) - set(names) == {"ABOUT.txt"}
        texts = [archive.read(name).decode("utf-8-sig") for name in names]
    sheets = workbook.worksheets[: len(made)]
    assert len(texts) == len(made) > 3
    for sheet, text, table in zip(sheets, texts, made, strict=True):
        excel = [[_text(cell) for cell in row] for row in reading.xlsx_rows(sheet)]
        head, *lines = csv.reader(StringIO(text, newline=""))
        assert [cell.value for cell in sheet[1]] == head
        assert [[_plain(cell) for cell in row] for row in lines] == excel
        rows = [[_plain(_text(cell)) for cell in row.values()] for row in table["rows"]]
        assert rows == [row[: len(rows[0])] for row in excel] if rows else not excel
        _assert_well_made(workbook, sheet, head)


PERCENT = {
    "Delivery rate",
    "Delivery rate to date",
    "Share of programme cost",
    "Share of deposits",
}
EXACT = {"US$", "Total US$", "Counts as US$", "Amount as stated"}
# Files tell days by their number, the page in words; and projects with their titles.
DAYS = ": days"
NUMBERED = {"Projects paid"}
# Statements leave cells empty on purpose; what they show is tested with their figures.
PRINTED = tuple(table for table in TABLES if "statement" not in table)
# A PDF is drawn from what is printed, the same way for each table.
DRAWN = PRINTED[::6]


@pytest.mark.parametrize("table", PRINTED)
def test_every_table_is_printed_with_the_cells_of_its_excel_file(client, table):
    url = table.format(voucher=Voucher.objects.first().pk) + "format="
    sheet = reading.sheets(client.get(f"{url}xlsx")).worksheets[0]
    heads, *rows = takewhile(any, (list(map(_as_shown, row)) for row in sheet.iter_rows()))
    paper = client.get(f"{url}print").content.decode()
    shown_heads, shown = reading.page_heads(paper), reading.page_rows(paper)
    assert shown_heads == [head.removesuffix(DAYS) for head in heads if _is_printed(head)]
    exact = EXACT if "/outstanding/" not in url else set(heads)
    assert shown == [_as_printed(dict(zip(heads, row, strict=True)), exact) for row in rows]
    if table not in DRAWN:
        return
    pdf = PdfReader(BytesIO(client.get(f"{url}pdf").content))
    drawn = "".join("".join(page.extract_text() for page in pdf.pages).split())
    words = Counter(word for row in [shown_heads, *shown] for cell in row for word in cell.split())
    assert {word: count for word, count in words.items() if drawn.count(word) < count} == {}
    assert "Sampledata" in drawn


def _as_shown(cell):
    """The value; of 94.6 % Excel keeps 0.946, and a year is no amount."""
    if isinstance(cell.value, int | float) and cell.number_format.endswith("%"):
        return float(Decimal(str(cell.value)) * 100)
    return str(cell.value) if cell.number_format == "0" else cell.value


def _is_printed(head):
    """Currencies and marks of interim figures stand in the cell that they belong to."""
    return head not in {"Notice", "Amounts not converted"} and ": " not in head.removesuffix(DAYS)


def _as_printed(row, exact):
    """What paper shows for a row of Excel: whole US dollars, cents on records, days in words."""
    cells = []
    for head, value in row.items():
        if not _is_printed(head):
            continue
        text = _shown(head, value, exact)
        if currency := row.get(f"{head}: currency"):
            text = f"{currency} {text}"
        if interim := row.get(f"{head}: interim"):
            text += f"i {_of_state('interim', interim)}"
        if certified := row.get(f"{head}: by certified statements"):
            text += f" {_of_state('certified', certified)}"
        cells.append(text)
    return cells


def _of_state(state, amount):
    """How much of a figure is of a state, as it stands beside it."""
    places = 0 if abs(amount) >= 1 else 2
    rounded = Decimal(str(amount)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{state}: {rounded:,}".replace("-", "−")


def _shown(head, value, exact):
    if value is None:
        return "n/a"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if head.endswith(DAYS):
        return _lateness(value)
    if head in NUMBERED:
        return "; ".join(item.split()[0] for item in value.split("; "))
    if not isinstance(value, int | float):
        return " ".join(str(value).split())
    if head in PERCENT:
        return f"{Decimal(str(value)).quantize(Decimal('0.1'), ROUND_HALF_UP):,} %".replace(
            "-", "−"
        )
    places = 2 if head in exact else 0
    number = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{number:,}".replace("-", "−")


def _lateness(days):
    """Days in words: 45 days, 7 years 10 months."""
    if days < 61:
        return f"{days} day{'s' * (days != 1)}" if days else "not late"
    years, months = divmod(days * 12 // 365, 12)
    parts = ((years, "year"), (months, "month"))
    return " ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in parts if count)


def _assert_well_made(workbook, sheet, head):
    """Frozen, filterable, of set widths, described; no cell is a formula."""
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref
    assert all(letter in sheet.column_dimensions for letter in ("A", "B"))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    about = "\n".join(
        str(cell) for row in workbook["About"].iter_rows(values_only=True) for cell in row if cell
    )
    for words in ("Title", "Filters", "As known on", "Source", "Licence", *head[:-1]):
        assert words in about, words


def test_the_factsheet_as_excel_and_json_has_all_its_tables(client):
    workbook = reading.sheets(client.get(f"/project/{NUMBER}/?format=xlsx"))
    # Facts, five of figures, vouchers, other flows, documents, reports, closure, revisions, about.
    assert len(workbook.worksheets) == 13
    made = reading.json_object(client.get(f"/project/{NUMBER}/?format=json"))
    assert len(made["tables"]) == 12
    facts = {row["label"]: row["value"] for row in made["tables"][0]["rows"]}
    assert facts["Project ID"] == NUMBER


def test_key_figures_of_the_factsheets_files_have_their_cents_and_states(client):
    page = f"/project/{NUMBER}/?format="
    rows = reading.json_object(client.get(f"{page}json"))["tables"][1]["rows"]
    figures = {row["label"]: row for row in rows}
    sheet = reading.sheets(client.get(f"{page}xlsx"))["At a glance"]
    cells = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    said = client.get(f"/api/v1/projects/{NUMBER}/").json()["result"]["figures"]
    for key, label in (("net_funded", "Net funded amount"), ("expenditure", "Expenditure")):
        assert str(Decimal(str(cells[label][1])).quantize(Decimal("0.01"))) == said[key]["value"]
        assert figures[label]["amount"] == said[key]["value"]
    assert figures["Delivery rate"]["amount"] is None
    assert figures["Delivery rate"]["rate"] == said["delivery_rate"]["value"]


def test_project_numbers_keep_their_zeros_and_amounts_their_cents(client):
    sheet = reading.sheets(client.get("/projects/?sort=number&format=xlsx")).worksheets[0]
    assert [cell.value for cell in sheet["A"]][1:] == ["00100007", NUMBER]
    sheet = reading.sheets(client.get(f"/project/{NUMBER}/vouchers/?format=xlsx")).worksheets[0]
    assert {cell.value for row in sheet.iter_rows() for cell in row} >= {1234.56, -34.56}


def test_files_of_some_years_say_which(client):
    url = f"/project/{NUMBER}/key-figures/?report_by=year&from=2021&format=json"
    made = reading.json_object(client.get(url))
    assert {"label": "From year", "value": "2021"} in made["meta"]["filters"]
    made = reading.json_object(client.get(f"/project/{NUMBER}/?from=2021&format=json"))
    assert {"label": "From year", "value": "2021"} in made["meta"]["filters"]


@pytest.mark.parametrize("table", TABLES)
def test_an_unknown_format_is_a_404(client, table):
    url = table.format(voucher=Voucher.objects.first().pk)
    assert client.get(f"{url}format=docx").status_code == 404
