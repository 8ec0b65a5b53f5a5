"""What an activity says of a project itself: texts, status, dates, people, documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from finance.loading.digests import digest
from finance.loading.entities.steps import Stood, log_steps, moved_from, stood
from finance.models import Load, ProjectStatement
from portal.iati.kept import DAC_REGIONS, Kept, kept_of_activity
from portal.iati.mapping import contacts, links
from portal.iati.mapping.entities import Entities
from portal.iati.mapping.remarks import Remarks
from portal.iati.mapping.spoke import Spoke
from portal.iati.mapping.subjects import subjects_of
from portal.iati.stated import (
    ACCOUNTABLE,
    ACTUAL_END,
    ACTUAL_START,
    EXTENDING,
    FUNDING,
    IMPLEMENTING,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    narrative_in,
    text_in,
)
from portal.kit.text import Alike, any_case
from projects.models import (
    Fund,
    Participation,
    Project,
    ProjectCountry,
    ProjectSubject,
    Status,
)
from projects.withheld import withheld_alike

UNKNOWN = Status.NOT_STATED
_ROLES = {
    FUNDING: Participation.Role.CONTRIBUTING,
    ACCOUNTABLE: Participation.Role.ACCOUNTABLE,
    EXTENDING: Participation.Role.EXTENDING,
    IMPLEMENTING: Participation.Role.PARTICIPATING,
}
MAX_TITLE = 1000


def project_values(activity: StatedActivity, language: str) -> dict[str, Any]:
    """The fields of a project as the activity states them."""
    language = language or activity.language
    title = text_in(activity.titles, language, activity.language)
    status = Status.of_iati(activity.status)
    return {
        "title": (title or activity.identifier)[:MAX_TITLE],
        "narrative": narrative_in(activity.descriptions, language, activity.language),
        "language": (
            language if language in activity.titles else activity.language or language or "en"
        )[:10],
        "status": status,
        "status_on": _done_on(activity) if status in Status.done() else None,
        "planned_start": activity.dates.get(PLANNED_START),
        "stated_start": activity.dates.get(ACTUAL_START),
        "original_end": activity.dates.get(PLANNED_END),
        "stated_end": activity.dates.get(ACTUAL_END),
    }


def _done_on(activity: StatedActivity) -> date | None:
    """The actual end; the day of the last update is not that of closure."""
    end, updated = activity.dates.get(ACTUAL_END), activity.last_updated
    today = timezone.localdate()
    return end if end and end <= min(updated.date() if updated else today, today) else None


@dataclass(slots=True)
class _Draft:
    """An activity on its way to become a project, or to change one."""

    activity: StatedActivity
    fund: Fund
    values: dict[str, Any]
    kept: Kept
    fingerprint: str
    project: Project | None = None
    before: Stood | None = None

    @property
    def status_moved(self) -> bool:
        return self.before is None or bool(self.project and self.before[0] != self.project.status)

    @property
    def key(self) -> str:
        return any_case(self.activity.identifier)


class ProjectMapper:
    """Makes and changes projects as activities state them, and counts what that did.

    The number of queries grows with the batches of activities, but for those that changed.
    """

    def __init__(self, load: Load, entities: Entities, spoke: Spoke, remarks: Remarks) -> None:
        self.load = load
        self.entities = entities
        self.spoke = spoke
        self.remarks = remarks
        self.documents = links.DocumentMapper(entities.language, load.source.code)
        self.counts = {"new": 0, "changed": 0, "unchanged": 0}

    def apply(self, activities: Sequence[tuple[StatedActivity, Fund]]) -> list[int]:
        """Bring the projects of these activities up to date; returns their ids, in order."""
        known = self._known([activity.identifier for activity, _fund in activities])
        new, changed = [], []
        for activity, fund in activities:
            draft = self._draft(activity, fund)
            found = known.get(draft.key)
            if found is None:
                new.append(draft)
            elif found[1] != draft.fingerprint:
                changed.append(draft)
        self.counts["new"] += len(new)
        self.counts["changed"] += len(changed)
        self.counts["unchanged"] += len(activities) - len(new) - len(changed)
        self._make(new)
        self._change(changed, {draft.key: known[draft.key][0] for draft in changed})
        self._links(new, changed)
        self._remember([*new, *changed])
        ids = {key: pk for key, (pk, _fingerprint) in known.items()}
        ids |= {draft.key: draft.project.pk for draft in new if draft.project}
        return [ids[any_case(activity.identifier)] for activity, _fund in activities]

    def _known(self, numbers: Sequence[str]) -> dict[str, tuple[int, str | None]]:
        """Id, and digest of what the source said last, by number in lower case."""
        said = ProjectStatement.objects.filter(
            project=OuterRef("pk"), load__source=self.load.source
        ).exclude(load__in=Load.objects.taken_back())
        said = said.order_by("-pk")
        projects = Project.objects.annotate(said=Subquery(said.values("fingerprint")[:1]))
        rows = projects.numbered_any(numbers).order_by()
        known: Alike[tuple[int, str | None]] = Alike(
            (number, (pk, fingerprint))
            for number, pk, fingerprint in rows.values_list("number", "pk", "said")
        )
        found = {any_case(number): known.get(number) for number in numbers}
        withheld = withheld_alike(Project, [number for number in numbers if not known.get(number)])
        theirs = {number: pk for number in found if (pk := withheld.get(number)) is not None}
        said_of = dict(projects.filter(pk__in=theirs.values()).values_list("pk", "said"))
        return {number: one for number, one in found.items() if one is not None} | {
            number: (pk, said_of[pk]) for number, pk in theirs.items()
        }

    def _draft(self, activity: StatedActivity, fund: Fund) -> _Draft:
        values = project_values(activity, self.entities.language)
        kept = kept_of_activity(activity)
        said = {name: value for name, value in kept.items() if name != "updated"}
        fingerprint = digest(*values.values(), *_around(activity), said, fund.code)
        self._count_what_is_left(activity, values)
        return _Draft(activity, fund, values, kept, fingerprint)

    def _count_what_is_left(self, activity: StatedActivity, values: dict[str, Any]) -> None:
        """Count what is read of an activity, but not kept; what only our own file shows too."""
        note = self.entities.note
        self.remarks.about(activity)
        self.entities.cut(text_in(activity.titles, self.entities.language), MAX_TITLE, "title")
        note("other-identifier", len(activity.other_identifiers))
        for contact in activity.contacts:
            contacts.count_what_is_left(contact, self.entities)
        for link in activity.documents:
            links.count_what_is_left(link, self.entities)
        for part in activity.participating_orgs:
            nameless = not part.ref and not text_in(part.names, self.entities.language)
            note("participating-org without identifier and name", nameless)
            if not nameless and part.role not in _ROLES:
                role = f"of role “{part.role}”" if part.role else "without a role"
                note(f"participating-org {role}")
            note("participating-org/@activity-id", bool(part.activity_id))
            note("participating-org: its name in a further language", max(0, len(part.names) - 1))
        note("reporting-org/@activity-id", bool(activity.reporting_org.activity_id))
        only_in_file = {
            "title in a further language": max(0, len(activity.titles) - 1),
            "description in a further language": sum(
                max(0, len(each.texts) - 1) for each in activity.descriptions
            ),
            "sector": len(activity.sectors),
            "recipient-region of another vocabulary": sum(
                region.vocabulary not in DAC_REGIONS for region in activity.regions
            ),
            "iati-activity/@humanitarian": activity.humanitarian is not None,
            "iati-activity/@hierarchy above 1": activity.hierarchy > 1,
            "activity-status not known": bool(activity.status) and values["status"] == UNKNOWN,
        }
        for what, count in only_in_file.items():
            note(f"{what}: only in our own IATI file", int(count))

    def _make(self, drafts: list[_Draft]) -> None:
        for draft in drafts:
            number = draft.activity.identifier
            draft.project = Project(number=number, fund=draft.fund, **draft.values)
        Project.objects.bulk_create([draft.project for draft in drafts if draft.project])

    def _change(self, drafts: list[_Draft], ids: dict[str, int]) -> None:
        projects = Project.objects.in_bulk(ids.values()) if ids else {}
        for draft in drafts:
            draft.project = project = projects[ids[draft.key]]
            held = set(project.held_fields)
            values = {name: value for name, value in draft.values.items() if name not in held}
            draft.before = stood(project)
            if values.get("status", project.status) == project.status:
                values.pop("status_on", None)
            for name, value in values.items():
                setattr(project, name, value)
            if "fund" not in held:
                project.fund = draft.fund
            project.save()

    def _logged_on(self, draft: _Draft) -> date | None:
        """The day of the step; where it only was as the source says, that on which it said so."""
        if draft.values["status"] in Status.done():
            return draft.values["status_on"]
        is_said = draft.activity.last_updated or self.spoke.told
        return self.spoke.of(draft.activity).date() if is_said else None

    def _remember(self, drafts: list[_Draft]) -> None:
        """Log the steps of status, and keep what was said."""
        log_steps(
            self.load,
            [
                (draft.project, on)
                for draft in drafts
                if draft.project and draft.status_moved and (on := self._logged_on(draft))
            ],
        )
        ProjectStatement.objects.bulk_create(
            ProjectStatement(
                load=self.load,
                project=draft.project,
                line=draft.activity.line,
                fingerprint=draft.fingerprint,
                values={name: str(value or "") for name, value in draft.values.items()}
                | {"iati": draft.kept},
                status_before=moved_from(draft.before, draft.project),
            )
            for draft in drafts
            if draft.project
        )

    def _links(self, new: list[_Draft], changed: list[_Draft]) -> None:
        """Set participants, places, contacts and documents."""
        drafts = [(draft.activity, draft.project) for draft in (*new, *changed) if draft.project]
        before = [draft.project for draft in changed if draft.project]
        if before:
            moved = [project for project in before if "countries" not in project.held_fields]
            ProjectCountry.objects.filter(project__in=moved).delete()
            ProjectSubject.objects.filter(project__in=before).delete()
        self._participations(drafts, before)
        ProjectCountry.objects.bulk_create(
            ProjectCountry(project=project, country_id=country, share=share)
            for activity, project in drafts
            if "countries" not in project.held_fields
            for country, share in self.entities.places(activity.countries, activity.regions).items()
        )
        ProjectSubject.objects.bulk_create(
            ProjectSubject(
                project=draft.project, scheme=each.scheme, code=each.code, share=each.share
            )
            for draft in (*new, *changed)
            for each in subjects_of(draft.kept)
        )
        contacts.restate(
            [(project, contact) for activity, project in drafts for contact in activity.contacts],
            before,
            self.entities.language,
        )
        self.documents.restate(
            [(project, link) for activity, project in drafts for link in activity.documents],
            before,
        )

    def _participations(
        self, drafts: list[tuple[StatedActivity, Project]], before: list[Project]
    ) -> None:
        wanted: set[tuple[int, int, str]] = set()
        for activity, project in drafts:
            for stated in activity.participating_orgs:
                organization = self.entities.organization(stated)
                role = _ROLES.get(stated.role)
                if organization is not None and role is not None:
                    wanted.add((project.pk, organization, role))
        there: dict[tuple[int, int, str], int] = {}
        if before:
            rows = Participation.objects.filter(project__in=before).order_by()
            there = {
                (project_id, organization_id, role): pk
                for pk, project_id, organization_id, role in rows.values_list(
                    "pk", "project_id", "organization_id", "role"
                )
            }
        if gone := [there[key] for key in there.keys() - wanted]:
            Participation.objects.filter(pk__in=gone).delete()
        Participation.objects.bulk_create(
            Participation(project_id=project, organization_id=organization, role=role)
            for project, organization, role in sorted(wanted - there.keys())
        )


def _around(activity: StatedActivity) -> tuple[object, ...]:
    """What beside its own fields, and what is kept of it, decides whether a project changed."""
    return (
        activity.participating_orgs,
        activity.countries,
        activity.regions,
        activity.contacts,
        activity.documents,
    )
