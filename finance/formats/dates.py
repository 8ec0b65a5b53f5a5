"""Dates as people write them: to a day, or a reason why not; never a guess."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from finance.formats.faults import Ambiguous, Unreadable
from portal.kit.years import FIRST_YEAR, LAST_YEAR, is_plausible

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
_EPOCH = date(1899, 12, 30)

_TIME = (
    r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?(?:\s?Z|\s?[+-]\d\d:?\d\d)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/. ])(\d{1,2}|[^\W\d]+\.?)\1\d{2}" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_SERIAL = re.compile(r"\d{5,6}(?:\.\d+)?", re.ASCII)
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º)?[-/. ]*(?:(?:of|de) )?([^\W\d_]+)"
    r"[-/., ]*(?:(?:de|del) )?(\d{4})" + _TIME,
    re.IGNORECASE,
)
_NAME_DAY = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME, re.IGNORECASE)
# English, French and Spanish, without accents.
_MONTH_NAMES = (
    "jan january janv janvier ene enero",
    "feb february fev fevr fevrier febrero",
    "mar march mars marzo",
    "apr april avr avril abr abril",
    "may mai mayo",
    "jun june juin junio",
    "jul july juil juillet julio",
    "aug august aout ago agosto",
    "sep sept september septembre septiembre set",
    "oct october octobre octubre",
    "nov november novembre noviembre",
    "dec december decembre dic diciembre",
)
_MONTHS = {
    name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}


def parse_date(text: str, order: str = "", *, since_1904: bool = False) -> date:
    """The day that the text states; `order` says which number comes first, if known, and
    `since_1904` from when its workbook counts days.

    Raises Unreadable, or Ambiguous where day and month cannot be told apart.
    """
    text = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _NUMBERS.fullmatch(text):
        return _by_order(int(found[1]), int(found[3]), int(found[4]), order)
    if found := _DAY_NAME.fullmatch(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _NAME_DAY.fullmatch(text):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    if found := _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL.fullmatch(text):
        return from_serial(float(text), since_1904=since_1904)
    if _SHORT_YEAR.fullmatch(text):
        raise Ambiguous(_("its year has only two digits"), _("Write the year in four digits."))
    raise _no_date()


def from_serial(days: float, *, since_1904: bool = False) -> date:
    """The day of an Excel serial number."""
    if not 0 < days < 200_000:
        raise _no_date()
    return _plausible(_EPOCH + timedelta(days=int(days) + (1462 if since_1904 else 0)))


def from_cell(cell: date) -> date:
    """The day of a cell that a spreadsheet keeps as a date."""
    return _plausible(cell.date() if isinstance(cell, datetime) else cell)


def _by_order(first: int, second: int, year: int, order: str) -> date:
    if order == DAY_FIRST:
        return _day(year, second, first)
    if order == MONTH_FIRST:
        return _day(year, first, second)
    if first > 12 or first == second:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    raise Ambiguous(
        _("it is not clear which number is the day and which the month"),
        _("Write 2006-07-04 or 4 Jul 2006, or state the order of this file in its mapping."),
    )


def _month(name: str) -> int:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in decomposed if letter.isalpha())
    if plain not in _MONTHS:
        raise _no_date()
    return _MONTHS[plain]


def _day(year: int, month: int, day: int) -> date:
    try:
        return _plausible(date(year, month, day))
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("there is no such day"), _("Check day and month.")) from None


def _plausible(day: date) -> date:
    if not is_plausible(day.year):
        raise Unreadable(
            _("the day lies outside %(first)d to %(last)d")
            % {"first": FIRST_YEAR, "last": LAST_YEAR},
            _("Check the year."),
        )
    return day


def _no_date() -> Unreadable:
    return Unreadable(_("it is no date"), _("Write it as 2016-09-15 or 15 Sep 2016."))
