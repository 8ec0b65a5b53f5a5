"""A form with a field for each column of a kind of file: it takes one row of such a file."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document
from finance.formats.columns import ColumnType, FileColumn, FileKind
from finance.formats.currencies import CODES
from finance.formats.typed import as_csv
from finance.loading.references import References, Unknown
from portal.kit.currency import base_currency

# The source of what the office enters itself, where none states such records yet.
SOURCE = "fund-office"
# Columns that name something, and what it is looked up as.
_NAMES = {
    "project": "project", "fund": "fund", "organization": "organization", "partner": "organization",
}  # fmt: skip
_LONG = ("description", "conditions")
_TITLE_LENGTH = 500


def minutes() -> QuerySet[Document]:
    """Documents in which decisions are written down, the newest first."""
    rows = Document.objects.public().filter(type__is_of_decisions=True)
    return rows.order_by("-document_date", "-pk")


def suggested_by(url: str) -> dict[str, str]:
    """What makes a field offer what the address knows, and take what is chosen."""
    return {"autocomplete": "off", "data-fills": "value", "data-suggestions": url}


def _choice(column: FileColumn) -> forms.Field:
    empty = [] if column.required else [("", gettext_lazy("not stated"))]
    return forms.ChoiceField(choices=[*empty, *column.choices])


def _yes_no(_column: FileColumn) -> forms.Field:
    return forms.ChoiceField(
        choices=[
            ("", gettext_lazy("not stated")),
            ("yes", gettext_lazy("yes")),
            ("no", gettext_lazy("no")),
        ]
    )


_FIELDS: dict[ColumnType, Callable[[FileColumn], forms.Field]] = {
    ColumnType.CHOICE: _choice,
    ColumnType.YES_NO: _yes_no,
    ColumnType.DATE: lambda _column: forms.DateField(
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    ),
    ColumnType.AMOUNT: lambda _column: forms.DecimalField(max_digits=21, decimal_places=6),
    ColumnType.RATE: lambda _column: forms.DecimalField(max_digits=24, decimal_places=10),
    ColumnType.CURRENCY: lambda _column: forms.CharField(max_length=3),
}


def _field(column: FileColumn) -> forms.Field:
    if column.type in _FIELDS:
        field = _FIELDS[column.type](column)
    else:
        field = forms.CharField(max_length=column.length)
        if column.name in _LONG:
            field.widget = forms.Textarea({"rows": 3})
    field.label, field.help_text, field.required = column.label, column.note, column.required
    if column.name == "minutes":
        # By its title, too: a number is what a file states.
        field = forms.CharField(
            label=gettext_lazy("Minutes"),
            required=False,
            max_length=_TITLE_LENGTH,
            help_text=gettext_lazy(
                "Title or number of the document. Left empty, minutes of the same day are taken."
            ),
        )
        field.widget.attrs |= suggested_by(reverse("staff-minutes-suggestions"))
    return field


class RowForm(forms.Form):
    """One row, and why it is entered."""

    def __init__(
        self, data: Any = None, files: Any = None, *, kind: FileKind, initial: dict[str, str]
    ) -> None:
        self.kind = kind
        super().__init__(data, files, initial={"currency": base_currency(), **initial})
        for column in kind.columns:
            self.fields[column.name] = _field(column)
        self.fields["reason"] = forms.CharField(
            label=gettext_lazy("Reason"),
            max_length=300,
            required=False,
            help_text=gettext_lazy("Shown to the public with the load."),
        )

    def clean(self) -> dict[str, Any]:
        """What is named has to be known here; of some columns one has to be filled in."""
        data = super().clean() or self.cleaned_data
        for group in self.kind.either:
            if not any(data.get(name) for name in group):
                labels = [str(self.kind.column(name).label) for name in group]
                self.add_error(group[0], _("Give one of: %(names)s.") % {
                    "names": ", ".join(labels)})  # fmt: skip
        references = References()
        for name, what in _NAMES.items():
            if text := (data.get(name) or "").strip():
                try:
                    getattr(references, what)(text)
                except Unknown as error:
                    self.add_error(name, capfirst(str(error)))
        if (code := data.get("currency")) and code not in CODES:
            self.add_error("currency", _("“%(code)s” is no currency.") % {"code": code})
        return data

    def clean_minutes(self) -> str:
        """The number of the document with this number or title."""
        text = " ".join(self.cleaned_data["minutes"].split())
        if not text or text.isdecimal():
            return text
        found = minutes().filter(title__iexact=text)[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                _("Several documents have this title: choose one from the list.")
                if found
                else _("No minutes with this title are published here.")
            )
        return str(found[0].pk)

    def clean_currency(self) -> str:
        """Codes are in capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def content(self) -> bytes:
        """The row as a file of its kind."""
        row = {column.name: _plain(self.cleaned_data[column.name]) for column in self.kind.columns}
        if not row.get("amount"):
            row["currency"] = ""
        return as_csv(list(row), [row])


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value or "").strip()
