"""The kinds of records: what is stated of money and of reports, one entry for each kind.

Whoever adds a kind writes its model, its entry here, its columns (`finance/formats/kinds.py`) and
how a row becomes a record (`finance/loading/lines.py`), and what it adds up to.
"""

from dataclasses import dataclass

from django.db import models

from finance.models.decisions import Decision, SubGrant
from finance.models.loads import Load, ProjectStatement
from finance.models.records import (
    BudgetLine,
    Commitment,
    Deposit,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    MoneyRecord,
    OtherFlow,
    Record,
    VoucherLine,
)
from finance.models.reports import ReportReceived


@dataclass(frozen=True)
class Form:
    """How one kind of record is written for a seal: its entities, values and texts, in order."""

    entities: tuple[str, ...]
    values: tuple[str, ...]
    texts: tuple[str, ...] = ("description",)


_MONEY = (
    "line", "fingerprint", "amount", "currency", "value_date", "base_amount", "rate", "date",
    "iati",
)  # fmt: skip


@dataclass(frozen=True)
class RecordKind:
    """One kind of record, and what is done with it."""

    model: type[models.Model]
    form: Form  # of version 1 of the canonical form; it never changes once it has sealed
    stated_by: str = ""  # the kind of spreadsheet whose rows become such records, if any
    in_iati: bool = False  # IATI files state them too
    of_projects: bool = False  # they lead to figures of projects
    of_funds: bool = False  # they are a fund's own money
    has_history: bool = False  # an amount far above those before it is warned of
    correctable: bool = False  # staff correct one line of it in a form; it has a date and an amount

    @property
    def name(self) -> str:
        """What the database and staged lines call it."""
        return str(self.model._meta.model_name)


RECORD_KINDS = (
    RecordKind(
        VoucherLine,
        Form(("source", "project", "organization"), (*_MONEY, "kind")),
        stated_by=Load.Kind.VOUCHERS,
        in_iati=True,
        of_projects=True,
        has_history=True,
        correctable=True,
    ),
    RecordKind(
        BudgetLine,
        Form(
            ("source", "project", "organization", "category"),
            (*_MONEY, "period_start", "period_end"),
        ),
        stated_by=Load.Kind.BUDGETS,
        in_iati=True,
        of_projects=True,
        has_history=True,
        correctable=True,
    ),
    RecordKind(
        ExpenditureLine,
        Form(("source", "project", "organization", "category"), (*_MONEY, "year", "state")),
        stated_by=Load.Kind.EXPENDITURES,
        in_iati=True,
        of_projects=True,
        has_history=True,
        correctable=True,
    ),
    RecordKind(
        Commitment,
        Form(
            ("source", "fund", "project", "contributor"),
            (*_MONEY, "due_on", "is_pledge"),
            ("description", "arrangement"),
        ),
        stated_by=Load.Kind.CONTRIBUTIONS,
        in_iati=True,
        of_projects=True,
        of_funds=True,
        correctable=True,
    ),
    RecordKind(
        Deposit,
        Form(
            ("source", "fund", "project", "contributor"),
            _MONEY,
            ("description", "arrangement", "payer_reference"),
        ),
        stated_by=Load.Kind.CONTRIBUTIONS,
        in_iati=True,
        of_projects=True,
        of_funds=True,
        correctable=True,
    ),
    RecordKind(
        FundCost,
        Form(("source", "fund", "organization", "other_fund"), (*_MONEY, "kind")),
        stated_by=Load.Kind.FUND_COSTS,
        of_funds=True,
        correctable=True,
    ),
    RecordKind(
        OtherFlow,
        Form(("source", "project", "organization"), (*_MONEY, "flow_type")),
        in_iati=True,
    ),
    RecordKind(
        SubGrant,
        Form(
            ("source", "project", "organization", "partner"),
            (*_MONEY, "partner_type", "women_led", "period_start", "period_end"),
        ),
        stated_by=Load.Kind.SUB_GRANTS,
        correctable=True,
    ),
    RecordKind(
        Decision,
        Form(
            ("source", "fund", "project", "organization"),
            ("line", "fingerprint", "date", "kind", "amount", "currency", "minutes"),
            ("description", "conditions", "body", "reference"),
        ),
        stated_by=Load.Kind.DECISIONS,
        correctable=True,
    ),
    RecordKind(
        ReportReceived,
        Form(
            ("source", "project", "organization"),
            ("line", "fingerprint", "kind", "year", "received_on", "extended_to", "exempt"),
            ("reason",),
        ),
        stated_by=Load.Kind.REPORTS,
    ),
    RecordKind(
        ExchangeRate,
        Form(
            ("source",), ("line", "fingerprint", "currency", "effective_on", "units_per_base"), ()
        ),
    ),
    RecordKind(ProjectStatement, Form(("project",), ("line", "fingerprint"), ("values",))),
)


def names_of(**wanted: bool | str) -> tuple[str, ...]:
    """What the database calls the kinds of which all of this holds."""
    return tuple(
        kind.name
        for kind in RECORD_KINDS
        if all(getattr(kind, name) == value for name, value in wanted.items())
    )


def kind_named(name: str) -> RecordKind:
    """The kind of records that the database calls so."""
    return next(kind for kind in RECORD_KINDS if kind.name == name)


MONEY_MODELS: dict[str, type[MoneyRecord]] = {
    kind.name: kind.model for kind in RECORD_KINDS if issubclass(kind.model, MoneyRecord)
}
RECORD_MODELS: dict[str, type[Record]] = {
    kind.name: kind.model for kind in RECORD_KINDS if issubclass(kind.model, Record)
}
