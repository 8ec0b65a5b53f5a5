"""Staff withhold things and lift them again; every step has a reason and stays on record."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.tables.base import Table
from portal.kit.tables.columns import DateColumn, TextColumn
from portal.kit.web.messages import keep_words
from portal.models import AskedErasure
from portal.staff.access import crumbs, staff_only
from portal.withholding.choosing import Companion, candidates, companions, vanishing
from portal.withholding.kinds import Kind, label_of, model_of
from portal.withholding.services import lift, withhold
from projects.models import User, Withholding
from projects.signed_in import signed_in

WITHHOLD = "projects.withhold"


class WithholdingTable(Table):
    """All withholdings, ended ones too, with their reasons."""

    title = gettext_lazy("Withholdings")
    caption_hidden = True
    empty_text = gettext_lazy("Nothing was ever withheld.")
    at = DateColumn(
        verbose_name=gettext_lazy("Withheld"), definition=gettext_lazy("Day of the decision.")
    )
    kind = TextColumn(
        get=label_of,
        verbose_name=gettext_lazy("What"),
        definition=gettext_lazy("Kind of thing, and number of the withholding."),
        link=lambda row: reverse("staff-withholding-page", args=[row.pk]),
        css="name",
    )
    state = TextColumn(
        get=lambda row: state_of(row),
        verbose_name=gettext_lazy("State"),
        definition=gettext_lazy("Withheld, lifted, or erased for good."),
    )
    reason = TextColumn(
        verbose_name=gettext_lazy("Reason"), definition=gettext_lazy("For staff only.")
    )
    by = TextColumn(verbose_name=gettext_lazy("By"), definition=gettext_lazy("Who decided."))


class FindForm(forms.Form):
    """What is to be withheld."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=Kind)
    which = forms.CharField(
        label=gettext_lazy("Which"),
        max_length=200,
        help_text=gettext_lazy("A project number, fund code, e-mail address, id, or words of it."),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy(
            "Only staff read it. Say what it is, too: its name will not stand here any more."
        ),
    )


class EraseForm(forms.Form):
    """The legal ground, and that it is meant."""

    ground = forms.CharField(
        label=gettext_lazy("Legal ground"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("Only staff read it."),
    )
    meant = forms.BooleanField(
        label=gettext_lazy("I know that nobody can bring it back"),
    )


class WithholdForm(ReasonForm):
    """Why, and what goes with it."""

    also = forms.MultipleChoiceField(
        label=gettext_lazy("Withhold with it"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "Vouchers and source files of this project alone: their numbers and names may tell "
            "what it is."
        ),
    )

    def __init__(self, *args: Any, offered: list[Companion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = {companion.key: companion for companion in offered}
        field: Any = self.fields["also"]
        field.choices = [(key, one.label) for key, one in self.offered.items()]
        if not offered:
            del self.fields["also"]

    def chosen(self) -> list[Companion]:
        """What was ticked."""
        return [self.offered[key] for key in self.cleaned_data.get("also", [])]


def state_of(withholding: Withholding) -> str:
    """In a word."""
    outcome = getattr(withholding, "outcome", None)
    if outcome is None:
        return _("withheld")
    return _("erased for good") if outcome.erased else _("lifted")


def _crumbs(label: str) -> list[dict[str, Any]]:
    return crumbs((_("Withholding"), reverse("staff-withholding")), (label, ""))


@require_safe
@staff_only(WITHHOLD)
def withholdings(request: HttpRequest) -> HttpResponse:
    """What is and was withheld, and the form to find what shall be."""
    form = FindForm(request.GET if "kind" in request.GET else None)
    found = None
    if form.is_valid():
        data = form.cleaned_data
        url = reverse("staff-withhold")
        found = [
            {
                "label": str(row) or _("without a name"),
                "url": f"{url}?kind={data['kind']}&id={row.pk}",
            }
            for row in candidates(data["kind"], data["which"])
        ]
    rows = Withholding.objects.select_related("by", "outcome")
    context = {
        "title": _("Withholding"),
        "crumbs": crumbs((_("Withholding"), "")),
        "form": form,
        "found": found,
        "table": WithholdingTable(list(rows)),
    }
    return render(request, "staff/withholdings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(WITHHOLD)
def withhold_page(request: HttpRequest) -> HttpResponse:
    """What would vanish; after the reason is given, it does."""
    asked = request.POST if request.method == "POST" else request.GET
    kind, pk = asked.get("kind", ""), asked.get("id", "")
    if kind not in Kind or not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    target = get_object_or_404(model_of(kind)._default_manager, pk=int(pk))
    form = WithholdForm(
        request.POST if request.method == "POST" else None, offered=companions(kind, target.pk)
    )
    if form.is_valid():
        try:
            made = _withhold_all(kind, target.pk, form, signed_in(request))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("It is withheld, on all pages and for all dates."))
            return redirect("staff-withholding-page", made.pk)
    context = {
        "title": _("Withhold: %(what)s") % {"what": Kind(kind).label},
        "crumbs": _crumbs(_("Withhold")),
        "target": target,
        "kind": kind,
        "form": form,
        "vanishing": vanishing(kind, target.pk),
    }
    return render(request, "staff/withhold.html", context)


@transaction.atomic
def _withhold_all(kind: str, pk: int, form: WithholdForm, by: User) -> Withholding:
    """It, and what was chosen with it, for the same reason."""
    reason = form.cleaned_data["reason"]
    made = withhold(kind=kind, target_id=pk, reason=reason, by=by)
    for other in form.chosen():
        standing = Withholding.objects.standing()
        if not standing.filter(kind=other.kind, target_id=other.pk).exists():
            withhold(kind=other.kind, target_id=other.pk, reason=reason, by=by)
    return made


@require_safe
@staff_only(WITHHOLD)
def withholding_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One withholding with its log."""
    return _page(request, pk, ReasonForm())


@require_POST
@staff_only(WITHHOLD)
def lift_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it again."""
    withholding = get_object_or_404(Withholding, pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            lift(withholding=withholding, reason=form.cleaned_data["reason"], by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The withholding is lifted."))
            return redirect("staff-withholding-page", pk)
    return _page(request, pk, form)


@require_POST
@staff_only(WITHHOLD)
def erase_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator asks for it to be erased for good, or thinks better of it."""
    if not signed_in(request).is_superuser:
        raise PermissionDenied
    withholding = get_object_or_404(Withholding, pk=pk)
    ground = request.POST.get("ground", "").strip()
    if hasattr(withholding, "outcome"):
        messages.error(request, _("This withholding has ended already."))
        keep_words(request, ground)
        return redirect("staff-withholding-page", pk)
    if "keep" in request.POST:
        AskedErasure.objects.filter(withholding=withholding).delete()
        messages.success(request, _("It is not erased; it stays withheld."))
        return redirect("staff-withholding-page", pk)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, ReasonForm(), form)
    asked = {"reason": form.cleaned_data["ground"], "by": signed_in(request)}
    _asked, is_new = AskedErasure.objects.get_or_create(withholding=withholding, defaults=asked)
    if is_new:
        messages.success(request, _("It will be erased for good in the coming night."))
    else:
        messages.warning(request, _("It was asked for already."))
        keep_words(request, ground)
    return redirect("staff-withholding-page", pk)


def _page(
    request: HttpRequest, pk: int, form: ReasonForm, erase_form: EraseForm | None = None
) -> HttpResponse:
    rows = Withholding.objects.select_related("by", "outcome__by", "asked_erasure__by")
    withholding = get_object_or_404(rows, pk=pk)
    context = {
        "title": label_of(withholding),
        "crumbs": _crumbs(label_of(withholding)),
        "withholding": withholding,
        "state": state_of(withholding),
        "outcome": getattr(withholding, "outcome", None),
        "form": form,
        "asked": getattr(withholding, "asked_erasure", None),
        "erase_form": (erase_form or EraseForm()) if signed_in(request).is_superuser else None,
    }
    return render(request, "staff/withholding.html", context)
