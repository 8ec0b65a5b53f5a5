"""Columns that several kinds of spreadsheets have in common."""

from django.utils.translation import gettext_lazy as _

from finance.formats.columns import ColumnType as Type
from finance.formats.columns import FileColumn
from portal.kit.currency import in_base
from portal.kit.text import Words

PROJECT = FileColumn(
    "project",
    _("Project"),
    Type.IDENTIFIER,
    required=True,
    aliases=("project number", "project no", "project id", "project code", "mptf project"),
    note=_("The project’s number."),
    example="00102004",
)
FUND = FileColumn(
    "fund",
    _("Fund"),
    Type.IDENTIFIER,
    required=True,
    aliases=("fund code", "fund id", "fund number"),
    note=_("The fund’s code."),
    example="PB000",
    length=20,
)
ORGANIZATION = FileColumn(
    "organization",
    _("Organization"),
    aliases=(
        "participating organization",
        "participating organisation",
        "organisation",
        "agency",
        "po",
        "puno",
    ),
    note=_("Code, short name or full name of the participating organization."),
    example="UNDP",
    length=500,
)
AMOUNT = FileColumn(
    "amount",
    _("Amount"),
    Type.AMOUNT,
    required=True,
    aliases=("value", "amount in currency", "transaction amount"),
    note=_("In the currency named beside it."),
    example="250000.00",
)
CURRENCY = FileColumn(
    "currency",
    _("Currency"),
    Type.CURRENCY,
    required=True,
    aliases=("currency code", "iso currency", "ccy"),
    example="USD",
)
USD = FileColumn(
    "base_amount",
    in_base(_("%(currency)s as stated")),
    Type.AMOUNT,
    aliases=tuple(
        in_base(name)
        for name in (
            "%(code)s",
            "amount in %(currency)s",
            "amount %(currency)s",
            "amount %(code)s",
            "%(code)s amount",
            "%(name)s amount",
        )
    ),
    note=_("Only if the source itself states it: it is kept as stated, never recomputed."),
)
RATE = FileColumn(
    "rate",
    _("Rate as stated"),
    Type.RATE,
    aliases=("exchange rate", "rate of exchange"),
    note=in_base(
        _(
            "Units of the currency per %(currency)s, if the source states it; shown beside the "
            "amount."
        )
    ),
)
CATEGORY = FileColumn(
    "category",
    _("Budget category"),
    aliases=("category", "undg category", "unsdg category", "expense category"),
    note=_("Code or name of the budget category."),
    example="5",
)
DESCRIPTION = FileColumn(
    "description",
    _("Description"),
    aliases=("comment", "purpose", "narration"),
    note=_("Shown to the public."),
    length=4000,
)


def date_column(
    *aliases: str, label: Words | None = None, note: Words = "", example: str = "2016-09-15"
) -> FileColumn:
    """The column of a record's day, under the names that its kind of file has for it."""
    return FileColumn(
        "date",
        label or _("Date"),
        Type.DATE,
        required=True,
        aliases=aliases,
        note=note,
        example=example,
    )
