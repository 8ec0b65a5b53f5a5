"""Records as IATI has them: budgets, transactions, their types and sides."""

from collections.abc import Mapping
from datetime import date

from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExpenditureLine,
    Load,
    MoneyRecord,
    OtherFlow,
    VoucherLine,
)
from portal.iati.kept import (
    PROVIDER,
    RECEIVER,
    REPORTING,
    Kept,
    codes_kept,
    regions_kept,
    sectors_kept,
)
from portal.iati.publishing.material import party_of
from portal.iati.stated import (
    StatedBudget,
    StatedCountry,
    StatedOrganization,
    StatedTransaction,
    StatedValue,
)
from portal.kit.currency import NO_CURRENCY
from projects.models import Organization


def named(
    organization: Organization, refs: Mapping[int, str], role: str = "", activity_id: str = ""
) -> StatedOrganization:
    """An organization by the identifier that IATI knows it by, or by its name alone."""
    return StatedOrganization(
        ref=refs.get(organization.pk, ""),
        role=role,
        names={"": organization.name},
        activity_id=activity_id,
    )


def transaction_of(
    record: MoneyRecord, refs: Mapping[int, str], *, with_places: bool = True
) -> StatedTransaction:
    """A record as a transaction; `with_places`: no place of its project is withheld."""
    kept = record.iati or {}
    kind, side = type_of(record, kept)
    party = party_of(record)
    stated = named(party, refs) if party else None
    # Individuals appear only as a sum: what is said of a gift may name who gave it.
    is_told = record.description and not _is_individuals(party)
    countries = tuple(StatedCountry(code=code) for code in kept.get("countries", ()))
    return StatedTransaction(
        type=kind,
        date=record.date,
        value=value_of(record),
        ref=_reference(record),
        humanitarian=kept.get("humanitarian"),
        description={"": record.description} if is_told else {},
        provider=stated if side == PROVIDER else None,
        receiver=stated if side == RECEIVER else None,
        sectors=sectors_kept(kept),
        countries=countries if with_places else (),
        regions=regions_kept(kept) if with_places else (),
        codes=codes_kept(kept),
    )


def value_of(record: MoneyRecord) -> StatedValue:
    """The amount as stated."""
    return StatedValue(
        amount=record.amount.normalize(),
        currency=record.currency if record.currency != NO_CURRENCY else None,
        value_date=record.value_date or record.date,
    )


def budget_of(record: BudgetLine, start: date, end: date) -> StatedBudget:
    """A budget line of a period."""
    kept = record.iati or {}
    return StatedBudget(
        period_start=start,
        period_end=end,
        value=value_of(record),
        type=kept.get("type", ""),
        status=kept.get("status", ""),
    )


def type_of(record: MoneyRecord, kept: Kept) -> tuple[str, str]:
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


def _is_individuals(party: Organization | None) -> bool:
    return party is not None and party.kind == Organization.Kind.INDIVIDUALS


def _reference(record: MoneyRecord) -> str:
    """A voucher's number; what payers and arrangements are called only if IATI said it first."""
    if isinstance(record, VoucherLine):
        return record.voucher.number
    if record.load.kind != Load.Kind.IATI:
        return ""
    if isinstance(record, Commitment):
        return record.arrangement
    return record.payer_reference if isinstance(record, Deposit) else ""
