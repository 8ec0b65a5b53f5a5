"""Who takes part in projects, and whom to contact about them, as files state them.

What a file states is added or changed; what it does not state stays, and is taken away by form.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import Q
from django.utils.translation import gettext as _

from finance.loading.digests import digest
from finance.loading.entities.writing import save_all
from finance.loading.lines import Line, Refused, refuse_repeat
from finance.loading.references import References, Unknown
from portal.kit.text import fold
from projects.models import Contact, Participation, Project
from projects.withheld import WithheldContacts

# Columns of a file → fields of a contact.
_OF_CONTACT = {
    "role": "role",
    "office": "organization_name",
    "email": "office_email",
    "phone": "office_phone",
    "website": "website",
    "address": "postal_address",
}
_web_address = URLValidator(schemes=("http", "https"))


def participation_key(values: Any) -> str:
    """What tells a participation from others: project, organization and role."""
    return f"{values['project_id']} {values['organization_id']} {values['role']}"


def contact_key(values: Any) -> str:
    """What tells a contact from others: project or fund, role and the office's name, unreadable."""
    owner = values.get("project_id") or f"fund {values.get('fund_id')}"
    return digest(owner, values["role"], fold(values["organization_name"]))


def standing(model: Any, key: Any, owners: list[tuple[int | None, int | None]]) -> dict[str, int]:
    """The ids of what these projects and funds have, by key; of several the first."""
    of = Q(project_id__in={project for project, _fund in owners if project})
    if funds := {fund for _project, fund in owners if fund}:
        of |= Q(fund_id__in=funds)
    return {key(vars(row)): row.pk for row in model.objects.filter(of).order_by("-pk")}


def _found(column: str, find: Any, name: str) -> Any:
    try:
        return find(name)
    except Unknown as error:
        raise Refused(column, name, str(error), _("Load or enter it first.")) from error


class ParticipationReader:
    """Rows that say who takes part in a project, and as what."""

    def __init__(self) -> None:
        self.references = References()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The participation that the row states. Raises Refused."""
        project, _fund = _found("project", self.references.project, row["project"])
        values = {
            "project_id": project,
            "organization_id": _found(
                "organization", self.references.organization, row["organization"]
            ),
            "role": row.get("role") or Participation.Role.PARTICIPATING,
        }
        refuse_repeat(self.seen, participation_key(values), number, "organization")
        if award := row.get("award_number"):
            values["award_number"] = award
        return Line(
            "participation", number, digest("participation", *as_stated), project, None, values
        )


class ContactReader:
    """Rows that say which office to turn to about a project or fund."""

    def __init__(self) -> None:
        self.references, self.withheld = References(), WithheldContacts()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The contact that the row states. Raises Refused."""
        project = fund = None
        if row.get("project") and row.get("fund"):
            message = _("a contact belongs to a project or to a fund, not to both")
            raise Refused("fund", row["fund"], message, _("Use a row for each."))
        if row.get("project"):
            project, _fund = _found("project", self.references.project, row["project"])
        else:
            fund = _found("fund", self.references.fund, row["fund"])
        _refuse_unusable(row)
        stated = {field: row[name] for name, field in _OF_CONTACT.items() if row.get(name)}
        values = {"role": Contact.Role.OTHER, "project_id": project, "fund_id": fund} | stated
        if self.withheld.holds(values):
            message = _("it is withheld from the public, or was erased")
            raise Refused("office", row["office"], message, _("Leave the row out."))
        refuse_repeat(self.seen, contact_key(values), number, "office")
        return Line("contact", number, digest("contact", *as_stated), project, fund, values)


def _refuse_unusable(row: dict[str, Any]) -> None:
    """Raise Refused for an address that cannot be used."""
    for column, check, message in (
        ("email", validate_email, _("this is no e-mail address")),
        ("website", _web_address, _("this is no address of a page; it begins with https://")),
    ):
        try:
            if row.get(column):
                check(row[column])
        except ValidationError as error:
            raise Refused(column, row[column], message) from error


def write_participations(stated: list[tuple[Participation | None, dict[str, Any]]]) -> None:
    """Those participations as stated, but of projects whose list was edited by hand."""
    held = {
        project.pk
        for project in Project.objects.filter(
            pk__in={values["project_id"] for _found, values in stated}
        ).only("held_fields")
        if "organizations" in project.held_fields
    }
    _write(Participation, [pair for pair in stated if pair[1]["project_id"] not in held])


def write_contacts(stated: list[tuple[Contact | None, dict[str, Any]]]) -> None:
    """Those contacts as stated, but what was withheld meanwhile; what names a person stays."""
    withheld = WithheldContacts()
    _write(Contact, [pair for pair in stated if not withheld.holds(pair[1])])


def _write(model: Any, stated: list[tuple[Any, dict[str, Any]]]) -> None:
    rows = []
    for found, values in stated:
        row = found or model()
        for name, value in values.items():
            setattr(row, name, value)
        rows.append(row)
    save_all(rows, model)
