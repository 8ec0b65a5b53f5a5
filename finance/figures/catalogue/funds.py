"""Figures of funds: sources and uses, what is left, and where both halves of them part."""

from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue.delivery import NET, SPENT
from finance.figures.catalogue.figure import Figure, Period
from finance.figures.catalogue.signs import only, plus
from finance.models import FundCost
from finance.models import FundMeasure as M

Kind = FundCost.Kind

_OTHER_SOURCES = plus(M.FUND_INTEREST, M.PO_INTEREST, M.OTHER_INCOME)
_SOURCES = plus(M.DEPOSIT) + _OTHER_SOURCES
_DIRECT_COST = plus(M.DIRECT_COST) - plus(M.DIRECT_COST_REFUND)
_OTHER_USES = plus(M.TO_FUND, M.AA_FEE, M.BANK_CHARGES) + _DIRECT_COST
_PAID = plus(M.PAID) - plus(M.RETURNED)
_USES = _PAID + _OTHER_USES
_WITH_AA = _SOURCES - _USES
_FROM_FUNDS = only(M.TO_FUND, state="fund")
# Vouchers that one fund paid for projects of another.
_FOR_OTHERS = only(M.PAID, cross_fund=True) - only(M.RETURNED, cross_fund=True)
_BY_OTHERS = only(M.TRANSFER, cross_fund=True) - only(M.REFUND, cross_fund=True)

SOURCES_AND_USES = (
    Figure(
        "fund_interest",
        Kind.FUND_INTEREST.label,
        "sources",
        _("What the fund’s money earned while it was with the Administrative Agent."),
        plus(M.FUND_INTEREST),
    ),
    Figure(
        "po_interest",
        Kind.PO_INTEREST.label,
        "sources",
        _("What the fund’s money earned while it was with participating organizations."),
        plus(M.PO_INTEREST),
    ),
    Figure(
        "other_income",
        Kind.OTHER_INCOME.label,
        "sources",
        _("What came into the fund and is neither a deposit nor interest."),
        plus(M.OTHER_INCOME),
    ),
    Figure(
        "total_sources",
        _("Total sources"),
        "sources",
        _("All money that came into a fund."),
        _SOURCES,
        formula=_(
            "deposits + interest and investment income + interest from organizations + other"
        ),
        see=("uses",),
        in_glossary=True,
    ),
    Figure(
        "to_organizations",
        _("Transfers to participating organizations"),
        "transfer",
        _("Payments by vouchers of the fund, whatever fund the project belongs to."),
        plus(M.PAID),
    ),
    Figure(
        "to_funds",
        _("Transfers to other funds"),
        "uses",
        _("Money that the fund passed on to another fund."),
        plus(M.TO_FUND),
    ),
    Figure(
        "less_refunds",
        _("Less refunds from participating organizations"),
        "refund",
        _("Money returned to the fund by voucher, which lowers its uses."),
        -plus(M.RETURNED),
    ),
    Figure(
        "aa_fee",
        Kind.AA_FEE.label,
        "aa-fee",
        _("What the Administrative Agent charges for its service: as a rule 1 % of deposits."),
        plus(M.AA_FEE),
        see=("administrative-agent",),
        in_glossary=True,
    ),
    Figure(
        "direct_cost",
        Kind.DIRECT_COST.label,
        "direct-cost",
        _(
            "Money paid for a fund’s secretariat and similar services. It belongs to the fund and "
            "to none of its projects, and counts in no delivery rate."
        ),
        plus(M.DIRECT_COST),
        see=("aa-fee",),
        in_glossary=True,
    ),
    Figure(
        "less_direct_refunds",
        _("Less refunds of direct cost"),
        "direct-cost",
        _("Direct cost that was returned to the fund."),
        -plus(M.DIRECT_COST_REFUND),
    ),
    Figure(
        "bank_charges",
        Kind.BANK_CHARGES.label,
        "uses",
        _("What banks charged for keeping and moving the fund’s money."),
        plus(M.BANK_CHARGES),
    ),
    Figure(
        "total_uses",
        _("Total uses"),
        "uses",
        _("All money that left a fund, less what was returned to it."),
        _USES,
        formula=_(
            "transfers − refunds + transfers to other funds + AA fee + direct cost + bank charges"
        ),
        see=("sources",),
        in_glossary=True,
    ),
    Figure(
        "balance_aa",
        _("Balance with the Administrative Agent"),
        "balance-with-aa",
        _("A fund’s money that is still with the Administrative Agent."),
        _WITH_AA,
        formula=_("total sources − total uses"),
        see=("sources", "uses"),
        in_glossary=True,
        short=_("Left with the fund office"),
    ),
    Figure(
        "balance_aa_change",
        _("Change: sources less uses"),
        "balance-with-aa",
        _("What the year added to the balance with the Administrative Agent."),
        _WITH_AA,
        of="balance_aa",
    ),
    Figure(
        "balance_aa_opening",
        _("Opening balance, 1 January"),
        "balance-with-aa",
        _("The balance with the Administrative Agent when the year began."),
        _WITH_AA,
        of="balance_aa",
        period=Period.PRIOR,
    ),
    Figure(
        "balance_aa_closing",
        _("Closing balance, 31 December"),
        "balance-with-aa",
        _("The balance with the Administrative Agent when the year ended."),
        _WITH_AA,
        of="balance_aa",
        period=Period.CUMULATIVE,
    ),
    Figure(
        "total_balance",
        _("Total balance"),
        "balance-with-aa",
        _("What is left of a fund, with the Administrative Agent and with organizations."),
        _WITH_AA + NET - SPENT,
    ),
)

ALL_FUNDS = (
    Figure(
        "between_funds",
        _("Less money from fund to fund, a use of one and a deposit of the other"),
        "uses",
        _("Taken out once, so that all funds together count it neither in nor out."),
        -_FROM_FUNDS,
    ),
    Figure(
        "all_sources",
        _("Total sources of all funds"),
        "sources",
        _("All money that came into the funds from outside."),
        _SOURCES - _FROM_FUNDS,
    ),
    Figure(
        "all_uses",
        _("Total uses of all funds"),
        "uses",
        _("All money that left the funds, less what was returned to them."),
        _USES - _FROM_FUNDS,
    ),
)

# Neither a deposit nor a transfer to an organization.
BESIDE = (
    Figure(
        "other_sources",
        _("Interest and other income"),
        "sources",
        _("What came into the fund and is no deposit."),
        _OTHER_SOURCES,
    ),
    Figure(
        "other_uses",
        _("Fees, costs and transfers to other funds"),
        "uses",
        _("What left the fund and is no transfer to an organization."),
        _OTHER_USES,
        short=_("Fees, costs, other funds"),
    ),
)

# Where the upper and the lower half of a statement part.
BOTH_HALVES = (
    Figure(
        "upper_net",
        _("Transfers less refunds, as in the uses above"),
        "net-funded-amount",
        _("Paid and returned by vouchers of the fund."),
        _PAID,
    ),
    Figure(
        "for_others",
        _("Less net transfers of this fund for projects of other funds"),
        "net-funded-amount",
        _("Paid by vouchers of the fund for projects that belong to other funds."),
        -_FOR_OTHERS,
    ),
    Figure(
        "by_others",
        _("Net transfers of other funds for projects of this fund"),
        "net-funded-amount",
        _("Paid by vouchers of other funds for projects that belong to this one."),
        _BY_OTHERS,
    ),
    Figure(
        "across",
        _("Difference by vouchers across funds"),
        "net-funded-amount",
        _("What the fund paid for projects of others, less what others paid for its own."),
        _FOR_OTHERS - _BY_OTHERS,
        short=_("Vouchers across funds"),
    ),
)

OUTSIDE_DELIVERY = (
    Figure(
        "net_direct_cost",
        _("Direct cost less its refunds"),
        "direct-cost",
        _("What was paid for the secretariat and similar services and not returned."),
        _DIRECT_COST,
    ),
    Figure(
        "direct_expenditure",
        Kind.DIRECT_COST_EXPENDITURE.label,
        "direct-cost",
        _("What was spent of it, as reported."),
        plus(M.DIRECT_COST_EXPENDITURE),
    ),
    Figure(
        "direct_balance",
        _("Direct cost not yet spent"),
        "direct-cost",
        _("What is left of it."),
        _DIRECT_COST - plus(M.DIRECT_COST_EXPENDITURE),
    ),
)
