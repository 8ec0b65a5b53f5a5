"""One line corrected or withdrawn in a form: a load of that line, released like any other."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from finance.errors import LoadError
from finance.loading.corrections import correct_record, withdraw_record
from finance.models import Load, Record, VoucherLine
from finance.models.record_kinds import MONEY_MODELS, RECORD_MODELS, names_of
from portal.kit.named_choice import HeldChoiceFilter
from portal.kit.views import TableView
from portal.staff.access import ENTER, crumbs, load_url, staff_only
from portal.staff.loads.correction_form import CorrectionForm, ReasonForm
from portal.staff.loads.load_tables import RecordTable
from projects.filters import ProjectNumberFilter
from projects.models import Organization
from projects.signed_in import signed_in

MODELS = {name: RECORD_MODELS[name] for name in names_of(correctable=True)}
_KINDS = [(name, model._meta.verbose_name_plural) for name, model in MODELS.items()]


def _kinds_there_are() -> list[str]:
    """The kinds of which a record stands, and the one that the page begins with."""
    standing = [name for name, model in MODELS.items() if model.objects.known_at().exists()]
    return [VoucherLine._meta.model_name or "", *standing]


class RecordFilter(filters.FilterSet):
    """Records of one kind by project and by fund."""

    kind = HeldChoiceFilter(
        label=gettext_lazy("Kind"),
        held=lambda _rows: _kinds_there_are(),
        choices=_KINDS,
        method="all_of_it",
        empty_label=None,
    )
    project = ProjectNumberFilter(label=gettext_lazy("Project number"))
    voucher = filters.CharFilter(label=gettext_lazy("Voucher number"), method="by_voucher")
    payee = filters.CharFilter(label=gettext_lazy("Organization"), method="by_payee")
    amount = filters.NumberFilter(label=gettext_lazy("Amount"), field_name="amount")

    def all_of_it(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        """The kind is chosen by the page."""
        return rows

    def by_voucher(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Lines of the vouchers with this number, or that begin with it."""
        return rows.filter(voucher__number__istartswith=value.strip())

    def by_payee(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Records that name an organization called so."""
        text = value.strip()
        named = Organization.objects.filter(
            Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__iexact=text)
        )
        column = "contributor" if _has(rows.model, "contributor") else "organization"
        return rows.filter(**{f"{column}__in": named.values("pk")})


class Records(TableView):
    """Standing records of a kind, newest first."""

    title = gettext_lazy("Correct a line")
    intro = gettext_lazy(
        "Find the record by project, voucher number, organization or amount, and follow its date "
        "to the form. "
        "What was stated before stays on record."
    )
    table_class = RecordTable
    filterset_class = RecordFilter

    @property
    def model(self) -> type[Record]:
        """The kind asked for, or vouchers."""
        return MODELS.get(self.request.GET.get("kind", ""), VoucherLine)

    def get_queryset(self) -> QuerySet:
        rows = self.model._default_manager.filter(withdrawn_by__isnull=True)
        related = ["load"] + (["project"] if _has(self.model, "project") else [])
        return rows.select_related(*related).order_by("-date", "-pk")

    def get_filterset(self) -> Any:
        found = super().get_filterset()
        for name in ("project", "voucher"):
            if not _has(self.model, name):
                del found.filters[name]
        return found

    def get_table_options(self) -> dict[str, Any]:
        return {} if _has(self.model, "project") else {"exclude": ("project",)}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


def _has(model: type[Record], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


records = staff_only(ENTER)(Records.as_view())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def correct(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The form for one record; what it makes is a load that waits for its release."""
    if kind not in MODELS:
        raise Http404
    model = MODELS[kind]
    related = ["load", "source"] + (["project"] if _has(model, "project") else [])
    record = get_object_or_404(model._default_manager.select_related(*related), pk=pk)
    sent = request.POST if request.method == "POST" else None
    withdraws = sent is not None and "withdraw" in sent
    form = CorrectionForm(None if withdraws else sent, record=record)
    reason = ReasonForm(sent if withdraws else None, prefix="withdraw")
    asked = reason if withdraws else form
    if sent is not None and asked.is_valid():
        made = _made(asked, record, request)
        if made is not None:
            return redirect(load_url(made))
    title = _("Correct a line")
    context = {
        "title": title,
        "form": form,
        "reason_form": reason,
        "record": record,
        "adds_up": kind in MONEY_MODELS,
        "crumbs": crumbs((title, reverse("staff-records")), (_("One record"), "")),
    }
    return render(request, "staff/correction.html", context)


def _made(form: Any, record: Any, request: HttpRequest) -> Load | None:
    by, reason = signed_in(request), form.cleaned_data["reason"]
    try:
        if isinstance(form, CorrectionForm):
            return correct_record(record=record, changes=form.changes(), by=by, reason=reason)
        return withdraw_record(record=record, by=by, reason=reason)
    except LoadError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None
