"""From the text of a file to exact values, or a refusal that says where and why."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.iati.errors import Refused
from portal.kit.currency import WHOLE_DIGITS
from portal.kit.safe import seen_text, visibly

MAX_DIGITS = 18
MAX_DECIMALS = 6
_SHOWN = 40

_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_CURRENCY = re.compile("[A-Z]{3}")
MAX_PERCENT = 1000  # what is above it is a slip of the keys; between 100 and this is warned of
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


def shown(text: str) -> str:
    """Shorten a text of the file so that a message can quote it."""
    text = visibly(" ".join(text.split()))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def one_line(text: str) -> str:
    """Names, titles and codes are one line of what can be seen, however the file is indented."""
    return " ".join(seen_text(text).split())


def identifier(text: str) -> str:
    """An identifier has no sign that nobody sees, joiners of letters included."""
    return " ".join(seen_text(text, is_identifier=True).split())


def currency(text: str, line: int) -> str | None:
    """Read the code of a currency; an empty one is none."""
    code = one_line(text).upper()
    if not code or _CURRENCY.fullmatch(code):
        return code or None
    reason = _("“%(text)s” is no code of a currency. Write its three letters, such as USD.")
    raise Refused(line, reason % {"text": shown(text)})


def amount(text: str, line: int) -> Decimal:
    """Read an amount of money, digit by digit as stated."""
    number = _decimal(text)
    if number is None:
        raise Refused(line, _not_a_number(text))
    digits, decimals = number.as_tuple().digits, -int(number.as_tuple().exponent)
    if decimals > MAX_DECIMALS:
        reason = _(
            "the amount “%(text)s” has more than %(limit)d decimals. "
            "Round it at the source and export the file again."
        )
        raise Refused(line, reason % {"text": shown(text), "limit": MAX_DECIMALS})
    if len(digits) - decimals > WHOLE_DIGITS:
        reason = _(
            "the amount “%(text)s” has more than %(limit)d digits before its decimal point. "
            "Correct it at the source and export the file again."
        )
        raise Refused(line, reason % {"text": shown(text), "limit": WHOLE_DIGITS})
    if len(digits) > MAX_DIGITS:
        reason = _(
            "the amount “%(text)s” has more than %(limit)d digits. "
            "Correct it at the source and export the file again."
        )
        raise Refused(line, reason % {"text": shown(text), "limit": MAX_DIGITS})
    return number


def percentage(text: str | None, line: int) -> Decimal | None:
    """Read a percentage; an empty one is none."""
    if text is None or not text.strip():
        return None
    number = _decimal(text)
    if number is None:
        raise Refused(line, _not_a_number(text))
    if not 0 <= number <= MAX_PERCENT:
        reason = _("“%(text)s” is no percentage. Write a number from 0 to 100.")
        raise Refused(line, reason % {"text": shown(text)})
    return number


def _decimal(text: str) -> Decimal | None:
    """Read xsd:decimal: neither exponents nor separators, NaN or Infinity."""
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        return None
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if not whole and not fraction:
        return None
    # Zeros beyond what we keep say nothing; minus zero would print as "-0.00".
    fraction = fraction[:MAX_DECIMALS] + fraction[MAX_DECIMALS:].rstrip("0")
    number = Decimal(f"{sign}{whole.lstrip('0') or '0'}.{fraction or ''}")
    return number.copy_abs() if number.is_zero() else number


def _not_a_number(text: str) -> str:
    if not text.strip():
        return _("the amount is empty. Write a number such as 1000.00.")
    reason = _(
        "“%(text)s” is not a number in the sense of the standard. Write digits with a decimal "
        "point and no thousands separators, such as 1000.00."
    )
    return reason % {"text": shown(text)}


def date(text: str | None, line: int) -> dt.date | None:
    """Read the calendar date as written, whatever the time zone; an empty one is none."""
    if text is None or not text.strip():
        return None
    match = _DATE.fullmatch(text.strip())
    if match is not None:
        try:
            return dt.date.fromisoformat(match[1])
        except ValueError:
            pass
    reason = _("“%(text)s” is not a date. Write year, month and day, such as 2024-12-31.")
    raise Refused(line, reason % {"text": shown(text)})


def moment(text: str) -> dt.datetime | None:
    """Read a date and time, or None: it only informs, so it never refuses a file."""
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def in_time(spoken: dt.datetime) -> dt.datetime:
    """A moment to compare with others; one that names no zone is taken for UTC."""
    return spoken if spoken.tzinfo else spoken.replace(tzinfo=dt.UTC)


def boolean(text: str) -> bool | None:
    """Read xsd:boolean, or None."""
    return _BOOLEANS.get(text.strip().lower())
