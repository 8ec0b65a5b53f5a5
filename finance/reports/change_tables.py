"""Tables of provenance: what loads changed, and the records that they stated."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.models import Load, Mend
from finance.models.record_kinds import kind_named
from portal.kit.currency import BASE_LABEL, in_base
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
from portal.kit.text import Words


def _changed(label: Words, definition: Words, **kwargs: Any) -> MoneyColumn:
    return MoneyColumn(
        verbose_name=label, term="base-currency", definition=definition, orderable=False, **kwargs
    )


class _ChangeTable(Table):
    """Figures before and after a load."""

    note = in_base(_("All amounts in %(currency)s"))
    caption_hidden = True
    empty_text = _("No figure changed.")
    label = TextColumn(
        verbose_name=_("Figure"), definition=_("The figure that changed."), orderable=False
    )
    before = _changed(
        _("Before"), _("Just before it was published."), parts=lambda change: change.held_before
    )
    after = _changed(
        _("After"), _("Just after it was published."), parts=lambda change: change.held_after
    )
    difference = _changed(
        _("Change"), _("After less before; unknown where an amount could not be converted.")
    )


class ProjectChangeTable(_ChangeTable):
    """What loads changed of one project."""

    title = _("What changed")
    released = DateColumn(
        accessor="load__released_at",
        verbose_name=_("Published on"),
        definition=_("When the source file became public."),
        orderable=False,
    )
    file = TextColumn(
        accessor="load__file_name",
        verbose_name=_("Source file"),
        term="load",
        definition=_("The source file that changed it."),
        link=lambda change: change.load.get_absolute_url(),
        orderable=False,
    )
    reason = TextColumn(
        accessor="load__reason",
        verbose_name=_("Reason"),
        definition=_("Why the file was published, if that was said."),
        orderable=False,
        css="name",
    )

    class Meta:
        sequence = ("released", "file", "...", "reason")


class LoadChangeTable(_ChangeTable):
    """What one load changed, project by project."""

    title = _("What it changed")
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("The project whose figures changed."),
        link=lambda change: change.project.get_absolute_url(),
        orderable=False,
    )
    title_ = TextColumn(
        accessor="project__title",
        verbose_name=_("Title"),
        definition=_("Title of the project."),
        orderable=False,
        css="name",
    )

    class Meta:
        sequence = ("project", "title_", "...")


class CompareTable(_ChangeTable):
    """Figures as known on two days."""

    title = _("Two dates side by side")


class StatedRecordTable(Table):
    """Records as a load states them, or as it withdrew them."""

    title = _("Records")
    caption_hidden = True
    empty_text = _("There is no such record.")
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row or line of the file."))
    date = DateColumn(verbose_name=_("Date"), definition=_("Of payment, or the period’s end."))
    kind = TextColumn(
        get=lambda record: kind_named(record.kind).model._meta.verbose_name,
        order_by="kind",
        verbose_name=_("Kind"),
        definition=_("What was stated."),
        link=lambda record: record.voucher.get_absolute_url() if record.voucher else None,
    )
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("The project that it is of; money of a fund has none."),
        link=lambda record: record.project.get_absolute_url() if record.project else None,
    )
    organization = TextColumn(
        accessor="organization__name",
        order_by="organization__sort_name",
        verbose_name=_("Organization"),
        definition=_("Who received, spent or gave the money."),
        css="name",
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    base_amount = MoneyColumn(
        verbose_name=BASE_LABEL,
        term="base-currency",
        definition=_("Empty where no rate of exchange is known."),
        cents=True,
    )
    file = TextColumn(
        accessor="load__file_name",
        verbose_name=_("Stated in"),
        term="load",
        definition=_("The source file that states it."),
        link=lambda record: record.load.get_absolute_url(),
    )


# --- What was mended of a file before its publication

SHOWN = 200


class MendTable(Table):
    """Cells, values and rows that staff mended; the file itself stays as it came.

    What stood there may be a name that is withheld some day, so the values are for staff.
    """

    title = _("Mended before publication")
    caption_hidden = True
    card: tuple[str, ...] = ("what", "line", "column", "made_at")
    what = KindColumn(
        choices=Mend.What,
        verbose_name=_("What was mended"),
        definition=_("A cell, a value in all rows, or a whole row."),
        orderable=False,
    )
    line = IntegerColumn(
        verbose_name=_("Row"),
        definition=_("Row of the file, of IATI which of its activities; empty for all."),
        orderable=False,
    )
    column = TextColumn(
        verbose_name=_("Column"), definition=_("Column of the file."), orderable=False
    )
    made_at = DateColumn(
        verbose_name=_("Mended on"), definition=_("When it was mended."), orderable=False
    )


class StaffMendTable(MendTable):
    """The same with the values and the person."""

    card = ("what", "line", "column", "old", "new", "made_at")
    old = TextColumn(
        verbose_name=_("In the file"), definition=_("What the file states."), orderable=False
    )
    new = TextColumn(
        verbose_name=_("Read as"), definition=_("What was read in its place."), orderable=False
    )
    made_by = TextColumn(verbose_name=_("By"), definition=_("Who mended it."), orderable=False)

    class Meta:
        sequence = ("what", "line", "column", "old", "new", "made_at", "made_by")


def mends_of(
    load: Load,
    table: type[MendTable] = MendTable,
    in_words: Callable[[Mend], Mend] | None = None,
) -> dict[str, Any]:
    """The first of what was mended of a load, and how much there is; nothing where none is.

    `in_words` gives a mend as the readers of the table call things.
    """
    count = load.mends.count()
    if not count:
        return {}
    rows = list(load.mends.select_related("made_by")[:SHOWN])
    if in_words:
        rows = [in_words(mend) for mend in rows]
    return {"count": count, "table": table(rows, id="mends-table"), "more": count > SHOWN}
