"""How figures and dates are written for people; rounding happens here and nowhere else."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, get_language_bidi, gettext

from portal.kit.currency import NO_CURRENCY

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
FIRST_STRONG, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_WIDE = Context(prec=80)

Number = Decimal | int | float


def to_decimal(value: object) -> Decimal | None:
    """The value as an exact number; None for what is none (empty text, NaN, infinity)."""
    if value is None or value == "":
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def half_up(value: object, places: int) -> Decimal | None:
    """Rounded as accountants do; there is no minus zero."""
    number = to_decimal(value)
    if number is None:
        return None
    rounded = number.quantize(_step(places), ROUND_HALF_UP, _WIDE)
    return rounded if rounded else abs(rounded)


def all_half_up(numbers: list[Decimal], places: int) -> list[Decimal] | None:
    """The same of many; None, and no list, where one of them is infinite, no number, or would
    become nothing though it is something (`places_of`)."""
    if not all(map(Decimal.is_finite, numbers)):
        return None
    step = _step(places)
    rounded = [number.quantize(step, ROUND_HALF_UP, _WIDE) for number in numbers]
    if all(rounded):
        return rounded
    if any(number and not whole for number, whole in zip(numbers, rounded, strict=True)):
        return None
    return [number or abs(number) for number in rounded]


@lru_cache
def _step(places: int) -> Decimal:
    """The least that so many decimal places tell apart."""
    return Decimal(1).scaleb(-places)


def not_available() -> str:
    """What stands where there is no figure."""
    return gettext("n/a")


def figure(value: object, places: int = 0) -> str:
    """The figure with the separators of the active language and a real minus.

    Among letters from right to left the minus keeps its place by a mark, as CLDR has it.
    """
    number = half_up(value, places)
    if number is None:
        return not_available()
    return f"{number:,f}".translate(_signs(get_language()))


@lru_cache
def _signs(_language: str | None) -> dict[int, str]:
    """What stands for comma, point and hyphen in the active language; a page has many figures."""
    return {
        ord(","): get_format("THOUSAND_SEPARATOR"),
        ord("."): get_format("DECIMAL_SEPARATOR"),
        ord("-"): f"{_mark()}{MINUS}",
    }


def arrow() -> str:
    """From what was to what is, as one reads."""
    return "←" if get_language_bidi() else "→"


def apart(words: str) -> str:
    """What a source wrote, within a sentence that runs from right to left: its brackets, points
    and hyphens then stay where they are."""
    return f"{FIRST_STRONG}{words}{POP}" if words and get_language_bidi() else words


def _mark() -> str:
    return LEFT_TO_RIGHT if get_language_bidi() else ""


def _of_hundred(number: str) -> str:
    """With the sign, which stays behind its number."""
    mark = _mark()
    return f"{mark}{number}{NO_BREAK}%{mark}"


def money(value: object) -> str:
    """Whole US dollars: 1,234; less than half of one to the cent, and less than half of a cent to
    its first digit, for it is not nothing."""
    if half_up(value, 0):
        return figure(value)
    return figure(value, places_of(value, 2) if to_decimal(value) else 0)


def places_of(value: object, least: int) -> int:
    """So many decimal places that what is something does not look like nothing."""
    number = to_decimal(value)
    return least if not number or half_up(number, least) else -number.adjusted()


def cents(value: object) -> str:
    """US dollars to the cent: 1,234.50; less than half of one to its first digit."""
    return figure(value, places_of(value, 2))


def amount(value: object, currency: str) -> str:
    """An amount in its own currency: EUR 1,234.50; or in one that the source does not state."""
    number = half_up(value, 2)
    if number is None:
        return not_available()
    if currency == NO_CURRENCY:
        return gettext("%(amount)s in a currency not stated") % {"amount": cents(value)}
    return f"{currency}{NO_BREAK}{cents(value)}" if currency else cents(value)


ALL = Decimal(100)


def percentage(value: object, places: int = 1) -> Decimal | None:
    """A percentage as files and programs get it, rounded. What is not quite all is never rounded
    to 100, nor what is something to nothing: that keeps its first digit."""
    number = to_decimal(value)
    rounded = half_up(number, places)
    if number is None or rounded is None:
        return None
    if rounded == ALL != number:
        step = _step(places)
        return ALL - step if number < ALL else ALL + step
    if number and not rounded:
        return half_up(number, -number.adjusted())
    return rounded


def percent(value: object, places: int = 1) -> str:
    """A percentage for people: 94.6 %, rounded as `percentage` has it; <0.1 %."""
    rounded = percentage(value, places)
    if rounded is None:
        return not_available()
    least = _step(places)
    if 0 < rounded < least:
        return _of_hundred(f"<{figure(least, places)}")
    shown = max(places, -int(rounded.as_tuple().exponent))
    return _of_hundred(figure(rounded, shown))


def local_day(value: date | datetime) -> date:
    """The calendar day of a date or of a moment, in the time zone of the office."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value: date | datetime | None) -> str:
    """A date: 15 Sep 2016."""
    return _day(local_day(value), get_language()) if value else not_available()


@lru_cache(maxsize=4096)
def _day(on: date, _language: str | None) -> str:
    """In the active language; pages name the same days again and again."""
    return date_format(on, "DATE_FORMAT")


def moment(value: datetime) -> str:
    """A day and its time, with the time zone of the office: 15 Sep 2016, 14:30 UTC."""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")
