"""Dates: whatever certain form they are written in, they read back exactly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.formats.dates import DAY_FIRST, MONTH_FIRST, from_serial, parse_date
from finance.formats.faults import Ambiguous, Unreadable
from portal.kit.years import FIRST_DAY, LAST_DAY

days = st.dates(FIRST_DAY, LAST_DAY)
CERTAIN = (
    "{0:%Y-%m-%d}",
    "{0:%Y-%m-%d}T00:00:00",
    "{0:%Y-%m-%d} 12:00:00 AM",
    "{0:%Y-%m-%d}T14:52:07.123+02:00",
    "{0:%Y/%m/%d}",
    "{0:%Y%m%d}",
    "{0.day} {0:%b} {0:%Y}",
    "{0.day} {0:%B} {0:%Y}",
    "{0:%d}-{0:%b}-{0:%Y}",
    "{0.day}th {0:%B}, {0:%Y}",
    "{0:%b} {0.day}, {0:%Y}",
)
NUMBERS = ("{a:02d}/{b:02d}/{y}", "{a}.{b}.{y}", "{a}-{b}-{y}", "{a}/{b}/{y} 00:00")


@given(days, st.sampled_from(CERTAIN))
def test_every_certain_form_reads_back_exactly(day, form):
    assert parse_date(form.format(day)) == day


@given(days, st.sampled_from(NUMBERS))
def test_numbers_are_read_only_where_day_and_month_cannot_be_exchanged(day, form):
    day_first = form.format(a=day.day, b=day.month, y=day.year)
    month_first = form.format(a=day.month, b=day.day, y=day.year)
    assert parse_date(day_first, DAY_FIRST) == day
    assert parse_date(month_first, MONTH_FIRST) == day
    if day.day > 12 or day.day == day.month:
        assert parse_date(day_first) == parse_date(month_first) == day
    else:
        for text in (day_first, month_first):
            with pytest.raises(Ambiguous):
                parse_date(text)


@given(days)
def test_serial_numbers_count_from_excels_first_day(day):
    serial = (day - date(1899, 12, 30)).days
    assert from_serial(serial) == parse_date(str(serial)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("16 Mar 2011", date(2011, 3, 16)),
        ("21.01.2010", date(2010, 1, 21)),
        ("31/12/2010", date(2010, 12, 31)),
        ("3 août 2015", date(2015, 8, 3)),
        ("1 enero 2012", date(2012, 1, 1)),
    ],
)
def test_forms_seen_in_real_files(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2015-02-29", "31/11/2010", "1 Foo 2010", "2010-13-01", "1890-01-01", "12/31/10",
     "16-Mar-11", "13/13/2010", "0206-04-03", "123", "1234567", "2016"],
)  # fmt: skip
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Unreadable):
        parse_date(text)


def test_an_order_that_the_file_contradicts_is_a_fault():
    with pytest.raises(Unreadable):
        parse_date("09/26/2008", DAY_FIRST)
