"""What can be withheld: the kinds of things, and of which model, columns and words each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.withholdable import Withholdable
from projects.models import Withholding


class Kind(models.TextChoices):
    """What staff may choose to withhold."""

    PROJECT = "project", _("A whole project, with its documents")
    PROJECT_TITLE = "project-title", _("Title of a project")
    PROJECT_NARRATIVE = "project-narrative", _("Narrative of a project")
    PROJECT_LABEL = "project-label", _("Ledger label of a project")
    ORGANIZATION = "organization", _("An organization")
    FUND = "fund", _("Name and description of a fund")
    PLACE = "place", _("A country or region of a project")
    AWARD = "participation", _("Award number of an organization in a project")
    CONTACT = "contact", _("A person or office to contact")
    USER = "user", _("Name and address of a gateway user")
    DOCUMENT = "document", _("A document")
    LOAD = "load", _("File name and reason of a load")
    VOUCHER = "voucher", _("Number of a voucher")
    EXTENSION = "extension", _("Reason of an extension")
    STATUS_CHANGE = "status-change", _("Note on a status")
    VOUCHER_LINE = "voucherline", _("Description of a voucher line")
    BUDGET_LINE = "budgetline", _("Description of a budget line")
    EXPENDITURE_LINE = "expenditureline", _("Description of an expenditure line")
    COMMITMENT = "commitment", _("Texts of a commitment")
    DEPOSIT = "deposit", _("Texts of a deposit")
    FUND_COST = "fundcost", _("Description of a fund cost")
    OTHER_FLOW = "otherflow", _("Description of another flow")
    REPORT = "reportreceived", _("Reason for a late report")
    DECISION = "decision", _("Texts of a decision")
    SUB_GRANT = "subgrant", _("Description of a sub-grant")


@dataclass(frozen=True)
class Thing:
    """The model of a kind, what finds its rows, and which columns go; none: all it declares."""

    model: str
    # What staff may type to find one, besides its id.
    found_by: tuple[str, ...]
    columns: tuple[str, ...] = ()


_NUMBER, _TITLE = "number__iexact", "title__icontains"
_ITS_PROJECT, _NOTE = "project__number__iexact", "note__icontains"
_DESCRIPTION = "description__icontains"
_OF_PROJECT = (_ITS_PROJECT, _DESCRIPTION)

THINGS: Mapping[str, Thing] = MappingProxyType(
    {
        Kind.PROJECT: Thing("projects.project", (_NUMBER, _TITLE)),
        Kind.PROJECT_TITLE: Thing("projects.project", (_NUMBER, _TITLE), ("title",)),
        Kind.PROJECT_NARRATIVE: Thing("projects.project", (_NUMBER, _TITLE), ("narrative",)),
        Kind.PROJECT_LABEL: Thing(
            "projects.project", (_NUMBER, "ledger_label__icontains"), ("ledger_label",)
        ),
        Kind.ORGANIZATION: Thing("projects.organization", ("code__iexact", "name__icontains")),
        Kind.FUND: Thing("projects.fund", ("code__iexact", "name__icontains")),
        Kind.PLACE: Thing("projects.projectcountry", (_ITS_PROJECT,)),
        Kind.AWARD: Thing("projects.participation", (_ITS_PROJECT, "award_number__iexact")),
        Kind.CONTACT: Thing(
            "projects.contact",
            (
                *(_ITS_PROJECT, "fund__code__iexact"),
                *("person_name__icontains", "organization_name__icontains"),
            ),
        ),
        Kind.USER: Thing("projects.user", ("email__iexact", "last_name__icontains")),
        Kind.DOCUMENT: Thing("documents.document", (_ITS_PROJECT, _TITLE)),
        Kind.LOAD: Thing("finance.load", ("file_name__icontains",)),
        Kind.VOUCHER: Thing("finance.voucher", ("number__icontains",)),
        Kind.EXTENSION: Thing("projects.extension", (_ITS_PROJECT, _NOTE)),
        Kind.STATUS_CHANGE: Thing("projects.statuschange", (_ITS_PROJECT, _NOTE)),
        Kind.VOUCHER_LINE: Thing("finance.voucherline", _OF_PROJECT),
        Kind.BUDGET_LINE: Thing("finance.budgetline", _OF_PROJECT),
        Kind.EXPENDITURE_LINE: Thing("finance.expenditureline", _OF_PROJECT),
        Kind.COMMITMENT: Thing("finance.commitment", _OF_PROJECT),
        Kind.DEPOSIT: Thing("finance.deposit", _OF_PROJECT),
        Kind.FUND_COST: Thing("finance.fundcost", ("fund__code__iexact", _DESCRIPTION)),
        Kind.OTHER_FLOW: Thing("finance.otherflow", _OF_PROJECT),
        Kind.DECISION: Thing(
            "finance.decision", (_ITS_PROJECT, "fund__code__iexact", _DESCRIPTION)
        ),
        Kind.SUB_GRANT: Thing("finance.subgrant", _OF_PROJECT),
        Kind.REPORT: Thing("finance.reportreceived", (_ITS_PROJECT, "reason__icontains")),
    }
)


def model_of(kind: str) -> type[models.Model]:
    """The model of what is withheld."""
    return apps.get_model(THINGS[kind].model)


def kind_of(withholding: Withholding) -> str:
    """What kind of thing was withheld, in words."""
    return str(Kind(withholding.kind).label)


def label_of(withholding: Withholding) -> str:
    """The same, with the number of the withholding."""
    return f"{kind_of(withholding)} ({withholding.pk})"


def withholdable_models() -> dict[type[models.Model], Withholdable]:
    """The models that declare what of them can be withheld."""
    return {
        model: model.withholdable for model in apps.get_models() if hasattr(model, "withholdable")
    }


def rules() -> dict[str, dict[str, Any]]:
    """What the models declare, by table; their tables of history follow from it."""
    found: dict[str, dict[str, Any]] = {}
    declared = withholdable_models()
    for model, what in declared.items():
        found[model._meta.db_table] = _rule(what)
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked not in declared:
            continue
        what, kept = declared[tracked], {field.attname for field in model._meta.fields}
        rule: dict[str, Any] = {
            "columns": {name: mask for name, mask in what.columns.items() if name in kept},
            "base": tracked._meta.db_table,
        }
        # What is known again only within its project, nothing but its own history tells of.
        if what.within:
            rule |= {key: value for key, value in _rule(what).items() if key not in rule}
        found[model._meta.db_table] = rule
    return found


def _rule(what: Withholdable) -> dict[str, Any]:
    values = {
        "columns": dict(what.columns),
        "match": list(what.match),
        "spread": what.spread,
        "within": what.within,
        "scope": what.scope,
        "texts": list(what.texts),
    }
    return {key: value for key, value in values.items() if value}


def for_the_database() -> dict[str, Any]:
    """All that the functions of the database need to know: rules by table, things by kind."""
    things = {
        kind: {"table": model_of(kind)._meta.db_table, "columns": list(thing.columns) or None}
        for kind, thing in THINGS.items()
    }
    return {"rules": rules(), "things": things}
