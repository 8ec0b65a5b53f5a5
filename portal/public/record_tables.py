"""Tables of records: what each adds to a figure, and where it was stated."""

from django.utils.translation import gettext_lazy as _

from finance.figures.fund_entries import fund_of
from portal.kit.currency import in_base
from portal.kit.language.reference_names import translated
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    LinkColumn,
    MoneyColumn,
    RateColumn,
    TextColumn,
)
from portal.public.record_words import how_it_counts, original_place, part_by_state, record_name


class EntryTable(Table):
    """Records with what each adds to a figure, and where it was stated."""

    title = _("Records")
    caption_hidden = True
    note = in_base(_("The column “Counts as %(currency)s” adds up to the figure, to the cent."))
    empty_text = _("No record is behind this figure.")
    wide = True
    date = DateColumn(verbose_name=_("Date"), definition=_("Of payment, or the period’s end."))
    record = TextColumn(
        get=record_name,
        verbose_name=_("Record"),
        definition=_("Voucher, or kind and year of what was stated."),
        link=lambda entry: entry.voucher.get_absolute_url() if entry.voucher else None,
        order_by="measure",
    )
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("The project that it counts for."),
        link=lambda entry: entry.project.get_absolute_url() if entry.project else None,
    )
    organization = LinkColumn(
        order_by="organization__sort_name",
        verbose_name=_("Organization"),
        definition=_("Who received, spent or gave the money."),
        css="name",
    )
    category = TextColumn(
        get=lambda line: translated(line.category.name) if line.category else None,
        order_by="category__name",
        verbose_name=_("Budget category"),
        term="budget-category",
        definition=_("As stated, if it was."),
    )
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    rate = RateColumn(
        verbose_name=_("Rate"),
        definition=in_base(
            _("Units of the currency per %(currency)s, where it was converted here.")
        ),
    )
    counted = MoneyColumn(
        verbose_name=in_base(_("Counts as %(currency)s")),
        term="base-currency",
        definition=_("What it adds to the figure; empty where no rate of exchange is known."),
        cents=True,
        parts=part_by_state,
        interim=True,
    )
    load = TextColumn(
        accessor="load__file_name",
        verbose_name=_("File"),
        term="load",
        definition=_("The source file that states it."),
        link=lambda entry: entry.load.get_absolute_url(),
    )
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row or line of the file."))
    released = DateColumn(
        accessor="load__released_at",
        verbose_name=_("Published on"),
        definition=_("When it became public."),
    )
    part = TextColumn(
        get=how_it_counts,
        verbose_name=_("Counted"),
        definition=_("As stated, or why otherwise: taken out again, by a share, left out."),
    )
    original = TextColumn(
        get=original_place,
        verbose_name=_("Replaces"),
        definition=_("File and row of the record that this one replaces."),
        link=lambda entry: entry.original_load.get_absolute_url() if entry.original_load else None,
    )


class FundEntryTable(EntryTable):
    """Records with what each does to a figure of a fund."""

    fund = TextColumn(
        get=lambda entry: fund_of(entry),
        order_by="fund_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that it counts for."),
        link=lambda entry: fund_of(entry).get_absolute_url(),
        css="names",
    )

    class Meta:
        sequence = ("date", "record", "fund", "...")
