"""Templates and remarks: what is handed out comes back whole, and runs nothing."""

import io
import json

import openpyxl
import pytest

from finance.errors import LoadError
from finance.formats.faults import Fault
from finance.formats.kinds import KINDS
from finance.formats.remarks import remarks_file
from finance.formats.rows import open_sheet
from finance.formats.templates import csv_template, xlsx_template
from finance.models import BudgetCategory
from tests.finance.formats.files import VOUCHER, VOUCHER_HEADINGS, one, rows_of, write_csv

pytestmark = pytest.mark.django_db
ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@ALL
def test_a_filled_in_template_reads_back_whole(tmp_path, kind):
    path = tmp_path / "filled.xlsx"
    path.write_bytes(xlsx_template(kind))
    book = openpyxl.load_workbook(path)
    for position, column in enumerate(kind.columns, start=1):
        book.worksheets[0].cell(2, position).value = column.example or None
    book.save(path)
    sheet = open_sheet(path, kind.code)
    assert sheet.unmapped == ()
    row = one(path, kind.code)
    assert (row.line, row.faults) == (2, [])
    assert [bool(text) for text in row.as_stated] == [bool(c.example) for c in kind.columns]
    by_csv = tmp_path / "filled.csv"
    by_csv.write_bytes(csv_template(kind))
    with by_csv.open("a", encoding="utf-8") as file:
        file.write(",".join(f'"{column.example}"' for column in kind.columns) + "\r\n")
    assert one(by_csv, kind.code).as_stated == row.as_stated


@ALL
def test_an_empty_template_is_told_to_be_empty(tmp_path, kind):
    for name, content in (("a.xlsx", xlsx_template(kind)), ("a.csv", csv_template(kind))):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(LoadError, match="no rows below"):
            open_sheet(path, kind.code)


@ALL
def test_a_template_explains_every_column_and_offers_the_words(kind):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_template(kind)))
    table, lists, help_sheet, example = book.worksheets
    assert lists.sheet_state == "hidden"
    offered = {
        str(validation.sqref).partition("2:")[0]: validation
        for validation in table.data_validations.dataValidation
        if validation.type == "list"
    }
    explained = {row[1] for row in help_sheet.iter_rows(min_row=6, values_only=True)}
    assert explained == {column.name for column in kind.columns}
    for position, column in enumerate(kind.columns, start=1):
        cell = table.cell(1, position)
        assert cell.value == str(column.label)
        assert str(column.note) in cell.comment.text
        assert cell.font.bold == column.required
        words = [row[0] for row in lists.iter_rows(
            min_col=position, max_col=position, values_only=True) if row[0]]  # fmt: skip
        if column.choices:
            assert words == [code for code, _label in column.choices]
        assert bool(words) == (cell.column_letter in offered)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)
    assert "not read" in example["A1"].value


def test_categories_are_offered_as_they_are_in_the_database():
    BudgetCategory.objects.create(code="=1+1", name="Danger", position=99)
    book = openpyxl.load_workbook(io.BytesIO(xlsx_template(KINDS["budgets"])))
    words = [cell for row in book["lists"].iter_rows(values_only=True) for cell in row]
    assert "=1+1" in words
    assert not any(cell.data_type == "f" for row in book["lists"] for cell in row)


def test_remarks_stand_beside_the_senders_own_rows(tmp_path):
    headings = [*VOUCHER_HEADINGS, "IBAN"]
    bad = [*VOUCHER[:5], "1,234", "XXX", "0012"]
    path = write_csv(tmp_path / "a.csv", [["Payments"], headings, [*VOUCHER, "0012"], bad])
    sheet = open_sheet(path, "vouchers")
    faults = [fault for row in sheet for fault in row.faults]
    warning = Fault(3, "Amount", "", "unusual", "Check it.")
    with remarks_file(sheet, faults, [warning]) as file:
        page = openpyxl.load_workbook(file).active
    rows = [[cell or "" for cell in row] for row in page.iter_rows(values_only=True)]
    assert rows[0][1] == "Payments"
    assert rows[1] == ["Remarks", *headings]
    assert rows[2] == ["Amount: unusual. Check it.", *VOUCHER, "0012"]
    assert rows[3][1:] == bad
    assert [line.partition(":")[0] for line in rows[3][0].splitlines()] == ["Amount", "Currency"]
    with remarks_file(sheet, faults, only_remarked=True) as file:
        assert openpyxl.load_workbook(file).active.max_row == 3


def test_a_mended_file_of_remarks_loads_again(tmp_path):
    path = write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, [*VOUCHER[:6], "XXX"]])
    sheet = open_sheet(path, "vouchers")
    with remarks_file(sheet, [fault for row in sheet for fault in row.faults]) as file:
        book = openpyxl.load_workbook(file)
    book.active.cell(2, 8).value = "USD"
    book.save(tmp_path / "mended.xlsx")
    mended = open_sheet(tmp_path / "mended.xlsx", "vouchers")
    assert mended.unmapped == ("Remarks",)
    assert [row.faults for row in mended] == [[]]
    assert (
        next(iter(mended)).as_stated
        == one(write_csv(tmp_path / "b.csv", [VOUCHER_HEADINGS, VOUCHER])).as_stated
    )


def test_remarks_run_nothing_that_the_sender_wrote(tmp_path, real_files):
    cases = json.loads(real_files.path("formula-cases.json").read_text())
    texts = [text for text in _texts(cases) if text.strip()] + ["=1+1", "@SUM(A1)", "\x0b=2"]
    path = write_csv(
        tmp_path / "a.csv",
        [[*VOUCHER_HEADINGS, "description"], *[[*VOUCHER, text] for text in texts]],
    )
    sheet = open_sheet(path, "vouchers")
    assert len(rows_of(path)) == len(texts) > 20
    with remarks_file(sheet, []) as file:
        page = openpyxl.load_workbook(file).active
    assert not any(cell.data_type == "f" for row in page for cell in row)
    assert page.max_row == len(texts) + 1


def _texts(item):
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict | list):
        for part in item.values() if isinstance(item, dict) else item:
            yield from _texts(part)
