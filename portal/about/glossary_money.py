"""Terms of the glossary, money and where figures come from; see glossary_terms.py."""

from django.utils.translation import gettext_lazy as _

from portal.about.glossary_terms import Term

MONEY = (
    Term(
        "commitment",
        _("Commitment"),
        _("The amount that a contributor has signed for, whether it has been paid or not."),
        see=("deposit", "pledge"),
    ),
    Term(
        "arrangement",
        _("Arrangement (SAA)"),
        _(
            "The Standard Administrative Arrangement that a contributor signs with the fund "
            "office, with the amount, its currency and the days on which it is to be paid."
        ),
        see=("commitment", "outstanding"),
    ),
    Term("pledge", _("Pledge"), _("An amount that a contributor has announced but not signed.")),
    Term(
        "outstanding",
        _("Outstanding commitment"),
        _("What remains to be paid of a commitment, whether already due or not yet."),
        _("commitment − deposits received for it"),
        see=("commitment", "deposit"),
    ),
    Term(
        "deposit",
        _("Deposit"),
        _("Money that has arrived from a contributor."),
        see=("commitment", "value-date"),
    ),
    Term(
        "approved-budget",
        _("Approved budget"),
        _(
            "What the Steering Committee has allocated to a project and an organization. It may "
            "be revised, and may be split by budget category and year."
        ),
        see=("steering-committee", "budget-category"),
    ),
    Term(
        "transfer",
        _("Transfer"),
        _("A payment of the Administrative Agent to a participating organization."),
        see=("payment-voucher", "refund"),
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
        "refund",
        _("Refund"),
        _("Money that a participating organization returns to the Administrative Agent."),
        see=("net-funded-amount",),
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
        "net-funded-amount",
        _("Net funded amount"),
        _("What participating organizations have received and kept."),
        _("transfers − refunds"),
        see=("transfer", "refund"),
    ),
    Term(
        "expenditure",
        _("Expenditure"),
        _(
            "What a participating organization reports as spent, by year and budget category. For "
            "each year one state counts at a time, so nothing is counted twice."
        ),
        see=("interim", "reported", "certified"),
    ),
    Term(
        "interim",
        _("Interim expenditure"),
        _(
            "Spending that an organization has reported of its own accord during a year. It is "
            "provisional, and is replaced by the year-end figure due on {expenditure_due}."
        ),
        see=("reported",),
    ),
    Term(
        "reported",
        _("Reported expenditure"),
        _(
            "The year-end figure that each organization must report by {expenditure_due} of the "
            "following year. It replaces all interim figures of its year."
        ),
        see=("interim", "certified"),
    ),
    Term(
        "certified",
        _("Certified expenditure"),
        _(
            "The cumulative figure of a final statement that the organization has certified. Its "
            "difference from the years reported enters as an adjustment in its own year."
        ),
        _("adjustment = certified total − expenditure of all years reported"),
        see=("reported", "financially-closed"),
    ),
    Term(
        "late",
        _("Late report"),
        _(
            "A report that arrived after its due date, or is missing. Narrative reports are due on "
            "{narrative_due}, year-end expenditure on {expenditure_due}, the Administrative "
            "Agent’s consolidated report on {consolidated_due}. The day of arrival counts, not the "
            "day on which the report was published here."
        ),
    ),
    Term(
        "delivery-rate",
        _("Delivery rate"),
        _(
            "How much of the money received has been spent. It is worked out over the whole life "
            "of a project only, and is “n/a” where the net funded amount is zero."
        ),
        _("expenditure ÷ net funded amount"),
        see=("expenditure", "net-funded-amount", "time-elapsed"),
    ),
    Term(
        "time-elapsed",
        _("Time elapsed"),
        _(
            "How much of a project’s time had passed at the end of the last period for which "
            "expenditure is reported."
        ),
        _("days since the start date ÷ days from start date to end date"),
        see=("delivery-rate",),
    ),
    Term(
        "balance-with-organizations",
        _("Balance with organizations"),
        _("Money received by participating organizations and not reported as spent."),
        _("net funded amount − expenditure"),
        see=("net-funded-amount", "expenditure"),
    ),
    Term(
        "balance-with-aa",
        _("Balance with the Administrative Agent"),
        _("A fund’s money that is still with the Administrative Agent."),
        _("total sources − total uses"),
        see=("sources", "uses"),
    ),
    Term(
        "sources",
        _("Sources of funds"),
        _("All money that came into a fund."),
        _("contributions + interest and investment income + interest from organizations + other"),
        see=("uses",),
    ),
    Term(
        "uses",
        _("Uses of funds"),
        _("All money that left a fund, less what was returned to it."),
        _("transfers − refunds + transfers to other funds + AA fee + direct cost + bank charges"),
        see=("sources",),
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
        "direct-cost",
        _("Direct cost"),
        _(
            "Money paid for a fund’s secretariat and similar services. It belongs to the fund and "
            "to none of its projects, and counts in no delivery rate."
        ),
        see=("aa-fee",),
    ),
    Term(
        "aa-fee",
        _("Administrative Agent fee"),
        _("What the Administrative Agent charges for its service: as a rule 1 % of deposits."),
        see=("administrative-agent",),
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
