"""Formulas that failed or were never worked out, merged cells, scaled numbers, in each format."""

import openpyxl
import pytest

from finance.errors import LoadError
from finance.formats.rows import open_sheet
from finance.formats.starter import filled_sheets
from tests.finance.formats.files import (
    VOUCHER,
    VOUCHER_HEADINGS,
    OdsCell,
    one,
    rows_of,
    write_ods,
    write_xlsx,
)

HEADINGS = [*VOUCHER_HEADINGS, "base_amount"]
ROW = [*VOUCHER, 1000]
FORMULA = 'table:formula="of:=[.A1]"'
NAMESPACE = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def _unstored():
    return OdsCell(f"<table:table-cell {FORMULA}/>")


def _failed(text="#N/A", kept='value-type="string" office:string-value=""', more=""):
    return OdsCell(
        f"<table:table-cell {FORMULA} office:{kept} {more}><text:p>{text}</text:p>"
        "</table:table-cell>"
    )


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (_unstored(), "no stored result"),
        (_failed(), "#N/A"),
        (_failed("Err:502"), "Err:502"),
        (_failed("", more=f'{NAMESPACE} calcext:value-type="error"'), "#VALUE!"),
        (_failed("#DIV/0!", 'value-type="float" office:value="0"'), "#DIV/0!"),
        (OdsCell("<table:covered-table-cell/>"), "merged cells"),
    ],
)
def test_an_ods_cell_that_came_as_empty_says_why(tmp_path, cell, told):
    path = write_ods(tmp_path / "a.ods", [HEADINGS, ROW, [*VOUCHER, cell]])
    first, second = rows_of(path)
    assert first.faults == []
    (fault,) = second.faults
    assert told in fault.message


def test_a_formula_of_an_ods_cell_may_give_an_empty_text(tmp_path):
    empty = _failed("")
    assert one(write_ods(tmp_path / "a.ods", [HEADINGS, [*VOUCHER, empty]])).faults == []


def test_what_is_said_of_a_repeated_ods_row_is_said_of_each(tmp_path):
    path = write_ods(tmp_path / "a.ods", [HEADINGS, ROW, [*VOUCHER, _unstored()]], repeated=3)
    assert [len(row.faults) for row in rows_of(path)] == [0, 1, 1, 1]


@pytest.mark.parametrize("before", [[], [VOUCHER]])
def test_a_row_of_nothing_but_formulas_is_not_left_out_in_silence(tmp_path, before):
    rows = [VOUCHER_HEADINGS, *before, ["=A1"] * len(VOUCHER)]
    found = rows_of(write_xlsx(tmp_path / "a.xlsx", rows))
    assert len(found) == len(before) + 1
    assert len(found[-1].faults) == len(VOUCHER)
    assert {"no stored result" in fault.message for fault in found[-1].faults} == {True}


def test_an_ods_row_of_nothing_but_formulas_is_not_left_out_in_silence(tmp_path):
    path = write_ods(tmp_path / "a.ods", [VOUCHER_HEADINGS, VOUCHER, [_unstored()] * len(VOUCHER)])
    assert [len(row.faults) for row in rows_of(path)] == [0, len(VOUCHER)]


def test_a_row_of_formulas_beyond_all_sheets_takes_no_time(tmp_path):
    path = write_ods(
        tmp_path / "a.ods", [VOUCHER_HEADINGS, VOUCHER, [_unstored()]], repeated=2_000_000_000
    )
    assert len(list(open_sheet(path, "vouchers"))) <= 10_002


def test_what_would_have_to_be_said_of_millions_of_cells_is_refused_in_words(tmp_path):
    row = [*VOUCHER, *[_unstored()] * 500]
    path = write_ods(
        tmp_path / "a.ods", [[*HEADINGS, "x"], row, [*VOUCHER, _unstored()]], repeated=2
    )
    assert len(rows_of(path)) == 3
    path = write_ods(tmp_path / "b.ods", [HEADINGS, row], repeated=10_000)
    with pytest.raises(LoadError, match="more memory or time"):
        rows_of(path)


def test_a_sheet_of_nothing_but_formulas_counts_as_filled(tmp_path):
    book = openpyxl.Workbook()
    for name, rows in (
        ("funds", [["code", "name"], ["A", "B"]]),
        ("vouchers", [["voucher"], ["=A1"]]),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in filled_sheets(tmp_path / "a.xlsx")] == ["funds", "vouchers"]


@pytest.mark.parametrize(
    ("code", "is_fault"),
    [
        ('0" thousand"', True), ('#,##0" 000"', True), ('0.0" M"', True), (r"0\k", True),
        ('#,##0 "Mio"', True), ('0" million USD"', True), ('[$USD] 0" k"', True),
        ('0.0,,"M"', False), ('#,##0,"k"', False), ('0" paid"', False), ("General", False),
        ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', False),
    ],
)  # fmt: skip
def test_a_number_shown_as_thousands_of_itself_is_a_fault(tmp_path, code, is_fault):
    row = [*VOUCHER]
    row[5] = 500
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, row], [("F2", code)])
    assert bool(one(path).faults) is is_fault


def test_an_ods_number_shown_as_thousands_of_itself_is_a_fault(tmp_path):
    path = write_ods(tmp_path / "a.ods", [HEADINGS, [*VOUCHER, (500, "500 thousand")]])
    (fault,) = one(path).faults
    assert "500 thousand" in fault.message


@pytest.mark.parametrize(("rows", "is_told"), [(2, True), (1, False)])
def test_a_hidden_sheet_that_holds_rows_is_noted(tmp_path, rows, is_told):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, VOUCHER])
    book = openpyxl.load_workbook(path)
    for name in ("2015", "lists"):
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden"
        for row in [VOUCHER_HEADINGS, VOUCHER][:rows]:
            sheet.append(row)
    book.save(path)
    told = [(note.code, note.value) for note in open_sheet(path, "vouchers").notes]
    assert told == [("unread-sheet", "2015")] * is_told


def test_headings_alone_are_still_no_rows(tmp_path):
    with pytest.raises(LoadError, match="no rows"):
        open_sheet(write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS]), "vouchers")
