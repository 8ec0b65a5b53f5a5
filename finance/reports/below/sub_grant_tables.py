"""The table of sub-grants."""

from django.utils.translation import gettext_lazy as _

from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    KindColumn,
    MoneyColumn,
    TextColumn,
)


class SubGrantTable(Table):
    """Sub-grants, one row each."""

    title = _("Sub-grants")
    caption_hidden = True
    empty_text = _("No sub-grant is recorded.")
    wide = True
    card = ("date", "partner", "partner_type", "amount")
    date = DateColumn(verbose_name=_("Date"), definition=_("The day of the agreement."))
    partner = TextColumn(
        accessor="partner__name",
        order_by="partner__sort_name",
        verbose_name=_("Implementing partner"),
        term="implementing-partner",
        definition=_("Who received it."),
        link=lambda row: row.partner.get_absolute_url(),
        css="name",
    )
    partner_type = KindColumn(
        verbose_name=_("Type of partner"),
        definition=_("Local, national or international; n/a where it is not stated."),
    )
    women_led = TextColumn(
        verbose_name=_("Led by women"),
        definition=_("Whether the partner is led by women; n/a where it is not stated."),
    )
    organization = TextColumn(
        accessor="organization__name",
        order_by="organization__sort_name",
        verbose_name=_("Granted by"),
        term="participating-organization",
        definition=_("The participating organization that passed it on."),
        link=lambda row: row.organization.get_absolute_url(),
        css="name",
    )
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project"),
        term="project-number",
        definition=_("The project that it is part of."),
        link=lambda row: row.project.get_absolute_url(),
    )
    period_start = DateColumn(verbose_name=_("Period from"), definition=_("As stated."))
    period_end = DateColumn(verbose_name=_("Period to"), definition=_("As stated."))
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    base_amount = MoneyColumn(
        verbose_name=in_base(_("Amount in %(currency)s")),
        term="base-currency",
        definition=in_base(_("Amount in %(currency)s. Empty where no rate is known.")),
        cents=True,
    )
    description = TextColumn(verbose_name=_("Description"), definition=_("As stated."), css="names")
    source = TextColumn(
        accessor="load__file_name",
        verbose_name=_("Source file"),
        term="load",
        definition=_("The file that states it."),
        link=lambda row: row.load.get_absolute_url(),
        orderable=False,
    )
