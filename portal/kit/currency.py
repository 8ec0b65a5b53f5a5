"""The base currency: the one that all figures are added up in, US$ unless the office's settings
say otherwise.

Fields and columns called `base_amount` hold amounts in it. Texts are written, and translated, for
US$; `in_base` puts the office's own in its place.
"""

from contextvars import ContextVar
from typing import Any

from django.utils.functional import lazystr

CODE, LABEL = "USD", "US$"
_base: ContextVar[tuple[str, str]] = ContextVar("base_currency", default=(CODE, LABEL))


def use_base_currency(code: str, label: str) -> None:
    """From here on, in this request or task, figures are in this currency."""
    _base.set((code or CODE, label or code or LABEL))


def base_currency() -> str:
    """The ISO 4217 code of the base currency."""
    return _base.get()[0]


def base_label() -> str:
    """The base currency as it is written beside amounts, such as "US$"."""
    return _base.get()[1]


class _InBase:
    """A text whose "US$", "USD" and "US dollar" become the base currency when it is shown."""

    def __init__(self, text: object) -> None:
        self.text = text

    def __str__(self) -> str:
        text, (code, label) = str(self.text), _base.get()
        if (code, label) == (CODE, LABEL):
            return text
        for words, ours in (("US dollar", label), (LABEL, label), (CODE, code)):
            text = text.replace(words, ours)
        return text


def in_base(text: object) -> Any:
    """The (translated) text with the office's currency for "US$", read when it is shown."""
    return lazystr(_InBase(text))
