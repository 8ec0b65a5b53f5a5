"""The forms by which lines are entered: whose they are, and the file that states them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.formats.columns import ColumnType, FileColumn
from finance.formats.remembered import remembered_mapping
from finance.loading.scopes import Scope
from finance.models import Load, Source
from portal.kit.years import YEARS
from projects.models import Fund, Organization, User

LINES, COMPLETE = "lines", "complete"
# Kinds whose files say for themselves what they are about; no scope is asked.
ENTITIES = (
    Load.Kind.PROJECTS,
    Load.Kind.ORGANIZATIONS,
    Load.Kind.FUNDS,
    Load.Kind.RATES,
    Load.Kind.STARTER,
    Load.Kind.IATI,
)
_HEAD = 2000
_YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


class _WordSelect(forms.Select):
    """A select that keeps a word which is none of its own, for the check to say so."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        known = {str(code) for code, _label in self.choices}
        strange = [(one, one) for one in value if one and one not in known]
        kept, self.choices = self.choices, [*self.choices, *strange]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = kept


def word_select(column: FileColumn, attrs: dict[str, Any] | None = None) -> forms.Widget | None:
    """What offers the words of a column that takes no others; None for all other columns."""
    words = _YES_NO if column.type is ColumnType.YES_NO else column.choices
    return _WordSelect(attrs, choices=[("", ""), *words]) if words else None


class ReversalForm(forms.Form):
    """Why a released load is reversed."""

    reason = forms.CharField(
        max_length=300,
        error_messages={"required": gettext_lazy("State the reason: the public will see it.")},
    )


class SourceForm(forms.Form):
    """Whose lines are entered, why, and how the amounts of some kinds are meant."""

    existing_source = forms.ModelChoiceField(
        label=gettext_lazy("Source"),
        queryset=Source.objects.all(),
        required=False,
        empty_label=gettext_lazy("a new one, named below"),
        help_text=gettext_lazy("The ledger or sender; what it says now replaces what it said."),
    )
    new_source = forms.CharField(
        label=gettext_lazy("Name of a new source"), required=False, max_length=200
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Shown to the public with the load: “Extract of May 2026”."),
    )
    figures = forms.ChoiceField(
        label=gettext_lazy("Expenditures are"),
        choices=[
            ("annual", gettext_lazy("annual: each year by itself")),
            ("cumulative", gettext_lazy("cumulative: each year with all before it")),
        ],
        required=False,
        help_text=gettext_lazy("Asked of expenditures only."),
    )
    pledges = forms.ChoiceField(
        label=gettext_lazy("Pledges and commitments are"),
        choices=[
            ("whole", gettext_lazy("whole: what is paid stays in them")),
            ("remaining", gettext_lazy("what remains: what is paid was taken off")),
        ],
        required=False,
        help_text=gettext_lazy(
            "Asked of contributions only. Where payments were taken off, what remains and what "
            "was paid count as the commitment together."
        ),
    )

    full_disk = False

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    # --- What is wrong

    def clean_new_source(self) -> str:
        """A name whose code is not taken."""
        name = " ".join(self.cleaned_data["new_source"].split())
        if name and not slugify(name):
            raise ValidationError(_("The name needs a letter or digit of the Latin alphabet."))
        taken = Source.objects.filter(code=slugify(name)[:60]).first() if name else None
        if taken:
            raise ValidationError(
                _("There is the source “%(source)s” already; choose it.") % {"source": taken}
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Either source."""
        data = self.cleaned_data
        existing, new = data.get("existing_source"), data.get("new_source")
        if "new_source" in data and bool(existing) == bool(new):
            self.add_error(
                "existing_source",
                _("Choose a source or name a new one, not both.")
                if existing
                else _("Choose a source, or name a new one."),
            )
        return data

    # --- What was said

    def source(self) -> Source:
        """The source chosen, or a new one."""
        if existing := self.cleaned_data["existing_source"]:
            return existing
        name = self.cleaned_data["new_source"]
        return Source.objects.get_or_create(code=slugify(name)[:60], defaults={"name": name})[0]

    def meant(self, kind: str) -> dict[str, Any]:
        """How amounts of the kind are meant: annual or cumulative, pledges whole or not."""
        if kind == Load.Kind.EXPENDITURES:
            return {"figures": self.cleaned_data["figures"] or "annual"}
        if kind == Load.Kind.CONTRIBUTIONS:
            return {"pledges": self.cleaned_data["pledges"] or "whole"}
        return {}


class LoadForm(SourceForm):
    """One file, with what its sender says of it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file states"),
        help_text=gettext_lazy("A new portal begins with the starter workbook, linked below."),
        choices=Load.Kind.choices,
    )
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)
    complete = forms.ChoiceField(
        label=gettext_lazy("What the file is complete for"),
        widget=forms.RadioSelect,
        choices=[
            (LINES, gettext_lazy("Only these lines: nothing else changes")),
            (
                COMPLETE,
                gettext_lazy("Complete for what is chosen below: what it lacks is withdrawn"),
            ),
        ],
        initial=LINES,
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False, **YEARS)
    first = forms.DateField(
        label=gettext_lazy("Or from"), required=False, widget=forms.DateInput({"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("Up to and including"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )
    funds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Funds"), queryset=Fund.objects.order_by("code"), required=False,
        to_field_name="code", help_text=gettext_lazy("None chosen means all."),
    )  # fmt: skip
    organizations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Organizations"),
        queryset=Organization.objects.order_by("sort_name", "pk"),
        required=False,
        to_field_name="code",
        help_text=gettext_lazy("None chosen means all."),
    )
    rows = forms.IntegerField(
        label=gettext_lazy("Number of rows, as the sender states it"), required=False, min_value=0
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Sum of amounts, as the sender states it"), required=False,
        max_digits=24, decimal_places=6,
    )  # fmt: skip

    field_order = (
        "kind",
        "existing_source",
        "new_source",
        "file",
        "reason",
        "complete",
        "year",
        "first",
        "last",
        "funds",
        "organizations",
        "figures",
        "pledges",
    )

    def __init__(self, data: Any = None, files: Any = None, *, user: User, is_sent: bool = False):
        super().__init__(data or ({} if is_sent else None), files, user=user)

    # --- What is wrong

    def clean_file(self) -> Any:
        """A file within the limit, of the kind that was chosen."""
        file = self.cleaned_data["file"]
        if file.size > settings.LOAD_MAX_MB * 1_000_000:
            raise ValidationError(
                _("The file is larger than %(limit)s MB; split it, or load it by `manage.py load`.")
                % {"limit": settings.LOAD_MAX_MB}
            )
        if not file.size:
            raise ValidationError(_("The file is empty."))
        head = file.read(_HEAD)
        file.seek(0)
        is_iati = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"iati-" in head
        if is_iati != (self.cleaned_data.get("kind") == Load.Kind.IATI):
            raise ValidationError(
                _("This is an IATI file: choose “IATI activities” as what it states.")
                if is_iati
                else _("This is no file of IATI activities.")
            )
        return file

    def clean(self) -> dict[str, Any]:
        """A scope that is one; a mapping that still can be read."""
        data = super().clean()
        self._clean_scope(data)
        if (existing := data.get("existing_source")) and data.get("kind"):
            try:
                remembered_mapping(source=existing, kind=data["kind"])
            except ValidationError as error:
                self.add_error("kind", error)
        return data

    def _clean_scope(self, data: dict[str, Any]) -> None:
        days = data.get("first") or data.get("last")
        if data.get("year") and days:
            self.add_error("year", _("State a year or days, not both."))
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("It lies before the first day."))
        bounds = ("year", "first", "last", "funds", "organizations")
        if data.get("complete") != COMPLETE and any(data.get(name) for name in bounds):
            self.add_error(
                "complete",
                _("A year, days, funds or organizations only matter to a file that is complete."),
            )

    # --- What was said

    def scope(self) -> Scope:
        """What the file is complete for."""
        data = self.cleaned_data
        if data["complete"] != COMPLETE or data["kind"] in ENTITIES:
            return Scope()
        bounds: dict[str, Any] = {
            "funds": tuple(fund.code for fund in data["funds"]),
            "organizations": tuple(item.code for item in data["organizations"]),
        }
        if data["year"]:
            return Scope.of_year(data["year"], **bounds)
        return Scope(complete=True, first=data["first"], last=data["last"], **bounds)

    def options(self) -> dict[str, Any]:
        """How the file is read: its mapping, annual or cumulative, pledges whole or not."""
        kind, source = self.cleaned_data["kind"], self.cleaned_data["existing_source"]
        options = self.meant(kind)
        if source and (mapping := source.mappings.filter(kind=kind).first()):
            options["mapping"] = mapping.spec
        return options

    def stated_totals(self) -> dict[str, str]:
        """The control totals that were stated."""
        stated: dict[str, Decimal | int | None] = {
            name: self.cleaned_data[name] for name in ("rows", "amount")
        }
        return {name: str(value) for name, value in stated.items() if value is not None}
