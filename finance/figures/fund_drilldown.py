"""Figures of a fund as sums of measures: one list for statements, reports and drill-downs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finance.figures.fund_figures import Signs
from finance.models import FundMeasure as M

_FROM_FUNDS = "to-fund/fund"
_OTHER_SOURCES = {M.FUND_INTEREST: 1, M.PO_INTEREST: 1, M.OTHER_INCOME: 1}
_SOURCES = {M.DEPOSIT: 1, **_OTHER_SOURCES}
_OTHER_USES = {
    M.TO_FUND: 1,
    M.AA_FEE: 1,
    M.DIRECT_COST: 1,
    M.DIRECT_COST_REFUND: -1,
    M.BANK_CHARGES: 1,
}
_USES = {M.PAID: 1, M.RETURNED: -1, **_OTHER_USES}
_WITH_AA = {**_SOURCES, **{measure: -sign for measure, sign in _USES.items()}}
_NET = {M.TRANSFER: 1, M.REFUND: -1}
_WITH_POS = {**_NET, M.EXPENDITURE: -1}


def _plain(signs: Mapping[Any, int]) -> Signs:
    return MappingProxyType({str(name): sign for name, sign in signs.items()})


_FIGURES: dict[str, dict[Any, int]] = {
    # Sources and uses
    "contributions": {M.DEPOSIT: 1},
    "fund_interest": {M.FUND_INTEREST: 1},
    "po_interest": {M.PO_INTEREST: 1},
    "other_income": {M.OTHER_INCOME: 1},
    "total_sources": _SOURCES,
    "to_organizations": {M.PAID: 1},
    "to_funds": {M.TO_FUND: 1},
    "less_refunds": {M.RETURNED: -1},
    "aa_fee": {M.AA_FEE: 1},
    "direct_cost": {M.DIRECT_COST: 1},
    "less_direct_refunds": {M.DIRECT_COST_REFUND: -1},
    "bank_charges": {M.BANK_CHARGES: 1},
    "total_uses": _USES,
    "balance_aa": _WITH_AA,
    # What is neither a contribution nor a transfer to an organization
    "other_sources": _OTHER_SOURCES,
    "other_uses": _OTHER_USES,
    # All funds together: what went from fund to fund is taken out once
    "between_funds": {_FROM_FUNDS: -1},
    "all_sources": {**_SOURCES, _FROM_FUNDS: -1},
    "all_uses": {**_USES, _FROM_FUNDS: -1},
    # Where upper and lower half part
    "upper_net": {M.PAID: 1, M.RETURNED: -1},
    "for_others": {"paid*": -1, "returned*": 1},
    "by_others": {"transfer*": 1, "refund*": -1},
    "across": {"paid*": 1, "returned*": -1, "transfer*": -1, "refund*": 1},
    # Of the fund's projects
    "approved": {M.APPROVED: 1},
    "transfer": {M.TRANSFER: 1},
    "refund": {M.REFUND: 1},
    "net_funded": _NET,
    "expenditure": {M.EXPENDITURE: 1},
    "balance": _WITH_POS,
    "delivery_rate": {**_NET, M.EXPENDITURE: 1},
    "total_balance": {**_WITH_AA, **_WITH_POS},
    # Outside delivery
    "net_direct_cost": {M.DIRECT_COST: 1, M.DIRECT_COST_REFUND: -1},
    "direct_expenditure": {M.DIRECT_COST_EXPENDITURE: 1},
    "direct_balance": {
        M.DIRECT_COST: 1,
        M.DIRECT_COST_REFUND: -1,
        M.DIRECT_COST_EXPENDITURE: -1,
    },
    # Of contributors
    "commitment": {M.COMMITMENT: 1},
    "pledge": {M.PLEDGE: 1},
    "deposit": {M.DEPOSIT: 1},
    "unpaid": {M.COMMITMENT: 1, M.DEPOSIT: -1},
}
FUND_FIGURES: Mapping[str, Signs] = MappingProxyType(
    {name: _plain(signs) for name, signs in _FIGURES.items()}
)
FUND_LABELS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "contributions": _("Contributions"),
        "fund_interest": _("Interest and investment income of the fund"),
        "po_interest": _("Interest from participating organizations"),
        "other_income": _("Other income"),
        "total_sources": _("Total sources"),
        "to_organizations": _("Transfers to participating organizations"),
        "to_funds": _("Transfers to other funds"),
        "less_refunds": _("Less refunds from participating organizations"),
        "aa_fee": _("Administrative Agent fee"),
        "direct_cost": _("Direct cost"),
        "less_direct_refunds": _("Less refunds of direct cost"),
        "bank_charges": _("Bank charges"),
        "total_uses": _("Total uses"),
        "balance_aa": _("Balance with the Administrative Agent"),
        "other_sources": _("Interest and other income"),
        "other_uses": _("Fees, costs and transfers to other funds"),
        "between_funds": _("Less money from fund to fund, a use of one and a deposit of the other"),
        "all_sources": _("Total sources of all funds"),
        "all_uses": _("Total uses of all funds"),
        "upper_net": _("Transfers less refunds, as in the uses above"),
        "for_others": _("Less net transfers of this fund for projects of other funds"),
        "by_others": _("Net transfers of other funds for projects of this fund"),
        "across": _("Difference by vouchers across funds"),
        "approved": _("Approved budget"),
        "transfer": _("Transfers"),
        "refund": _("Refunds"),
        "net_funded": _("Net funded amount"),
        "expenditure": _("Expenditure"),
        "balance": _("Balance with participating organizations"),
        "delivery_rate": _("Delivery rate"),
        "total_balance": _("Total balance"),
        "net_direct_cost": _("Direct cost less its refunds"),
        "direct_expenditure": _("Expenditure of direct cost"),
        "direct_balance": _("Direct cost not yet spent"),
        "commitment": _("Commitments"),
        "pledge": _("Pledges"),
        "deposit": _("Deposits"),
        "unpaid": _("Commitments less deposits"),
    }
)
