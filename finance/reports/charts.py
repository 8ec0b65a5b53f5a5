"""Charts of money as geometry for SVG partials; the table with the same figures stands beside."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.figures.catalogue import FIGURES
from finance.figures.sums import Figure
from finance.models.figures import Measure
from portal.kit.currency import base_label, in_base
from portal.kit.formatting import money

WIDTH, HEIGHT = 720, 260
LEFT, TOP, BOTTOM = 84, 12, 36
MAX_YEARS = 20


def bars_by_year(figures: list[Figure]) -> dict[str, Any] | None:
    """Net transfers and expenditure by year as pairs of bars; None where there is nothing."""
    net: dict[int, Decimal] = defaultdict(Decimal)
    spent: dict[int, Decimal] = defaultdict(Decimal)
    interim = set()
    for figure in figures:
        if figure.measure == Measure.TRANSFER:
            net[figure.year] += figure.base_amount
        elif figure.measure == Measure.REFUND:
            net[figure.year] -= figure.base_amount
        elif figure.measure == Measure.EXPENDITURE:
            spent[figure.year] += figure.base_amount
            if figure.state == "interim":
                interim.add(figure.year)
    years = sorted(net.keys() | spent.keys())[-MAX_YEARS:]
    values = [source[year] for year in years for source in (net, spent)]
    if not any(values):
        return None
    scale = _Scale(min(Decimal(0), *values), max(Decimal(0), *values))
    step = (WIDTH - LEFT) / len(years)
    groups = [
        _group(year, LEFT + step * n, step, scale, net[year], spent[year], year in interim)
        for n, year in enumerate(years)
    ]
    return {
        "id": "by-year-chart",
        "title": in_base(_("Net funded amount and expenditure by year, %(currency)s")),
        "description": _("The same figures stand in the table of key figures by year."),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "groups": groups,
        "ticks": scale.ticks(),
        "zero_y": scale.y(Decimal(0)),
        "legend": [
            {"class": "bar-a", "label": FIGURES["net_funded"].label},
            {"class": "bar-b", "label": FIGURES["expenditure"].label},
            *([{"class": "bar-interim", "label": _("interim")}] if interim else []),
        ],
    }


class _Scale:
    """From US$ to the vertical position in the drawing."""

    def __init__(self, low: Decimal, high: Decimal) -> None:
        self.low, self.high = low, high
        rough = (self.high - self.low) / 4
        power = Decimal(10) ** rough.adjusted()
        self.step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)

    def y(self, value: Decimal) -> float:
        """The position of an amount, rounded for the drawing."""
        share = (self.high - value) / (self.high - self.low)
        return round(float(TOP + share * (HEIGHT - TOP - BOTTOM)), 1)

    def ticks(self) -> list[dict[str, Any]]:
        """Lines at round amounts."""
        first = int(self.low // self.step)
        amounts = [self.step * n for n in range(first, first + 8)]
        return [
            {"y": self.y(amount), "label": money(amount)}
            for amount in amounts
            if self.low <= amount <= self.high
        ]


def _group(
    year: int,
    x: float,
    step: float,
    scale: _Scale,
    net: Decimal,
    spent: Decimal,
    interim: bool,
) -> dict[str, Any]:
    width = min(step * 0.36, 40)
    middle = x + step / 2
    pairs = (
        (net, "bar-a", middle - width, FIGURES["net_funded"]),
        (spent, "bar-interim" if interim else "bar-b", middle + 1, FIGURES["expenditure"]),
    )
    bars = [
        {
            "class": css,
            "x": round(left, 1),
            "y": min(scale.y(value), scale.y(Decimal(0))),
            "width": round(width - 1, 1),
            "height": round(abs(scale.y(value) - scale.y(Decimal(0))), 1),
            "title": f"{year}, {label}: {base_label()} {money(value)}",
        }
        for value, css, left, label in pairs
    ]
    return {"label": str(year), "x": round(middle, 1), "bars": bars}
