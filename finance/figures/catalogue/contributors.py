"""Figures of contributors: signed, paid, outstanding, and notional shares of a fund."""

from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue.figure import Figure, Period, Unit
from finance.figures.catalogue.signs import plus
from finance.models import FundMeasure as M

CONTRIBUTIONS = (
    Figure(
        "commitment",
        _("Commitments"),
        "commitment",
        _("Amounts that contributors have signed for, whether they have been paid or not."),
        plus(M.COMMITMENT),
        see=("deposit", "pledge"),
        in_glossary=True,
    ),
    Figure(
        "pledge",
        _("Pledges"),
        "pledge",
        _("Amounts that contributors have announced but not signed."),
        plus(M.PLEDGE),
        see=("commitment",),
        in_glossary=True,
    ),
    Figure(
        "deposit",
        _("Deposits"),
        "deposit",
        _("Money that has arrived from contributors; many reports call it contributions."),
        plus(M.DEPOSIT),
        see=("commitment", "value-date"),
        in_glossary=True,
    ),
    Figure(
        "unpaid",
        _("Commitments less deposits"),
        "outstanding",
        _("Outstanding commitments and exchange differences, less deposits without a commitment."),
        plus(M.COMMITMENT) - plus(M.DEPOSIT),
    ),
)

# What follows from the schedule of each arrangement and from what was paid; no record states it.
POSITIONS = (
    Figure(
        "outstanding",
        _("Outstanding commitments"),
        "outstanding",
        _("What remains to be paid of commitments, whether already due or not yet."),
        formula=_("commitment − deposits received for it"),
        see=("commitment", "deposit"),
        in_glossary=True,
    ),
    Figure(
        "not_due",
        _("Outstanding, not due"),
        "outstanding",
        _("Signed for and not paid; the day for it has not passed, or none is stated."),
    ),
    Figure(
        "overdue",
        _("Outstanding, overdue"),
        "outstanding",
        _("Signed for and not paid though its day has passed."),
    ),
    Figure(
        "exchange_differences",
        _("Exchange differences"),
        "exchange-rate",
        _("What rates of exchange made of the same amount between signing and payment."),
    ),
    Figure(
        "unmatched_deposits",
        _("Deposits without a commitment"),
        "deposit",
        _("Received beyond what was signed for, or with nothing signed."),
    ),
)

SHARES = (
    Figure(
        "deposit_opening",
        _("Given before the year"),
        "deposit",
        _("Deposits up to the end of the year before."),
        of="deposit",
        period=Period.PRIOR,
    ),
    Figure(
        "deposit_received",
        _("Received in the year"),
        "deposit",
        _("Deposits of the year."),
        of="deposit",
        period=Period.CURRENT,
    ),
    Figure(
        "deposit_closing",
        _("Given up to the end of the year"),
        "deposit",
        _("Deposits up to the end of the year."),
        of="deposit",
        period=Period.CUMULATIVE,
    ),
    Figure(
        "deposit_own",
        _("Own deposits"),
        "deposit",
        _("Deposits of the contributor to date."),
        of="deposit",
    ),
    Figure(
        "deposit_all",
        _("All deposits"),
        "deposit",
        _("Deposits of all contributors to date."),
        of="deposit",
    ),
    Figure(
        "deposit_share",
        _("Share of deposits"),
        "deposit",
        _("The contributor’s deposits ÷ all deposits."),
        of="deposit",
        unit=Unit.PERCENT,
    ),
    Figure(
        "net_funded_notional",
        _("Net funded amount, notional"),
        "net-funded-amount",
        _("The fund’s net funded amount × the contributor’s share of deposits."),
        of="net_funded",
    ),
    Figure(
        "expenditure_notional",
        _("Expenditure, notional"),
        "expenditure",
        _("The fund’s expenditure × the contributor’s share of deposits."),
        of="expenditure",
    ),
    Figure(
        "total_balance_notional",
        _("Total balance, notional"),
        "balance-with-aa",
        _(
            "The fund’s total balance, with the fund office and with organizations, × the "
            "contributor’s share of deposits."
        ),
        of="total_balance",
    ),
)
