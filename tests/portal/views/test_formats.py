"""Every table of the portal, taken through all formats: the same cells in the same order."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from finance.models import Voucher
from projects.models import Office, ProjectCountry
from tests.factories import (
    CountryFactory,
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db

NUMBER = "00102004"
TABLES = (
    "/projects/?",
    "/projects/?sort=-expenditure&",
    "/funds/?",
    "/organizations/?",
    "/countries/?",
    "/vouchers/?",
    "/documents/?",
    "/loads/?",
    "/fund/F1/?",
    "/organization/O1/?",
    "/country/c1/?",
    "/voucher/{voucher}/?",
    f"/project/{NUMBER}/vouchers/?",
    f"/project/{NUMBER}/documents/?",
    f"/project/{NUMBER}/key-figures/?report_by=organization&",
    f"/project/{NUMBER}/key-figures/?report_by=year&",
    f"/project/{NUMBER}/key-figures/?report_by=category&",
    f"/project/{NUMBER}/key-figures/?report_by=organization-year&",
)


@pytest.fixture(autouse=True)
def _portfolio():
    """Two of everything, in a sample office."""
    Office.objects.update_or_create(pk=1, defaults={"sample": True, "name": "Office of tests"})
    fund = FundFactory(code="F1", name="=1+1")
    first = ProjectFactory(number=NUMBER, fund=fund, title="Éducation")
    second = ProjectFactory(number="00000007", fund=fund, title="=HYPERLINK(1)")
    country = CountryFactory(code="c1", name="Aland")
    organization = OrganizationFactory(code="O1", name="+Organization")
    lines = []
    for project in (first, second):
        ParticipationFactory(project=project, organization=organization)
        ParticipationFactory(project=project)
        ProjectCountry.objects.create(project=project, country=country)
        DocumentFactory(project=project, title="@document")
        lines += [
            budget(project, "10.55", organization_id=organization.pk),
            transfer(project, "1234.56", organization_id=organization.pk),
            transfer(project, "-34.56", date(2021, 1, 2), organization_id=organization.pk),
            expenditure(project, "99.99", 2021, "interim", organization_id=organization.pk),
        ]
    released(*lines)


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
    printed = reading.page_rows(client.get(f"{url}print").content.decode())
    assert len(printed) >= len(excel)
    names = [row[0] for row in printed[: len(excel)]]
    pdf = PdfReader(BytesIO(client.get(f"{url}pdf").content))
    drawn = "".join("".join(page.extract_text() for page in pdf.pages).split())
    for name in names:
        assert "".join(name.split()) in drawn
    _assert_well_made(workbook, sheet, head)
    assert made["meta"]["sample"]
    assert head[-1] == "Notice"
    assert "Sampledata" in drawn


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
    assert len(workbook.worksheets) == 7  # four reports, vouchers, documents, about
    made = reading.json_object(client.get(f"/project/{NUMBER}/?format=json"))
    assert len(made["tables"]) == 6


def test_project_numbers_keep_their_zeros_and_amounts_their_cents(client):
    sheet = reading.sheets(client.get("/projects/?sort=number&format=xlsx")).worksheets[0]
    assert [cell.value for cell in sheet["A"]][1:] == ["00000007", NUMBER]
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
