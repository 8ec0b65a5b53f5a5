"""Charts of money as geometry for SVG partials; the table with the same figures stands beside."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _

from finance.figures.addresses import figure_link
from finance.figures.catalogue import FIGURES, STATES
from finance.figures.covering import TOLD_STATES, left_out_of_years
from finance.figures.sums import Figure, Totals, YearSum
from finance.models.figures import Measure
from portal.kit import formatting
from portal.kit.currency import base_label, in_base
from portal.kit.formatting import money
from portal.kit.tables.parts import (
    NO_PARTS,
    NOT_CONVERTED,
    ZERO,
    Parts,
    state_words,
    unconverted_words,
    words_by_column,
)

WIDTH, HEIGHT = 720, 260
LEFT, TOP, BOTTOM = 84, 12, 36
MAX_YEARS = 20
_MILLION = Decimal(1_000_000)
_NARROW = 6
_DRAWN = (Measure.TRANSFER, Measure.REFUND, Measure.EXPENDITURE)


@dataclass(frozen=True)
class Bar:
    """One amount; what of it is interim is a part of its bar, never painted over the whole."""

    label: Any
    amount: Decimal | None
    parts: Parts = NO_PARTS
    url: str | None = None
    # How it is drawn, where not as all others of its picture.
    css: str = ""


def told(bar: Bar) -> str:
    """An amount in words, with what certified statements add in it, and what it leaves out; that
    alone where nothing of it is known."""
    known = "" if bar.parts.hide(bar.amount) else f"{base_label()} {money(bar.amount)}"
    certified = bar.parts.certified
    held = state_words("certified", certified) if known and certified else ""
    return ", ".join(filter(None, (known, held, bar.parts.words)))


def _by_year(figures: Sequence[Figure | YearSum]) -> list[tuple[int, Bar, Bar]]:
    """What was funded and what was spent, year by year."""
    amounts: dict[int, dict[bool, Decimal]] = defaultdict(lambda: {False: ZERO, True: ZERO})
    held: dict[str, dict[int, Decimal]] = {state: defaultdict(Decimal) for state in TOLD_STATES}
    left_out: Counter[tuple[int, bool]] = Counter()
    for figure in figures:
        if figure.measure not in _DRAWN:
            continue
        year, is_spent = figure.year, figure.measure == Measure.EXPENDITURE
        sign = -1 if figure.measure == Measure.REFUND else 1
        amounts[year][is_spent] += sign * figure.base_amount
        left_out[year, is_spent] += left_out_of_years(figure.state, figure.unconverted, year)
        if is_spent and figure.state in held:
            held[figure.state][year] += figure.base_amount
    net, spent = FIGURES["net_funded"].label, FIGURES["expenditure"].label
    return [
        (
            year,
            Bar(net, of_year[False], Parts(unconverted=left_out[year, False])),
            Bar(spent, of_year[True], _spent_parts(held, year, left_out[year, True])),
        )
        for year, of_year in sorted(amounts.items())
    ]


def _spent_parts(held: dict[str, dict[int, Decimal]], year: int, left_out: int) -> Parts:
    """What the expenditure of a year holds of each state, and leaves out."""
    interim, certified = (held[state][year] for state in TOLD_STATES)
    return Parts(interim, left_out, certified=certified)


def bars_by_year(figures: Sequence[Figure | YearSum]) -> dict[str, Any] | None:
    """Net transfers and expenditure by year as pairs of bars; None where there is nothing."""
    rows = _by_year(figures)[-MAX_YEARS:]
    values = [bar.amount or ZERO for _year, *bars in rows for bar in bars]
    if not any(values):
        return None
    scale = _Scale(min(ZERO, *values), max(ZERO, *values))
    step = (WIDTH - LEFT) / len(rows)
    groups = [
        _group(year, LEFT + step * n, step, scale, net, spent)
        for n, (year, net, spent) in enumerate(rows)
    ]
    # Narrow screens have room for so many years; the last is always named.
    every = ceil(len(rows) / _NARROW)
    for n, group in enumerate(reversed(groups)):
        group["css"] = "spare" if n % every else "year"
    any_interim = any(spent.parts.interim for _year, _net, spent in rows)
    left_out = sum(bar.parts.unconverted for _year, *bars in rows for bar in bars)
    return {
        "id": "by-year-chart",
        "drawing": "kit/bars_drawing.html",
        "table": [
            [
                _("Year"),
                FIGURES["net_funded"].label,
                FIGURES["expenditure"].label,
                _("of it interim"),
                _("of it by certified statements"),
                NOT_CONVERTED,
            ],
            *(_row(group) for group in groups),
        ],
        "title": in_base(_("Net funded amount and expenditure by year, %(currency)s")),
        "description": _("The same figures stand in the table of key figures by year."),
        "unconverted": unconverted_words(left_out) if left_out else "",
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "groups": groups,
        "ticks": scale.ticks(),
        "zero_y": scale.y(ZERO),
        "legend": [
            {"class": "bar-a", "label": FIGURES["net_funded"].label},
            {"class": "bar-b", "label": FIGURES["expenditure"].label},
            *([{"class": "bar-interim", "label": STATES["interim"].name}] if any_interim else []),
        ],
    }


class _Scale:
    """From the base currency to the vertical position in the drawing."""

    def __init__(self, low: Decimal, high: Decimal) -> None:
        self.low, self.high = low, high
        rough = (self.high - self.low) / 4
        power = Decimal(10) ** rough.adjusted()
        self.step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
        # The axis goes on to the round amounts beyond the longest bars.
        self.high = self.step * ceil(high / self.step)
        self.low = self.step * floor(low / self.step)

    def y(self, value: Decimal) -> float:
        """The position of an amount, rounded for the drawing."""
        share = (self.high - value) / (self.high - self.low)
        return round(float(TOP + share * (HEIGHT - TOP - BOTTOM)), 1)

    def _label(self, amount: Decimal) -> str:
        """In millions where the longest bars are: a phone has no room for the noughts."""
        if not amount or max(self.high, -self.low) < _MILLION:
            return money(amount)
        places = 1 if self.step % _MILLION else 0
        return _("%(amount)s M") % {"amount": formatting.figure(amount / _MILLION, places)}

    def ticks(self) -> list[dict[str, Any]]:
        """Lines at round amounts."""
        first = int(self.low // self.step)
        amounts = [self.step * n for n in range(first, first + 8)]
        return [
            {"y": self.y(amount), "label": self._label(amount)}
            for amount in amounts
            if self.low <= amount <= self.high
        ]


def _row(group: dict[str, Any]) -> list[Any]:
    """The amounts of a year for its table; what is not known is empty."""
    net, spent = group["amounts"]
    return [
        group["year"],
        *(None if bar.parts.hide(bar.amount) else bar.amount for bar in (net, spent)),
        spent.parts.interim,
        spent.parts.certified,
        words_by_column((bar.label, bar.parts.words) for bar in (net, spent)),
    ]


def _group(year: int, x: float, step: float, scale: _Scale, net: Bar, spent: Bar) -> dict[str, Any]:
    """The bars of a year; of expenditure, the interim part stands on top, in its own look."""
    width = min(step * 0.36, 40)
    middle = x + step / 2
    net_amount, spent_amount = net.amount or ZERO, spent.amount or ZERO
    interim = spent.parts.interim
    final = spent_amount - interim
    pieces = [
        (ZERO, net_amount, "bar-a", middle - width, net.label, told(net)),
        (ZERO, final, "bar-b", middle + 1, spent.label, told(spent)),
    ]
    if interim:
        label = str(STATES["interim"].name)
        words = told(Bar(label, interim))
        pieces.append((final, spent_amount, "bar-interim", middle + 1, label, words))
    bars = [
        {
            "class": css,
            "x": round(left, 1),
            "y": min(scale.y(start), scale.y(end)),
            "width": round(width - 1, 1),
            "height": round(abs(scale.y(start) - scale.y(end)), 1),
            "title": f"{year}, {label}: {words}",
        }
        for start, end, css, left, label, words in pieces
        if start != end or css != "bar-b" or spent.parts.unconverted
    ]
    return {
        "year": year,
        "label": str(year),
        "x": round(middle, 1),
        "bars": bars,
        "amounts": (net, spent),
    }


# --- Amounts beside each other, on one scale: the one picture of a page


def bars_across(title: Any, bars: Iterable[Bar], *, is_money: bool = True) -> dict[str, Any] | None:
    """Bars from the left to the right, the longest over the whole width; None without amounts.

    Of what nothing is converted there is the line, and no bar.
    """
    drawn = [bar for bar in bars if bar.amount or bar.parts.unconverted]
    longest = max((abs(bar.amount) for bar in drawn if bar.amount), default=Decimal(0))
    if not longest:
        return None
    return {
        "title": title,
        "is_money": is_money,
        "bars": [_drawn(bar, longest) for bar in drawn],
    }


def columns_across(columns: Iterable[tuple[str, Iterable[Any]]]) -> list[dict[str, Any]]:
    """Several headings, each with the bars of its nodes, all on one scale: what a narrow screen
    has in the place of a drawing from the left to the right."""
    named = [
        (head, [Bar(n.name, n.value, Parts(unconverted=n.left_out)) for n in nodes])
        for head, nodes in columns
    ]
    longest = max(bar.amount or Decimal(0) for _head, bars in named for bar in bars)
    return [{"title": head, "bars": [_drawn(bar, longest) for bar in bars]} for head, bars in named]


def bars_of_totals(totals: Totals, page: str) -> dict[str, Any] | None:
    """Approved, transferred, returned, spent, left: what became of the money of projects."""
    return bars_across(
        _("What became of the money"),
        (
            Bar(
                FIGURES[key].label,
                amount,
                totals.parts(key),
                figure_link(page, totals, key),
            )
            for key in ("approved", "transfer", "refund", "expenditure", "balance")
            if (amount := totals.told(key)) is not None
        ),
    )


def bars_of_categories(
    rows: Iterable[Any], amount: Callable[[Any, str], Decimal | None]
) -> dict[str, Any] | None:
    """What was approved of each budget category, and below it what was spent, in its own look;
    `rows` are those of a table by category, and `amount` gives a figure of one."""
    return bars_across(
        _("Budget against spending by category"),
        (
            Bar(
                _("%(category)s: %(figure)s")
                % {"category": row.name, "figure": FIGURES[figure].label},
                amount(row, figure),
                row.parts(figure),
                row.records_url(figure),
                css,
            )
            for row in rows
            for figure, css in (("approved", "bar-a"), ("expenditure", "bar-b"))
        ),
    )


def _drawn(bar: Bar, longest: Decimal) -> dict[str, Any]:
    amount = bar.amount or Decimal(0)
    interim = min(abs(bar.parts.interim), abs(amount))
    whole, part = (round(100 * value / longest, 2) for value in (abs(amount), interim))
    return {
        "label": bar.label,
        "value": "" if bar.parts.hide(amount) else money(amount),
        "amount": None if bar.parts.hide(amount) else amount,
        "url": bar.url,
        "css": "bar-warm" if amount < 0 else bar.css or "bar-a",
        "below_zero": amount < 0,
        "final": whole - part,
        "interim": part,
        "interim_amount": interim,
        "certified_amount": bar.parts.certified if amount else ZERO,
        "words": "; ".join(
            filter(None, (*(bar.parts.state_words if amount else ()), bar.parts.words))
        ),
        "left_out": bar.parts.words,
    }
