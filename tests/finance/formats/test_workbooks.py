"""What a workbook hides: failed formulas, merged cells, lost zeros, and harm."""

import random
import re
import zipfile

import openpyxl
import pytest

from finance.errors import LoadError
from finance.formats.containers.grids import EXAMPLE_MARK
from finance.formats.rows import open_sheet
from portal.kit import archives
from tests.finance.formats.files import VOUCHER_HEADINGS, one, rows_of, write_ods, write_xlsx

ROW = ["000123", "2016-09-15", "PB000", "UNDP", "00102004", 1234.5, "USD"]


def _row(**changes):
    return [changes.get(name, cell) for name, cell in zip(VOUCHER_HEADINGS, ROW, strict=True)]


def _rewritten(path, part, change):
    """The workbook with the XML of one part changed."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("others", [[], [["Notes"], ["Nothing of it"]]])
def test_a_sheet_that_is_hidden_is_named_where_no_other_has_the_headings(tmp_path, others):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row()])
    book = openpyxl.load_workbook(path)
    book.active.title = "Payments"
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("Front page")
    for line in others:
        shown.append(line)
    book.active = shown
    book.save(path)
    with pytest.raises(LoadError, match="hidden are not read: “Payments”"):
        open_sheet(path, "vouchers")


def test_a_number_in_place_of_a_project_number_is_ambiguous(tmp_path):
    (fault,) = one(write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(project=102004)])).faults
    assert fault.value == "102004.0" or fault.value == "102004"
    assert "zeros is lost" in fault.message


def test_a_number_whose_format_shows_the_zeros_is_read_as_shown(tmp_path):
    excel = write_xlsx(
        tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(project=102004)], [("E2", "00000000")]
    )
    ods = write_ods(tmp_path / "a.ods", [VOUCHER_HEADINGS, _row(project=(102004, "00102004"))])
    for path in (excel, ods):
        row = one(path)
        assert row.faults == []
        assert row.values["project"] == "00102004"


@pytest.mark.parametrize("column", ["amount", "payee", "voucher"])
def test_a_failed_formula_is_a_fault_even_where_nothing_is_required(tmp_path, column):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(**{column: "#REF!"})])
    book = openpyxl.load_workbook(path)
    book.active.cell(2, VOUCHER_HEADINGS.index(column) + 1).data_type = "e"
    book.save(path)
    (fault,) = one(path).faults
    assert "#REF!" in fault.message


def test_a_formula_without_a_stored_result_is_a_fault(tmp_path):
    (fault,) = one(write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(payee="=B2&C2")])).faults
    assert "no stored result" in fault.message


def test_a_formulas_stored_result_is_read(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(amount="=1+1")])
    _rewritten(path, SHEET, lambda xml: re.sub(r"<v\s*/>|<v></v>", "<v>2</v>", xml))
    row = one(path)
    assert (row.values["amount"], row.faults) == (2, [])


def test_merged_cells_are_a_fault_of_the_rows_that_lost_their_value(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, ROW, _row(voucher=None)])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A3")
    book.save(path)
    first, second = rows_of(path)
    assert first.faults == []
    assert [(f.column_label, f.message) for f in second.faults] == [
        ("Voucher", "it is part of merged cells")
    ]


def test_serial_numbers_follow_the_workbooks_own_epoch(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(payment_date=42628)])
    assert one(path).as_stated[1] == "2016-09-15"
    _rewritten(
        path,
        "xl/workbook.xml",
        lambda xml: re.sub(r"<workbookPr[^>]*/>", '<workbookPr date1904="1"/>', xml),
    )
    assert one(path).as_stated[1] == "2020-09-16"


def test_hidden_sheets_and_marked_examples_are_not_read(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, ROW])
    book = openpyxl.load_workbook(path)
    for name, rows in (("Old", [VOUCHER_HEADINGS, ROW]), ("Example", [[EXAMPLE_MARK], [],
                       VOUCHER_HEADINGS, ROW])):  # fmt: skip
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["Old"].sheet_state = "hidden"
    book.save(path)
    assert len(rows_of(path)) == 1


def test_two_sheets_with_such_tables_are_refused_by_name(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, ROW])
    book = openpyxl.load_workbook(path)
    book.active.title = "Q1"
    for row in (VOUCHER_HEADINGS, ROW):
        (book["Q2"] if "Q2" in book.sheetnames else book.create_sheet("Q2")).append(row)
    book.save(path)
    with pytest.raises(LoadError, match="“Q1”, “Q2”"):
        rows_of(path)


def test_a_sheet_that_begins_further_down_keeps_its_row_numbers(tmp_path):
    book = openpyxl.Workbook()
    for row, cells in ((5, VOUCHER_HEADINGS), (6, ROW)):
        for column, cell in enumerate(cells, start=3):
            book.active.cell(row, column).value = cell
    path = tmp_path / "a.xlsx"
    book.save(path)
    row = one(path)
    assert (row.line, row.values["project"]) == (6, "00102004")


def test_a_value_far_outside_the_table_is_refused_before_it_takes_memory(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, ROW])
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    _rewritten(path, SHEET, lambda xml: xml.replace("</sheetData>", far))
    with pytest.raises(LoadError, match="spans 1048576 rows and 16384 columns"):
        rows_of(path)
    _rewritten(path, SHEET, lambda xml: re.sub(r'<c r="XFD1048576"><v>1</v></c>', "", xml))
    assert len(rows_of(path)) == 1


@pytest.mark.parametrize(
    "far",
    [
        "<x:row r='1048576'><x:c t='n' r='XFD1048576'><x:v>1</x:v></x:c></x:row>",
        '<row r="3"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c s="0" r="xfd1048576"><v>1</v></c></row>',
        '<row  spans="1:2" r="1048576"><c r="ZZZ3"><v>1</v></c></row>',
    ],
)
def test_unusual_xml_is_measured_too(tmp_path, far):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, ROW])
    _rewritten(path, SHEET, lambda xml: xml.replace("</sheetData>", f"{far}</sheetData>"))
    with pytest.raises(LoadError, match="a sheet spans"):
        rows_of(path)


def test_a_repeated_value_of_an_ods_sheet_is_refused(tmp_path):
    path = write_ods(tmp_path / "a.ods", [VOUCHER_HEADINGS, ROW])
    _rewritten(
        path,
        "content.xml",
        lambda xml: xml.replace(
            '<table:table-cell office:value-type="float"',
            '<table:table-cell table:number-columns-repeated="1000000" office:value-type="float"',
        ),
    )
    with pytest.raises(LoadError, match="repeated over millions"):
        rows_of(path)


def test_a_bomb_is_refused_unopened(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, ROW])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", b"\0" * (archives.SMALL * 3))
    with pytest.raises(LoadError, match="unpacks to 30 MB, too much"):
        open_sheet(path, "vouchers")


def test_damaged_workbooks_are_refused_wherever_the_damage_is(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, *[ROW] * 50])
    whole = path.read_bytes()
    chance = random.Random(5)  # noqa: S311 – damage, no secret
    refused = 0
    for _round in range(40):
        broken = bytearray(whole)
        for _byte in range(chance.randrange(1, 6)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        path.write_bytes(bytes(broken[: chance.choice([len(broken), len(broken) // 2])]))
        try:
            rows_of(path)
        except LoadError as error:
            assert str(error).startswith("a.xlsx: ")
            refused += 1
    assert refused > 25


def test_a_zip_of_something_else_a_password_and_old_formats_are_told_apart(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    with pytest.raises(LoadError, match="no spreadsheet of the kinds"):
        rows_of(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(LoadError, match="protected by a password"):
        rows_of(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(LoadError, match="old Office format"):
        rows_of(path)
