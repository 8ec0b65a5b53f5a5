"""Tables of closure, and of what was revised or extended."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from finance.figures.columns import figure_column
from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    ChoiceColumn,
    DateColumn,
    LinkColumn,
    MoneyColumn,
    PercentColumn,
    TextColumn,
)
from projects.models import Status


def _item(name: str) -> Any:
    return lambda part: part.items[name].text


def _moved(row: Any) -> str:
    """Whether a change is large; "" for what is no change of money, or where that is not known."""
    if row.change is None or row.before is None:
        return ""
    return gettext("more than 15 %") if row.is_large else gettext("at most 15 %")


class ClosureTable(Table):
    """The checklist of closure, a row for each participating organization."""

    title = _("Closure")
    caption_hidden = True
    empty_text = _("No steps of closure are followed for this project.")
    organization = LinkColumn(
        get=lambda part: part.organization,
        verbose_name=_("Organization"),
        term="participating-organization",
        definition=_("Who closes its part of the project."),
        css="name",
    )
    status = ChoiceColumn(
        choices=Status,
        marks=Status.marks(),
        verbose_name=_("State"),
        term="status",
        definition=_("How far it is."),
    )
    operational = TextColumn(
        get=_item("operational"),
        verbose_name=_("Operational closure"),
        term="operationally-closed",
        definition=_("Declared by the organization; leads to the document that says so."),
        link=lambda part: part.items["operational"].url or None,
    )
    final_narrative = TextColumn(
        get=_item("final-narrative"),
        verbose_name=_("Final narrative"),
        definition=_("Due after operational closure."),
        link=lambda part: part.items["final-narrative"].url or None,
    )
    certified = TextColumn(
        get=_item("certified"),
        verbose_name=_("Certified statement"),
        term="certified",
        definition=_("Due after operational closure."),
        link=lambda part: part.items["certified"].url or None,
    )
    balance = figure_column(
        "balance",
        get=lambda part: part.totals.balance,
        link=lambda part: part.balance_url,
        parts=lambda part: part.totals.parts("balance"),
    )
    settled = TextColumn(
        get=_item("balance"),
        verbose_name=_("Settlement"),
        term="refund",
        definition=_("Whether the balance is refunded, waived, or still to be refunded."),
    )
    financially_on = DateColumn(
        verbose_name=_("Financially closed"),
        term="financially-closed",
        definition=_("Once nothing of the checklist is open; leads to the document that says so."),
        link=lambda part: part.financially_url or None,
    )


class RevisionTable(Table):
    """Changes of the approved budget and of the end date, newest first."""

    title = _("Revisions and extensions")
    caption_hidden = True
    empty_text = _("No revision or extension is recorded.")
    on = DateColumn(
        verbose_name=_("Approved on"),
        definition=_("Day of the approval; leads to the decision, where one is recorded."),
        link=lambda row: row.decided or None,
    )
    what = TextColumn(
        verbose_name=_("What"), definition=_("Revision of the budget, or extension of the end.")
    )
    organization = TextColumn(
        verbose_name=_("Organization"), definition=_("Whose budget; empty for the whole project.")
    )
    category = TextColumn(
        verbose_name=_("Budget category"), term="budget-category", definition=_("As stated.")
    )
    before = MoneyColumn(
        verbose_name=_("Before"), definition=in_base(_("Approved until then, in %(currency)s."))
    )
    change = MoneyColumn(
        verbose_name=_("Change"),
        definition=in_base(_("In %(currency)s.")),
        link=lambda row: row.url or None,
    )
    share = PercentColumn(
        verbose_name=_("Change in %"), definition=_("Of what was approved in the category before.")
    )
    flag = TextColumn(
        get=lambda row: _moved(row),
        verbose_name=_("Note"),
        definition=_("Whether more than 15 % of a category moved."),
    )
    note = TextColumn(verbose_name=_("Reason"), definition=_("As stated."), css="names")
