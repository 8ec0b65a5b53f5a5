"""Projects and organizations as loads state them.

A noun keeps its history; a field edited by hand (`held_fields`) wins over later loads. What
a load said is kept as a statement, which is also what a reversal goes back to.
"""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from finance.intake import digest
from finance.loading.lines import Line, Refused
from finance.loading.references import References, Unknown
from finance.models import Load, OrganizationStatement, ProjectStatement
from portal.kit.text import fold
from projects.models import (
    Country,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    Theme,
)

# Columns of a file → fields of a project that take the value as it is.
_PLAIN = {
    "title": "title",
    "label": "ledger_label",
    "narrative": "narrative",
    "status": "status",
    "status_on": "status_on",
    "start": "planned_start",
    "original_end": "original_end",
    "end": "stated_end",
}
_IDENTIFIERS = {"iati": "IATI", "ledger": "ledger"}


def reader(kind: str) -> "_ProjectReader | _OrganizationReader":
    """What turns the rows of a file of nouns into lines."""
    return _ProjectReader() if kind == Load.Kind.PROJECTS else _OrganizationReader()


class _ProjectReader:
    """Rows of a register of projects."""

    def __init__(self) -> None:
        self.references = References()
        self.countries = _country_names()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The project that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["number"], number, "number")
        values = {field: row.get(name) for name, field in _PLAIN.items() if row.get(name)}
        values["number"] = row["number"]
        try:
            fund = self.references.fund(row["fund"])
        except Unknown as error:
            raise Refused("fund", row["fund"], str(error), _("Enter the fund first.")) from error
        values["fund_id"] = fund
        if theme := row.get("theme"):
            values["theme"] = theme
        values["countries"] = [
            [_named(self.countries, "countries", name), None if share is None else str(share)]
            for name, share in row.get("countries") or ()
        ]
        values["organizations"] = self._organizations(row)
        return Line("project", number, digest("project", *as_stated), None, fund, values)

    def _organizations(self, row: dict[str, Any]) -> list[list[Any]]:
        found = []
        for name, award in row.get("organizations") or ():
            try:
                found.append([self.references.organization(name), award or ""])
            except Unknown as error:
                advice = _("Load or enter the organization first.")
                raise Refused("organizations", name, str(error), advice) from error
        return found


class _OrganizationReader:
    """Rows of a list of organizations."""

    def __init__(self) -> None:
        self.countries = _country_names()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The organization that the row states. Raises Refused."""
        refuse_repeat(self.seen, row["code"], number, "code")
        fields = ("code", "name", "short_name", "kind", "website")
        values: dict[str, Any] = {name: row[name] for name in fields if row.get(name)}
        if country := row.get("country"):
            values["country_id"] = _named(self.countries, "country", country)
        values["identifiers"] = {
            scheme: row[column] for column, scheme in _IDENTIFIERS.items() if row.get(column)
        }
        return Line("organization", number, digest("organization", *as_stated), None, None, values)


def refuse_repeat(seen: dict[str, int], name: str, line: int, column: str) -> None:
    """Raise Refused where an earlier row states the same."""
    earlier = seen.setdefault(name.casefold(), line)
    if earlier != line:
        raise Refused(column, name, _("row %(row)s states it already") % {"row": earlier})


def _country_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for pk, code, name in Country.objects.values_list("pk", "code", "name"):
        names[fold(name)] = pk
        names[code.casefold()] = pk
    return names


def _named(names: dict[str, int], column: str, name: str) -> int:
    if (found := names.get(fold(name))) is None:
        raise Refused(column, name, _("there is no country “%(name)s”") % {"name": name})
    return found


# --- Comparing and taking in


def compare(load: Load) -> Counter[str]:
    """Drop the staged nouns of which this source said the same last; returns the counts."""
    counts: Counter[str] = Counter()
    unchanged = []
    for staged in load.staged_lines.iterator():
        noun = _noun(staged.model, staged.values or {})
        last = _last_statement(noun, source=load.source_id) if noun else None
        if last is not None and last.fingerprint == staged.fingerprint:
            unchanged.append(staged.pk)
            counts["unchanged"] += 1
        else:
            counts["changed" if noun else "new"] += 1
    load.staged_lines.filter(pk__in=unchanged).delete()
    return counts


def _noun(model: str, values: dict[str, Any]) -> Any:
    if model == "project":
        return Project.objects.numbered(values["number"]).first()
    return Organization.objects.filter(code__iexact=values["code"]).first()


def _statements(noun: Project | Organization) -> Any:
    if isinstance(noun, Project):
        return ProjectStatement.objects.filter(project=noun)
    return OrganizationStatement.objects.filter(organization=noun)


def _last_statement(noun: Project | Organization, **where: Any) -> Any:
    rows = _statements(noun).filter(load__released_at__isnull=False)
    if source := where.get("source"):
        rows = rows.filter(load__source_id=source)
    return rows.order_by("-load__released_at", "-pk").first()


def take(load: Load) -> None:
    """Make and change the nouns that are staged."""
    for staged in load.staged_lines.order_by("pk").iterator():
        state(load, staged.model, staged.line, staged.fingerprint, staged.values or {})


def state(load: Load, model: str, line: int, fingerprint: str, values: dict[str, Any]) -> None:
    """Bring one noun to what is stated, but for fields edited by hand, and keep what was said."""
    noun = _noun(model, values)
    if model == "project":
        project = _write_project(noun or Project(number=values["number"]), values)
        ProjectStatement.objects.create(
            load=load, project=project, line=line, fingerprint=fingerprint, values=values
        )
        return
    organization = _write_organization(noun or Organization(code=values["code"]), values)
    OrganizationStatement.objects.create(
        load=load, organization=organization, line=line, fingerprint=fingerprint, values=values
    )


def _write_project(project: Project, values: dict[str, Any]) -> Project:
    held = set(project.held_fields)
    before = project.status if project.pk else ""
    for name in _PLAIN.values():
        if name in values and name not in held:
            field: Any = Project._meta.get_field(name)
            # IATI files state an absent date as nothing.
            value = values[name] if field.empty_strings_allowed else values[name] or None
            setattr(project, name, field.to_python(value))
    if "fund" not in held:
        project.fund_id = values["fund_id"]
    if values.get("theme") and "theme" not in held:
        project.theme = _theme(values["theme"])
    project.save()
    if before != project.status and project.status_on:
        project.status_changes.create(status=project.status, set_on=project.status_on)
    if values.get("countries") and "countries" not in held:
        project.project_countries.all().delete()
        ProjectCountry.objects.bulk_create(
            ProjectCountry(project=project, country_id=country, share=share)
            for country, share in values["countries"]
        )
    if "organizations" not in held:
        for organization, award in values.get("organizations", ()):
            Participation.objects.update_or_create(
                project=project,
                organization_id=organization,
                role=Participation.Role.PARTICIPATING,
                defaults={"award_number": award} if award else {},
            )
    return project


def _theme(name: str) -> Theme:
    """The theme of that name or ledger label; a name cut by the ledger makes no new theme twice."""
    label = Theme.objects.filter(ledger_label=name).order_by("pk").first()
    return label or Theme.objects.get_or_create(name=name)[0]


def _write_organization(organization: Organization, values: dict[str, Any]) -> Organization:
    for name in ("name", "short_name", "kind", "website", "country_id"):
        if name in values:
            setattr(organization, name, values[name])
    organization.save()
    for scheme, value in values.get("identifiers", {}).items():
        OrganizationIdentifier.objects.get_or_create(
            scheme=scheme, value=value, defaults={"organization": organization}
        )
    return organization


def restore(load: Load, reversed_load: Load) -> None:
    """State again what stood of the nouns before the reversed load; none is deleted."""
    for model, statements in (
        ("project", reversed_load.project_statements),
        ("organization", reversed_load.organization_statements),
    ):
        for statement in statements.select_related(model).order_by("pk"):
            noun = getattr(statement, model)
            earlier = (
                _statements(noun)
                .filter(load__released_at__lt=reversed_load.released_at)
                .order_by("-load__released_at", "-pk")
                .first()
            )
            if earlier is None:
                continue
            values = {**earlier.values, "number" if model == "project" else "code": _key(noun)}
            values.setdefault("fund_id", getattr(noun, "fund_id", None))
            state(load, model, earlier.line, earlier.fingerprint, values)


def _key(noun: Any) -> str:
    return noun.number if isinstance(noun, Project) else noun.code
