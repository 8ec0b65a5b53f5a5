"""The world as a choice of countries: a picture whose parts lead to their pages."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.figures.totals import CountryRow
from portal.kit.currency import base_label, told_in_base
from portal.kit.formatting import half_up, money
from portal.kit.language.place_names import place_name
from portal.kit.tables.parts import NOT_CONVERTED
from portal.public.maps.outlines import WIDTH, height

OUTLINES = Path(__file__).resolve().parents[2] / "data" / "outlines.json"
# Tints of the map: of the amounts in order, so many parts of equal number.
TINTS = 4
# How places look of whose money nothing is converted, and what is added where some is not.
UNKNOWN, PARTLY = "unknown", "partly"
# The radius of the mark of what is too small for an outline.
MARK = 4


@cache
def outlines() -> Mapping[str, dict[str, Any]]:
    """Outlines by code, as `manage.py outlines` wrote them."""
    found: dict[str, dict[str, Any]] = json.loads(OUTLINES.read_text())
    return found


def world_map(rows: list[CountryRow]) -> dict[str, Any] | None:
    """The map of these rows and what stands beside it; None where no country is on it."""
    on_map = [row for row in rows if row.code in outlines()]
    if not on_map:
        return None
    limits = _limits(sorted(row.net_funded for row in on_map if not _is_unknown(row)))
    tints = [_tint(row, limits) for row in on_map]
    return {
        "title": _("Net funded amount by country"),
        "drawing": "kit/world_drawing.html",
        "background": "".join(place["d"] for place in outlines().values()),
        "table": [
            [
                _("Country"),
                _("Code"),
                _("Projects"),
                f"{_('Amount')} {base_label()}",
                NOT_CONVERTED,
            ],
            *(_row(row) for row in rows),
        ],
        "width": WIDTH,
        "height": height(),
        "mark": MARK,
        "countries": [
            {
                **outlines()[row.code],
                "url": row.url,
                "name": place_name(row.name),
                "told": _told(row),
                "tint": tint,
            }
            for row, tint in zip(on_map, tints, strict=True)
        ],
        "beside": [
            {"url": row.url, "name": place_name(row.name), "told": _told(row)}
            for row in rows
            if row.code not in outlines()
        ],
        "legend": [
            {"class": f"tint-{tint}", "label": label}
            for tint, label in (*_legend(limits), *_legend_of_unknown(tints))
        ],
    }


def _row(row: CountryRow) -> list[Any]:
    """The row of a country in the file of the map; what is not known is empty."""
    amount = None if _is_unknown(row) else half_up(row.net_funded, 2)
    words = row.totals.parts("net_funded").words
    return [place_name(row.name), row.code, row.project_count, amount, words or None]


def _is_unknown(row: CountryRow) -> bool:
    return row.totals.parts("net_funded").hide(row.net_funded)


def _tint(row: CountryRow, limits: list[Any]) -> str:
    """The end of its CSS class: what is not known looks like no amount, not like the lowest."""
    if _is_unknown(row):
        return UNKNOWN
    tint = str(sum(row.net_funded > limit for limit in limits) + 1)
    return f"{tint} {PARTLY}" if row.totals.parts("net_funded").unconverted else tint


def _limits(amounts: list[Any]) -> list[Any]:
    """The amounts above which the next tint begins, each once."""
    if not amounts:
        return []
    parts = [amounts[len(amounts) * part // TINTS - 1] for part in range(1, TINTS)]
    return sorted({amount for amount in parts if amounts[0] <= amount < amounts[-1]})


def _legend(limits: list[Any]) -> list[tuple[str, str]]:
    if not limits:
        return []
    first = _("up to %(amount)s") % {"amount": money(limits[0])}
    above = [_("more than %(amount)s") % {"amount": money(limit)} for limit in limits]
    return [(str(tint), words) for tint, words in enumerate([first, *above], 1)]


def _legend_of_unknown(tints: list[str]) -> list[tuple[str, str]]:
    found = []
    if UNKNOWN in tints:
        found.append((UNKNOWN, _("not known: nothing of it converted")))
    if any(tint.endswith(PARTLY) for tint in tints):
        found.append((f"1 {PARTLY}", _("at least: not all of it converted")))
    return found


def _told(row: CountryRow) -> str:
    projects = ngettext("%(count)s project", "%(count)s projects", row.project_count)
    parts = row.totals.parts("net_funded")
    amount = told_in_base("%(currency)s %(amount)s", amount=money(row.net_funded))
    known = "" if parts.hide(row.net_funded) else amount
    count = projects % {"count": money(row.project_count)}
    return ", ".join(filter(None, (count, known, parts.words)))
