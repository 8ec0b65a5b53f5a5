"""The form by which one record is corrected: a field for each of its columns."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.formats.amounts import PLACES
from finance.formats.currencies import CODES
from finance.loading.content.columns import ShownColumn, columns_of
from finance.loading.corrections import correctable, current_values
from finance.loading.references import References, Unknown
from finance.models import BudgetCategory
from portal.kit.currency import NO_CURRENCY, WHOLE_DIGITS
from projects.models import Fund, Organization, Project

_DATE = {"type": "date"}
# Columns that name something: its model, and what says which one is meant.
_NAMED: dict[Any, str] = {
    Project: "number", Fund: "code", Organization: "name", BudgetCategory: "name",
}  # fmt: skip
_LOOKED_UP = {
    Project: "project", Fund: "fund", Organization: "organization", BudgetCategory: "category",
}  # fmt: skip


class ReasonForm(forms.Form):
    """Why a record is corrected or withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Shown to the public with the load."),
    )


class CorrectionForm(ReasonForm):
    """What may be corrected of a record, and why."""

    def __init__(self, data: Any = None, *, record: Any):
        self.record = record
        self.before = current_values(record)
        keys = correctable(record)
        self.columns = [
            column for column in columns_of(record._meta.model_name) if column.key in keys
        ]
        super().__init__(data)
        reason = self.fields.pop("reason")
        for column in self.columns:
            self.fields[column.name] = self._field(column)
        self.fields["reason"] = reason

    def _field(self, column: ShownColumn) -> forms.Field:
        value = self.before[column.key]
        label, field = capfirst(str(column.label)), column.field
        if column.names is not None:
            named = value and column.names._default_manager.filter(pk=value).first()
            return forms.CharField(
                label=label,
                max_length=500,
                required=bool(value) and not (field is not None and field.null),
                initial=getattr(named, _NAMED[column.names]) if named else "",
                help_text=_("Its number, code or name."),
            )
        if field is None:
            return forms.CharField(label=label, max_length=200, required=False, initial=value)
        limits = {"max_digits": WHOLE_DIGITS + PLACES} if column.name == "amount" else {}
        made: forms.Field = field.formfield(label=label, initial=_plain(value), **limits)
        if isinstance(made, forms.DateField):
            made.widget = forms.DateInput(_DATE, format="%Y-%m-%d")
        if column.name == "description":
            made.help_text = _("Shown to the public.")
        elif column.name == "amount":
            made.help_text = _("In the currency of the record.")
        else:
            made.help_text = ""
        return made

    def clean(self) -> dict[str, Any]:
        """What is named has to be known here, and the currency has to be one."""
        data = self.cleaned_data
        references = None
        self.found: dict[str, Any] = {}
        for column in self.columns:
            if column.name not in data:
                continue
            if column.names is None:
                self.found[column.key] = data[column.name]
            elif not data[column.name]:
                self.found[column.key] = None
            elif column.name not in self.changed_data:
                self.found[column.key] = self.before[column.key]
            else:
                references = references or References()
                self._look_up(column, data[column.name], references)
        currency = data.get("currency", "")
        if currency and currency not in {*CODES, NO_CURRENCY}:
            self.add_error("currency", _("“%(code)s” is no currency.") % {"code": currency})
        return data

    def _look_up(self, column: ShownColumn, name: str, references: References) -> None:
        named: Any = column.names
        try:
            found = getattr(references, _LOOKED_UP[named])(name.strip())
        except Unknown as error:
            self.add_error(column.name, capfirst(str(error)))
        else:
            self.found[column.key] = found[0] if isinstance(found, tuple) else found

    def changes(self) -> dict[str, Any]:
        """The columns that differ from the record."""
        return {
            key: value
            for key, value in self.found.items()
            if (value or None) != (self.before[key] or None) or (isinstance(value, bool)
            and value != self.before[key])
        }  # fmt: skip


def _plain(value: Any) -> Any:
    """Without zeros at the end, which the database adds."""
    if not isinstance(value, Decimal):
        return value
    return value.normalize() if value % 1 else value.to_integral()
