"""One line corrected in a form: a load of that line, to be released like any other."""

from decimal import Decimal
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from finance.errors import LoadError
from finance.loading.corrections import correct_record
from finance.models import Load, MoneyRecord, VoucherLine
from finance.models.record_kinds import MONEY_MODELS, names_of
from portal.kit.views import TableView
from portal.staff.access import ENTER, crumbs, load_url, staff_only
from portal.staff.loads.load_tables import RecordTable
from projects.filters import ProjectNumberFilter
from projects.models import Project
from projects.signed_in import signed_in

MODELS = {name: MONEY_MODELS[name] for name in names_of(correctable=True)}
_KINDS = [(name, model._meta.verbose_name_plural) for name, model in MODELS.items()]


class RecordFilter(filters.FilterSet):
    """Records of one kind by project and by fund."""

    kind = filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=_KINDS, method="all_of_it", empty_label=None
    )
    project = ProjectNumberFilter(label=gettext_lazy("Project number"))

    def all_of_it(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        """The kind is chosen by the page."""
        return rows


class Records(TableView):
    """Standing records of a kind, newest first."""

    title = gettext_lazy("Correct a line")
    intro = gettext_lazy(
        "Find the record by its project, and follow its date to the form. "
        "What was stated before stays on record."
    )
    table_class = RecordTable
    filterset_class = RecordFilter

    @property
    def model(self) -> type[MoneyRecord]:
        """The kind asked for, or vouchers."""
        return MODELS.get(self.request.GET.get("kind", ""), VoucherLine)

    def get_queryset(self) -> QuerySet:
        rows = self.model._default_manager.filter(withdrawn_by__isnull=True)
        related = ["load"] + (["project"] if _has_project(self.model) else [])
        return rows.select_related(*related).order_by("-date", "-pk")

    def get_filterset(self) -> Any:
        found = super().get_filterset()
        if not _has_project(self.model):
            del found.filters["project"]
        return found

    def get_table_options(self) -> dict[str, Any]:
        return {} if _has_project(self.model) else {"exclude": ("project",)}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


def _has_project(model: type[MoneyRecord]) -> bool:
    return any(field.name == "project" for field in model._meta.get_fields())


class CorrectionForm(forms.Form):
    """What may be corrected of a record, and why."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), max_digits=24, decimal_places=6,
        help_text=gettext_lazy("In the currency of the record."),
    )  # fmt: skip
    date = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    project = forms.CharField(label=gettext_lazy("Project number"), max_length=100)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea, max_length=4000,
        help_text=gettext_lazy("Shown to the public."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Shown to the public with the load."),
    )

    def __init__(self, data: Any = None, *, record: Any):
        self.record = record
        self.had_project = getattr(record, "project", None) is not None
        initial = {
            "amount": _plain(record.amount),
            "date": record.date,
            "description": record.description,
            "project": record.project.number if self.had_project else "",
        }
        super().__init__(data, initial=initial)
        if not self.had_project:
            del self.fields["project"]

    def clean_project(self) -> Project:
        """A project that there is."""
        found = Project.objects.numbered(self.cleaned_data["project"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("There is no project with this number."))
        return found

    def changes(self) -> dict[str, Any]:
        """The fields that differ from the record."""
        data = self.cleaned_data
        values = {name: data[name] for name in ("amount", "date", "description")}
        if self.had_project:
            values["project_id"] = data["project"].pk
        return {k: v for k, v in values.items() if v != getattr(self.record, k)}


def _plain(amount: Decimal) -> Decimal:
    """Without zeros at the end, which the database adds."""
    return amount.normalize() if amount % 1 else amount.to_integral()


records = staff_only(ENTER)(Records.as_view())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def correct(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form for one record; what it makes is a load that waits for its release."""
    if kind not in MODELS:
        raise Http404
    model = MODELS[kind]
    related = ["load", "source"] + (["project"] if _has_project(model) else [])
    record = get_object_or_404(model._default_manager.select_related(*related), pk=pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST" and form.is_valid():
        made = _made(form, request)
        if made is not None:
            return redirect(load_url(made))
    title = _("Correct a line")
    context = {
        "title": title,
        "form": form,
        "record": record,
        "crumbs": crumbs((title, reverse("staff-records")), (_("One record"), "")),
    }
    return render(request, "staff/correction.html", context)


def _made(form: CorrectionForm, request: HttpRequest) -> Load | None:
    try:
        return correct_record(
            record=form.record,
            changes=form.changes(),
            by=signed_in(request),
            reason=form.cleaned_data["reason"],
        )
    except LoadError as error:
        form.add_error(None, str(error))
    return None
