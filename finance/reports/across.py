"""The one picture of a page: amounts as bars beside each other, on one scale, labelled directly."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.figures.addresses import figure_link
from finance.figures.catalogue import FIGURES
from finance.figures.sums import Totals
from portal.kit.formatting import money
from portal.kit.tables.parts import NO_PARTS, Parts, interim_words


@dataclass(frozen=True)
class Bar:
    """One amount; what of it is interim is a part of its bar, never painted over the whole."""

    label: Any
    amount: Decimal | None
    parts: Parts = NO_PARTS
    url: str | None = None


def bars_across(title: Any, bars: Iterable[Bar], *, is_money: bool = True) -> dict[str, Any] | None:
    """Bars from the left to the right, the longest over the whole width; None without amounts."""
    drawn = [bar for bar in bars if bar.amount and not bar.parts.hide(bar.amount)]
    longest = max((abs(bar.amount) for bar in drawn if bar.amount), default=Decimal(0))
    if not longest:
        return None
    return {
        "title": title,
        "is_money": is_money,
        "bars": [_drawn(bar, longest) for bar in drawn],
    }


def bars_of_totals(totals: Totals, page: str) -> dict[str, Any] | None:
    """Approved, transferred, returned, spent, left: what became of the money of projects."""
    return bars_across(
        _("What became of the money"),
        (
            Bar(
                FIGURES[key].label,
                getattr(totals, key),
                totals.parts(key),
                figure_link(page, totals, key),
            )
            for key in ("approved", "transfer", "refund", "expenditure", "balance")
        ),
    )


def _drawn(bar: Bar, longest: Decimal) -> dict[str, Any]:
    amount = bar.amount or Decimal(0)
    interim = min(abs(bar.parts.interim), abs(amount))
    whole, part = (round(100 * value / longest, 2) for value in (abs(amount), interim))
    return {
        "label": bar.label,
        "value": money(amount),
        "amount": amount,
        "url": bar.url,
        "css": "bar-warm" if amount < 0 else "bar-a",
        "below_zero": amount < 0,
        "final": whole - part,
        "interim": part,
        "interim_amount": interim,
        "words": interim_words(bar.parts.interim) if bar.parts.interim else "",
    }
