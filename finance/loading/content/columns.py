"""The columns in which the lines of a load are shown, for each kind of record and entity."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from finance.formats.declared.part_kinds import SUBJECTS
from finance.loading.entities.subjects import COLUMNS
from finance.models import Voucher
from finance.models.record_kinds import RECORD_MODELS
from portal.kit.currency import base_label
from projects.models import Contact, Country, Fund, Organization, Participation, Project

# What the statement itself gives, and what no reader asks for.
_OWN = frozenset(
    {"id", "load", "source", "withdrawn_by", "line", "fingerprint", "restates", "salt", "iati"}
)
ENTITIES: dict[str, type[models.Model]] = {
    "project": Project,
    "organization": Organization,
    "fund": Fund,
    "participation": Participation,
    "contact": Contact,
    "subjects": Project,
}
_OF_ENTITIES = {
    "project": (
        "number", "title", "ledger_label", "fund", "status", "status_on", "planned_start",
        "original_end", "stated_end", "narrative",
    ),
    "organization": ("code", "name", "short_name", "kind", "country", "website"),
    "fund": ("code", "name", "started_on", "ends_on", "website", "description"),
    "participation": ("project", "organization", "role", "award_number"),
    "contact": (
        "project", "fund", "role", "organization_name", "office_email", "office_phone", "website",
        "postal_address",
    ),
    "subjects": (),
}  # fmt: skip


@dataclass(frozen=True)
class ShownColumn:
    """A column: its key among the staged values, and how its values are written."""

    name: str
    label: Any
    key: str  # among staged values, and as attribute of the record
    names: type[models.Model] | None = None  # what its ids name
    field: Any = None  # what turns a staged value into a typed one
    choices: tuple[tuple[Any, Any], ...] = ()
    is_number: bool = False


@cache
def columns_of(model: str) -> tuple[ShownColumn, ...]:
    """The columns of one kind of record or entity."""
    if model in ENTITIES:
        owner = ENTITIES[model]
        fields = [owner._meta.get_field(name) for name in _OF_ENTITIES[model]]
        more: dict[str, tuple[ShownColumn, ...]] = {
            "project": (
                ShownColumn("theme", _("theme"), "theme"),
                ShownColumn("countries", _("countries"), "countries", Country),
                ShownColumn("organizations", _("organizations"), "organizations", Organization),
            ),
            "organization": (ShownColumn("identifiers", _("identifiers"), "identifiers"),),
            "subjects": (
                ShownColumn("project", _("project"), "project_id", Project),
                *(ShownColumn(name, SUBJECTS.column(name).label, name) for name in COLUMNS),
            ),
        }
        return (*map(_column, fields), *more.get(model, ()))
    fields = [f for f in RECORD_MODELS[model]._meta.concrete_fields if f.name not in _OWN]
    columns = [_column(field) for field in fields if field.name != "voucher"]
    if len(columns) < len(fields):
        columns[:0] = [
            ShownColumn("voucher_number", _("voucher"), "voucher_number"),
            ShownColumn("voucher_fund", _("fund that pays"), "voucher_fund_id", Fund),
        ]
    first = ("project", "fund", "organization", "contributor")
    return tuple(sorted(columns, key=lambda column: column.name not in first))


def _column(field: Any) -> ShownColumn:
    label = base_label() if field.name == "base_amount" else field.verbose_name
    return ShownColumn(
        field.name,
        label,
        field.attname,
        names=field.related_model,
        field=field,
        choices=tuple(field.flatchoices),
        is_number=isinstance(field, models.DecimalField),
    )


def columns_of_all(kinds: Iterable[str]) -> dict[str, ShownColumn]:
    """The columns of several kinds side by side, those of the same name as one."""
    return {column.name: column for kind in kinds for column in columns_of(kind)}


def voucher_values(voucher: Voucher) -> dict[str, Any]:
    """What a line shows of its voucher."""
    return {"voucher_number": voucher.number, "voucher_fund_id": voucher.fund_id}
