"""Projects and their standing records as IATI 2.03 activities."""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from documents.models import Document
from finance.conversion import NO_CURRENCY
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExpenditureLine,
    MoneyRecord,
    OtherFlow,
    VoucherLine,
)
from portal.iati.stated import (
    ACTUAL_END,
    ACTUAL_START,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    StatedBudget,
    StatedCountry,
    StatedDescription,
    StatedDocument,
    StatedOrganization,
    StatedRegion,
    StatedRelation,
    StatedTransaction,
    StatedValue,
)
from portal.iati.writer import write_activities
from portal.kit.currency import base_currency
from portal.kit.dates import TODAY, Known
from projects.history import participations_of, places_of
from projects.models import Country, Organization, Participation, Project, Status

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

    In a fixed number of queries for all of them.
    """
    ids = [project.pk for project in projects]
    transactions: dict[int, list[StatedTransaction]] = defaultdict(list)
    budgets: dict[int, list[StatedBudget]] = defaultdict(list)
    for model, party in _MODELS:
        related = [party, "voucher"] if model is VoucherLine else [party]
        rows = model.objects.known_at(known.as_of).up_to(known.until).filter(project_id__in=ids)
        rows = rows.select_related(*related)
        for record in rows.order_by("date", "pk"):
            if isinstance(record, BudgetLine) and record.period_start and record.period_end:
                budgets[record.project_id].append(_budget(record))
            else:
                transactions[record.project_id].append(_transaction(record, getattr(record, party)))
    documents: dict[int, list[Document]] = defaultdict(list)
    public = Document.objects.public().known_at(known.as_of).filter(project_id__in=ids)
    for document in public.select_related("type").order_by("pk"):
        documents[document.project_id].append(document)
    for project in projects:
        yield _activity(
            project, transactions[project.pk], budgets[project.pk], documents[project.pk]
        )


def _activity(
    project: Project,
    transactions: list[StatedTransaction],
    budgets: list[StatedBudget],
    documents: list[Document],
) -> StatedActivity:
    language = project.language or "en"
    places = places_of(project)
    dates = {
        PLANNED_START: project.planned_start,
        ACTUAL_START: project.stated_start,
        PLANNED_END: project.original_end,
        ACTUAL_END: project.stated_end,
    }
    return StatedActivity(
        identifier=project.number,
        language=language,
        default_currency=base_currency(),
        reporting_org=StatedOrganization(
            ref=project.fund.code, type="40", names={"en": project.fund.name}
        ),
        titles={language: project.title},
        descriptions=(
            StatedDescription(type="1", texts={language: project.narrative or project.title}),
        ),
        participating_orgs=tuple(
            _organization(p.organization, role=_ROLES[Participation.Role(p.role)])
            for p in sorted(participations_of(project), key=_by_role)
        )
        or (StatedOrganization(role="1", names={"en": project.fund.name}),),
        status=Status(project.status).stage.iati,
        dates={code: day for code, day in dates.items() if day},
        countries=tuple(_country(p) for p in places if p.country.kind == Country.Kind.COUNTRY),
        regions=tuple(_region(p) for p in places if p.country.kind == Country.Kind.REGION),
        budgets=tuple(budgets),
        transactions=tuple(transactions),
        documents=tuple(_document(d, language) for d in documents if d.url),
        related_activities=(StatedRelation(ref=project.parent.number, type="1"),)
        if project.parent and not project.parent.withheld_on
        else (),
    )


def _by_role(part: Any) -> tuple[str, int]:
    return part.role, getattr(part, "pgh_obj_id", part.pk)


def _organization(organization: Organization | None, role: str = "") -> StatedOrganization:
    if organization is None:
        return StatedOrganization(role=role)
    return StatedOrganization(ref=organization.code, role=role, names={"en": organization.name})


def _country(place: Any) -> StatedCountry:
    return StatedCountry(code=place.country.code, percentage=_share(place.share))


def _region(place: Any) -> StatedRegion:
    return StatedRegion(code=place.country.code, vocabulary="1", percentage=_share(place.share))


def _share(share: Decimal | None) -> Decimal | None:
    return share.normalize() if share is not None else None


def _value(record: MoneyRecord) -> StatedValue:
    return StatedValue(
        amount=record.amount,
        currency=record.currency if record.currency != NO_CURRENCY else None,
        value_date=record.value_date or record.date,
    )


def _budget(record: Any) -> StatedBudget:
    return StatedBudget(
        period_start=record.period_start, period_end=record.period_end, value=_value(record)
    )


def _transaction(record: Any, party: Organization | None) -> StatedTransaction:
    kind, is_provider = _type(record)
    named = _organization(party) if party else None
    # Individuals appear only as a sum: what is said of a gift may name who gave it.
    is_told = record.description and not (party and party.kind == Organization.Kind.INDIVIDUALS)
    ref = record.voucher.number if isinstance(record, VoucherLine) else ""
    return StatedTransaction(
        type=kind,
        date=record.date,
        value=_value(record),
        ref=ref,
        description={"en": record.description} if is_told else {},
        provider=named if is_provider else None,
        receiver=None if is_provider else named,
    )


def _type(record: Any) -> tuple[str, bool]:
    """The IATI code of a record, and whether its organization gives rather than receives."""
    if isinstance(record, Commitment):
        return ("13" if record.is_pledge else "11"), True
    if isinstance(record, OtherFlow):
        return record.flow_type, False
    codes = {Deposit: ("1", True), BudgetLine: ("2", False), VoucherLine: ("3", False)}
    return codes.get(type(record), ("4", True))


def _document(document: Document, language: str) -> StatedDocument:
    return StatedDocument(
        url=document.url,
        format=document.media_type or "application/octet-stream",
        titles={language: document.title},
        categories=(document.type.iati_category,),
        languages=tuple(document.languages),
        document_date=document.document_date,
    )
