"""The way of a fund's money: contributors → fund → organizations → countries.

A chart as geometry for an SVG partial, and the table beside it with every part of the way.
The chart draws the greatest parts and adds the rest up; what is negative stands in the table.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finance.figures.addresses import NONE, NOT_STATED, records_url
from finance.figures.catalogue import FIGURES
from finance.figures.covering import TOLD_STATES
from finance.figures.fund_figures import (
    FundSum,
    FundSums,
    Party,
    PlaceSums,
)
from finance.figures.fund_sum import held_of, sign_of
from finance.reports.charts import Bar, columns_across, told
from finance.reports.fund import INDIVIDUALS, FundReports
from finance.reports.fund_tables import FundReportTable
from portal.kit.currency import base_label
from portal.kit.formatting import arrow, money
from portal.kit.language.place_names import place_name
from portal.kit.tables.columns import MoneyColumn, TextColumn
from portal.kit.tables.parts import NO_PARTS, NOT_CONVERTED, Parts, unconverted_words

SHOWN = 7
WIDTH, HEIGHT, TOP, GAP, BAR = 960, 440, 30, 24, 12
LEFTS = (200, 370, 540, 725)
ZERO = Decimal(0)
_HEADS_AT = (LEFTS[0] + BAR, LEFTS[1] + BAR / 2, *LEFTS[2:])
_HEAD_ANCHORS = ("end", "middle", "start", "start")
# Letters of a label that have room in each column.
_LETTERS = (28, 0, 26, 36)
# Interest and other income are no contributors, and stand apart from them.
_NAMED_ALWAYS = ("other_sources", "other_uses", "balance_aa", "across")


@dataclass(frozen=True)
class AllFunds:
    """The money of all funds together, in the place of the reports of one."""

    sums: FundSums
    ways: FundSums
    places: PlaceSums
    last_year: int

    @property
    def fund(self) -> str:
        """What stands in the middle."""
        return _("All funds")

    @property
    def page(self) -> str:
        """The address that figures lead on from."""
        return reverse("fund-list")


Flow = FundReports | AllFunds


@dataclass(slots=True)
class Part:
    """A part of the way; `stage` 0 leads into the fund, 1 out of it, 2 on to a country."""

    stage: int
    start: str
    end: str
    base_amount: Decimal
    parts: Parts = NO_PARTS
    # The page that its records are listed below, the figure, and what narrows them.
    below: tuple[str, str, dict[str, Any]] | None = None

    @property
    def url(self) -> str:
        """Where its records are listed; only the table asks, of which a drawing has no need."""
        if self.below is None:
            return ""
        page, figure, where = self.below
        return records_url(page, figure, **where)


class FlowTable(FundReportTable):
    """Every part of the money's way."""

    title = caption = gettext_lazy("Where the money went")
    start = TextColumn(
        verbose_name=gettext_lazy("From"),
        definition=gettext_lazy("Where the money came from."),
        orderable=False,
        css="name",
    )
    end = TextColumn(
        verbose_name=gettext_lazy("To"),
        definition=gettext_lazy("Where it went."),
        orderable=False,
        css="names",
    )
    base_amount = MoneyColumn(
        verbose_name=gettext_lazy("Amount"),
        term="net-funded-amount",
        definition=gettext_lazy("Deposits, or transfers less refunds."),
        link=lambda part: part.url or None,
        parts=lambda part: part.parts,
        orderable=False,
    )


def parts(reports: Flow) -> list[Part]:
    """All parts of the way up to the year's end, the greatest first within each stage."""
    fund = str(reports.fund)
    found = [*_into(reports, fund), *_out_of(reports, fund), *_on_to(reports)]
    return sorted(
        (p for p in found if p.base_amount or p.parts),
        key=lambda p: (p.stage, -p.base_amount, p.start, p.end),
    )


def _into(reports: Flow, fund: str) -> list[Part]:
    named = cache(_contributor)
    given = _told_by(reports, reports.ways.of("deposit"), "deposit", lambda s: named(s.party))
    found = [
        Part(0, name, fund, amount, held, _below(reports, "deposit", dict(where)))
        for (name, where), (amount, held) in given.items()
    ]
    return [*found, _part(0, str(FIGURES["other_sources"]), fund, reports, "other_sources")]


def _out_of(reports: Flow, fund: str) -> list[Part]:
    named = cache(_organization)
    net = _told_by(reports, reports.ways.of("net_funded"), "net_funded", lambda s: named(s.party))
    found = [
        Part(1, fund, name, amount, held, _below(reports, "net_funded", dict(where)))
        for (name, where), (amount, held) in net.items()
    ]
    fees, still_there, difference = (str(FIGURES[key]) for key in _NAMED_ALWAYS[1:])
    # Where no income is stated, nothing is known to be left.
    if reports.sums.states_income:
        found.append(_part(1, fund, still_there, reports, "balance_aa"))
    return [
        *found,
        _part(1, fund, fees, reports, "other_uses"),
        _part(1, fund, difference, reports, "across"),
    ]


def _on_to(reports: Flow) -> list[Part]:
    net = reports.places.by_party
    told_by = _told_by(reports, net, "net_funded", lambda s: (s.party, s.part))
    found = []
    for (party, (code, country)), (amount, held) in told_by.items():
        name, where = _organization(party)
        place = place_name(country) if country else _("Several countries, or none stated")
        below = _below(reports, "net_funded", {**dict(where), "country": code or NONE})
        found.append(Part(2, name, place, amount, held, below))
    return found


def _part(stage: int, start: str, end: str, reports: Flow, figure: str) -> Part:
    """A part of the way that is a figure of the fund."""
    held = reports.sums.parts(figure, None, reports.last_year)
    return Part(stage, start, end, _total(reports, figure), held, _below(reports, figure, {}))


def _total(reports: Flow, figure: str) -> Decimal:
    return reports.sums.total(figure, None, reports.last_year)


def _below(reports: Flow, figure: str, where: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    return reports.page, figure, {"last": reports.last_year, **where}


def _told_by(
    reports: Flow, sums: FundSums, figure: str, key: Callable[[FundSum], Any]
) -> dict[Any, tuple[Decimal, Parts]]:
    """A figure up to the last year of each organization, place …, and what it holds or leaves
    out, as `total` and `parts` of sums tell it; all in one go, for a large fund has hundreds."""
    added: dict[Any, list[Any]] = {}
    for s in sums:
        one = added.setdefault(key(s), [ZERO, NO_PARTS])
        sign = sign_of(figure, s.measure, s.state, s.cross_fund)
        if sign and s.year <= reports.last_year:
            one[0] += s.base_amount * sign
            if s.unconverted or s.state in TOLD_STATES:
                one[1] += held_of(s)
    return {whose: (amount, held) for whose, (amount, held) in added.items()}


_Where = tuple[tuple[str, str], ...]


def _contributor(party: Party) -> tuple[str, _Where]:
    if party.kind == INDIVIDUALS:
        return _("Individuals, as a sum"), (("kind", str(INDIVIDUALS.value)),)
    return _organization(party)


def _organization(party: Party) -> tuple[str, _Where]:
    return party.name or str(NOT_STATED), (("organization", party.code or NONE),)


# --- Geometry


@dataclass(slots=True)
class _Node:
    name: str
    value: Decimal = ZERO
    left_out: int = 0
    y: float = 0
    height: float = 0
    used: dict[str, float] = field(default_factory=lambda: {"in": 0.0, "out": 0.0})


def flow_chart(reports: Flow) -> dict[str, Any] | None:
    """The drawing of the parts; None where nothing flows."""
    every = parts(reports)
    found = _fewer([part for part in every if part.base_amount > 0])
    if not any(part.stage == 1 for part in found):
        return None
    columns = _columns(found)
    short = {s.party.name: s.party.short for s in reports.ways if s.party.short}
    short |= _always_named()
    totals = [sum((n.value for n in nodes.values()), ZERO) for nodes in columns]
    room = [HEIGHT - TOP - GAP * (len(nodes) - 1) for nodes in columns]
    scale = min(float(r) / float(t) for r, t in zip(room, totals, strict=True) if t)
    for nodes in columns:
        y = float(TOP)
        for node in nodes.values():
            node.y, node.height = y, float(node.value) * scale
            y += node.height + GAP
    heads = [_("Contributors"), _("Fund"), _("Organizations"), _("Countries")]
    return {
        "id": "flow-chart",
        "drawing": "kit/flow_drawing.html",
        "table": [
            [_("From"), _("To"), _("Amount"), NOT_CONVERTED],
            *(_row(part) for part in every),
        ],
        "unconverted": _left_out(every),
        "title": _("Where the money went, %(currency)s") % {"currency": base_label()},
        "description": _("The same amounts, part by part, stand in the table that follows."),
        "width": WIDTH,
        "height": _bottom(columns),
        "ribbons": [_ribbon(part, columns, scale) for part in found],
        "nodes": [
            _drawn(node, stage, short)
            for stage, nodes in enumerate(columns)
            for node in nodes.values()
        ],
        "heads": [
            {"x": x, "anchor": anchor, "label": label}
            for x, anchor, label in zip(_HEADS_AT, _HEAD_ANCHORS, heads, strict=True)
        ],
        "columns": columns_across(zip(heads, (nodes.values() for nodes in columns), strict=True)),
    }


def _row(part: Part) -> list[Any]:
    is_unknown = part.parts.hide(part.base_amount)
    return [part.start, part.end, None if is_unknown else part.base_amount, part.parts.words]


def _left_out(every: list[Part]) -> str:
    """What the whole drawing leaves out, each amount once: what is left of the fund, and what
    goes on to countries, is made of what came and went."""
    still_there = str(FIGURES["balance_aa"])
    once = [part for part in every if part.stage < 2 and part.end != still_there]
    count = sum(part.parts.unconverted for part in once)
    return unconverted_words(count) if count else ""


def _columns(found: list[Part]) -> list[dict[str, _Node]]:
    """The nodes of each column, as high as the greater of what comes in and what goes out."""
    columns: list[dict[str, _Node]] = [{}, {}, {}, {}]
    flows: dict[tuple[int, str, str], Decimal] = {}
    left_out: Counter[tuple[int, str, str]] = Counter()
    for part in found:
        for stage, name, side in (
            (part.stage, part.start, "out"),
            (part.stage + 1, part.end, "in"),
        ):
            columns[stage].setdefault(name, _Node(name))
            key = (stage, name, side)
            flows[key] = flows.get(key, ZERO) + part.base_amount
            left_out[key] += part.parts.unconverted
    for stage, nodes in enumerate(columns):
        for name, node in nodes.items():
            node.value = max(flows.get((stage, name, side), ZERO) for side in ("in", "out"))
            node.left_out = max(left_out[stage, name, side] for side in ("in", "out"))
    return [
        dict(sorted(nodes.items(), key=lambda item: (_is_last(item[0]), -item[1].value)))
        for nodes in columns
    ]


def _always_named() -> dict[str, str]:
    """What is no organization and is not added to the others, each with its name in the drawing."""
    return {str(FIGURES[key]): str(FIGURES[key].short) for key in _NAMED_ALWAYS}


def _is_last(name: str) -> int:
    """Others after those that are named, and what is no organization at the end."""
    if name in _always_named():
        return 2
    return int(name[:1].isdigit())


def _fewer(found: list[Part]) -> list[Part]:
    """Of each column the greatest, the rest as one."""
    givers = _others(found, 0, lambda p: p.start)
    receivers = _others(found, 1, lambda p: p.end)
    places = _others(found, 2, lambda p: p.end)
    merged: dict[tuple[int, str, str], Part] = {}
    for part in found:
        start, end = part.start, part.end
        if part.stage == 0:
            start = givers.get(start, start)
        elif part.stage == 1:
            end = receivers.get(end, end)
        else:
            start, end = receivers.get(start, start), places.get(end, end)
        key = (part.stage, start, end)
        whole = merged.setdefault(key, Part(*key, ZERO))
        whole.base_amount += part.base_amount
        whole.parts += part.parts
    return list(merged.values())


def _others(found: list[Part], stage: int, name: Callable[[Part], str]) -> dict[str, str]:
    """New names for those that are added up."""
    sums: dict[str, Decimal] = {}
    for part in found:
        if part.stage == stage:
            sums[name(part)] = sums.get(name(part), ZERO) + part.base_amount
    for one in _always_named():
        sums.pop(one, None)
    rest = sorted(sums, key=lambda n: (-sums[n], n))[SHOWN:]
    if len(rest) < 2:
        return {}
    label = ngettext("%(count)s other", "%(count)s others", len(rest)) % {"count": len(rest)}
    return dict.fromkeys(rest, label)


def _ribbon(part: Part, columns: list[dict[str, _Node]], scale: float) -> dict[str, Any]:
    start, end = columns[part.stage][part.start], columns[part.stage + 1][part.end]
    thick = float(part.base_amount) * scale
    x0, x1 = LEFTS[part.stage] + BAR, LEFTS[part.stage + 1]
    y0, y1 = start.y + start.used["out"], end.y + end.used["in"]
    start.used["out"] += thick
    end.used["in"] += thick
    mid = (x0 + x1) / 2
    path = (
        f"M{x0} {y0:.1f}C{mid:.0f} {y0:.1f} {mid:.0f} {y1:.1f} {x1} {y1:.1f}"
        f"V{y1 + thick:.1f}C{mid:.0f} {y1 + thick:.1f} {mid:.0f} {y0 + thick:.1f}"
        f" {x0} {y0 + thick:.1f}Z"
    )
    words = told(Bar(part.end, part.base_amount, part.parts))
    return {"path": path, "title": f"{part.start} {arrow()} {part.end}: {words}"}


def _drawn(node: _Node, stage: int, short: dict[str, str]) -> dict[str, Any]:
    left = LEFTS[stage]
    is_first = stage == 0
    label = node.name
    if stage != 1 and len(label) > (room := _LETTERS[stage]):
        label = short.get(label) or f"{label[: room - 1].rstrip()}…"
    return {
        "x": left,
        "y": round(node.y, 1),
        "width": BAR,
        "height": round(max(node.height, 1), 1),
        "title": f"{node.name}: {told(Bar(node.name, node.value, Parts(ZERO, node.left_out)))}",
        "label": "" if stage == 1 else label,
        "amount": money(node.value),
        "label_x": left - 6 if is_first else left + BAR + 6,
        "label_y": round(node.y + max(node.height, 1) / 2, 1),
        "anchor": "end" if is_first else "start",
    }


def _bottom(columns: list[dict[str, _Node]]) -> int:
    return int(max(n.y + n.height for nodes in columns for n in nodes.values())) + 16
