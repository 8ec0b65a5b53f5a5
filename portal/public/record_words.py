"""What a record behind a figure is and how it counts, in words."""

from typing import Any

from django.utils.translation import gettext

from finance.figures.catalogue import measure_label
from finance.figures.covering import state_of
from finance.models import Entry, ExpenditureLine, FundCost
from finance.models.figures import Measure
from portal.kit.formatting import percent
from portal.kit.tables.parts import NO_PARTS, Parts

State = ExpenditureLine.State


def record_name(entry: Entry) -> str:
    """What the record is, in words."""
    if entry.voucher_id:
        return gettext("Voucher %(number)s") % {"number": entry.voucher}
    if entry.kind == FundCost._meta.model_name:
        return f"{FundCost.Kind(entry.measure).label} {entry.year}"
    label = measure_label(entry.measure)
    if entry.measure == Measure.EXPENDITURE:
        states = dict(State.choices)
        return f"{label} {entry.year}, {states[State(state_of(entry.state))]}"
    return f"{label} {entry.year}"


def part_by_state(entry: Any) -> Parts:
    """How much of what the record counts as is interim or certified: all of it or nothing."""
    told = entry.state if entry.measure == Measure.EXPENDITURE else ""
    if told not in (State.INTERIM, State.CERTIFIED) or entry.base_amount is None:
        return NO_PARTS
    return Parts(**{told: entry.base_amount * entry.share})


def how_it_counts(entry: Any) -> str:
    """Adjustments and shares in words."""
    parts = []
    if entry.adjusts:
        parts.append(
            gettext("taken out: the certified statement of %(year)s is cumulative")
            % {"year": entry.year}
        )
    elif entry.replaced_by_id is not None:
        # No opposite entry is listed: what is, and stands for another's sake, changed its state.
        parts.append(gettext("stated as interim; the certified statement covers it"))
    if entry.base_amount is None and not entry.adjusts:
        parts.append(gettext("left out: no rate of exchange is known"))
    if entry.share != 1:
        parts.append(gettext("share of %(share)s") % {"share": percent(entry.share * 100)})
    return "; ".join(parts) or gettext("as stated")


def original_place(entry: Entry) -> str:
    """File and row of the restated record, or ""."""
    if entry.original_load is None:
        return ""
    return gettext("%(file)s, row %(row)s") % {
        "file": entry.original_load.file_name,
        "row": entry.original_line,
    }
