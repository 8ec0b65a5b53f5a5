"""Amounts: whatever certain form they are written in, they read back exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.formats.amounts import canonical, from_float, parse_amount
from finance.formats.faults import Ambiguous, Unreadable

whole_parts = st.integers(0, 10**15 - 1)
fractions = st.one_of(st.just(""), st.from_regex(r"[0-9]{1,2}|[0-9]{4,6}", fullmatch=True))
signs = st.sampled_from(["", "-", "−", "()", "trailing"])
groupings = st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "'", "’", ""])
currencies = st.sampled_from(["", "$", "US$ ", "€", "£ ", "USD ", " EUR"])


def _grouped(whole: int, grouping: str) -> str:
    return f"{whole:,}".replace(",", grouping)


def _signed(text: str, sign: str) -> str:
    if sign == "()":
        return f"({text})"
    return f"{text}-" if sign == "trailing" else f"{sign}{text}"


def _with_currency(text: str, currency: str) -> str:
    return text + currency if currency.startswith(" ") else currency + text


@given(whole_parts, fractions, signs, groupings, st.sampled_from([".", ","]), currencies)
def test_every_form_reads_back_exactly_or_is_called_ambiguous(
    whole, fraction, sign, grouping, decimal, currency
):
    if grouping == decimal:
        return
    digits = _grouped(whole, grouping) + (decimal + fraction if fraction else "")
    written = _signed(_with_currency(digits, currency), sign)
    value = Decimal(f"{whole}.{fraction or 0}") * (-1 if sign else 1)
    one_dot_or_comma = not fraction and grouping in (",", ".") and 1000 <= whole < 10**6
    if one_dot_or_comma:
        with pytest.raises(Ambiguous):
            parse_amount(written)
    else:
        assert parse_amount(written).value == value
    assert parse_amount(written, decimal).value == value


@given(st.decimals(-(10**12), 10**12, places=6))
def test_the_canonical_text_is_one_for_each_value_and_reads_back(value):
    text = canonical(value)
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))
    assert parse_amount(text, ".").value == value


@given(st.decimals(-(10**9), 10**9, places=2))
def test_numbers_of_a_spreadsheet_are_exact_to_the_cent(value):
    assert from_float(float(value)) == (value, canonical(value + 0))


def test_the_tail_of_a_binary_number_is_rounded_off():
    assert from_float(0.1 + 0.2)[1] == "0.3"
    assert parse_amount("30000.000000000004").value == 30000


@pytest.mark.parametrize("text", ["1,234", "1.234", "-12.345", "(123,456)", "US$ 1,234", "1,234-"])
def test_one_dot_or_comma_before_three_digits_is_never_guessed(text):
    with pytest.raises(Ambiguous):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        ("1234,567", "1234.567"),
        (".5", "0.5"),
        ("12,5", "12.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("(978)", "-978"),
        ("$(1,234.50)", "-1234.50"),
        ("978-", "-978"),
        ("-0.00", "0"),
    ],
)
def test_certain_forms(text, value):
    assert parse_amount(text).value == Decimal(value)
    assert not parse_amount(text).value.is_signed() or value.startswith("-")


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "n/a", "12,34,567", "1,23", "1.5E+06", "1,234.567,8", "--5", "(-5)", "1..5",
        "0.1234567", "1234567890123456789", "5 apples", "ABC 5", "€5 USD", "1 2345", "٣٤", "NaN",
        "Infinity", "1_000", "0x10",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text):
    if text == "1,23":
        assert parse_amount(text).value == Decimal("1.23")
        text = "1,23,456.00"
    with pytest.raises(Unreadable) as error:
        parse_amount(text)
    assert str(error.value.message)


def test_the_decimal_sign_of_the_file_is_binding():
    assert parse_amount("1.234", ",").value == 1234
    assert parse_amount("1.234", ".").value == Decimal("1.234")
    with pytest.raises(Unreadable):
        parse_amount("1234.56", ",")
    with pytest.raises(Unreadable):
        parse_amount("1.234,5", ".")


def test_the_currency_that_a_cell_names_is_told():
    assert parse_amount("EUR 5").currency == "EUR"
    assert parse_amount("US$5").currency == "USD"
    assert parse_amount("$5").currency == "$"
