"""Projects and their standing records as IATI 2.03 activities."""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from documents.models import Document
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExpenditureLine,
    Load,
    MoneyRecord,
    OtherFlow,
    ProjectStatement,
    VoucherLine,
)
from portal.iati.kept import (
    PROVIDER,
    RECEIVER,
    REPORTING,
    Kept,
    descriptions_kept,
    regions_kept,
    sectors_kept,
)
from portal.iati.mapping.entities import LANGUAGE, SCHEME, code_from
from portal.iati.mapping.links import link_to
from portal.iati.mapping.projects import MAX_TITLE
from portal.iati.stated import (
    ACTUAL_END,
    ACTUAL_START,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    StatedBudget,
    StatedCountry,
    StatedDescription,
    StatedOrganization,
    StatedRegion,
    StatedRelation,
    StatedTransaction,
    StatedValue,
    Texts,
    narrative_in,
    text_in,
)
from portal.iati.values import in_time, moment
from portal.iati.writer import write_activities
from portal.kit.currency import NO_CURRENCY, base_currency
from portal.kit.dates import TODAY, Known
from projects.history import participations_of, places_of
from projects.models import (
    Country,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    Status,
    Withholding,
)

_ROLES = {
    Participation.Role.CONTRIBUTING: "1",
    Participation.Role.ACCOUNTABLE: "2",
    Participation.Role.EXTENDING: "3",
    Participation.Role.PARTICIPATING: "4",
    Participation.Role.IMPLEMENTING: "4",
}
_MODELS: tuple[tuple[type[MoneyRecord], str], ...] = (
    (Deposit, "contributor"),
    (Commitment, "contributor"),
    (BudgetLine, "organization"),
    (VoucherLine, "organization"),
    (ExpenditureLine, "organization"),
    (OtherFlow, "organization"),
)


def iati_response(
    projects: Iterable[Project], known: Known, name: str, notice: str
) -> HttpResponse:
    """The projects as a download, as known then.

    `notice` marks sample data, inside and in the file's name.
    """
    out = io.BytesIO()
    write_activities(
        stated_activities(list(projects), known),
        out,
        generated=timezone.now(),
        comment=notice or None,
    )
    response = HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")
    marked = f"SAMPLE-{name}" if notice else name
    response["Content-Disposition"] = f'attachment; filename="{marked}"'
    return response


def stated_activities(projects: list[Project], known: Known = TODAY) -> Iterator[StatedActivity]:
    """Projects as activities with their records known then and of money up to then.

    In a fixed number of queries for all their money.
    """
    ids = [project.pk for project in projects]
    records: dict[int, list[MoneyRecord]] = defaultdict(list)
    for model, party in _MODELS:
        related = ["load", party, *(["voucher"] if model is VoucherLine else [])]
        rows = model.objects.known_at(known.as_of).up_to(known.until).filter(project_id__in=ids)
        for record in rows.select_related(*related).order_by("date", "pk"):
            records[record.project_id].append(record)
    documents: dict[int, list[Document]] = defaultdict(list)
    public = Document.objects.public().known_at(known.as_of).filter(project_id__in=ids)
    for document in public.select_related("type").order_by("pk"):
        documents[document.project_id].append(document)
    kept = kept_of_projects(ids, known)
    for project in projects:
        writer = _Writer(project, kept.get(project.pk), records[project.pk])
        yield writer.activity(documents[project.pk])


def kept_of_projects(ids: list[int], known: Known) -> dict[int, Kept]:
    """What an IATI file said last, by then, of each of these projects beside its fields."""
    said = ProjectStatement.objects.filter(project_id__in=ids, values__has_key="iati")
    said = said.filter(load__released_at__isnull=False)
    if known.as_of is not None:
        said = said.filter(load__released_at__lte=known.as_of)
    newest = said.order_by("project_id", "-load__released_at", "-pk").distinct("project_id")
    return {pk: values["iati"] for pk, values in newest.values_list("project_id", "values")}


class _Writer:
    """One project as an activity; `kept` is what an IATI file said of it beside its fields.

    Nothing is invented: an organization has the identifier that IATI knows it by, or none.
    """

    def __init__(self, project: Project, kept: Kept | None, records: list[MoneyRecord]) -> None:
        self.project = project
        self.is_own = kept is None
        self.kept = kept or {}
        self.records = records
        self.parts = sorted(participations_of(project), key=_by_role)
        organizations = {part.organization_id for part in self.parts}
        organizations |= {party.pk for record in records if (party := _party(record))}
        self.refs = _identifiers(organizations)

    def activity(self, documents: list[Document]) -> StatedActivity:
        """All that is known of the project."""
        project, kept = self.project, self.kept
        places = places_of(project)
        language = project.language or "en" if self.is_own else kept.get("language", "")
        dates = {
            PLANNED_START: project.planned_start,
            ACTUAL_START: project.stated_start,
            PLANNED_END: project.original_end,
            ACTUAL_END: project.stated_end,
        }
        money = list(self._money())
        return StatedActivity(
            identifier=project.number,
            language=language,
            default_currency=self._currency(),
            hierarchy=kept.get("hierarchy", 1),
            humanitarian=kept.get("humanitarian"),
            last_updated=self._updated(),
            reporting_org=self._reporting(),
            titles=self._titles(language),
            descriptions=self._descriptions(language),
            participating_orgs=self._participating(),
            status=Status(project.status).stage.iati or kept.get("status", ""),
            dates={code: day for code, day in dates.items() if day},
            countries=tuple(_country(p) for p in places if p.country.kind == Country.Kind.COUNTRY),
            regions=tuple(_region(p) for p in places if p.country.kind == Country.Kind.REGION)
            + regions_kept(kept),
            sectors=sectors_kept(kept),
            budgets=tuple(each for each in money if isinstance(each, StatedBudget)),
            transactions=tuple(each for each in money if isinstance(each, StatedTransaction)),
            documents=tuple(link_to(document) for document in documents if document.url),
            related_activities=(StatedRelation(ref=project.parent.number, type="1"),)
            if project.parent and not project.parent.withheld_on
            else (),
        )

    # --- What is said of the activity

    def _currency(self) -> str | None:
        """The default currency: none where a value has none, which would get it."""
        if any(record.currency == NO_CURRENCY for record in self.records):
            return None
        return base_currency() if self.is_own else self.kept.get("currency")

    def _updated(self) -> datetime | None:
        """When the source spoke last: what it calls interim depends on it."""
        said = [self.kept.get("updated", "")]
        said += [record.iati.get("told", "") for record in self.records if record.iati]
        found = [spoken for text in said if (spoken := moment(text))]
        return max(found, key=in_time, default=None)

    def _reporting(self) -> StatedOrganization:
        fund, ref = self.project.fund, self.kept.get("reporting_ref", "")
        if self.is_own or code_from(ref) not in {"", fund.code}:
            ref = fund.code
        kind = "40" if self.is_own else self.kept.get("reporting_type", "")
        return StatedOrganization(ref=ref, type=kind, names={"": fund.name})

    def _titles(self, language: str) -> Texts:
        """As stated, unless it was changed here since."""
        title, stated = self.project.title, self.kept.get("titles", {})
        if text_in(stated, LANGUAGE, language)[:MAX_TITLE] == title and title:
            return stated
        return {} if title == self.project.number else {self.project.language: title}

    def _descriptions(self, language: str) -> tuple[StatedDescription, ...]:
        narrative, stated = self.project.narrative, descriptions_kept(self.kept)
        if narrative_in(stated, LANGUAGE, language) == narrative:
            return stated
        return (StatedDescription(type="1", texts={self.project.language: narrative}),)

    def _participating(self) -> tuple[StatedOrganization, ...]:
        found = tuple(
            self._organization(part.organization, role=_ROLES[Participation.Role(part.role)])
            for part in self.parts
        )
        if not found and self.is_own:
            return (StatedOrganization(role="1", names={"": self.project.fund.name}),)
        return found

    def _organization(self, organization: Organization, role: str = "") -> StatedOrganization:
        ref = self.refs.get(organization.pk, "")
        return StatedOrganization(ref=ref, role=role, names={"": organization.name})

    # --- What is said of its money

    def _money(self) -> Iterator[StatedBudget | StatedTransaction]:
        for record in self.records:
            if isinstance(record, BudgetLine) and record.period_start and record.period_end:
                yield _budget(record, record.period_start, record.period_end)
            else:
                yield self._transaction(record)

    def _transaction(self, record: MoneyRecord) -> StatedTransaction:
        kept = record.iati or {}
        kind, side = _type(record, kept)
        party = _party(record)
        named = self._organization(party) if party else None
        # Individuals appear only as a sum: what is said of a gift may name who gave it.
        is_told = record.description and not _is_individuals(party)
        return StatedTransaction(
            type=kind,
            date=record.date,
            value=_value(record),
            ref=_reference(record),
            humanitarian=kept.get("humanitarian"),
            description={"": record.description} if is_told else {},
            provider=named if side == PROVIDER else None,
            receiver=named if side == RECEIVER else None,
        )


def _identifiers(organizations: set[int]) -> dict[int, str]:
    """The identifier by which IATI knows each of them, if it does and may be told."""
    withheld = Withholding.objects.standing().filter(kind="organization")
    rows = (
        OrganizationIdentifier.objects.filter(scheme=SCHEME, organization__in=organizations)
        .exclude(organization__in=withheld.values("target_id"))
        .exclude(organization__kind=Organization.Kind.INDIVIDUALS)
    )
    return dict(rows.order_by("-pk").values_list("organization_id", "value"))


def _by_role(part: Any) -> tuple[str, int]:
    return part.role, getattr(part, "pgh_obj_id", part.pk)


def _party(record: MoneyRecord) -> Organization | None:
    party: Organization | None = getattr(record, dict(_MODELS)[type(record)])
    return party


def _is_individuals(party: Organization | None) -> bool:
    return party is not None and party.kind == Organization.Kind.INDIVIDUALS


def _country(place: Any) -> StatedCountry:
    return StatedCountry(code=place.country.code, percentage=_share(place.share))


def _region(place: Any) -> StatedRegion:
    return StatedRegion(code=place.country.code, vocabulary="1", percentage=_share(place.share))


def _share(share: Decimal | None) -> Decimal | None:
    return share.normalize() if share is not None else None


def _value(record: MoneyRecord) -> StatedValue:
    return StatedValue(
        amount=record.amount.normalize(),
        currency=record.currency if record.currency != NO_CURRENCY else None,
        value_date=record.value_date or record.date,
    )


def _budget(record: BudgetLine, start: date, end: date) -> StatedBudget:
    kept = record.iati or {}
    return StatedBudget(
        period_start=start,
        period_end=end,
        value=_value(record),
        type=kept.get("type", ""),
        status=kept.get("status", ""),
    )


def _type(record: MoneyRecord, kept: Kept) -> tuple[str, str]:
    """The IATI code of a record, and whether its organization gives or receives."""
    if isinstance(record, Commitment):
        return ("13" if record.is_pledge else "11"), PROVIDER
    if isinstance(record, Deposit):
        return "1", PROVIDER
    if isinstance(record, ExpenditureLine):
        # Where its source names nobody, it is the publisher's own; who that is stands above.
        return "4", "" if kept.get("party") == REPORTING else PROVIDER
    if isinstance(record, OtherFlow):
        return record.flow_type, kept.get("party", RECEIVER)
    if isinstance(record, VoucherLine):
        return kept.get("type", "3"), RECEIVER
    return "2", RECEIVER


def _reference(record: MoneyRecord) -> str:
    """A voucher's number; what payers and arrangements are called only if IATI said it first."""
    if isinstance(record, VoucherLine):
        return record.voucher.number
    if record.load.kind != Load.Kind.IATI:
        return ""
    if isinstance(record, Commitment):
        return record.arrangement
    return record.payer_reference if isinstance(record, Deposit) else ""
