"""Amounts as people write them: to an exact Decimal, or a reason why not; never a guess."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext_lazy as _

from finance.formats.currencies import CODES, NAMES, SHARED_SIGNS
from finance.formats.faults import Ambiguous, Unreadable
from portal.kit.currency import WHOLE_DIGITS

PLACES = 6
# So many digits come only from a binary number's tail, such as 30000.000000000004.
ARTEFACT_DIGITS = 15
_MINUS = "-−–"
_PLAIN = re.compile(rf"-?[0-9]{{1,{WHOLE_DIGITS}}}(?:\.(?:[0-9]{{1,2}}|[0-9]{{4,6}}))?")
_BODY = re.compile(r"[0-9]+(?:[.,' ][0-9]+)*|[.,][0-9]+")
_SCIENTIFIC = re.compile(r"[0-9][.,]?[0-9]*[eE][+-]?[0-9]+")
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\t\r\n", " ") | {"’": "'"})
_SIGNS = NAMES | {sign: sign for sign in SHARED_SIGNS}
_BEFORE = re.compile(r"(US\$|[€£$¥]|[A-Z]{3})")
_AFTER = re.compile(r"(US\$|[€£$¥]|[A-Z]{3})$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount, and what its own cell names beside it: a currency, or a sign that several have."""

    value: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class _Digits:
    whole: str
    fraction: str
    decimal: str  # the decimal sign that its form shows; empty if it shows none
    is_ambiguous: bool = False


def parse_amount(text: str, decimal: str = "", places: int = PLACES) -> Amount:
    """The amount that the text states; `decimal` is the decimal sign, if that is known.

    Raises Unreadable, or Ambiguous where only the decimal sign is in doubt.
    """
    if decimal != "," and _PLAIN.fullmatch(text):
        return Amount(_without_minus_zero(Decimal(text)))
    body, negative, currency = _peel(text.translate(_SPACES).strip())
    digits = _digits(body, decimal)
    if digits.is_ambiguous:
        raise Ambiguous(
            _("it is not clear whether the sign in it groups thousands or begins the decimals"),
            _("Write 1234 or 1234.00, or state the decimal sign of this file in its mapping."),
        )
    value = exact(Decimal(f"{digits.whole or 0}.{digits.fraction or 0}"), places)
    return Amount(_without_minus_zero(-value if negative else value), currency)


def currency_of(mark: str) -> str:
    """The currency that a sign or code names, or the sign itself where several have it.

    Raises Unreadable where it is none.
    """
    if mark not in _SIGNS and mark not in CODES:
        raise Unreadable(
            _("it is shown with “%(sign)s”, which is no currency") % {"sign": mark},
            _("Format it as a number."),
        )
    return _SIGNS.get(mark, mark)


def exact(value: Decimal, places: int = PLACES) -> Decimal:
    """The value with at most so many places; only a binary number's tail is rounded off."""
    _sign, digits, exponent = value.normalize().as_tuple()
    if isinstance(exponent, int) and len(digits) + exponent > WHOLE_DIGITS:
        raise Unreadable(_("it is too large"), _("Check the amount."))
    if isinstance(exponent, int) and exponent < -places:
        if len(digits) < ARTEFACT_DIGITS:
            raise Unreadable(
                _("it has more than %(places)d decimals") % {"places": places},
                _("Round it in the source."),
            )
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    return value


def from_float(value: float, places: int = PLACES) -> tuple[Decimal, str]:
    """A spreadsheet's number as it is written in the file, with its canonical text."""
    text = repr(value)
    if len(text) <= ARTEFACT_DIGITS and text[-1].isdigit() and "e" not in text:
        whole, _point, fraction = text.partition(".")
        if fraction == "0" and whole != "-0":
            return Decimal(whole), whole
        if len(fraction) <= places and fraction != "0":
            return Decimal(text), text
    number = Decimal(text)
    if not number.is_finite() or abs(number) >= 10**15:
        raise Unreadable(
            _("a spreadsheet keeps only 15 digits of it"), _("Format the cell as text.")
        )
    number = _without_minus_zero(exact(number, places))
    return number, canonical(number)


def canonical(value: Decimal) -> str:
    """The one way in which this value is written: 1234.5, never 1234.50 or 1.2345E+3."""
    return format(value.normalize(), "f")


def _without_minus_zero(value: Decimal) -> Decimal:
    return value if value else abs(value)


def _peel(text: str) -> tuple[str, bool, str]:
    """Signs, parentheses and currency taken off: what is left, is it negative, currency."""
    body, negatives, currencies, plus = text, 0, [], 0
    while body:
        if body[0] == "(" and body[-1] == ")":
            negatives, body = negatives + 1, body[1:-1]
        elif body[0] in _MINUS:
            negatives, body = negatives + 1, body[1:]
        elif body[-1] in _MINUS:
            negatives, body = negatives + 1, body[:-1]
        elif body[0] == "+":
            plus, body = plus + 1, body[1:]
        elif found := _BEFORE.match(body):
            currencies.append(found[1])
            body = body[found.end() :]
        elif found := _AFTER.search(body):
            currencies.append(found[1])
            body = body[: found.start()]
        else:
            break
        body = body.strip()
    if not body and text:
        raise Unreadable(_("it has no digits"), _("Write 0 where nothing was paid."))
    if negatives + plus > 1 or len(currencies) > 1:
        raise _no_amount(text)
    currency = currencies[0] if currencies else ""
    if currency and currency not in _SIGNS and currency not in CODES:
        raise _no_amount(text)
    return body, bool(negatives), _SIGNS.get(currency, currency)


def _digits(body: str, decimal: str) -> _Digits:
    if not _BODY.fullmatch(body):
        raise _no_amount(body)
    signs = [letter for letter in body if not letter.isdigit()]
    kinds = set(signs)
    grouping = kinds & {" ", "'"}
    if grouping:
        mark = _only_last(signs, kinds - grouping, body)
        found = _split(body, grouping, mark)
    elif len(kinds) == 2:
        mark = _only_last(signs, {signs[-1]}, body)
        found = _split(body, kinds - {mark}, mark)
    elif len(signs) > 1:
        found = _split(body, kinds, "")
        found = _Digits(found.whole, "", "," if signs[0] == "." else ".")
    elif signs:
        found = _single(body, signs[0], decimal)
    else:
        found = _Digits(body, "", "")
    if decimal and found.decimal and found.decimal != decimal:
        raise Unreadable(
            _("its decimal sign is not the one stated for this file"),
            _("Write it like the others, or correct the mapping."),
        )
    return found


def _single(body: str, sign: str, decimal: str) -> _Digits:
    """One dot or comma and nothing else: certain only where it cannot group thousands."""
    whole, _sign, fraction = body.partition(sign)
    may_group = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
    if not may_group or decimal == sign:
        return _Digits(whole, fraction, sign)
    if decimal:
        return _Digits(whole + fraction, "", decimal)
    return _Digits(whole, fraction, "", is_ambiguous=True)


def _only_last(signs: list[str], marks: set[str], body: str) -> str:
    """The one decimal sign, which must come once and last; empty if there is none."""
    if not marks:
        return ""
    mark = signs[-1]
    if marks != {mark} or signs.count(mark) > 1:
        raise _no_amount(body)
    return mark


def _split(body: str, grouping: set[str], mark: str) -> _Digits:
    whole, _mark, fraction = body.partition(mark) if mark else (body, "", "")
    if len(grouping) != 1:
        raise _no_amount(body)
    groups = whole.split(next(iter(grouping)))
    if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
        raise Unreadable(
            _("its thousands are not grouped by three"), _("Write it without grouping: 1234567.89.")
        )
    return _Digits("".join(groups), fraction, mark)


def _no_amount(text: str) -> Unreadable:
    if _SCIENTIFIC.fullmatch(text):
        return Unreadable(
            _("a spreadsheet shortened it, so its last digits are lost"),
            _("Format the cells as numbers with two decimals and export again."),
        )
    return Unreadable(_("it is no amount"), _("Write it as 1234.50."))
