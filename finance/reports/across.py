"""The one picture of a page: amounts as bars beside each other, on one scale, labelled directly."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.kit.formatting import money
from portal.kit.tables.parts import NO_PARTS, Parts, interim_words


@dataclass(frozen=True)
class Bar:
    """One amount; what of it is interim is a part of its bar, never painted over the whole."""

    label: Any
    amount: Decimal | None
    parts: Parts = NO_PARTS
    url: str | None = None


def bars_across(title: Any, bars: Iterable[Bar]) -> dict[str, Any] | None:
    """Bars from the left to the right, the longest over the whole width; None without amounts."""
    drawn = [bar for bar in bars if bar.amount and not bar.parts.hide(bar.amount)]
    longest = max((abs(bar.amount) for bar in drawn if bar.amount), default=Decimal(0))
    if not longest:
        return None
    return {"title": title, "bars": [_drawn(bar, longest) for bar in drawn]}


def _drawn(bar: Bar, longest: Decimal) -> dict[str, Any]:
    amount = bar.amount or Decimal(0)
    interim = min(abs(bar.parts.interim), abs(amount))
    whole, part = (round(100 * value / longest, 2) for value in (abs(amount), interim))
    return {
        "label": bar.label,
        "value": money(amount),
        "amount": amount,
        "url": bar.url,
        "below_zero": amount < 0,
        "final": whole - part,
        "interim": part,
        "interim_amount": interim,
        "words": interim_words(bar.parts.interim) if bar.parts.interim else "",
    }
