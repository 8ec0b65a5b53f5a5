"""How figures and dates are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation

from portal.kit import formatting
from portal.kit.currency import told_in_base
from portal.kit.dates import parse_day
from portal.kit.tables.columns import MoneyColumn, PercentColumn


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.5"), "1,235"),
        (Decimal("2.5"), "3"),
        (Decimal("-2.5"), "−3"),
        (Decimal("-0.4"), "−0.40"),
        (Decimal("0.004"), "0.004"),
        (Decimal("-0.000049"), "−0.00005"),
        ("0.00", "0"),
        (Decimal("999999999999999999999.99"), "1,000,000,000,000,000,000,000"),
        (0, "0"),
        (0.1 + 0.2, "0.30"),
        (None, "n/a"),
        ("", "n/a"),
        (Decimal("NaN"), "n/a"),
        ("not a number", "n/a"),
    ],
)
def test_money_is_whole_dollars_rounded_half_up(value, text):
    assert formatting.money(value) == text


def test_what_a_source_wrote_keeps_its_brackets_within_a_sentence_from_right_to_left():
    assert formatting.apart("UNDP (only)") == "UNDP (only)"
    with translation.override("ar"):
        assert formatting.apart("UNDP (only)") == "\u2068UNDP (only)\u2069"
        assert formatting.apart("") == ""


def test_cents_are_rounded_half_up_and_negative_figures_have_a_real_minus():
    assert formatting.cents(Decimal("1.005")) == "1.01"
    assert formatting.cents(Decimal("-1234.565")) == "−1,234.57"
    assert formatting.cents(0) == "0.00"


def test_no_amount_that_is_something_is_written_as_nothing():
    assert formatting.cents(Decimal("-0.001")) == "−0.001"
    assert formatting.amount(Decimal("0.004"), "USD") == "USD\N{NO-BREAK SPACE}0.004"
    assert str(MoneyColumn().clean(Decimal("0.004"))) == "0.004"
    assert str(MoneyColumn().clean(Decimal("0.000"))) == "0.00"
    assert str(MoneyColumn().clean(Decimal("7.004"))) == "7.00"


def test_a_percentage_has_one_decimal_and_a_space_that_does_not_break():
    assert formatting.percent(Decimal("94.55")) == "94.6\N{NO-BREAK SPACE}%"
    assert formatting.percent(None) == "n/a"


def test_what_is_not_quite_all_is_not_called_100_percent():
    shown = [formatting.percent(Decimal(n), 1)[:-2] for n in ("99.96", "100", "100.04", "99.94")]
    assert shown == ["99.9", "100.0", "100.1", "99.9"]
    assert formatting.percent(Decimal("99.999"), 2)[:-2] == "99.99"


def test_what_is_something_is_not_called_0_percent():
    shown = [formatting.percent(Decimal(n), 1)[:-2] for n in ("0.04", "0", "0.05", "-0.04")]
    assert shown == ["<0.1", "0.0", "0.1", "−0.04"]


def test_files_round_percentages_as_pages_do():
    given = ("99.96", "100", "100.04", "94.55", "0.04", "0.0049", "0", "-0.04", "-99.96", None)
    found = [PercentColumn().clean(None if n is None else Decimal(n)) for n in given]
    assert [None if n is None else str(n) for n in found] == [
        "99.9", "100.0", "100.1", "94.6", "0.04", "0.005", "0.0", "-0.04", "-100.0", None,
    ]  # fmt: skip
    assert PercentColumn(places=2).clean(Decimal("99.999")) == Decimal("99.99")


def test_an_amount_without_a_currency_names_none():
    assert formatting.amount(777, "XXX") == "777.00 in a currency not stated"


def test_an_amount_names_its_currency():
    assert formatting.amount(Decimal("1234.5"), "EUR") == "EUR\N{NO-BREAK SPACE}1,234.50"
    assert formatting.amount(Decimal("1234.5"), "") == "1,234.50"


def test_figures_follow_the_language():
    with translation.override("fr"):
        assert formatting.cents(Decimal("-1234.5")) == "−1\N{NO-BREAK SPACE}234,50"


def test_a_day_follows_the_language_in_whichever_it_was_written_before():
    on = date(2016, 2, 15)
    for language, words in (("en", "15 Feb 2016"), ("fr", "15 fév. 2016"), ("en", "15 Feb 2016")):
        with translation.override(language):
            assert formatting.day(on).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_moment_is_shown_as_its_day_in_the_time_zone_of_the_office(settings):
    assert formatting.day(date(2016, 9, 15)) == "15 Sep 2016"
    moment = datetime(2016, 9, 15, 23, 30, tzinfo=UTC)
    from django.utils import timezone

    with timezone.override("Asia/Tokyo"):
        assert formatting.day(moment) == "16 Sep 2016"


def test_the_filters_are_known_to_every_template():
    page = engines["django"].from_string(
        "{{ a|money }} {{ a|cents }} {{ a|percent }} {{ d|day }} {{ none|money }} {{ none|day }}"
    )
    text = page.render({"a": Decimal("1234.567"), "d": date(2016, 9, 5), "none": None})
    assert text == "1,235 1,234.57 1,234.6\N{NO-BREAK SPACE}% 5 Sep 2016 n/a n/a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-31", date(2025, 5, 31)),
        (" 2025-05-31 ", date(2025, 5, 31)),
        ("2025-02-30", None),
        ("20250531", None),
        ("2025-W01-1", None),
        ("٢٠٢٥-٠٥-٣١", None),
        ("yesterday", None),
        ("2025-05-31\0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_in_an_address_is_an_iso_date_or_none(text, expected):
    assert parse_day(text) == expected


@pytest.mark.parametrize("text", ["%(currency)s %(sum)s is left", "il reste %(sum)s %(currency)s"])
def test_an_amount_stays_on_one_line_with_its_currency(text: str) -> None:
    told = told_in_base(text, sum="153")
    assert told.count("\N{NO-BREAK SPACE}") == 1
    assert "US$\N{NO-BREAK SPACE}153" in told or "153\N{NO-BREAK SPACE}US$" in told
