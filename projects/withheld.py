"""Finding what is withheld by what somebody knows of it already.

Loads state again what is withheld, by its number, code or name; nobody can read these here,
but the database says which row it is when it is asked for the very same text.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.http import Http404
from django.utils import timezone

from projects.models import Organization, OrganizationIdentifier, Project, Withholding

_ORGANIZATION = ("code", "name", "short_name")


class Withheld(Http404):
    """It is withheld; `since` when. The page says so and nothing else."""

    def __init__(self, since: date | None) -> None:
        super().__init__()
        self.since = since


def refuse_withheld_project(project: Project | None, number: str) -> None:
    """Raise Withheld if the project, or the one that had this number, is withheld as a whole."""
    if project is None and "\x00" not in number:
        project = withheld_project(number)
    if project is not None and project.withheld_on:
        raise Withheld(project.withheld_on)


def refuse_withheld_organization(code: str) -> None:
    """Raise Withheld if an organization that had this code is withheld."""
    pk = withheld_organization(code)
    if pk and Organization.objects.filter(pk=pk).exists():
        refuse_withheld(kind="organization", target_id=pk)


def refuse_withheld(**which: Any) -> None:
    """Raise Withheld if there is a standing withholding of this."""
    if (found := Withholding.objects.standing().filter(**which).first()) is not None:
        raise Withheld(timezone.localdate(found.at))


def _row(table: str, column: str, text: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT withheld_row(%s, %s, %s)", [table, column, text])
        return cursor.fetchone()[0]


def withheld_project(number: str) -> Project | None:
    """The withheld project that has this number."""
    row = _row("projects_project", "number", number)
    return Project.objects.filter(pk=row).select_related("fund").first() if row else None


def withheld_projects(numbers: Iterable[str]) -> dict[str, int]:
    """Those of the numbers that belong to withheld projects, with the projects' ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, pk FROM (SELECT number, withheld_row('projects_project', 'number', "
            "number) AS pk FROM unnest(%s::text[]) AS number) AS asked WHERE pk IS NOT NULL",
            [list(numbers)],
        )
        return dict(cursor.fetchall())


def withheld_organization(name: str) -> int | None:
    """The id of the withheld organization with this identifier, code, full or short name."""
    if row := _row("projects_organizationidentifier", "value", name):
        identifiers = OrganizationIdentifier.objects.filter(pk=row)
        return identifiers.values_list("organization_id", flat=True).first()
    rows = (_row("projects_organization", column, name) for column in _ORGANIZATION)
    return next((row for row in rows if row), None)
