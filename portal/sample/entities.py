"""Stores the sample's funds, organizations and projects with their dates and places."""

from datetime import date

from portal.sample.famous import FAMOUS
from portal.sample.funds import FUNDS
from portal.sample.names import ORGANIZATIONS, OTHER_NAMES
from portal.sample.source_file import LEDGER, SourceFile, moment
from portal.sample.story import ProjectPlan
from projects.models import (
    Country,
    Extension,
    Fund,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    ReportKind,
    ReportRule,
    StatusChange,
    Theme,
)
from projects.true_country import give_country

REGISTER = (
    "number", "title", "label", "fund", "theme", "status", "status_on", "start", "original_end",
    "end",
)  # fmt: skip


def store_funds() -> None:
    """Funds and themes."""
    Fund.objects.bulk_create(
        Fund(
            code=spec.code,
            name=spec.name,
            description=spec.description,
            started_on=date(spec.first_year, 1, 2),
            ends_on=date(spec.last_year + 4, 12, 31) if spec.last_year else None,
            website=f"https://funds.example.org/{spec.code.lower()}",
        )
        for spec in FUNDS
    )
    climate = Fund.objects.get(code="CLM00")
    ReportRule.objects.create(fund=climate, kind=ReportKind.FINANCIAL, month=5, day=31)
    names = sorted({spec.theme for spec in FUNDS})
    Theme.objects.bulk_create(Theme(name=name, ledger_label=_ledger_label(name)) for name in names)


def _ledger_label(name: str) -> str:
    """The name as the ledger has it: in thirty letters."""
    return name.replace("Against", "Agst")[:30]


def store_organizations() -> None:
    """Organizations and their identifiers."""
    countries = dict(Country.objects.values_list("code", "pk"))
    made = Organization.objects.bulk_create(
        Organization(
            code=org.code,
            name=org.name,
            short_name=org.short,
            other_names="\n".join(OTHER_NAMES.get(org.code, ())),
            kind=org.kind,
            country_id=countries.get(org.country),
        )
        for org in ORGANIZATIONS
    )
    identifiers = []
    for organization, org in zip(made, ORGANIZATIONS, strict=True):
        for scheme, value in (("IATI", org.iati), ("ledger", org.ledger)):
            if value:
                identifiers.append(
                    OrganizationIdentifier(organization=organization, scheme=scheme, value=value)
                )
    OrganizationIdentifier.objects.bulk_create(identifiers)


def store_projects(plans: list[ProjectPlan]) -> dict[str, Project]:
    """Projects with participations, places, extensions and the log of their status."""
    funds = dict(Fund.objects.values_list("code", "pk"))
    themes = dict(Theme.objects.values_list("name", "pk"))
    made: dict[str, Project] = {}
    # Parents first, so that children can name them.
    for plans_now in (
        [plan for plan in plans if not plan.parent],
        [plan for plan in plans if plan.parent],
    ):
        rows = [_project(plan, funds, themes, made) for plan in plans_now]
        made |= {row.number: row for row in Project.objects.bulk_create(rows)}
    _store_links(plans, made)
    StatusChange.objects.bulk_create(
        StatusChange(project=made[plan.number], status=status, set_on=on, note=note)
        for plan in plans
        for status, on, note in plan.status_log
    )
    Extension.objects.bulk_create(
        Extension(
            project=made[plan.number],
            old_end=step.old_end,
            new_end=step.new_end,
            approved_on=step.approved_on,
            note=step.note,
        )
        for plan in plans
        for step in plan.extensions
    )
    return made


def _project(
    plan: ProjectPlan, funds: dict[str, int], themes: dict[str, int], made: dict[str, Project]
) -> Project:
    return Project(
        number=plan.number,
        title=plan.title,
        ledger_label=plan.label,
        narrative=plan.narrative,
        language=plan.language,
        fund_id=funds[plan.fund],
        theme_id=themes[plan.theme],
        parent=made.get(plan.parent),
        status=plan.status,
        status_on=plan.status_log[-1][1],
        planned_start=plan.start,
        original_end=plan.original_end,
    )


def _store_links(plans: list[ProjectPlan], made: dict[str, Project]) -> None:
    countries = dict(Country.objects.values_list("code", "pk"))
    organizations = dict(Organization.objects.values_list("code", "pk"))
    parts, places = [], []
    for plan in plans:
        project = made[plan.number]
        for position, code in enumerate(plan.organizations):
            parts.append(
                Participation(
                    project=project,
                    organization_id=organizations[code],
                    award_number=f"{code[:4]}-{int(plan.number) * 7 + position:08d}",
                    operationally_closed_on=plan.set_on("operationally-closed"),
                    financially_closed_on=plan.set_on("financially-closed"),
                )
            )
        parts += [
            Participation(project=project, organization_id=organizations[code], role="implementing")
            for code in plan.partners
        ]
        places += [
            ProjectCountry(project=project, country_id=countries[code], share=share)
            for code, share in plan.countries
        ]
    Participation.objects.bulk_create(parts)
    ProjectCountry.objects.bulk_create(places)


def give_true_country(made: dict[str, Project]) -> None:
    """The office knows where the project of the famous factsheet works; its ledger does not."""
    give_country(
        project=made[FAMOUS],
        country=Country.objects.get(code="ML"),
        basis="Its title, its project document and its reports all name Mali.",
    )


def register_file(plans: list[ProjectPlan]) -> SourceFile:
    """The ledger's register of projects, as the source of their titles, dates and status."""
    rows: list[tuple[str, ...]] = [
        (
            plan.number,
            plan.title,
            plan.label,
            plan.fund,
            _ledger_label(plan.theme),
            plan.status,
            plan.status_log[-1][1].isoformat(),
            plan.start.isoformat(),
            plan.original_end.isoformat(),
            plan.end.isoformat(),
        )
        for plan in plans
    ]
    return SourceFile(
        "projects-2026-06.csv",
        "projects",
        LEDGER,
        moment(date(2026, 6, 11), 9),
        moment(date(2026, 6, 12), 10),
        REGISTER,
        rows,
    )
