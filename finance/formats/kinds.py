"""The kinds of spreadsheets: one declaration each, for reading, templates and help alike."""

from django.utils.translation import gettext_lazy as _

from finance.formats.columns import ColumnType as Type
from finance.formats.columns import FileColumn, FileKind
from finance.formats.declared.approval_kinds import DECISIONS, SUB_GRANTS
from finance.formats.declared.entity_kinds import FUNDS, ORGANIZATIONS, PROJECTS, REPORTS_RECEIVED
from finance.formats.declared.part_kinds import CONTACTS, PARTICIPATIONS, SUBJECTS
from finance.formats.declared.shared_columns import (
    AMOUNT,
    CATEGORY,
    CURRENCY,
    DESCRIPTION,
    FUND,
    ORGANIZATION,
    PROJECT,
    RATE,
    USD,
    date_column,
)
from finance.models import ExpenditureLine, FundCost, VoucherLine
from portal.kit.currency import in_base

VOUCHERS = FileKind(
    "vouchers",
    _("Vouchers"),
    _(
        "Paid payment vouchers, one row for each project that a voucher paid. Rows with the "
        "same number, date, fund and payee are lines of one voucher."
    ),
    (
        FileColumn(
            "voucher",
            _("Voucher"),
            Type.IDENTIFIER,
            aliases=("voucher number", "voucher no", "voucher id", "document number", "doc no"),
            note=_("The number in the ledger."),
            example="000123",
        ),
        FileColumn(
            "payment_date",
            _("Payment date"),
            Type.DATE,
            required=True,
            aliases=("date", "paid on", "date paid", "date of payment", "value date"),
            note=_("The day on which it was paid; unpaid vouchers do not belong here."),
            example="2016-09-15",
        ),
        FUND,
        FileColumn(
            "payee",
            _("Payee"),
            aliases=("paid to", "vendor", "supplier", "beneficiary", "participating organization"),
            note=_("Code, short name or full name of the participating organization."),
            example="UNDP",
            length=500,
        ),
        PROJECT,
        FileColumn(
            "kind",
            _("Kind"),
            Type.CHOICE,
            aliases=("type", "transaction type"),
            note=_(
                "Transfers are positive, refunds negative. Left empty, a negative amount is "
                "a “refund or correction”."
            ),
            choices=tuple(VoucherLine.Kind.choices),
            example="transfer",
        ),
        AMOUNT,
        CURRENCY,
        DESCRIPTION,
        USD,
        RATE,
    ),
)

BUDGETS = FileKind(
    "budgets",
    _("Approved budgets"),
    _("What the Steering Committee approved, per project and participating organization."),
    (
        date_column(
            "approved on",
            "approval date",
            "date approved",
            "approved date",
            note=_("The day of approval."),
        ),
        PROJECT,
        ORGANIZATION,
        CATEGORY,
        AMOUNT,
        CURRENCY,
        FileColumn(
            "period_start", _("Period from"), Type.DATE, aliases=("from", "start", "start date")
        ),
        FileColumn("period_end", _("Period to"), Type.DATE, aliases=("to", "end", "end date")),
        DESCRIPTION,
        USD,
        RATE,
    ),
)

EXPENDITURES = FileKind(
    "expenditures",
    _("Expenditures"),
    _(
        "What participating organizations report as spent. A row names its project by the "
        "fund’s number or by the organization’s own award number."
    ),
    (
        FileColumn(
            "year",
            _("Year"),
            Type.YEAR,
            required=True,
            aliases=("reporting year", "fiscal year", "financial year"),
            note=_("The year in which the money was spent."),
            example="2016",
        ),
        FileColumn(
            "state",
            _("State"),
            Type.CHOICE,
            required=True,
            aliases=("status", "report state", "report"),
            note=_("Interim figures are voluntary; certified ones are cumulative."),
            choices=tuple(ExpenditureLine.State.choices),
            example="reported",
        ),
        FileColumn(
            "project",
            PROJECT.label,
            Type.IDENTIFIER,
            aliases=PROJECT.aliases,
            note=PROJECT.note,
            example=PROJECT.example,
        ),
        FileColumn(
            "organization",
            ORGANIZATION.label,
            required=True,
            aliases=ORGANIZATION.aliases,
            note=ORGANIZATION.note,
            example=ORGANIZATION.example,
            length=500,
        ),
        CATEGORY,
        AMOUNT,
        CURRENCY,
        FileColumn(
            "period_end",
            _("Period to"),
            Type.DATE,
            aliases=("to", "end", "end date", "as at", "reported up to"),
            note=_("The last day that the figure covers; left empty, the end of the year."),
            example="2016-12-31",
        ),
        FileColumn(
            "award",
            _("Award number"),
            Type.IDENTIFIER,
            aliases=("award", "award id", "own number", "agency project", "agency reference"),
            note=_("The organization’s own number of the project, in place of the fund’s."),
            length=100,
        ),
        DESCRIPTION,
        USD,
        RATE,
    ),
    either=(("project", "award"),),
)

CONTRIBUTIONS = FileKind(
    "contributions",
    _("Commitments and deposits"),
    _("What contributors pledged, signed and paid, one row each."),
    (
        FileColumn(
            "what",
            _("What"),
            Type.CHOICE,
            required=True,
            aliases=("type", "kind", "transaction"),
            note=_("A pledge is not signed; a commitment is; a deposit is cash received."),
            choices=(
                ("commitment", _("Commitment")),
                ("pledge", _("Pledge")),
                ("deposit", _("Deposit")),
            ),
            example="deposit",
        ),
        date_column(
            "signed on",
            "received on",
            "deposit date",
            "date received",
            note=_("Of signature, of the pledge, or on which the cash was received."),
        ),
        FUND,
        FileColumn(
            "contributor",
            _("Contributor"),
            required=True,
            aliases=("donor", "donor name", "contributor name", "partner"),
            note=_("Code, short name or full name. Individuals only as a sum."),
            example="Government of Norway",
            length=500,
        ),
        FileColumn(
            "arrangement",
            _("Arrangement"),
            Type.IDENTIFIER,
            aliases=("saa", "agreement", "arrangement saa", "contribution code"),
            note=_("Reference of the Standard Administrative Arrangement."),
            example="SAA-2016-014",
        ),
        AMOUNT,
        CURRENCY,
        FileColumn(
            "due_on",
            _("Due on"),
            Type.DATE,
            aliases=("due", "due date", "payment due"),
            note=_("Of a commitment: the day by which it is to be paid."),
        ),
        FileColumn(
            "payer_reference",
            _("Payer’s reference"),
            Type.IDENTIFIER,
            aliases=("reference", "bank reference"),
            note=_("Of a deposit."),
        ),
        DESCRIPTION,
        USD,
        RATE,
    ),
)

FUND_COSTS = FileKind(
    "fund-costs",
    _("Fund costs"),
    _("Money of a fund that sits on no project: fees, bank charges, interest, direct cost."),
    (
        date_column("booked on", "booking date", note=_("The day of booking.")),
        FUND,
        FileColumn(
            "kind",
            _("Kind"),
            Type.CHOICE,
            required=True,
            aliases=("type", "cost type"),
            choices=tuple(FundCost.Kind.choices),
            example="aa-fee",
        ),
        AMOUNT,
        CURRENCY,
        ORGANIZATION,
        FileColumn(
            "other_fund",
            _("Other fund"),
            Type.IDENTIFIER,
            aliases=("to fund", "receiving fund"),
            note=_("Of a transfer to another fund: its code."),
            length=20,
        ),
        DESCRIPTION,
        USD,
        RATE,
    ),
)

RATES = FileKind(
    "rates",
    _("Exchange rates"),
    in_base(_("Units of each currency per %(currency)s, from their effective dates on.")),
    (
        FileColumn(
            "effective_on",
            _("Effective date"),
            Type.DATE,
            required=True,
            aliases=("effective", "date", "from", "effective from"),
            example="2016-09-01",
        ),
        FileColumn(
            "currency",
            _("Currency"),
            Type.CURRENCY,
            required=True,
            aliases=("currency code", "code", "iso code"),
            example="EUR",
        ),
        FileColumn(
            "units_per_base",
            in_base(_("Units per %(currency)s")),
            Type.RATE,
            required=True,
            aliases=(in_base("units per %(code)s"), "rate", "exchange rate", "operational rate"),
            example="0.897",
        ),
    ),
)

KINDS: dict[str, FileKind] = {
    kind.code: kind
    for kind in (
        VOUCHERS,
        BUDGETS,
        EXPENDITURES,
        CONTRIBUTIONS,
        FUND_COSTS,
        PROJECTS,
        PARTICIPATIONS,
        CONTACTS,
        SUBJECTS,
        ORGANIZATIONS,
        FUNDS,
        RATES,
        REPORTS_RECEIVED,
        DECISIONS,
        SUB_GRANTS,
    )
}
