"""Finding what is withheld by what somebody knows of it already.

Loads state again what is withheld, by its number, code or name; nobody can read these here,
but the database says which row it is when it is asked for the very same text.
"""

from collections.abc import Iterable

from django.db import connection

from projects.models import OrganizationIdentifier, Project

_ORGANIZATION = ("code", "name", "short_name")


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
