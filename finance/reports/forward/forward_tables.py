"""Tables of what is to come: cash by quarter, payments, planned transfers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangement_tables import contributor_column, fund_column
from finance.figures.columns import figure_column
from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    MoneyColumn,
    TextColumn,
)
from portal.kit.tables.parts import NO_PARTS
from portal.kit.text import Words

_IN_BASE = in_base(_("All amounts in %(currency)s"))


def _of_quarter(name: str, label: Words, definition: Words, term: str = "") -> MoneyColumn:
    return MoneyColumn(
        verbose_name=label,
        term=term,
        definition=definition,
        link=lambda row: row.links.get(name),
        parts=lambda row: row.parts.get(name, NO_PARTS),
        orderable=False,
    )


class QuarterTable(Table):
    """Cash with the fund, quarter by quarter."""

    title = _("Cash with the fund by quarter")
    sheet = _("Cash by quarter")
    caption_hidden = True
    note = in_base(
        _(
            "All amounts in %(currency)s. Cash at the end = cash at the beginning + payments due − "
            "planned transfers. Fees, interest and other costs to come are not in it."
        )
    )
    label = TextColumn(
        verbose_name=_("Quarter"),
        definition=_("Three months, from the one of today on."),
        orderable=False,
    )
    opening = _of_quarter(
        "opening",
        _("Cash at the beginning"),
        _("Balance with the Administrative Agent; in the first line, as it is today."),
        "balance-with-aa",
    )
    due = _of_quarter(
        "due",
        _("Payments due (known)"),
        _("Signed for by contributors and to be paid on a day in the quarter."),
        "outstanding",
    )
    planned = _of_quarter(
        "planned",
        _("Transfers (planned)"),
        _(
            "Approved and not yet transferred, in the quarter in which the budget’s period begins; "
            "in the first one where it has begun or none is stated."
        ),
        "approved-budget",
    )
    closing = _of_quarter(
        "closing",
        _("Cash at the end (planned)"),
        _("What would be left if all came and went so."),
    )


class LeftOutTable(Table):
    """What may come and is counted in no quarter."""

    title = _("Not counted in any quarter")
    sheet = _("Not counted")
    caption_hidden = True
    note = _IN_BASE
    label = TextColumn(
        verbose_name=_("What"), definition=_("What may come as well."), orderable=False
    )
    amount = MoneyColumn(
        verbose_name=in_base(_("Amount in %(currency)s")),
        definition=_("What it comes to."),
        link=lambda row: row.link,
        parts=lambda row: row.parts,
        orderable=False,
    )


class PaymentTable(Table):
    """Payments to come, arrangement by arrangement, month by month."""

    title = _("Payments to come")
    caption_hidden = True
    note = _(
        "Known: contributors signed for them, or announced them where it says so. What was paid is "
        "counted against the earliest instalment first."
    )
    empty_text = _("No payment is to come that is known of.")
    wide = True
    month = TextColumn(
        verbose_name=_("Month"),
        definition=_("The month in which it is due."),
        orderable=False,
    )
    on = DateColumn(
        verbose_name=_("Due on"),
        definition=_("The day by which it is to be paid."),
        orderable=False,
    )
    contributor = contributor_column()
    fund = fund_column()
    reference = IdentifierColumn(
        accessor="told_reference",
        verbose_name=_("Arrangement"),
        term="arrangement",
        definition=_("Reference of the Standard Administrative Arrangement."),
        orderable=False,
    )
    state = TextColumn(
        verbose_name=_("State"),
        term="outstanding",
        definition=_("Not due, overdue, without a day, or only pledged."),
        orderable=False,
    )
    left = AmountColumn(
        verbose_name=_("Still to be paid"),
        definition=_("What has not come, in the currency of the arrangement."),
        link=lambda row: row.signed_url(),
        orderable=False,
    )
    counted = MoneyColumn(
        verbose_name=in_base(_("In %(currency)s")),
        term="outstanding",
        definition=_("The same, worth what the commitment to it was worth."),
        link=lambda row: None if row.is_pledge else row.breakdown_url(row.due.figure),
        parts=lambda row: row.counted_parts,
        orderable=False,
    )


class TransferTable(Table):
    """Planned transfers, project by project."""

    title = _("Planned transfers")
    caption_hidden = True
    note = in_base(
        _(
            "All amounts in %(currency)s. Planned: worked out from approved budgets, because no "
            "days of payment are agreed on. Projects that are over are left out."
        )
    )
    empty_text = _("Nothing is approved that has not been transferred.")
    wide = True
    number = IdentifierColumn(
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("Text; leading zeros matter."),
        link=lambda row: row.page,
        orderable=False,
    )
    title_ = TextColumn(
        accessor="title",
        verbose_name=_("Title"),
        definition=_("Title of the project."),
        link=lambda row: row.page,
        orderable=False,
        css="name",
    )
    organization = TextColumn(
        verbose_name=_("Participating organization"),
        term="participating-organization",
        definition=_("Whom it is for; empty where the project’s budget is for all together."),
        orderable=False,
        css="name",
    )
    on = DateColumn(
        verbose_name=_("Period from"),
        definition=_("The day on which the period of the budget begins."),
        orderable=False,
    )
    approved = figure_column("approved", parts=lambda row: row.approved_parts)
    paid_of_it = MoneyColumn(
        verbose_name=_("Transferred so far"),
        term="net-funded-amount",
        definition=_("Net funded amount, counted against the earliest period first."),
        link=lambda row: (
            row.records_url("net_funded") if row.paid_of_it or row.paid_left_out else None
        ),
        parts=lambda row: row.paid_parts,
        orderable=False,
    )
    left = MoneyColumn(
        verbose_name=_("Still to be transferred"),
        definition=_("Approved less transferred."),
        parts=lambda row: row.parts,
        orderable=False,
    )

    def row_class(self, record: Any) -> str:
        return "" if record.project else "sum"
