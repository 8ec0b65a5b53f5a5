"""A warning of a load, with what to do about it."""

from django.utils.translation import gettext_lazy as _

from finance.models import Load, LoadRemark

ADVICE = {
    "above-net-funded": _("Look whether a transfer is missing, or the expenditure is cumulative."),
    "refund-above-transfers": _("Look whether a transfer is missing, or the sign is wrong."),
    "transfers-above-budget": _(
        "Look whether a budget or a revision of it is still to be entered."
    ),
    "outside-project": _("Correct the date, or enter the extension of the project."),
    "unusual-amount": _("Compare it with the voucher; look for a lost decimal sign."),
    "huge-amount": _("Compare it with the voucher; look for a lost decimal sign."),
    "after-today": _("Correct the date, or leave the row out until it has happened."),
    "not-over": _("Correct the year, or state the figure as interim."),
    "other-year": _("Correct the year or the end of the period, if one of them is a slip."),
    "report-day": _("Correct the day, or leave the row out until the report has come."),
    "budget-below-zero": _("Look whether the sign is wrong, or an earlier record is missing."),
    "spending-below-zero": _("Look whether the sign is wrong, or an earlier record is missing."),
    "far-ahead": _("Look whether the year is a slip."),
    "shares": _("Correct the shares, or leave all of them out."),
    "ends-before-start": _("Correct one of the two dates."),
    "without-rate": _("Load the rate of exchange of that day first, then check again."),
    "old-rate": _("Load newer rates of exchange first, then check again."),
    "stated-base_amount-deviates": _("Ask the sender by which rate it was converted."),
    "many-decimals": _("Correct the amount if a sign of thousands was meant."),
    "row-of-totals": _("Leave the row out if it adds up others."),
    "hidden-row": _("Leave the row out if it was hidden because it does not count."),
    "hidden-column": _("Look whether what stands there is meant, and show it."),
    "unread-sheet": _("If its rows count, load that sheet too, by a mapping that names it."),
    "unread-column": _("Give it a heading of the format, or name it in a mapping."),
    "control-totals": _("Ask the sender which rows are missing or too many."),
    "twice": _("Leave the row out if it is the same payment; else acknowledge it."),
    "no-part": _("Correct the payee, or add the organization to the project."),
    "other-fund": _("Correct the fund or the project; acknowledge it if this fund does pay."),
    "indirect-cost": _("Look whether the category is right, and what rate was agreed."),
}


def remark(load: Load, code: str, line: int | None, value: object, message: str) -> LoadRemark:
    """A warning of the load, not saved."""
    return LoadRemark(
        load=load,
        severity=LoadRemark.Severity.WARNING,
        code=code,
        line=line,
        value=str(value),
        message=message,
        advice=str(ADVICE.get(code, "")),
    )
