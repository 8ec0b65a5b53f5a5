"""The base currency: the one that all figures are added up in, US$ unless the office's settings
say otherwise.

Fields and columns called `base_amount` hold amounts in it. Sentences that name it take it as a
parameter: `%(currency)s` as it is written beside amounts, `%(code)s` by its code,
`%(name)s` in words.
"""

import re
from contextvars import ContextVar
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language_bidi

CODE, LABEL = "USD", "US$"
# The blank between the currency and a value before or after it.
_BESIDE = re.compile(r"(?<=%\(currency\)s) (?=%\()|(?<=\)s) (?=%\(currency\)s)")
NO_CURRENCY = "XXX"  # ISO 4217 for "no currency"
# Digits before the point of an amount, at most: of a thousand such, the sum has its place.
WHOLE_DIGITS = 15
_base: ContextVar[tuple[str, str]] = ContextVar("base_currency", default=(CODE, LABEL))


def use_base_currency(code: str, label: str) -> None:
    """From here on, in this request or task, figures are in this currency."""
    _base.set((code or CODE, label or code or LABEL))


def base_currency() -> str:
    """The ISO 4217 code of the base currency."""
    return _base.get()[0]


def base_label() -> str:
    """The base currency as it is written beside amounts, such as "US$"."""
    return _closed(_base.get()[1])


def _closed(label: str) -> str:
    """Among letters from right to left its sign keeps its place by a mark."""
    return f"{label}\N{LEFT-TO-RIGHT MARK}" if get_language_bidi() else label


def told_in_base(text: object, **values: object) -> str:
    """A (translated) sentence that names the base currency, with its other values, as of now; it
    stays on one line with the amount beside it."""
    code, label = _base.get()
    name = "US dollar" if code == CODE else label
    told = _BESIDE.sub("\N{NO-BREAK SPACE}", str(text))
    return told % {"currency": _closed(label), "code": code, "name": name, **values}


# Made once: each call of `lazy` makes a class.
_told_when_shown = lazy(told_in_base, str)


def in_base(text: object) -> Any:
    """A (translated) text that names the base currency, put in when it is shown."""
    return _told_when_shown(text)


BASE_LABEL = in_base("%(currency)s")  # as a heading
