"""Finding what is withheld by what somebody knows of it already.

Loads state again what is withheld, by its number, code or name; nobody can read these here,
but the database says which row it is when it is asked for the very same text.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model
from django.http import Http404
from django.utils import timezone

from portal.kit.text import Alike, any_case, look_alike
from projects.models import (
    Contact,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    Withholding,
)

_ORGANIZATION = ("code", "name", "short_name")
_CONTACT = ("organization_name", "office_email", "office_phone")


class Withheld(Http404):
    """It is withheld; `since` when. The page says so and nothing else."""

    def __init__(self, since: date | None) -> None:
        super().__init__()
        self.since = since


def refuse_withheld_project(project: Project | None, number: str) -> None:
    """Raise Withheld if the project, or the one that had this number, is withheld as a whole.

    Only the number was an address: whoever guesses at anything else is told nothing.
    """
    if project is None and (row := _row(Project, "number", number)):
        project = Project.objects.filter(pk=row).first()
    if project is not None and project.withheld_on:
        raise Withheld(project.withheld_on)


def refuse_withheld_organization(code: str) -> None:
    """Raise Withheld if an organization that had this code is withheld.

    Its names and identifiers never were an address.
    """
    pk = _row(Organization, "code", code)
    if pk and Organization.objects.filter(pk=pk).exists():
        refuse_withheld(kind="organization", target_id=pk)


def refuse_withheld(**which: Any) -> None:
    """Raise Withheld if there is a standing withholding of this."""
    if (found := Withholding.objects.standing().filter(**which).first()) is not None:
        raise Withheld(timezone.localdate(found.at))


def _row(model: type[Model], column: str, text: str) -> int | None:
    return withheld_rows(model, column, [text]).get(text)


def withheld_project(number: str) -> Project | None:
    """The withheld project that has this number, or this award number of an organization."""
    if row := _row(Project, "number", number):
        return Project.objects.filter(pk=row).first()
    row = _row(Participation, "award_number", number)
    return Project.objects.filter(participations=row).first() if row else None


def withheld_rows(model: type[Model], column: str, texts: Collection[str]) -> dict[str, int]:
    """Those of the texts that are withheld in this column, with the ids of the rows."""
    if not texts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked, pk FROM (SELECT asked, withheld_row(%s, %s, asked) AS pk "
            "FROM unnest(%s::text[]) AS asked) AS found WHERE pk IS NOT NULL",
            [model._meta.db_table, column, list(texts)],
        )
        return dict(cursor.fetchall())


def withheld_within(
    model: type[Model], column: str, texts: Collection[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """The same for texts that are known again within their project only: by its id and the text."""
    if not texts:
        return {}
    projects, asked = zip(*texts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT project, asked, pk FROM (SELECT project, asked, "
            "withheld_row_of(%s, %s, asked, project) AS pk "
            "FROM unnest(%s::bigint[], %s::text[]) AS asked (project, asked)) AS found "
            "WHERE pk IS NOT NULL",
            [model._meta.db_table, column, list(projects), list(asked)],
        )
        return {(project, text): pk for project, text, pk in cursor.fetchall()}


def withheld_alike(model: type[Model], keys: Collection[str]) -> Alike[int]:
    """Ids of withheld projects or organizations by those of the numbers or codes that are theirs.

    In any case, and with any kind of hyphens.
    """
    asked = {form(key) for key in keys for form in (any_case, look_alike)}
    return Alike(withheld_rows(model, "number" if model is Project else "code", asked).items())


def withheld_organization(name: str) -> int | None:
    """The id of the withheld organization with this identifier, code, full or short name."""
    if row := _row(OrganizationIdentifier, "value", name):
        identifiers = OrganizationIdentifier.objects.filter(pk=row)
        return identifiers.values_list("organization_id", flat=True).first()
    forms = dict.fromkeys((name, look_alike(name)))
    rows = (_row(Organization, column, form) for form in forms for column in _ORGANIZATION)
    return next((row for row in rows if row), None)


class WithheldContacts:
    """Whether a contact that a file states is withheld from the public, or was erased."""

    def __init__(self) -> None:
        standing = Withholding.objects.standing()
        self._is_any = standing.filter(kind__in=("contact", "organization")).exists()
        withheld = Project.objects.filter(withheld_on__isnull=False)
        self._projects = set(withheld.values_list("pk", flat=True))
        self._like: dict[tuple[str, ...], bool] = {}

    def holds(self, values: Mapping[str, Any]) -> bool:
        """By its project, its office as an organization, or what a withheld contact says."""
        if values.get("project_id") in self._projects:
            return True
        if not self._is_any:
            return False
        said = ((name, values.get(name)) for name in _CONTACT)
        return withheld_organization(values["organization_name"]) is not None or any(
            withheld_rows(Contact, name, [text]) for name, text in said if text
        )

    def holds_like(self, contact: Contact) -> bool:
        """By what it says alone: what belongs to a withheld project comes back with that."""
        said = tuple(getattr(contact, name) for name in _CONTACT)
        if said not in self._like:
            self._like[said] = self.holds(dict(zip(_CONTACT, said, strict=True)))
        return self._like[said]

    def rows_of(self, contacts: Collection[Contact]) -> set[int]:
        """The rows of their projects in which what they say is withheld."""
        found: set[int] = set()
        for name in _CONTACT:
            said = {(one.project_id or 0, getattr(one, name)) for one in contacts}
            found |= set(withheld_within(Contact, name, said).values())
        return found
