"""The language, time zone and beginning of addresses of a request, quickly looked up: a page asks
for them more than a thousand times.

Django keeps each in a store that locks, and tells threads from those that they began; that takes
longer than most of what it is asked for. A context variable alone does the same here, where a
request is answered in one thread: each thread has its own, and what it awaits has it, too.
"""

from contextvars import ContextVar
from typing import Any

from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real


class _Held:
    """One value for each context, as the attribute that Django asks for."""

    def __init__(self) -> None:
        self._held: ContextVar[Any] = ContextVar("value")

    @property
    def value(self) -> Any:
        """What is held. Raises AttributeError where nothing is."""
        if (held := self._held.get(self)) is self:
            raise AttributeError("value")
        return held

    @value.setter
    def value(self, value: Any) -> None:
        self._held.set(value)

    @value.deleter
    def value(self) -> None:
        self._held.set(self)


def look_up_quickly() -> None:
    """Have Django keep them so, and look for English sentences in no catalogue without any."""
    for module, name in (
        (trans_real, "_active"),
        (timezone, "_active"),
        (addresses, "_prefixes"),
        (addresses, "_urlconfs"),
    ):
        held, before = _Held(), getattr(module, name)
        if hasattr(before, "value"):
            held.value = before.value
        setattr(module, name, held)
    drop_empty_catalogues()


def drop_empty_catalogues() -> None:
    """Each app brings one of English, whose heading alone keeps it apart from the others."""
    english: Any = trans_real.translation("en")._catalog  # type: ignore[attr-defined]
    pairs = zip(english._catalogs, english._plurals, strict=True)
    with_some = [pair for pair in pairs if len(pair[0]) > 1]
    english._catalogs, english._plurals = map(list, zip(*with_some, strict=True))
