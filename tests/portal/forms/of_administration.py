"""Forms of the administration that are ours: each model that is edited there by hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse as at

from documents.models import Document, DocumentType
from finance.models import BudgetCategory, Source
from portal.models import Feedback, PublicAnswer
from projects.models import (
    Contact,
    Country,
    Extension,
    Fund,
    Organization,
    Project,
    Theme,
    User,
)
from tests.factories import ContactFactory, DocumentFactory
from tests.portal.forms.people import LONG_AGO, World
from tests.portal.forms.table import ROWS, Place, Row

# Libraries' own pages: groups come from the roles, addresses and factors from accounts.
OF_LIBRARIES = {"auth.Group", "account.EmailAddress", "mfa.Authenticator"}


def _answer(_world: World) -> Model:
    question = Feedback.objects.create(topic="site", message="Why?", sender="x")
    return PublicAnswer.objects.create(
        feedback=question, question="Why?", answer="Because.", page="/"
    )


def _extension(world: World) -> Model:
    days = {"old_end": LONG_AGO, "new_end": LONG_AGO.replace(year=2021)}
    return Extension.objects.create(project=world.project, approved_on=LONG_AGO, note="x", **days)


# Of each model a thing, and the field of text that two persons change at once.
THINGS: dict[type[Model], tuple[str, Callable[[World], Any]]] = {
    BudgetCategory: ("name", lambda _world: BudgetCategory.objects.first()),
    Contact: ("organization_name", lambda world: ContactFactory(project=world.project)),
    Country: ("name", lambda _world: Country.objects.get(code="ML")),
    Document: ("title", lambda world: DocumentFactory(project=world.project)),
    DocumentType: ("name", lambda _world: DocumentType.objects.first()),
    Extension: ("note", _extension),
    Fund: ("name", lambda world: world.project.fund),
    Organization: ("name", lambda world: world.part.organization),
    Project: ("title", lambda world: world.project),
    PublicAnswer: ("answer", _answer),
    Source: ("name", lambda _world: Source.objects.first()),
    Theme: ("name", lambda _world: Theme.objects.create(name="Health")),
    User: ("first_name", lambda world: world.people["nobody"]),
}


def edited_by_hand(request: Any) -> set[type[Model]]:
    """The models that an administrator changes on pages that are ours."""
    return {
        model
        for model, of in admin.site._registry.items()
        if of.has_change_permission(request) and model._meta.label not in OF_LIBRARIES
    }


def _row(model: type[Model], field: str, made: Callable[[World], Any]) -> Row:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return Row(
        name=name, given=lambda world: Place(at(name, args=[made(world).pk])), watched=(model,),
        also="second", sent={field: "Typed"}, typed=field, says="was changed successfully",
        told="Somebody else saved this meanwhile",
    )  # fmt: skip


for _model, (_field, _made) in THINGS.items():
    ROWS[f"{_model._meta.verbose_name} in the administration"] = _row(_model, _field, _made)
