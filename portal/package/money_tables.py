"""Tables of money: contributors, arrangements, vouchers, records, and where all was stated."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangements import Position, arrangements, by
from finance.figures.catalogue import FIGURES, OF_A_CONTRIBUTOR
from finance.figures.reading import known_loads
from finance.models import (
    BudgetCategory,
    BudgetLine,
    Commitment,
    Deposit,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    OtherFlow,
    Source,
    Voucher,
    VoucherLine,
)
from portal.kit.dates import TODAY
from portal.package.columns import (
    DAY,
    INTEGER,
    MOMENT,
    NUMBER,
    YES,
    Column,
    PackageTable,
    figure_columns,
    shown,
)
from projects.models import Organization

INDIVIDUALS = Organization.Kind.INDIVIDUALS
ID = Column("id", _("Number of the record; it never changes."), "pk", INTEGER)
_DATE = Column("date", _("Of payment, or the end of the period."), "", DAY)
PROJECT = Column("project", _("Project number; leading zeros matter."), "project__number")
ORGANIZATION = Column("organization", _("Code."), "organization__code")
_CATEGORY = Column("category", _("Budget category."), "category__code")
AMOUNTS = (
    Column("amount", _("As stated."), "", NUMBER, "currency of the row"),
    Column("currency", _("ISO 4217; XXX where none is stated.")),
    Column("rate", _("By which it was converted here."), "", NUMBER, "units per base currency"),
    Column(
        "base_amount", _("Empty while no rate of exchange is known."), "", NUMBER, "base currency"
    ),
    Column("load", _("The source file that states it."), "load_id", INTEGER),
    Column("line", _("Row or line of that file."), "", INTEGER),
)
LOADED = {"load": ("loads", "id")}
_FUND = Column("fund", _("Code."), "fund__code")
# Individuals appear only as a sum: nothing tells one of their payments from another's.
_CONTRIBUTOR = Column(
    "contributor", _("Code."), shown("contributor__code", ~Q(contributor__kind=INDIVIDUALS))
)
_REFERENCE = Column(
    "arrangement", _("Reference of the agreement."),
    shown("arrangement", ~Q(contributor__kind=INDIVIDUALS) | Q(contributor=None)),
)  # fmt: skip


def _lines(model: Any) -> Any:
    return lambda: model.objects.known_at().order_by("pk")


def _contributors() -> Iterator[Mapping[str, Any]]:
    groups = by(arrangements(TODAY), lambda one: one.is_individual or one.party)
    for found in groups.values():
        first, whole = found[0], Position.of(found)
        yield {
            "code": first.party.code or None,
            "name": first.contributor,
            "kind": first.party.kind or None,
            **_figures(whole),
        }


def _arrangements() -> Iterator[Mapping[str, Any]]:
    groups = by(
        arrangements(TODAY),
        # Those of individuals are one for each fund and currency.
        lambda a: (a.fund, a.is_individual or a.party, a.told_reference, a.currency),
    )
    for found in groups.values():
        first = found[0]
        yield {
            "fund": first.fund.code,
            "contributor": first.party.code or None,
            "reference": first.told_reference or None,
            "currency": first.currency,
            "signed": sum(one.signed for one in found),
            "paid": sum(one.paid for one in found),
            "open": sum(one.open for one in found),
            **_figures(Position.of(found)),
        }


def _figures(whole: Position) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key in OF_A_CONTRIBUTOR:
        value = getattr(whole, key)
        row[key] = None if whole.parts(key).hide(value) else value
    return {**row, "unconverted": whole.left_out}


_UNCONVERTED = Column("unconverted", _("Amounts without a known rate of exchange."), "", INTEGER)
TO_ENTITIES = {"project": ("projects", "number"), "organization": ("organizations", "code")}
_GIVEN = {
    "fund": ("funds", "code"), "contributor": ("organizations", "code"),
    "project": ("projects", "number"), **LOADED,
}  # fmt: skip

MONEY = (
    PackageTable(
        "contributors",
        _("Contributors"),
        _("What each signed for, paid and owes; individuals as one."),
        _contributors,
        (
            Column("code", _("Code; empty where the source names nobody.")),
            Column("name", _("Name.")),
            Column("kind", _("Kind of contributor.")),
            *figure_columns(OF_A_CONTRIBUTOR, by_database=False),
            _UNCONVERTED,
        ),
        (),
        {"code": ("organizations", "code")},
        OF_A_CONTRIBUTOR,
    ),
    PackageTable(
        "arrangements",
        _("Arrangements"),
        _("What each contributor signed for with each fund."),
        _arrangements,
        (
            Column("fund", _("Code.")),
            Column("contributor", _("Code; empty where the source names nobody.")),
            Column("reference", _("Of the agreement, where one is stated.")),
            Column("currency", _("Of the three amounts that follow.")),
            Column("signed", _("Signed for."), "", NUMBER, "currency of the row"),
            Column("paid", _("Paid of it."), "", NUMBER, "currency of the row"),
            Column("open", _("Still to be paid."), "", NUMBER, "currency of the row"),
            *figure_columns(OF_A_CONTRIBUTOR, by_database=False),
            _UNCONVERTED,
        ),
        (),
        {"fund": ("funds", "code"), "contributor": ("organizations", "code")},
        OF_A_CONTRIBUTOR,
    ),
    PackageTable(
        "vouchers",
        _("Vouchers"),
        _("Payments of the fund office, and refunds; their amounts are those of their lines."),
        lambda: Voucher.objects.order_by("pk"),
        (
            Column("id", _("Stays; the number is not unique."), "pk", INTEGER),
            Column("number", _("Number in the ledger.")),
            Column("payment_date", _("When it was paid."), "", DAY),
            Column("payee", _("Code of who was paid, or paid back."), "payee__code"),
            Column("fund", _("Code of the fund that paid."), "fund__code"),
            Column("source", _("The ledger."), "source__code"),
        ),
        ("id",),
        {
            "payee": ("organizations", "code"), "fund": ("funds", "code"),
            "source": ("sources", "code"),
        },
    ),
    PackageTable(
        "voucher_lines",
        _("Lines of vouchers"),
        _("One project’s part of a voucher; refunds and corrections are negative."),
        _lines(VoucherLine),
        (
            ID,
            Column("voucher", _("The voucher."), "voucher_id", INTEGER),
            PROJECT,
            ORGANIZATION,
            Column("kind", _("Transfer, refund or correction.")),
            _DATE,
            *AMOUNTS,
        ),
        ("id",),
        {"voucher": ("vouchers", "id"), **TO_ENTITIES, **LOADED},
        ("base_amount",),
    ),
    PackageTable(
        "budgets",
        _("Approved budgets"),
        _("What the Steering Committee has allocated."),
        _lines(BudgetLine),
        (
            ID,
            PROJECT,
            ORGANIZATION,
            _CATEGORY,
            _DATE,
            Column("period_start", _("First day that it is for."), "", DAY),
            Column("period_end", _("Last day that it is for."), "", DAY),
            *AMOUNTS,
        ),
        ("id",),
        {**TO_ENTITIES, "category": ("budget_categories", "code"), **LOADED},
        ("base_amount",),
    ),
    PackageTable(
        "expenditures",
        _("Expenditures"),
        _(
            "As reported. Certified lines are cumulative and replace others: do not add lines up, "
            "but take the expenditure of the table of projects."
        ),
        _lines(ExpenditureLine),
        (
            ID,
            PROJECT,
            ORGANIZATION,
            _CATEGORY,
            Column("year", _("Year of spending."), "", INTEGER),
            Column("state", _("Interim, reported or certified.")),
            _DATE,
            *AMOUNTS,
        ),
        ("id",),
        {**TO_ENTITIES, "category": ("budget_categories", "code"), **LOADED},
    ),
    PackageTable(
        "commitments",
        FIGURES["commitment"].label,
        FIGURES["commitment"].definition,
        _lines(Commitment),
        (
            ID,
            _FUND,
            PROJECT,
            _CONTRIBUTOR,
            _REFERENCE,
            Column("is_pledge", _("Announced and not signed."), "", YES),
            Column("due_on", _("When it is to be paid."), "", DAY),
            _DATE,
            *AMOUNTS,
        ),
        ("id",),
        _GIVEN,
        ("base_amount",),
    ),
    PackageTable(
        "deposits",
        FIGURES["deposit"].label,
        FIGURES["deposit"].definition,
        _lines(Deposit),
        (ID, _FUND, PROJECT, _CONTRIBUTOR, _REFERENCE, _DATE, *AMOUNTS),
        ("id",),
        _GIVEN,
        ("base_amount",),
    ),
    PackageTable(
        "fund_costs",
        _("Fund costs"),
        _("Money of a fund that sits on no project: fees, charges, interest, direct cost."),
        _lines(FundCost),
        (
            ID,
            _FUND,
            Column("kind", _("What it is.")),
            ORGANIZATION,
            Column("other_fund", _("Code of the fund that received it."), "other_fund__code"),
            _DATE,
            *AMOUNTS,
        ),
        ("id",),
        {
            "fund": ("funds", "code"), "other_fund": ("funds", "code"),
            "organization": ("organizations", "code"), **LOADED,
        },
        ("base_amount",),
    ),
    PackageTable(
        "other_flows",
        _("Other flows"),
        _("Loans paid back, interest and the like, which no figure counts."),
        _lines(OtherFlow),
        (
            ID,
            PROJECT,
            ORGANIZATION,
            Column("flow_type", _("IATI transaction type.")),
            _DATE,
            *AMOUNTS,
        ),
        ("id",),
        {**TO_ENTITIES, **LOADED},
    ),
    PackageTable(
        "budget_categories",
        _("Budget categories"),
        _("Of budgets and expenditure."),
        lambda: BudgetCategory.objects.order_by("pk"),
        (
            Column("code", _("Code.")),
            Column("name", _("Name.")),
            Column("is_indirect", _("Indirect support cost."), "", YES),
            Column("counts_as", _("The category of today that it counts as."), "counts_as__code"),
        ),
        ("code",),
        {"counts_as": ("budget_categories", "code")},
    ),
    PackageTable(
        "rates",
        _("Exchange rates"),
        _("Amounts are converted at the latest rate on or before their day."),
        _lines(ExchangeRate),
        (
            ID,
            Column("currency", _("ISO 4217.")),
            Column("effective_on", _("From that day on."), "", DAY),
            Column("units_per_base", _("The rate."), "", NUMBER, "units per base currency"),
            Column("load", _("The source file that states it."), "load_id", INTEGER),
        ),
        ("id",),
        LOADED,
    ),
    PackageTable(
        "loads",
        _("Source files"),
        _("What was published when, from which source, each with its fingerprint."),
        lambda: known_loads(TODAY).with_reversed_at().order_by("pk"),
        (
            Column("id", _("Its page is /load/ID/."), "pk", INTEGER),
            Column("kind", _("What it states.")),
            Column("source", _("Who sent it."), "source__code"),
            Column("file_name", _("Name of the file.")),
            Column("sha256", _("SHA-256 of the file.")),
            Column("size", _("Its size."), "", INTEGER, "bytes"),
            Column("released_at", _("When it became public."), "", MOMENT),
            Column("reversed_at", _("When it was taken out again."), "", MOMENT),
            Column("reverses", _("The load that it takes out."), "reverses_id", INTEGER),
            Column("seal", _("Number of the seal."), "seal__number", INTEGER),
            Column("seal_hash", _("SHA-256 over number, previous hash and content."), "seal__hash"),
            Column("seal_previous", _("Hash of the seal before."), "seal__previous"),
            Column("seal_content", _("SHA-256 over what was changed."), "seal__content"),
        ),
        ("id",),
        {"source": ("sources", "code"), "reverses": ("loads", "id")},
    ),
    PackageTable(
        "sources",
        _("Sources"),
        _("Ledgers and publishers."),
        lambda: Source.objects.order_by("pk"),
        (Column("code", _("Code.")), Column("name", _("Name."))),
        ("code",),
    ),
)  # fmt: skip
