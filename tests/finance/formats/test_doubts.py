"""What may be read in two ways is not guessed; what looks odd is noted, with its cell."""

import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.db.models import TextField, Value
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from finance.errors import LoadError
from finance.formats.rows import open_sheet
from portal.kit.encodings import encoding_of
from portal.kit.safe import seen_text, visibly
from portal.kit.text import any_case, fold, folded, look_alike, looking_alike
from projects.models import Office
from tests.finance.formats.files import (
    VOUCHER,
    VOUCHER_HEADINGS,
    one,
    rows_of,
    write_csv,
    write_ods,
    write_xlsx,
)


def _row(**changes):
    return [changes.get(name, cell) for name, cell in zip(VOUCHER_HEADINGS, VOUCHER, strict=True)]


def _amounts(tmp_path, *amounts, currency="USD"):
    rows = [_row(amount=amount, currency=currency) for amount in amounts]
    return rows_of(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, *rows], delimiter=";"))


def _codes(row):
    return [note.code for note in row.notes]


@pytest.mark.parametrize(
    ("doubtful", "other", "amount"),
    [("1,234", "12,5", "12.5"), ("1.234", "12.5", "12.5"), ("1,234", "12.50", "12.5"),
     ("1.234", "12,50", "12.5"), ("1,234", "5,678.90", "5678.9"), ("1.234", "5.678,90", "5678.9")],
)  # fmt: skip
def test_no_other_cell_decides_how_an_amount_reads(tmp_path, doubtful, other, amount):
    first, second = _amounts(tmp_path, doubtful, other)
    ((fault,),) = [first.faults]
    assert fault.value == doubtful
    assert "groups thousands or begins the decimals" in fault.message
    assert second.values["amount"] == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency", "noted"),
    [
        ("12.345", "USD", True), ("0.5", "JPY", True), ("1.2345", "KWD", True),
        ("12.34", "USD", False), ("12.300", "USD", False), ("1.234", "KWD", False),
        ("500", "JPY", False),
    ],
)  # fmt: skip
def test_more_decimals_than_the_currency_has_are_noted_with_the_cell(
    tmp_path, amount, currency, noted
):
    path = tmp_path / "a.xlsx"
    row = one(write_xlsx(path, [VOUCHER_HEADINGS, _row(amount=float(amount), currency=currency)]))
    assert row.faults == []
    assert _codes(row) == (["many-decimals"] if noted else [])
    assert not noted or row.notes[0].value == str(float(amount))


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ('[$€-407] #,##0.00', "another currency"), ('"EUR" #,##0', "another currency"),
        ("#,##0.00 €", "another currency"), ("0 %", "percentage"), ("0.00%", "percentage"),
        ("[$kr.-406] #,##0", "no currency"),
        ("#,##0.00", ""), ("[$$-409]#,##0.00", ""), ('_("$"* #,##0.00_)', ""), ("[Red]0.00", ""),
        ("[$USD] 0.00", ""), ("[$-409]#,##0.00", ""), ('0.00" paid"', ""),
        ('"£"#,##0.00', "another currency"), ("[$¥-411] #,##0", "another currency"),
        ("#,##0.00;[$€-407]-#,##0.00", "another currency"),
    ],
)  # fmt: skip
def test_what_a_format_shows_counts_as_if_it_was_written(tmp_path, code, what):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(amount=1000)], [("F2", code)])
    row = one(path)
    assert [what in fault.message for fault in row.faults] == ([True] if what else [])


@pytest.mark.parametrize(
    ("amount", "currency", "is_another"),
    [
        ("£1,000.00", "USD", True), ("$5", "EUR", True), ("¥1000", "USD", True),
        ("(5.00 £)", "EUR", True), ("£5", "GBP", False), ("£5", "LBP", False), ("$5", "CAD", False),
        ("¥5", "CNY", False), ("€5", "EUR", False), ("US$ 5", "AUD", True),
    ],
)  # fmt: skip
def test_a_sign_that_several_currencies_have_is_none_of_another(
    tmp_path, amount, currency, is_another
):
    (row,) = _amounts(tmp_path, amount, currency=currency)
    assert ["names another currency" in fault.message for fault in row.faults] == (
        [True] if is_another else []
    )


def test_an_amount_with_its_currency_beside_it_is_looked_at_like_any_other(tmp_path):
    (row,) = _amounts(tmp_path, "US$ 0.123")
    assert _codes(row) == ["many-decimals"]


@pytest.mark.parametrize("column", ["voucher", "project", "fund"])
def test_a_code_of_which_a_spreadsheet_made_a_date_is_a_fault(tmp_path, column):
    path = tmp_path / "a.xlsx"
    row = one(write_xlsx(path, [VOUCHER_HEADINGS, _row(**{column: date(2009, 4, 6)})]))
    (fault,) = row.faults
    assert (fault.value, "made a date of it" in fault.message) == ("2009-04-06", True)


def test_days_counted_since_1904_are_so_in_text_cells_too(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(payment_date="41166"), _row(payment_date=1)]
    )
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.active["B3"] = 41166
    book.save(path)
    assert {row.values["payment_date"] for row in rows_of(path)} == {date(2016, 9, 15)}


def test_an_ods_cell_says_its_currency_and_percent_too(tmp_path):
    path = write_ods(tmp_path / "a.ods", [VOUCHER_HEADINGS, _row(amount=1000)])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for kind, what in (
        ('currency" office:currency="EUR', "another currency"),
        ("percentage", "a percentage"),
    ):
        with zipfile.ZipFile(path, "w") as package:
            for name, content in parts.items():
                package.writestr(name, content.replace('value-type="float', f'value-type="{kind}'))
        (fault,) = one(path).faults
        assert what in fault.message


@pytest.mark.parametrize("first", ["Total", "TOTAL 2023", "Sub-total", "Grand total US$", "Suma"])
def test_a_filled_row_that_looks_like_totals_is_noted(tmp_path, first):
    rows = [VOUCHER_HEADINGS, _row(), _row(voucher=first), _row(voucher="Totalitas-7")]
    _one, total, other = rows_of(write_csv(tmp_path / "a.csv", rows))
    assert (_codes(total), total.notes[0].value, _codes(other)) == (["row-of-totals"], first, [])


@pytest.mark.parametrize(
    "words",
    ["Gesamtsumme", "2023 total", "Итого за 2023 год", "الإجمالي", "合计", "\u200bTotal",
     '="Total"', "Montant total", "Jumla", "Sub-total project"],
)  # fmt: skip
def test_a_word_for_a_sum_is_known_in_any_cell_and_language(tmp_path, words):
    rows = [VOUCHER_HEADINGS, _row(), _row(voucher=words), _row(payee=words)]
    rows.append(_row(payee="Total Relief Society"))
    found = rows_of(write_csv(tmp_path / "a.csv", rows))
    assert [_codes(row) for row in found] == [[], ["row-of-totals"], ["row-of-totals"], []]


def test_an_amount_that_is_the_sum_of_the_rows_above_is_noted_without_a_word(tmp_path):
    amounts = [10, 20, 30, 60, 1, 2, 4, 7, 67]
    found = _amounts(tmp_path, *map(str, amounts))
    assert [row.values["amount"] for row in found if row.notes] == [60, 7, 67]
    assert "the sum of rows above it" in found[3].notes[0].message


@pytest.mark.parametrize("amounts", [(10, 20, 30), (10, -10, 5, 5, 10), (5, 5, 5, 5, 0)])
def test_amounts_that_only_happen_to_add_up_are_not_noted(tmp_path, amounts):
    assert not any(row.notes for row in _amounts(tmp_path, *map(str, amounts)))


def test_hidden_rows_count_and_are_noted(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(), _row(), _row()])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    assert [_codes(row) for row in rows_of(path)] == [[], ["hidden-row"], []]


def test_rows_and_columns_of_no_size_are_hidden_too(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, _row(), _row(), _row()])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    columns = '<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>'
    parts[sheet] = parts[sheet].replace("<sheetData>", columns)
    parts[sheet] = parts[sheet].replace('<row r="3"', '<row r="3" ht="0" customHeight="1"')
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert [_codes(row) for row in rows_of(path)] == [[], ["hidden-row"], []]
    assert _of_file(path) == [("hidden-column", "Payment date")]


def _of_file(path):
    return [(note.code, note.value) for note in open_sheet(path, "vouchers").notes]


def test_hidden_columns_count_and_are_noted_once(tmp_path):
    headings = [*VOUCHER_HEADINGS, "internal"]
    path = write_xlsx(tmp_path / "a.xlsx", [headings, [*VOUCHER, "x"], [*VOUCHER, "y"]])
    book = openpyxl.load_workbook(path)
    book.active.column_dimensions.group("F", "H", hidden=True)
    book.save(path)
    assert _of_file(path) == [("hidden-column", "Amount"), ("hidden-column", "Currency")]
    assert [row.values["amount"] for row in rows_of(path)] == [Decimal("1234.5")] * 2


def test_hidden_columns_of_an_ods_sheet_are_noted(tmp_path):
    path = write_ods(tmp_path / "a.ods", [VOUCHER_HEADINGS, VOUCHER])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    shown, hidden = "<table:table-column/>", '<table:table-column table:visibility="collapse"/>'
    columns = shown * 5 + hidden + shown
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            first = '<table:table table:name="One">'
            package.writestr(name, content.replace(first, first + columns))
    assert _of_file(path) == [("hidden-column", "Amount")]


def test_a_sheet_that_is_not_read_and_looks_like_one_to_be_read_is_noted(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, VOUCHER])
    book = openpyxl.load_workbook(path)
    for name, headings in (
        ("2017", VOUCHER_HEADINGS[:-1]), ("Notes", ["amount", "what"]), ("Empty", VOUCHER_HEADINGS)
    ):  # fmt: skip
        sheet = book.create_sheet(name)
        sheet.append(headings)
        if name != "Empty":
            sheet.append(["x"] * len(headings))
    book.save(path)
    assert _of_file(path) == [("unread-sheet", "2017")]


@pytest.mark.parametrize(
    "written",
    ["\u200b00102004", "00102004\u200e", "\ufeff00102004", "0010\u00ad2004",
     "\u00a000102004", "'00102004", '="00102004"', "0010\u200c2004"],
)  # fmt: skip
def test_identifiers_are_read_as_they_are_seen(tmp_path, written):
    row = one(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(project=written)]))
    assert (row.values["project"], row.as_stated[4], row.faults) == ("00102004", "00102004", [])


@pytest.mark.parametrize("written", ["1.23457E+11", "1,2E+05", "1E+10"])
def test_a_shortened_identifier_is_a_fault(tmp_path, written):
    row = one(
        write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(voucher=written)], delimiter=";")
    )
    (fault,) = row.faults
    assert (fault.value, "last digits are lost" in fault.message) == (written, True)


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "mac_roman"])
def test_old_code_pages_are_refused_with_the_word_that_shows_it(tmp_path, encoding):
    rows = [VOUCHER_HEADINGS, _row(payee="Société générale")]
    path = write_csv(tmp_path / "a.csv", rows, encoding=encoding)
    with pytest.raises(LoadError, match=r"old encoding|unknown encoding"):
        rows_of(path)


@pytest.mark.parametrize(
    ("payee", "encoding"),
    [
        ("Santé", "cp850"), ("Instituto de Perú", "cp437"), ("São Tomé", "cp850"),
        ("caffè", "cp850"), ("MÜNCHEN", "cp850"), ("KÖLN", "cp437"), ("École", "mac_roman"),
        ("Café", "mac_roman"), ("Осень", "cp1251"), ("Осень", "koi8_r"), ("منظمة", "cp1256"),
        ("日本", "gb18030"),
    ],
)  # fmt: skip
def test_other_encodings_are_refused_by_a_letter_at_the_end_or_another_script(
    tmp_path, payee, encoding
):
    path = write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(payee=payee)], encoding=encoding)
    with pytest.raises(LoadError, match=r"old encoding|unknown encoding"):
        rows_of(path)


def test_a_word_of_a_million_letters_keeps_nobody_waiting(tmp_path):
    """Looked at from each of its letters on, it would take hours."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * 1_000_000 + b"\n\xe9")
    assert encoding_of(path) == "cp1252"


@pytest.mark.parametrize("payee", ["Société générale", "L’été – “ça”", "Škoda Niš, cœur…", "5 ¢"])
def test_windows_files_are_read(tmp_path, payee):
    path = write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(payee=payee)], encoding="cp1252")
    assert one(path).values["payee"] == payee


def test_wrapped_amounts_and_dates_are_read_too(tmp_path):
    row = one(
        write_csv(
            tmp_path / "a.csv",
            [VOUCHER_HEADINGS, _row(amount='="1234.50"', payment_date='="2016-09-15"')],
        )
    )
    assert (str(row.values["amount"]), row.faults) == ("1234.50", [])


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u200e", "\u00ad"])
@pytest.mark.parametrize("column", VOUCHER_HEADINGS)
def test_no_cell_has_signs_that_nobody_sees(tmp_path, sign, column):
    plain, marked = rows_of(
        write_csv(
            tmp_path / "a.csv",
            [
                VOUCHER_HEADINGS,
                VOUCHER,
                _row(**{column: f"{sign}{_row()[VOUCHER_HEADINGS.index(column)]}{sign}"}),
            ],
        )
    )
    assert (marked.values, marked.as_stated, marked.faults) == (plain.values, plain.as_stated, [])


@pytest.mark.parametrize("nothing", ["\u200b", '=""', ' ="\u200e"'])
def test_a_cell_of_signs_that_nobody_sees_is_empty(tmp_path, nothing):
    row = one(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(amount=nothing)]))
    assert [fault.message for fault in row.faults] == ["it is empty"]


def test_a_message_shows_letters_of_another_script_in_a_code():
    assert visibly("ZZ-\u0412UG 1") == "ZZ-\u0412[U+0412]UG 1"
    assert visibly("Осень 2023, Côte d’Ivoire") == "Осень 2023, Côte d’Ivoire"
    assert visibly("A\tB") == "A[U+0009]B"


def test_words_keep_what_their_script_needs():
    assert seen_text("می\u200cخواهم\u200b") == "می\u200cخواهم"
    assert seen_text("A\u200c1", is_identifier=True) == "A1"
    assert visibly("A\u200b1") == "A[U+200B]1"


def test_case_is_one_notion_and_that_of_the_unique_index():
    assert any_case("ΟΔΟΣ") == "οδοσ" != any_case("οδος")
    assert any_case("STRASSE") != any_case("Straße")
    assert look_alike("ＺＺ‑B’1 ") == look_alike("zz-b'1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["ΟΔΟΣ", "οδός", "Côte d’Ivoire", "Cote d´Ivoire", "Guinea\u2011Bissau", "Sea\u200bside",
     "of “A” and `B`s", "ＺＺ－1", "ﬁnance", "İZMİR", "Łódź", "Україна", "Straße"],
)  # fmt: skip
def test_the_database_folds_as_we_do(text):
    Office.current()
    given = Value(text, output_field=TextField())
    ((there, alike),) = Office.objects.values_list(folded(given), looking_alike(given))
    assert (there, alike) == (fold(text), look_alike(text))


@pytest.mark.django_db
def test_the_database_has_the_same_notion():
    letters = "".join(chr(code) for code in range(0x80, 0x2FFFF) if chr(code).isalpha())
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(%s)", [letters])
        (theirs,) = cursor.fetchone()
    differing = [a for a, b, c in zip(letters, theirs, any_case(letters), strict=True) if b != c]
    # Letters that the server's Unicode does not know yet, at most.
    assert not [letter for letter in differing if ord(letter) < 0x1000]
