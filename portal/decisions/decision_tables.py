"""Tables of decisions, and of the budgets and extensions that belong to them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.decisions.reading import day_url
from portal.kit.currency import BASE_LABEL, in_base
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    KindColumn,
    ListColumn,
    MoneyColumn,
    TextColumn,
)


def _source() -> TextColumn:
    return TextColumn(
        accessor="load__file_name",
        verbose_name=_("Source file"),
        term="load",
        definition=_("The file that states it."),
        link=lambda row: row.load.get_absolute_url(),
        orderable=False,
    )


def _project(definition: Any) -> IdentifierColumn:
    return IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project"),
        term="project-number",
        definition=definition,
        link=lambda row: row.project.get_absolute_url() if row.project else None,
    )


class DecisionTable(Table):
    """Decisions, one row for each thing decided."""

    title = _("Decisions")
    caption_hidden = True
    empty_text = _("No decision is recorded.")
    wide = True
    card = ("date", "kind", "project", "description", "amount")
    date = DateColumn(
        verbose_name=_("Date"),
        definition=_("The day of the decision; leads to all that was decided on it."),
        link=lambda row: day_url(row.fund.code, row.date),
    )
    kind = KindColumn(
        verbose_name=_("Kind"), definition=_("Allocation, revision, extension or other.")
    )
    body = TextColumn(
        verbose_name=_("Decided by"),
        term="steering-committee",
        definition=_("The body that decided, as stated."),
    )
    reference = IdentifierColumn(
        verbose_name=_("Reference"), definition=_("The number of the decision, as stated.")
    )
    fund = TextColumn(
        accessor="fund__name",
        order_by="fund__sort_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("Whose decision it is."),
        link=lambda row: row.fund.get_absolute_url(),
        css="name",
    )
    project = _project(_("The project that it is about; empty where it is about the fund."))
    organization = TextColumn(
        accessor="organization__name",
        order_by="organization__sort_name",
        verbose_name=_("Organization"),
        term="participating-organization",
        definition=_("Whose part of the project it is about, where stated."),
        link=lambda row: row.organization.get_absolute_url() if row.organization else None,
        css="name",
    )
    amount = AmountColumn(
        verbose_name=_("Amount decided"),
        definition=_("As stated; the approved budget has it too, so no figure adds it again."),
    )
    description = TextColumn(verbose_name=_("What"), definition=_("As stated."), css="names")
    conditions = TextColumn(
        verbose_name=_("Conditions"), definition=_("What it depends on, as stated."), css="names"
    )
    papers = ListColumn(
        verbose_name=_("Minutes"),
        definition=_("Documents that tell of the decision."),
        item_link=True,
    )
    source = _source()


class BudgetOfDayTable(Table):
    """Approved budgets of a day."""

    title = _("Approved budgets of this day")
    sheet = _("Approved budgets")
    caption_hidden = True
    empty_text = _("No budget line of this day is recorded.")
    wide = True
    project = _project(_("Whose budget it is."))
    organization = TextColumn(
        accessor="organization__name",
        verbose_name=_("Organization"),
        term="participating-organization",
        definition=_("Whose part of the budget it is, as stated."),
        orderable=False,
        css="name",
    )
    category = TextColumn(
        accessor="category__name",
        verbose_name=_("Budget category"),
        term="budget-category",
        definition=_("As stated."),
        orderable=False,
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"),
        definition=_("In the currency of the source; below zero where a revision takes it back."),
        orderable=False,
    )
    base_amount = MoneyColumn(
        verbose_name=BASE_LABEL,
        term="approved-budget",
        definition=in_base(_("Amount in %(currency)s. Empty where no rate is known.")),
        link=lambda row: f"{row.project.get_absolute_url()}records/?figure=approved",
        cents=True,
        orderable=False,
    )
    source = _source()


class ExtensionOfDayTable(Table):
    """Extensions of a day."""

    title = _("Extensions of this day")
    sheet = _("Extensions")
    caption_hidden = True
    project = _project(_("Which project goes on for longer."))
    old_end = DateColumn(
        verbose_name=_("Old end"), definition=_("The end until then."), orderable=False
    )
    new_end = DateColumn(
        verbose_name=_("New end"), definition=_("The end as approved."), orderable=False
    )
    note = TextColumn(verbose_name=_("Reason"), definition=_("As stated."), css="names")
