"""When a project begins and ends: the rule of pages, lists, checks and of the database's functions.

The end is that of the last extension approved by a day, or else the end as stated, or the one
first approved. Until money tells when it began, the start is the one stated, or else planned.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

# What pages and glossary say of them.
START_MEANING = _(
    "The day of the first transfer to a participating organization. Before any transfer is known, "
    "the start that the source states, or else the planned one."
)
END_MEANING = _(
    "The end after the last approved extension. Without one, the end that the source states, or "
    "else the one first approved."
)
END_FIELDS = ("stated_end", "original_end")
START_FIELDS = ("stated_start", "planned_start")


def extended_to(on: Any, project: str = "") -> models.Subquery:
    """The end by the last extension approved by that day; `project` is the way to the project."""
    extensions = apps.get_model("projects", "Extension").objects.approved_by(on)
    newest = extensions.filter(project=models.OuterRef(f"{project}pk")).reverse()
    return models.Subquery(newest.values("new_end")[:1])


def end_on(on: Any, project: str = "") -> Coalesce:
    """The end by what is stated today and the extensions approved by that day."""
    return Coalesce(extended_to(on, project), *(f"{project}{name}" for name in END_FIELDS))


def start_as_stated(project: str = "") -> Coalesce:
    """The start as far as no transfer tells it."""
    return Coalesce(*(f"{project}{name}" for name in START_FIELDS))


def first_stated(thing: Any, names: Iterable[str]) -> date | None:
    """The first of these dates that the project has, as it is shown."""
    return next((day for name in names if (day := getattr(thing, name))), None)


def end_function() -> str:
    """The function of the database that knows the end of one project."""
    project = apps.get_model("projects", "Project").objects.filter(pk=RawSQL("of_project", ()))
    found = project.order_by().with_end(RawSQL("on_day", ())).values("end")
    return (
        "CREATE OR REPLACE FUNCTION project_end(of_project bigint, on_day date) RETURNS date "
        f"LANGUAGE sql STABLE AS $$ {found.query} $$"
    )
