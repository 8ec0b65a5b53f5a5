"""Figures of projects: what was approved, paid, returned, spent and is left."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue.figure import Figure, Period, Unit
from finance.figures.catalogue.signs import plus
from finance.models import FundMeasure as M

NET = plus(M.TRANSFER) - plus(M.REFUND)
SPENT = plus(M.EXPENDITURE)

_NET_FUNDED = Figure(
    "net_funded",
    _("Net funded amount"),
    "net-funded-amount",
    _("What participating organizations have received and kept."),
    NET,
    formula=_("transfers − refunds"),
    see=("transfer", "refund"),
    in_glossary=True,
)
_EXPENDITURE = Figure(
    "expenditure",
    _("Expenditure"),
    "expenditure",
    _(
        "What participating organizations report as spent, by year and budget category. For "
        "each year one state counts at a time, so nothing is counted twice."
    ),
    SPENT,
    see=("interim", "reported", "certified"),
    in_glossary=True,
)
_DELIVERY_RATE = Figure(
    "delivery_rate",
    _("Delivery rate"),
    "delivery-rate",
    _(
        "How much of the money received has been spent. It is worked out over the whole life "
        "of a project only, and is “n/a” where the net funded amount is zero."
    ),
    NET + SPENT,
    formula=_("expenditure ÷ net funded amount"),
    see=("expenditure", "net-funded-amount", "time-elapsed"),
    in_glossary=True,
    period=Period.CUMULATIVE,
    unit=Unit.PERCENT,
)

DELIVERY = (
    Figure(
        "approved",
        _("Approved budget"),
        "approved-budget",
        _(
            "What the Steering Committee has allocated to a project and an organization. It may "
            "be revised, and may be split by budget category and year."
        ),
        plus(M.APPROVED),
        see=("steering-committee", "budget-category"),
        in_glossary=True,
    ),
    Figure(
        "transfer",
        _("Transfers"),
        "transfer",
        _("Payments of the Administrative Agent to participating organizations, by voucher."),
        plus(M.TRANSFER),
        see=("payment-voucher", "refund"),
        in_glossary=True,
    ),
    Figure(
        "refund",
        _("Refunds"),
        "refund",
        _("Money that participating organizations return to the Administrative Agent."),
        plus(M.REFUND),
        see=("net-funded-amount", "correction"),
        in_glossary=True,
    ),
    _NET_FUNDED,
    _EXPENDITURE,
    _DELIVERY_RATE,
    Figure(
        "balance",
        _("Balance with organizations"),
        "balance-with-organizations",
        _("Money received by participating organizations and not reported as spent."),
        NET - SPENT,
        formula=_("net funded amount − expenditure"),
        see=("net-funded-amount", "expenditure"),
        in_glossary=True,
    ),
    # Cuts of time
    replace(
        _EXPENDITURE,
        key="expenditure_prior",
        label=_("Expenditure, prior years"),
        definition=_("Expenditure of the years before the year of the report."),
        of="expenditure",
        period=Period.PRIOR,
        in_glossary=False,
    ),
    replace(
        _EXPENDITURE,
        key="expenditure_current",
        label=_("Expenditure, current year"),
        definition=_("Expenditure of the year of the report."),
        of="expenditure",
        period=Period.CURRENT,
        in_glossary=False,
    ),
    replace(
        _EXPENDITURE,
        key="expenditure_cumulative",
        label=_("Expenditure, cumulative"),
        definition=_("Expenditure of all years up to the end of the year."),
        of="expenditure",
        period=Period.CUMULATIVE,
        in_glossary=False,
    ),
    replace(
        _NET_FUNDED,
        key="net_funded_cumulative",
        label=_("Net funded amount, cumulative"),
        definition=_("Net funded amount of all years up to the end of the year."),
        of="net_funded",
        period=Period.CUMULATIVE,
        in_glossary=False,
    ),
    Figure(
        "programme_share",
        _("Share of programme cost"),
        "indirect-cost",
        _("Expenditure ÷ expenditure of all categories but indirect support costs."),
        of="expenditure",
        period=Period.CUMULATIVE,
        unit=Unit.PERCENT,
    ),
    Figure(
        "time_elapsed",
        _("Time elapsed"),
        "time-elapsed",
        _(
            "How much of a project’s time had passed at the end of the last period for which "
            "expenditure is reported."
        ),
        formula=_("days since the start date ÷ days from start date to end date"),
        see=("delivery-rate",),
        in_glossary=True,
        unit=Unit.PERCENT,
    ),
)
