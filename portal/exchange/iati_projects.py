"""What an activity says of a project itself: texts, status, dates, people, documents."""

from datetime import date
from typing import Any

from documents.models import Document, DocumentType
from finance.intake import digest
from finance.models import Load, ProjectStatement
from portal.exchange.iati_nouns import Nouns
from portal.exchange.iati_stated import (
    ACCOUNTABLE,
    ACTUAL_END,
    ACTUAL_START,
    EXTENDING,
    FUNDING,
    IMPLEMENTING,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    StatedContact,
    StatedDocument,
    text_in,
)
from projects.models import Contact, Fund, Participation, Project, ProjectCountry, Status

_STATUS = {
    "1": Status.PIPELINE,
    "2": Status.ON_GOING,
    "3": Status.OPERATIONALLY_CLOSED,
    "4": Status.CLOSED,
    "5": Status.CANCELLED,
    "6": Status.SUSPENDED,
}
_ROLES = {
    FUNDING: Participation.Role.CONTRIBUTING,
    ACCOUNTABLE: Participation.Role.ACCOUNTABLE,
    EXTENDING: Participation.Role.EXTENDING,
    IMPLEMENTING: Participation.Role.PARTICIPATING,
}
# Addresses of offices; any other address may be a person's and is not shown.
_OFFICE_BOXES = frozenset(
    {
        *("aid", "contact", "contacts", "data", "enquiries", "help", "hello", "iati", "info"),
        *("information", "inquiries", "mail", "office", "open", "opendata", "press", "public"),
        *("publicinfo", "secretariat", "support", "transparency", "web"),
    }
)


def project_values(activity: StatedActivity, language: str) -> dict[str, Any]:
    """The fields of a project as the activity states them."""
    language = language or activity.language
    order = sorted(activity.descriptions, key=lambda d: d.type or "1")
    texts = [text_in(description.texts, language, activity.language) for description in order]
    title = text_in(activity.titles, language, activity.language)
    updated = activity.last_updated
    return {
        "title": (title or activity.identifier)[:1000],
        "narrative": "\n\n".join(text for text in texts if text),
        "language": (
            language if language in activity.titles else activity.language or language or "en"
        )[:10],
        "status": _STATUS.get(activity.status, Status.PIPELINE),
        "status_on": updated.date() if updated else None,
        "planned_start": activity.dates.get(PLANNED_START),
        "stated_start": activity.dates.get(ACTUAL_START),
        "original_end": activity.dates.get(PLANNED_END),
        "stated_end": activity.dates.get(ACTUAL_END),
    }


class ProjectTaker:
    """Makes and changes projects as activities state them; counts what that did."""

    def __init__(self, load: Load, nouns: Nouns, told_on: date | None) -> None:
        self.load = load
        self.nouns = nouns
        self.told_on = told_on
        self.counts = {"new": 0, "changed": 0, "unchanged": 0}
        self.types = {t.iati_category: t for t in DocumentType.objects.order_by("-position")}

    def take(self, activity: StatedActivity, known: dict[str, Project], fund: Fund) -> Project:
        """The project of an activity, brought up to date."""
        values = project_values(activity, self.nouns.language)
        fingerprint = digest(*values.values(), *_around(activity), fund.code)
        project = known.get(activity.identifier.lower())
        if project is None:
            project = Project(number=activity.identifier, fund=fund)
            self.counts["new"] += 1
        elif self._said(project) == fingerprint:
            self.counts["unchanged"] += 1
            return project
        else:
            self.counts["changed"] += 1
        self._write(project, values, fund)
        self._links(project, activity)
        ProjectStatement.objects.create(
            load=self.load,
            project=project,
            line=activity.line,
            fingerprint=fingerprint,
            values={name: str(value or "") for name, value in values.items()},
        )
        known[activity.identifier.lower()] = project
        return project

    def _said(self, project: Project) -> str | None:
        statements = getattr(project, "source_statements", [])
        return statements[0].fingerprint if statements else None

    def _write(self, project: Project, values: dict[str, Any], fund: Fund) -> None:
        held = set(project.held_fields)
        values = {name: value for name, value in values.items() if name not in held}
        values["status_on"] = values.get("status_on") or self.told_on
        status_moved = values.get("status", project.status) != project.status
        if project.pk is not None and not status_moved:
            values.pop("status_on")
        for name, value in values.items():
            setattr(project, name, value)
        if "fund" not in held:
            project.fund = fund
        is_new = project.pk is None
        project.save()
        if (is_new or status_moved) and project.status_on:
            project.status_changes.create(status=project.status, set_on=project.status_on)

    def _links(self, project: Project, activity: StatedActivity) -> None:
        self._participations(project, activity)
        shares = self.nouns.places(activity.countries, activity.regions)
        project.project_countries.all().delete()
        ProjectCountry.objects.bulk_create(
            ProjectCountry(project=project, country_id=country, share=share)
            for country, share in shares.items()
        )
        project.contacts.all().delete()
        Contact.objects.bulk_create(_contact(project, c, self.nouns) for c in activity.contacts)
        project.documents.filter(stated_by_source=self.load.source.code).delete()
        Document.objects.bulk_create(
            self._document(project, d) for d in activity.documents if _is_safe(d.url)
        )

    def _participations(self, project: Project, activity: StatedActivity) -> None:
        wanted = set()
        for stated in activity.participating_orgs:
            organization = self.nouns.organization(stated)
            role = _ROLES.get(stated.role)
            if organization is not None and role is not None:
                wanted.add((organization, role))
        there = {(p.organization_id, p.role): p for p in project.participations.all()}
        for key in there.keys() - wanted:
            there[key].delete()
        Participation.objects.bulk_create(
            Participation(project=project, organization_id=organization, role=role)
            for organization, role in sorted(wanted - there.keys())
        )

    def _document(self, project: Project, stated: StatedDocument) -> Document:
        category = next((c for c in stated.categories if c in self.types), None)
        fallback = self.types.get("A12") or next(iter(self.types.values()))
        return Document(
            project=project,
            type=self.types[category] if category else fallback,
            title=(text_in(stated.titles, self.nouns.language) or stated.url)[:500],
            languages=[language[:10] for language in stated.languages],
            document_date=stated.document_date,
            url=stated.url[:2000],
            media_type=stated.format[:200],
            stated_by_source=self.load.source.code,
        )


def _is_safe(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _around(activity: StatedActivity) -> tuple[object, ...]:
    """What beside its own fields decides whether a project changed."""
    return (
        activity.participating_orgs,
        activity.countries,
        activity.regions,
        activity.contacts,
        activity.documents,
    )


def _contact(project: Project, stated: StatedContact, nouns: Nouns) -> Contact:
    """A contact; what may name a person is kept, but not shown without consent."""
    person = text_in(stated.person, nouns.language)
    email = next(iter(stated.emails), "")
    is_office = not person and email.partition("@")[0].lower() in _OFFICE_BOXES
    parts = (
        text_in(stated.organization, nouns.language),
        text_in(stated.department, nouns.language),
    )
    website = next((url for url in stated.websites if _is_safe(url)), "")
    return Contact(
        project=project,
        organization_name=", ".join(part for part in parts if part)[:500],
        office_email=email[:254] if is_office else "",
        office_phone="" if person else next(iter(stated.telephones), "")[:100],
        website=website[:500],
        person_name=person[:200],
        person_email="" if is_office else email[:254],
    )
