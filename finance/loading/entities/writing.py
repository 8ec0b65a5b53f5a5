"""Projects, organizations and funds made and changed as files state them.

A field edited by hand (`held_fields`) wins over later loads.
"""

from typing import Any

from django.db.models.functions import Lower

from finance.loading.entities.reading import OF_FUND, PLAIN
from portal.kit.text import any_case
from projects.models import (
    Fund,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    Theme,
)
from projects.withheld import withheld_rows


def write_projects(stated: list[tuple[Project | None, dict[str, Any]]]) -> list[Project]:
    """Those projects as stated, in their order."""
    themes: dict[str, Theme] = {}
    pairs = [(project or Project(number=values["number"]), values) for project, values in stated]
    for project, values in pairs:
        _set_fields(project, values, themes)
    save_all([project for project, _values in pairs], Project)
    _write_countries(pairs)
    _write_participations(pairs)
    return [project for project, _values in pairs]


def _set_fields(project: Project, values: dict[str, Any], themes: dict[str, Theme]) -> None:
    held, status = set(project.held_fields), project.status
    for name in PLAIN.values():
        if name in values and name not in held:
            field: Any = Project._meta.get_field(name)
            # IATI files state an absent date as nothing.
            value: Any = values[name] if field.empty_strings_allowed else values[name] or None
            setattr(project, name, field.to_python(value))
    if project.status != status and "status_on" not in values and "status_on" not in held:
        # The day of another status is not that of this one.
        project.status_on = None
    if "fund" not in held:
        project.fund_id = values["fund_id"]
    if (theme := values.get("theme")) and "theme" not in held:
        if theme not in themes:
            themes[theme] = _theme(theme)
        project.theme = themes[theme]


def save_all(entities: list[Any], model: Any) -> None:
    """New ones in one statement, the others one by one, for their history."""
    model.objects.bulk_create(entity for entity in entities if entity.pk is None)
    for entity in entities:
        if not entity._state.adding:
            entity.save()


def _write_countries(pairs: list[tuple[Project, dict[str, Any]]]) -> None:
    stated = [
        (project, values["countries"])
        for project, values in pairs
        if values.get("countries") and "countries" not in project.held_fields
    ]
    ProjectCountry.objects.filter(project__in=[project for project, _c in stated]).delete()
    ProjectCountry.objects.bulk_create(
        ProjectCountry(project=project, country_id=country, share=share)
        for project, countries in stated
        for country, share in countries
    )


def _write_participations(pairs: list[tuple[Project, dict[str, Any]]]) -> None:
    role = Participation.Role.PARTICIPATING
    stated = [pair for pair in pairs if "organizations" not in pair[0].held_fields]
    there = {
        (part.project_id, part.organization_id): part
        for part in Participation.objects.filter(
            project__in=[project for project, _values in stated], role=role
        )
    }
    changed = {}
    for project, values in stated:
        for organization, award in values.get("organizations", ()):
            part = there.get((project.pk, organization))
            if part is None:
                part = Participation(project=project, organization_id=organization, role=role)
                there[project.pk, organization] = part
            if part.pk is None or (award and part.award_number != award):
                part.award_number = award or part.award_number
                changed[project.pk, organization] = part
    save_all(list(changed.values()), Participation)


def _theme(name: str) -> Theme:
    """The theme of that name or ledger label; a name cut by the ledger makes no new theme twice."""
    label = Theme.objects.filter(ledger_label=name).order_by("pk").first()
    return label or Theme.objects.get_or_create(name=name)[0]


def write_organizations(
    stated: list[tuple[Organization | None, dict[str, Any]]],
) -> list[Organization]:
    """Those organizations as stated, in their order."""
    pairs = [(found or Organization(code=values["code"]), values) for found, values in stated]
    for organization, values in pairs:
        for name in ("name", "short_name", "kind", "website", "country_id"):
            if name in values:
                setattr(organization, name, values[name])
    organizations = [organization for organization, _values in pairs]
    save_all(organizations, Organization)
    identifiers = {
        (scheme, any_case(value)): (organization, value)
        for organization, values in reversed(pairs)
        for scheme, value in values.get("identifiers", {}).items()
    }
    # An identifier that is somebody's stays theirs, whatever its case.
    keys = {key for _scheme, key in identifiers}
    there = OrganizationIdentifier.objects.alias(any_case=Lower("value"))
    taken = there.filter(any_case__in=keys).values_list("scheme", "value")
    theirs = {(scheme, any_case(value)) for scheme, value in taken}
    words = {value for _organization, value in identifiers.values()}
    withheld = withheld_rows(OrganizationIdentifier, "value", words)
    OrganizationIdentifier.objects.bulk_create(
        OrganizationIdentifier(scheme=scheme, value=value, organization=organization)
        for (scheme, key), (organization, value) in identifiers.items()
        if (scheme, key) not in theirs and value not in withheld
    )
    return organizations


def write_funds(stated: list[tuple[Fund | None, dict[str, Any]]]) -> list[Fund]:
    """Those funds as stated, in their order."""
    funds = [found or Fund(code=values["code"]) for found, values in stated]
    for fund, (_found, values) in zip(funds, stated, strict=True):
        for name in OF_FUND.values():
            if name in values:
                field: Any = Fund._meta.get_field(name)
                setattr(fund, name, field.to_python(values[name]))
    save_all(funds, Fund)
    return funds
