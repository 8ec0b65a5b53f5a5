"""Tables of the staff's room."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.loading.warnings import KINDS
from portal.kit.currency import in_base
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    KindColumn,
    MoneyColumn,
    TextColumn,
)
from portal.kit.tables.parts import NO_PARTS


class StaffLoadTable(Table):
    """Loads in every state."""

    title = _("Loads")
    caption_hidden = True
    empty_text = _("No load matches. Take a filter away.")
    file_name = TextColumn(
        verbose_name=_("File"),
        definition=_("Name of the source file."),
        link=lambda load: reverse("staff-load", args=[load.pk]),
        css="name",
    )
    state = TextColumn(
        get=lambda load: load.state_in_words,
        order_by="state",
        verbose_name=_("State"),
        definition=_("How far it has come, and whether it was reversed."),
    )
    kind = TextColumn(
        accessor="get_kind_display",
        order_by="kind",
        verbose_name=_("Kind"),
        definition=_("What it states."),
    )
    source = TextColumn(
        order_by="source__name",
        verbose_name=_("Source"),
        term="source",
        definition=_("The ledger or publisher."),
    )
    received_by = TextColumn(
        order_by="received_by__email",
        verbose_name=_("Entered by"),
        definition=_("The person who entered it; empty for the command line."),
    )
    received_at = DateColumn(verbose_name=_("Received"), definition=_("When the file arrived."))
    released_at = DateColumn(verbose_name=_("Released"), definition=_("When it became public."))


class RemarkTable(Table):
    """Errors and warnings of a load."""

    title = _("Remarks")
    caption_hidden = True
    empty_text = _("There is no such remark.")
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row of the file."))
    rows = IntegerColumn(verbose_name=_("Rows"), definition=_("In how many rows it stands."))
    column = TextColumn(
        verbose_name=_("Column"), definition=_("Column of the file."), accessor="column"
    )
    value = TextColumn(verbose_name=_("Value"), definition=_("What stands there."))
    message = TextColumn(
        verbose_name=_("What is wrong"), definition=_("What the check found."), css="name"
    )
    advice = TextColumn(
        verbose_name=_("How to mend it"), definition=_("What to do about it."), css="name"
    )


class AllRemarksTable(RemarkTable):
    """The same with their severity and kind."""

    severity = KindColumn(
        verbose_name=_("Severity"), definition=_("Errors block, warnings are acknowledged.")
    )
    code = TextColumn(
        get=lambda remark: kind_of_remark(remark.code),
        order_by="code",
        verbose_name=_("Kind"),
        definition=_("Kind of remark."),
    )

    class Meta:
        sequence = ("line", "severity", "code", "...")


class ChangeTable(Table):
    """Figures of projects before and after a release."""

    title = _("Figures before and after")
    caption_hidden = True
    note = in_base(_("All amounts in %(currency)s, with cents."))
    empty_text = _("No figure of a project would change.")
    project = IdentifierColumn(
        verbose_name=_("Project"),
        definition=_("Project number."),
        link=lambda row: row["url"],
        orderable=False,
    )
    measure = TextColumn(verbose_name=_("Figure"), definition=_("Which figure."), orderable=False)
    before = MoneyColumn(
        verbose_name=_("Before"),
        definition=_("As released now."),
        parts=lambda row: row["held"].held_before if row["held"] else NO_PARTS,
        cents=True,
        orderable=False,
    )
    after = MoneyColumn(
        verbose_name=_("After"),
        definition=_("With this load."),
        parts=lambda row: row["held"].held_after if row["held"] else NO_PARTS,
        cents=True,
        orderable=False,
    )
    change = MoneyColumn(
        verbose_name=_("Change"),
        definition=_("After less before; unknown where an amount could not be converted."),
        cents=True,
        orderable=False,
    )


class FundChangeTable(ChangeTable):
    """Contributions and costs of funds before and after a release."""

    title = _("Contributions and costs of funds before and after")
    empty_text = _("No figure of a fund would change.")
    project: Any = None
    fund = IdentifierColumn(
        verbose_name=_("Fund"),
        definition=_("Fund code."),
        link=lambda row: row["url"],
        orderable=False,
    )

    class Meta:
        sequence = ("fund", "...")


class RecordTable(Table):
    """Standing records, each with the form to correct it."""

    title = _("Records")
    caption_hidden = True
    empty_text = _("No record matches. Name a project, or another kind.")
    date = DateColumn(
        verbose_name=_("Date"),
        definition=_("Payment or period date."),
        link=lambda record: reverse("staff-record", args=[record._meta.model_name, record.pk]),
    )
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project"),
        definition=_("Project number."),
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    description = TextColumn(verbose_name=_("Description"), definition=_("As stated."), css="name")
    load = TextColumn(
        accessor="load__file_name",
        verbose_name=_("File"),
        definition=_("The file that states it."),
        link=lambda record: reverse("staff-load", args=[record.load_id]),
        css="name",
    )
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row of the file."))


def kind_of_remark(code: str) -> str:
    """What remarks of this kind are about, in words."""
    return str({**KINDS, **ERRORS}.get(code, code))


ERRORS = {
    "file": _("The file as a whole"),
    "cell": _("Cells that cannot be read"),
    "unknown": _("Names and codes that are not known here"),
    "row": _("Rows that cannot be"),
    "other-source": _("Records from another source"),
}
