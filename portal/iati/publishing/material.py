"""All that the activities of some projects are made of, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet, Sum

from documents.models import Document
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    Entry,
    ExpenditureLine,
    Load,
    MoneyRecord,
    OtherFlow,
    ProjectStatement,
    VoucherLine,
)
from finance.models.figures import Measure
from finance.reports.forward.transfers import TransferRow, planned_of_projects
from portal.iati.kept import Kept
from portal.iati.mapping.entities import SCHEME
from portal.kit.dates import TODAY, Known
from projects.history import participations_of, places_of
from projects.models import (
    Contact,
    Extension,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    ProjectSubject,
    Withholding,
)

PARTIES: dict[type[MoneyRecord], str] = {
    Deposit: "contributor",
    Commitment: "contributor",
    BudgetLine: "organization",
    VoucherLine: "organization",
    ExpenditureLine: "organization",
    OtherFlow: "organization",
}


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts as an organization's spending of a year, in one currency."""

    organization: Organization | None
    year: int
    currency: str
    amount: Decimal
    date: date


@dataclass
class Material:
    """What is known then of some projects, by their ids."""

    known: Known
    own: set[int]
    kept: dict[int, Kept] = field(default_factory=dict)
    refs: dict[int, str] = field(default_factory=dict)
    records: dict[int, list[MoneyRecord]] = field(default_factory=lambda: defaultdict(list))
    spent: dict[int, list[Spent]] = field(default_factory=lambda: defaultdict(list))
    documents: dict[int, list[Document]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    extensions: dict[int, list[Extension]] = field(default_factory=lambda: defaultdict(list))
    children: dict[int, list[Project]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[int, list[ProjectSubject]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    places: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    planned: dict[int, list[TransferRow]] = field(default_factory=dict)
    hidden_places: set[int] = field(default_factory=set)
    # Programmes and parts of these projects that a publisher's file describes.
    foreign_relatives: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, projects: list[Project], known: Known = TODAY) -> "Material":
        """Read all of it."""
        ids = [project.pk for project in projects]
        own = set(ids) - told_by_publishers(ids)
        material = cls(known, own, kept=kept_of_projects(ids, known))
        material._read_money(ids)
        material._read_entities(projects)
        organizations = {part.organization_id for each in material.parts.values() for part in each}
        parties = (party_of(r) for each in material.records.values() for r in each)
        organizations |= {party.pk for party in parties if party}
        spenders = (each.organization for sums in material.spent.values() for each in sums)
        organizations |= {organization.pk for organization in spenders if organization}
        material.refs = identifiers(organizations)
        return material

    def is_own(self, project: Project) -> bool:
        """Whether no publisher's file told of it: the office itself answers for it."""
        return project.pk in self.own

    def is_foreign(self, relative: Project) -> bool:
        """Whether a publisher's file told of this programme or part of one of them."""
        return relative.pk in self.foreign_relatives

    def _read_money(self, ids: list[int]) -> None:
        known = self.known
        for model, party in PARTIES.items():
            related = ["load", party, *(["voucher"] if model is VoucherLine else [])]
            wanted = [pk for pk in ids if model is not ExpenditureLine or pk not in self.own]
            rows = model.objects.known_at(known.as_of).up_to(known.until)
            rows = rows.filter(project_id__in=wanted).select_related(*related)
            for record in rows.order_by("date", "pk"):
                self.records[record.project_id].append(record)
        # A certified statement is cumulative: what counts of it is known to the entries.
        sums = (
            Entry.objects.known(known)
            .filter(project_id__in=self.own, measure=Measure.EXPENDITURE)
            .order_by("project_id", "year", "organization_id", "currency")
            .values_list("project_id", "organization_id", "year", "currency")
            .annotate(Sum("amount"), Max("date"))
        )
        found = list(sums)
        organizations = Organization.objects.in_bulk({row[1] for row in found if row[1]})
        for project, organization, year, currency, amount, day in found:
            if amount:
                who = organizations.get(organization)
                day = min(day, known.day)
                self.spent[project].append(Spent(who, year, currency, amount, day))

    def _read_entities(self, projects: list[Project]) -> None:
        ids = [project.pk for project in projects]
        public = Document.objects.public().known_at(self.known.as_of).filter(project_id__in=ids)
        for document in public.select_related("type").order_by("pk"):
            self.documents[document.project_id or 0].append(document)
        for contact in Contact.objects.filter(project_id__in=ids).order_by("pk"):
            self.contacts[contact.project_id or 0].append(contact)
        own = [project for project in projects if project.pk in self.own]
        self.planned = planned_of_projects(own, self.known)
        subjects = ProjectSubject.objects.filter(project_id__in=self.own)
        for subject in subjects.order_by("project_id", "scheme", "code"):
            self.subjects[subject.project_id].append(subject)
        extended = Extension.objects.approved_by(self.known.day)
        for step in extended.filter(project_id__in=self.own):
            self.extensions[step.project_id].append(step)
        children = Project.objects.shown().filter(parent_id__in=self.own).order_by("number")
        for child in children.only("number", "parent_id"):
            self.children[child.parent_id or 0].append(child)
        relatives = {child.pk for each in self.children.values() for child in each}
        relatives |= {project.parent_id for project in projects if project.parent_id}
        self.foreign_relatives = told_by_publishers(relatives)
        self._read_parts(projects)

    def _read_parts(self, projects: list[Project]) -> None:
        ids = [project.pk for project in projects if project.shown_as_of is None]
        parts = Participation.objects.filter(project_id__in=ids).select_related("organization")
        for part in parts.order_by("role", "pk"):
            self.parts[part.project_id].append(part)
        places = ProjectCountry.objects.filter(project_id__in=ids).order_by("pk")
        for place in places.select_related("country"):
            self.places[place.project_id].append(place)
        for project in projects:
            if project.shown_as_of is not None:
                self.parts[project.pk] = sorted(participations_of(project), key=_by_role)
                self.places[project.pk] = places_of(project)
        withheld = Withholding.objects.standing().filter(kind="place").values("target_id")
        hidden = ProjectCountry.objects.filter(pk__in=withheld, project_id__in=ids)
        self.hidden_places = set(hidden.values_list("project_id", flat=True))


def told_by_publishers(ids: Iterable[int]) -> set[int]:
    """Those of these projects that a publisher's file describes: their identifiers stay bare."""
    told = ProjectStatement.objects.filter(project_id__in=list(ids), load__kind=Load.Kind.IATI)
    told = told.filter(load__released_at__isnull=False)
    told = told.exclude(load__in=Load.objects.taken_back())
    return set(told.values_list("project_id", flat=True))


def _by_role(part: Any) -> tuple[str, int]:
    return part.role, getattr(part, "pgh_obj_id", part.pk)


def party_of(record: MoneyRecord) -> Organization | None:
    """Who gave, got or spent it."""
    party: Organization | None = getattr(record, PARTIES[type(record)])
    return party


def kept_of_projects(ids: list[int], known: Known) -> dict[int, Kept]:
    """What an IATI file said last, by then, of each of these projects beside its fields."""
    return {said.project_id: said.values["iati"] for said in kept_statements(ids, known)}


def kept_statements(ids: list[int], known: Known) -> QuerySet[ProjectStatement]:
    """The newest statement of each of these projects that says more than its fields hold."""
    said = ProjectStatement.objects.filter(project_id__in=ids, values__has_key="iati")
    said = said.filter(load__released_at__isnull=False)
    said = said.exclude(load__in=Load.objects.taken_back(known.as_of))
    if known.as_of is not None:
        said = said.filter(load__released_at__lte=known.as_of)
    return said.order_by("project_id", "-load__released_at", "-pk").distinct("project_id")


def identifiers(organizations: set[int]) -> dict[int, str]:
    """The identifier by which IATI knows each of them, if it does and may be told."""
    withheld = Withholding.objects.standing().filter(kind="organization")
    rows = (
        OrganizationIdentifier.objects.told()
        .filter(scheme=SCHEME, organization__in=organizations)
        .exclude(organization__in=withheld.values("target_id"))
    )
    return dict(rows.order_by("-pk").values_list("organization_id", "value"))
