"""Terms of the glossary, money and where figures come from; see glossary_terms.py.

Figures and the states of expenditure are explained by the catalogue of figures.
"""

from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue import FIGURES, STATES
from portal.about.glossary_terms import Term

FIGURE_TERMS = tuple(
    Term(figure.term, figure.label, figure.definition, figure.formula, figure.see)
    for figure in FIGURES.values()
    if figure.in_glossary
)
STATE_TERMS = tuple(
    Term(state.key, state.name, state.definition, state.formula, state.see)
    for state in STATES.values()
)

MONEY = (
    *FIGURE_TERMS,
    *STATE_TERMS,
    Term(
        "arrangement",
        _("Arrangement (SAA)"),
        _(
            "The Standard Administrative Arrangement that a contributor signs with the fund "
            "office, with the amount, its currency and the days on which it is to be paid."
        ),
        see=("commitment", "outstanding"),
    ),
    Term(
        "payment-voucher",
        _("Payment voucher"),
        _(
            "The document by which a payment was made. One voucher may pay several projects; only "
            "paid vouchers count."
        ),
        _("total of a voucher = sum of its lines"),
        see=("transfer",),
    ),
    Term(
        "correction",
        _("Refund or correction"),
        _(
            "A negative transfer of which the source does not say whether money was returned or an "
            "entry was put right. Either way it lowers the net funded amount."
        ),
        see=("refund", "transfer"),
    ),
    Term(
        "late",
        _("Late report"),
        _(
            "A report that arrived after its due date, or is missing. Unless a fund has rules of "
            "its own or asks for none, narrative reports are due on {narrative_due}, year-end "
            "expenditure on {expenditure_due}, the Administrative Agent’s consolidated report on "
            "{consolidated_due}. The day of arrival counts, not the day on which the report was "
            "published here."
        ),
    ),
    Term(
        "budget-category",
        _("Budget category"),
        _(
            "The kind of cost, such as personnel, travel or equipment. The set of categories was "
            "changed over time; older figures keep theirs."
        ),
        see=("indirect-cost",),
    ),
    Term(
        "indirect-cost",
        _("Indirect support cost"),
        _(
            "An organization’s general cost of running a project, charged as a percentage of it. "
            "It is shown apart from programme cost."
        ),
    ),
    Term(
        "other-flow",
        _("Other flow"),
        _(
            "A payment that fits none of the stages shown here, such as the repayment of a loan. "
            "It is listed, and added to no total."
        ),
    ),
    Term(
        "value-date",
        _("Value date"),
        _("The day whose rate of exchange applies to an amount in another currency."),
        see=("exchange-rate",),
    ),
    Term(
        "exchange-rate",
        _("Exchange rate"),
        _(
            "Units of a currency for one {currency}, valid from a day on. An amount in {currency} "
            "that the source states is kept as stated and never worked out anew."
        ),
        _("amount in {currency} = amount ÷ units for one {currency}"),
        see=("base-currency", "value-date"),
    ),
    Term(
        "base-currency",
        _("Base currency"),
        _(
            "All amounts are in {currency} unless stated otherwise. Pages show whole "
            "units, single records cents; sums are made of cents before they are rounded."
        ),
    ),
)

ORIGIN = (
    Term(
        "source",
        _("Source"),
        _("A ledger or publisher. What it says now replaces what it said before."),
        see=("load",),
    ),
    Term(
        "load",
        _("Load"),
        _(
            "One file of a source as it was taken in here, with what it added, changed and "
            "withdrew."
        ),
        see=("release", "source"),
    ),
    Term(
        "record",
        _("Record"),
        _(
            "One line of a load. Records are never changed or deleted: a later load can only "
            "withdraw them, and both can be seen afterwards."
        ),
        see=("load",),
    ),
    Term(
        "release",
        _("Release"),
        _("The moment from which a load is public. Before it, nothing of the load is shown."),
        see=("as-of", "load"),
    ),
    Term(
        "as-of",
        _("As known on"),
        _("Figures from the records that were public at the end of a given day."),
        see=("release", "until"),
    ),
    Term(
        "until",
        _("Up to"),
        _(
            "Only money paid, or spent in a period that ended, on or before a given day. Not to be "
            "mixed up with “as known on”, which asks when it was published."
        ),
        see=("as-of",),
    ),
    Term(
        "iati",
        _("IATI"),
        _(
            "The International Aid Transparency Initiative, whose format publishers of aid data "
            "use to exchange it. This portal reads and writes version 2.03."
        ),
    ),
    Term(
        "withheld",
        _("Withheld"),
        _(
            "Left out because publishing it could endanger people. Amounts stay in all totals; "
            "names and texts are not shown, at any date."
        ),
    ),
)
