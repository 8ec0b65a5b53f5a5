"""Values of a file that cannot be read in several rows, and are mended once for all of these."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count

from finance.formats.columns import ColumnType, folded
from finance.formats.plans import EXACT
from finance.models import Load, LoadRemark
from portal.staff.loads.places import Places

# The same wrong amount need not mean the same right one.
_EACH_BY_ITSELF = (ColumnType.AMOUNT, ColumnType.RATE)
_AT_ONCE = 100
_CUT = "…"


@dataclass(frozen=True, slots=True)
class RepeatedValue:
    """A value of a column that cannot be read, and the rows in which it stands."""

    pk: int  # of the first remark
    column: str
    value: str
    said: str
    lines: tuple[int, ...]
    remarks: tuple[int, ...]


def repeated_values(load: Load) -> list[RepeatedValue]:
    """What a load's check found in more than one row of a column; amounts are left out."""
    places = Places(load)
    labels = [
        place.within(str(place.column.label))
        for place in places
        if place.column.type not in _EACH_BY_ITSELF
    ]
    errors = load.remarks.filter(severity=LoadRemark.Severity.ERROR, code="cell")
    found = (
        errors.filter(column__in=labels)
        .exclude(value__endswith=_CUT)
        .values("column", "value", "message", "advice")
        .annotate(
            times=Count("pk"),
            lines=ArrayAgg("line", order_by="pk"),
            remarks=ArrayAgg("pk", order_by="pk"),
        )
        .filter(times__gt=1)
        .order_by("column", "value")[:_AT_ONCE]
    )
    alike: dict[tuple[str, str], RepeatedValue] = {}
    for one in found:
        place = places.find(one["column"])
        if place is None:
            continue
        column = place.column
        # A rule takes these as one, so they are one here.
        key = (place.name, one["value"] if column.type in EXACT else folded(one["value"]))
        if not folded(one["value"]):
            continue
        before = alike.get(key)
        alike[key] = RepeatedValue(
            pk=before.pk if before else one["remarks"][0],
            column=place.name,
            value=before.value if before else one["value"],
            said=f"{one['message'].rstrip('.')}. {one['advice']}".strip(),
            lines=(*(before.lines if before else ()), *one["lines"]),
            remarks=(*(before.remarks if before else ()), *one["remarks"]),
        )
    return list(alike.values())
