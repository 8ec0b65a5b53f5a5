"""Staged lines as staff read them: each cell with what stands now and what would stand.

A page of lines costs one query for each kind of record and of what they name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.loading.content.columns import ENTITIES, ShownColumn, columns_of, voucher_values
from finance.loading.entities.subjects import standing_subjects
from finance.models import StagedLine, Voucher
from finance.models.record_kinds import RECORD_MODELS
from portal.kit.formatting import day, figure
from projects.models import Fund, Project

Values = dict[str, Any]
NEW, CHANGED, WITHDRAWN = "new", "changed", "withdrawn"
WHAT = (
    (NEW, gettext_lazy("new")),
    (CHANGED, gettext_lazy("changed")),
    (WITHDRAWN, gettext_lazy("withdrawn")),
)
_ABSENT = object()


@dataclass(slots=True)
class ShownCell:
    """A cell as it stands and as it would stand; "" where nothing stands there."""

    before: str = ""
    after: str = ""
    differs: bool = False


@dataclass(slots=True)
class ShownLine:
    """A line of a load."""

    pk: int
    what: str
    line: int
    model: str
    kind: str
    cells: dict[str, ShownCell] = field(default_factory=dict)


def what_of(staged: StagedLine) -> str:
    """Whether the line is new, changed or withdrawn."""
    if staged.action == StagedLine.Action.WITHDRAW:
        return WITHDRAWN
    return NEW if staged.record_id is None else CHANGED


def shown_lines(staged: Sequence[StagedLine]) -> list[ShownLine]:
    """These lines with their cells."""
    standing = _standing(staged)
    vouchers = Voucher.objects.in_bulk(
        {(line.values or {}).get("voucher_id") for line in staged} - {None}
    )
    pairs = [
        (line, standing.get((line.model, line.record_id), {}), _stated(line, vouchers))
        for line in staged
    ]
    names = _names(pairs)
    return [_shown(line, before, after, names) for line, before, after in pairs]


def named_texts(
    staged: Sequence[StagedLine], is_meant: Callable[[Any, int], bool]
) -> list[dict[str, str]]:
    """For each line how it names what is meant, by key: given a model and an id, whether it is."""
    pairs: list[tuple[StagedLine, Values, Values]] = [
        (line, {}, _stated(line, {})) for line in staged
    ]
    names = _names(pairs)
    return [
        {
            column.key: _text(column, after[column.key], names)
            for column in columns_of(line.model)
            if any(is_meant(column.names, pk) for pk in _ids(after.get(column.key), column))
        }
        for line, _before, after in pairs
    ]


# --- What stands, what is stated


def _standing(staged: Iterable[StagedLine]) -> dict[tuple[str, int | None], Values]:
    """What the records and entities of these lines hold today, by model and id."""
    ids: dict[str, set[int]] = defaultdict(set)
    for line in staged:
        if line.record_id is not None:
            ids[line.model].add(line.record_id)
    found: dict[tuple[str, int | None], Values] = {}
    if projects := ids.pop("subjects", None):
        about = standing_subjects(projects)
        found |= {("subjects", pk): {"project_id": pk} | about.get(pk, {}) for pk in projects}
    for model, wanted in ids.items():
        rows: Any = (ENTITIES | RECORD_MODELS)[model]._default_manager.filter(pk__in=wanted)
        if model == "voucherline":
            rows = rows.select_related("voucher")
        elif model == "project":
            rows = rows.select_related("theme").prefetch_related(
                "project_countries", "participations"
            )
        elif model == "organization":
            rows = rows.prefetch_related("identifiers")
        for row in rows:
            found[model, row.pk] = _values_of(model, row)
    return found


def _values_of(model: str, row: Any) -> Values:
    values = {c.key: getattr(row, c.key) for c in columns_of(model) if c.field is not None}
    if model == "voucherline":
        values |= voucher_values(row.voucher)
    elif model == "project":
        values["theme"] = row.theme.name if row.theme else ""
        values["countries"] = [[c.country_id, c.share] for c in row.project_countries.all()]
        parts = [part for part in row.participations.all() if part.role == part.Role.PARTICIPATING]
        values["organizations"] = [[p.organization_id, p.award_number] for p in parts]
    elif model == "organization":
        values["identifiers"] = {one.scheme: one.value for one in row.identifiers.all()}
    return values


def _stated(line: StagedLine, vouchers: dict[Any, Voucher]) -> Values:
    """What the line states, typed; nothing where it withdraws."""
    if line.values is None:
        return {}
    values = dict(line.values)
    if voucher := vouchers.get(values.get("voucher_id")):
        values |= voucher_values(voucher)
    owners = {"project_id": line.project_id, "fund_id": line.fund_id}
    values |= {name: pk for name, pk in owners.items() if pk is not None}
    stated = {
        column.key: _typed(column, values[column.key])
        for column in columns_of(line.model)
        if column.key in values
    }
    # What is made only with the release has a name by now, and no number.
    return stated | {key: Named(name) for key, name in values.get("named", {}).items()}


class Named(str):
    """The name of what the release itself would make."""

    __slots__ = ()


def _typed(column: ShownColumn, value: Any) -> Any:
    if column.field is None or value is None:
        return value
    # IATI files state an absent date as nothing.
    if value == "" and not column.field.empty_strings_allowed:
        return None
    return column.field.to_python(value)


# --- Names of what is referred to


def _names(pairs: Iterable[tuple[StagedLine, Values, Values]]) -> dict[Any, dict[int, str]]:
    ids: dict[Any, set[int]] = defaultdict(set)
    for line, before, after in pairs:
        for column in columns_of(line.model):
            if column.names is not None:
                for values in (before, after):
                    ids[column.names] |= set(_ids(values.get(column.key), column))
    return {
        model: {row.pk: _name(row) for row in model._default_manager.filter(pk__in=wanted)}
        for model, wanted in ids.items()
        if wanted
    }


def _ids(value: Any, column: ShownColumn) -> Iterable[int]:
    """The ids of a cell; none where the column names nothing."""
    if column.names is None:
        return ()
    if isinstance(value, list):
        return [pk for pk, _more in value]
    return () if value is None or isinstance(value, Named) else (value,)


def _name(row: models.Model) -> str:
    if isinstance(row, Project):
        return row.number
    return row.code if isinstance(row, Fund) else str(row)


# --- Cells


def _shown(
    line: StagedLine, before: Values, after: Values, names: dict[Any, dict[int, str]]
) -> ShownLine:
    model = (ENTITIES | RECORD_MODELS)[line.model]
    what = what_of(line)
    shown = ShownLine(line.pk, what, line.line, line.model, str(model._meta.verbose_name))
    for column in columns_of(line.model):
        old, new = before.get(column.key, _ABSENT), after.get(column.key, _ABSENT)
        if what == CHANGED and new is _ABSENT:
            # What a file does not state of a project or organization stays.
            new = old if line.model in ENTITIES else None
        if line.model in ENTITIES and column.name == "organizations" and what == CHANGED:
            new = _joined(old, new)
        cell = ShownCell(_text(column, old, names), _text(column, new, names))
        cell.differs = what == CHANGED and _differ(old, new) and cell.before != cell.after
        if cell.before or cell.after:
            shown.cells[column.name] = cell
    return shown


def _joined(old: Any, new: Any) -> Any:
    """Organizations are added to a project, never taken away by a file."""
    if not isinstance(old, list) or not isinstance(new, list):
        return new
    awards = dict(map(tuple, old))
    for pk, award in new:
        awards[pk] = award or awards.get(pk, "")
    return [list(pair) for pair in awards.items()]


def _differ(old: Any, new: Any) -> bool:
    return (old or None) != (new or None)


def _text(column: ShownColumn, value: Any, names: dict[Any, dict[int, str]]) -> str:
    if value is _ABSENT or value is None or value in ("", [], {}):
        return ""
    if isinstance(value, Named):
        return str(value)
    known = names.get(column.names, {})
    if isinstance(value, list):
        return "; ".join(_with_more(known.get(pk, str(pk)), more) for pk, more in value)
    if column.names is not None:
        return known.get(value, str(value))
    if isinstance(value, dict):
        return "; ".join(f"{scheme} {text}" for scheme, text in sorted(value.items()))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.choices:
        return str(dict(column.choices).get(value, value))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return figure(value, max(2, -int(value.normalize().as_tuple().exponent)))
    return str(value)


def _with_more(name: str, more: Any) -> str:
    return name if more in (None, "") else f"{name} {more}"
