"""The form in which rows of a kind of file are typed: a cell for each column, and room to paste."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.errors import LoadError
from finance.formats.columns import ColumnType, FileColumn
from finance.formats.kinds import KINDS
from finance.formats.starter import StarterSheet
from finance.formats.typed import Row, as_csv, pasted_rows
from finance.models import Load, Source
from portal.kit.currency import base_currency
from portal.staff.loads.forms import SourceForm, word_select
from portal.staff.rows.row_form import SOURCE, suggested_by

ROWS, MOST_ROWS = 10, 100
# What is longer is not kept where a session ends meanwhile (portal/kit/web/kept_forms.py).
MOST_PASTED = 400_000
PREFIX = "rows"
# Columns that name a thing → the list that suggests such things while one types.
_SUGGESTED = {
    "project": "projects", "fund": "funds", "other_fund": "funds", "organization": "organizations",
    "payee": "organizations", "contributor": "organizations", "partner": "organizations",
}  # fmt: skip
# Columns for which the page has a list of all words, whatever else they take.
_LISTED = ("category", "currency")
_SIZES = {
    ColumnType.TEXT: 22, ColumnType.IDENTIFIER: 14, ColumnType.AMOUNT: 14, ColumnType.RATE: 10,
    ColumnType.CURRENCY: 5, ColumnType.YEAR: 6, ColumnType.DATE: 11, ColumnType.SHARES: 22,
    ColumnType.PARTICIPANTS: 30,
}  # fmt: skip


class _DayInput(forms.DateInput):
    """A calendar, or the text of a day that no calendar takes."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        try:
            date.fromisoformat(value or "2000-01-01")
        except ValueError:
            context["widget"]["type"] = "text"
        return context


def _widget(column: FileColumn) -> forms.Widget:
    named = {"aria-labelledby": f"head-{column.name}"}
    if words := word_select(column, named):
        return words
    if column.type is ColumnType.DATE:
        return _DayInput({"type": "date", **named})
    if column.type is ColumnType.LONG_TEXT:
        return forms.Textarea({"rows": 1, "cols": 30, **named})
    attrs: dict[str, Any] = {"size": _SIZES[column.type], "autocomplete": "off", **named}
    if column.name in _SUGGESTED:
        way = reverse("staff-reference-suggestions", args=[_SUGGESTED[column.name]])
        attrs |= suggested_by(way)
    if column.name in _LISTED:
        attrs["list"] = f"words-{column.name}"
    if column.type in (ColumnType.AMOUNT, ColumnType.RATE):
        attrs |= {"inputmode": "decimal", "class": "n"}
    return forms.TextInput(attrs)


def grid(sheet: StarterSheet, data: Any = None) -> BaseFormSet:
    """The rows with a cell for each column; what is no word or day is for the check to say."""
    kind = sheet.columns
    money = [column for column in kind.required if column.name == "currency" and kind.has("amount")]
    cells = {
        column.name: forms.CharField(
            # As a card has it, which has no heading above it.
            label=f"{column.label} *" if column.required else column.label,
            required=False,
            widget=_widget(column),
            # A row in which nothing else stands is an empty one.
            initial=base_currency() if column in money else "",
        )
        for column in kind.columns
    }
    row = type("RowOfCells", (forms.Form,), cells)
    return formset_factory(row, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)(
        data, prefix=PREFIX
    )


def with_more_rows(sheet: StarterSheet, data: Any) -> Any:
    """What was sent, with further rows below; None where it does not say how many there are."""
    sent = grid(sheet, data)
    if not sent.management_form.is_valid():
        return None
    more = data.copy()
    more[f"{PREFIX}-TOTAL_FORMS"] = str(min(sent.total_form_count() + ROWS, MOST_ROWS))
    return more


class TypedForm(SourceForm):
    """What was pasted below the rows that were typed, and whose they are."""

    pasted = forms.CharField(
        label=gettext_lazy("Rows from a spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 5, "wrap": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Copy the rows there and paste them here: with their headings, or with the columns in "
            "the order of the table above."
        ),
    )

    # Right below the rows that are typed.
    field_order = ("pasted",)

    def __init__(self, data: Any = None, *, sheet: StarterSheet, rows: BaseFormSet, **options: Any):
        self.sheet, self.rows = sheet, rows
        super().__init__(data, **options)
        asked = {Load.Kind.EXPENDITURES: "figures", Load.Kind.CONTRIBUTIONS: "pledges"}
        for kind, name in asked.items():
            if sheet.read_as != kind:
                del self.fields[name]

    def clean_pasted(self) -> list[Row]:
        """The rows of what was pasted."""
        text = self.cleaned_data["pasted"]
        if len(text) > MOST_PASTED:
            raise ValidationError(_("This is too long to be pasted: enter it as a file."))
        try:
            return pasted_rows(self.sheet.columns, text)
        except LoadError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """At least one row."""
        data = super().clean()
        if not self.rows.is_valid():
            self.add_error(None, _("The rows did not arrive whole: send them again."))
        elif "pasted" in data and not (data["pasted"] or any(self._typed())):
            self.add_error("pasted", _("Type a row above, or paste one here."))
        return data

    def _typed(self) -> list[Row]:
        """The rows in their places, down to the last that says something."""
        found = [row.cleaned_data if row.has_changed() else {} for row in self.rows]
        while found and not found[-1]:
            found.pop()
        return found

    def content(self) -> bytes:
        """All of it as a file of its kind."""
        constants = dict(self.sheet.constants)
        rows = [{**row, **constants} if row else row for row in self._typed()]
        rows += [{**row, **constants} for row in self.cleaned_data["pasted"]]
        stated = {column.name for column in self.sheet.columns.columns} | constants.keys()
        columns = KINDS[self.sheet.read_as].columns
        return as_csv([column.name for column in columns if column.name in stated], rows)


def first_values(sheet: StarterSheet) -> dict[str, Any]:
    """The source that stated such lines last, or the office itself."""
    last = Load.objects.released().filter(kind=sheet.read_as).order_by("-released_at").first()
    source = last.source if last else Source.objects.filter(code=SOURCE).first()
    return {"existing_source": source} if source else {"new_source": _("Fund office")}
