"""From a cell to a typed value and its canonical text, by the type of its column."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.formats.amounts import Amount, canonical, exact, from_float, parse_amount
from finance.formats.columns import ColumnType, FileColumn, folded, words_for
from finance.formats.currencies import CODES, NAMES
from finance.formats.dates import from_cell, from_serial, parse_date
from finance.formats.faults import Unreadable, failed_formula
from portal.kit.currency import in_base
from portal.kit.language.markup import plain
from portal.kit.safe import clean_text, seen_text
from portal.kit.years import FIRST_YEAR, LAST_YEAR, is_plausible

RATE_PLACES = 10
ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "Err:502", "Err:504",
     "Err:508", "Err:509", "Err:522", "Err:523")
)  # fmt: skip
_CURRENCIES = frozenset(CODES)
# A code of digits alone is no share: something parts it from the share behind it.
_SHARE = re.compile(r"(.+?)[\s:]*\(?(?<![0-9.,])([0-9]+(?:[.,][0-9]+)?)\s*%?\)?")
_KEPT_AS_TEXT = re.compile(r"=\s*\"([^\"]*)\"")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,2}", re.IGNORECASE)
_QUOTES = "'’‘`´\"“”„«»"
# Letters, figures and signs as wide as Chinese ones, by what they are.
_WIDE = {place: place - 0xFEE0 for place in range(0xFF01, 0xFF5F)}
_YES = frozenset(("yes", "y", "true", "1", "oui", "si", "نعم", "x"))
_NO = frozenset(("no", "n", "false", "0", "non", "لا"))

# A value, the canonical text for it, and what is to be noted: the currency that the cell
# itself names, or why it cannot be read.
Converted = tuple[Any, str, str | Unreadable]
Convert = Callable[[Any], Converted]
OfText = Callable[[str], Converted]
EMPTY: Converted = (None, "", "")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one column of one file are written."""

    date_order: str = ""
    decimal: str = ""
    digits: int | None = None
    year_is_its_last_day: bool = False
    since_1904: bool = False


def as_meant(cell: str) -> str:
    """The text without signs that nobody sees, and out of a formula that only keeps its zeros."""
    cell = seen_text(cell)
    if "=" in cell and (kept := _KEPT_AS_TEXT.fullmatch(cell.strip())):
        return kept[1]  # ="000123"
    return cell


def converter(column: FileColumn, reading: Reading) -> Convert:
    """A function from a cell that is not empty to its value; it raises Unreadable."""
    of_text = _of_text(column, reading)

    def convert(cell: Any) -> Converted:
        if isinstance(cell, str):
            if cell in ERRORS:
                raise failed_formula(cell)
            text = as_meant(cell)
            return of_text(text) if text.strip() else EMPTY
        return _of_other(cell, column, reading, of_text)

    return convert


def _of_other(cell: Any, column: FileColumn, reading: Reading, of_text: OfText) -> Converted:
    """A cell that a workbook keeps as a number, a date or a truth value."""
    kind = column.type
    if isinstance(cell, float):
        return _of_number(cell, kind, reading, of_text)
    if isinstance(cell, bool):
        return of_text("TRUE" if cell else "FALSE")
    if isinstance(cell, int):
        return _of_number(float(cell), kind, reading, of_text)
    if isinstance(cell, date):
        if kind is ColumnType.DATE:
            return _dated(from_cell(cell))
        if kind is ColumnType.IDENTIFIER:
            raise Unreadable(
                _("a spreadsheet made a date of it, and how it was written is lost"),
                _("Format the cells as text and write it again."),
            )
        if isinstance(cell, datetime) and cell.time() == time():
            cell = cell.date()
        return of_text(cell.isoformat())
    return of_text(str(cell))


def _of_number(number: float, kind: ColumnType, reading: Reading, of_text: OfText) -> Converted:
    if kind in (ColumnType.AMOUNT, ColumnType.RATE):
        places = RATE_PLACES if kind is ColumnType.RATE else 6
        value, text = from_float(number, places)
        if kind is ColumnType.RATE:
            _check_rate(value)
        return value, text, ""
    if kind is ColumnType.DATE and not (reading.year_is_its_last_day and number < 10_000):
        return _dated(from_serial(number, since_1904=reading.since_1904))
    text = from_float(number)[1]
    if kind is ColumnType.IDENTIFIER:
        if reading.digits is None:
            raise Unreadable(
                _("the cell is a number: whether it begins with zeros is lost"),
                _(
                    "Format the cell as text and write the zeros, or state the number of "
                    "digits in the mapping."
                ),
            )
        text = text.zfill(reading.digits)
    return of_text(text)


def _of_text(column: FileColumn, reading: Reading) -> Callable[[str], Converted]:
    kind = column.type
    if kind is ColumnType.AMOUNT:
        return lambda text: _amount(parse_amount(text, reading.decimal))
    if kind is ColumnType.RATE:
        return lambda text: _rate(parse_amount(text, reading.decimal, RATE_PLACES))
    if kind is ColumnType.DATE:
        return lambda text: _date_text(text, reading)
    if kind is ColumnType.YEAR:
        return _year
    if kind is ColumnType.CURRENCY:
        return _currency
    if kind is ColumnType.CHOICE:
        return _choice(column)
    if kind is ColumnType.YES_NO:
        return _yes_no
    if kind is ColumnType.SHARES:
        return lambda text: _shares(_short(text, column))
    if kind is ColumnType.PARTICIPANTS:
        return lambda text: _participants(_short(text, column))
    if kind is ColumnType.LONG_TEXT:
        return lambda text: _long(plain(text), column)
    if kind is ColumnType.IDENTIFIER:
        return lambda text: _identifier(_short(text, column))
    return lambda text: _plain(_short(plain(text), column))


def _amount(amount: Amount) -> Converted:
    return amount.value, canonical(amount.value), amount.currency


def _rate(amount: Amount) -> Converted:
    _check_rate(amount.value)
    return _amount(amount)


def _check_rate(value: Decimal) -> None:
    if not 0 < value < 10**12:
        raise Unreadable(
            _("a rate lies above zero"), in_base(_("Write the units per %(currency)s."))
        )


def _dated(day: date) -> Converted:
    return day, day.isoformat(), ""


def _date_text(text: str, reading: Reading) -> Converted:
    if reading.year_is_its_last_day and len(text := text.strip()) == 4 and text.isdecimal():
        return _dated(date(_year(text)[0], 12, 31))
    return _dated(parse_date(text, reading.date_order, since_1904=reading.since_1904))


def _year(text: str) -> Converted:
    text = text.strip()
    if len(text) != 4 or not text.isascii() or not text.isdecimal():
        raise Unreadable(_("it is no year"), _("Write it in four digits: 2016."))
    if not is_plausible(int(text)):
        raise Unreadable(
            _("the year must lie between %(first)d and %(last)d")
            % {"first": FIRST_YEAR, "last": LAST_YEAR},
            _("Check the year."),
        )
    return int(text), text, ""


def _currency(text: str) -> Converted:
    code = text.strip().translate(_WIDE).upper()
    code = NAMES.get(code, code)
    if code not in _CURRENCIES:
        raise Unreadable(_("it is no currency code"), _("Write the ISO code, such as EUR."))
    return code, code, ""


def _choice(column: FileColumn) -> Callable[[str], Converted]:
    codes = {folded(str(code)): code for code, _label in column.choices}
    names = words_for([(str(code), label) for code, label in column.choices]) | codes
    allowed = ", ".join(str(code) for code, _label in column.choices)

    def choose(text: str) -> Converted:
        code = names.get(folded(text))
        if code is None:
            raise Unreadable(
                _("it is none of the words that are known here"),
                _("Write one of: %(words)s.") % {"words": allowed},
            )
        return code, code, ""

    return choose


def _yes_no(text: str) -> Converted:
    word = folded(text)
    if word in _YES:
        return True, "yes", ""
    if word in _NO:
        return False, "no", ""
    raise Unreadable(_("it is neither yes nor no"), _("Write yes or no."))


def _short(text: str, column: FileColumn) -> str:
    """The text in one line."""
    text = seen_text(text, is_identifier=column.type is ColumnType.IDENTIFIER)
    text = clean_text(" ".join(text.split()))
    _check_length(text, column)
    return text


def _check_length(text: str, column: FileColumn) -> None:
    if len(text) > column.length:
        raise Unreadable(
            _("it is longer than %(length)d characters") % {"length": column.length},
            _("Shorten it."),
        )


def _plain(text: str) -> Converted:
    return (text, text, "") if text else EMPTY


def _identifier(text: str) -> Converted:
    """A number or code; 1.23E+11 is how spreadsheets lose its digits."""
    if not text:
        return EMPTY
    if text[0] in _QUOTES and len(text) > 1:
        # Excel’s mark of a text, exported with it, or quotes of the export itself.
        text = text[1:].rstrip(_QUOTES).strip()
    text = text.translate(_WIDE)
    if text.startswith("="):
        raise Unreadable(
            _("its formula has no stored result"),
            _("Open the file in a spreadsheet program and save it again."),
        )
    if _SHORTENED.fullmatch(text):
        raise Unreadable(
            _("a spreadsheet shortened it, so its last digits are lost"),
            _("Format the cells as text and export again."),
        )
    return _plain(text)


def _long(text: str, column: FileColumn) -> Converted:
    text = clean_text(seen_text(text)).strip()
    _check_length(text, column)
    return (text, " ".join(text.split()), "") if text else EMPTY


def _shares(text: str) -> Converted:
    """“ML 60; NE 40” as pairs of name or code and percent, which may be left out."""
    found: list[tuple[str, Decimal | None]] = []
    for part in _parts(text):
        match = _SHARE.fullmatch(part)
        if match is None:
            found.append((part, None))
            continue
        share = exact(Decimal(match[2].replace(",", ".")), 4)
        if share > 100:
            raise Unreadable(_("a share is above 100 %%") % {}, _("Check the shares."))
        found.append((match[1].strip(), share))
    stated = "; ".join(
        name if share is None else f"{name} {canonical(share)}" for name, share in found
    )
    return (tuple(found), stated, "") if found else EMPTY


def _participants(text: str) -> Converted:
    """“UNDP: 00012345; UNICEF” as pairs of organization and award number, or empty."""
    found = []
    for part in _parts(text):
        name, _colon, award = part.rpartition(":") if ":" in part else (part, "", "")
        found.append((name.strip(), award.strip()))
    stated = "; ".join(f"{name}: {award}" if award else name for name, award in found)
    return (tuple(found), stated, "") if found else EMPTY


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
