"""Words, dates, identifiers and encodings as people of other places and programs write them."""

from datetime import date

import pytest

from finance.errors import LoadError
from finance.formats.dates import parse_date
from finance.formats.rows import open_sheet
from finance.formats.totals import is_sum
from tests.finance.formats.files import VOUCHER, VOUCHER_HEADINGS, one, rows_of, write_csv


def _row(**changes):
    return [changes.get(name, cell) for name, cell in zip(VOUCHER_HEADINGS, VOUCHER, strict=True)]


@pytest.mark.parametrize(
    "written",
    ['="“000123”"', "'000123'", "’000123", '"000123"', "`000123", "０００１２３", "«000123»"],
)
def test_identifiers_are_read_without_what_a_program_put_around_them(tmp_path, written):
    row = one(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(voucher=written)]))
    assert (row.faults, row.values["voucher"]) == ([], "000123")


@pytest.mark.parametrize(
    "written", ['=T("000123")', '=TEXT(123,"000000")', '="000"&"123"', "=000123", '＝"1"', "'=1"]
)
def test_a_formula_is_no_identifier(tmp_path, written):
    (fault,) = one(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(voucher=written)])).faults
    assert "formula" in fault.message


def test_a_currency_in_wide_letters_is_that_currency(tmp_path):
    row = one(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(currency="ＵＳＤ")]))
    assert (row.faults, row.values["currency"]) == ([], "USD")


@pytest.mark.parametrize(
    "text",
    [
        "15 de septiembre de 2016",
        "15 septiembre del 2016",
        "15th of September 2016",
        "15 sept. 2016",
    ],
)
def test_dates_in_whole_words_are_read(text):
    assert parse_date(text) == date(2016, 9, 15)


def test_the_first_of_a_month_is_read_in_french_and_spanish():
    assert parse_date("1er septembre 2016") == parse_date("1º de septiembre de 2016")


@pytest.mark.parametrize(
    "words", ["Zusammen", "Totaal", "Łącznie", "Σ", "T O T A L", "Balance b/f", "Carried forward"]
)
def test_a_row_that_carries_a_sum_is_known_by_its_words(words):
    assert is_sum(words)


@pytest.mark.parametrize(
    "words", ["Forward", "Balance", "A B", "UNDP", "T O T", "B-12-C", "C/D", "F-2024-B"]
)
def test_other_words_name_no_sum(words):
    assert not is_sum(words)


@pytest.mark.parametrize(
    ("heading", "value", "is_told"),
    [
        ("Amount in US dollars, as booked", "990", True), ("Montant (€)", "5", True),
        ("Our rate", "0.9", True), ("Our rate", "", False), ("Value date", "2016-01-01", False),
        ("IBAN", "1", False), ("Remarks", "late", False), ("Strategy", "2", False),
    ],
)  # fmt: skip
def test_a_column_of_money_whose_heading_is_not_known_is_noted(tmp_path, heading, value, is_told):
    rows = [[*VOUCHER_HEADINGS, heading], [*VOUCHER, value]]
    sheet = open_sheet(write_csv(tmp_path / "a.csv", rows), "vouchers")
    assert [note.code for note in sheet.notes] == ["unread-column"] * is_told


@pytest.mark.parametrize("payee", ["Spółka Wodna", "Łódź", "Wałbrzych", "Książki"])
def test_text_of_central_europe_is_refused_in_another_encoding(tmp_path, payee):
    path = write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(payee=payee)], encoding="cp1250")
    with pytest.raises(LoadError, match="unknown encoding"):
        rows_of(path)


@pytest.mark.parametrize("payee", ["¿Qué agua?", "12 m³ eau", "Société 1¾", "£500 rien", "Æther"])
def test_signs_of_western_europe_are_read(tmp_path, payee):
    path = write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, _row(payee=payee)], encoding="cp1252")
    assert one(path).values["payee"] == payee
