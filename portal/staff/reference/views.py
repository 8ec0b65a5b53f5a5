"""Lists and forms of what is kept by form, and the changes that wait for a second person."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_filters import CharFilter, FilterSet

from portal.kit.tables.base import Table
from portal.kit.tables.columns import TextColumn
from portal.kit.text import fold
from portal.kit.views import TableView
from portal.models import ReferenceChange
from portal.staff.access import crumbs, staff_only
from portal.staff.history import changes
from portal.staff.reference import services
from portal.staff.reference.forms import ThingForm
from portal.staff.reference.kinds import KINDS, NAMED_BY, Kind
from projects.signed_in import signed_in

SUGGESTED = 8
TITLE = gettext_lazy("Funds, projects, organizations")


def _kind(request: HttpRequest, code: str) -> Kind:
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    if not kind.may(signed_in(request)):
        raise PermissionDenied
    return kind


def found_by(kind: Kind, rows: QuerySet, text: str) -> QuerySet:
    """Those with these words in their code or name."""
    wanted = Q()
    for lookup in kind.search:
        wanted |= Q(**{lookup: fold(text) if lookup.endswith("__contains") else text})
    return rows.filter(wanted).distinct()


# --- Lists


@require_safe
@staff_only()
def overview(request: HttpRequest) -> HttpResponse:
    """The kinds, and what waits to be confirmed."""
    user = signed_in(request)
    kinds = [kind for kind in KINDS.values() if kind.may(user)]
    waiting = ReferenceChange.objects.waiting().filter(kind__in=[kind.code for kind in kinds])
    context = {
        "title": TITLE,
        "crumbs": crumbs((TITLE, "")),
        "kinds": [(kind, kind.url(), kind.model._default_manager.count()) for kind in kinds],
        "waiting": [_told(change, user) for change in waiting.select_related("made_by")[:50]],
    }
    return render(request, "staff/reference.html", context)


class _Named(FilterSet):
    """By a word of what names one."""

    q = CharFilter(label=gettext_lazy("Code or name"), method="filter_q")

    def filter_q(self, rows: QuerySet, _name: str, text: str) -> QuerySet:
        """By code, name or another name."""
        kind = next(kind for kind in KINDS.values() if kind.model is rows.model)
        return found_by(kind, rows, text)


class ThingTable(Table):
    """Things of one kind, each with the way to its form."""

    caption_hidden = True
    empty_text = gettext_lazy("There is none yet.")
    code = TextColumn(
        get=lambda thing: _named_by(thing) or "–",
        verbose_name=gettext_lazy("Code or number"),
        definition=gettext_lazy("As files name it; of a text its page, of a word its language."),
    )
    name = TextColumn(
        get=lambda thing: getattr(thing, "title", "") or getattr(thing, "name", ""),
        verbose_name=gettext_lazy("Name"),
        definition=gettext_lazy("Leads to its form."),
        link=lambda thing: _of(thing).url(thing.pk),
        css="name",
    )


def _named_by(thing: Any) -> str:
    """What names it, in words where it is one of a few."""
    name = _of(thing).named_by
    in_words = getattr(thing, f"get_{name}_display", None)
    return str(in_words() if in_words else getattr(thing, name))


def _of(thing: Any) -> Kind:
    return next(kind for kind in KINDS.values() if isinstance(thing, kind.model))


class Things(TableView):
    """All things of a kind."""

    table_class = ThingTable
    filterset_class = _Named
    template_name = "staff/reference_list.html"
    takes_dates = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Only for who may keep this kind."""
        super().setup(request, *args, **kwargs)
        self.kind = _kind(request, kwargs["code"])

    def get_title(self) -> Any:
        return self.kind.title

    def get_queryset(self) -> QuerySet:
        rows = self.kind.model._default_manager.order_by(*self.kind.order)
        return rows.filter(withheld_on=None) if self.kind.code == "projects" else rows

    def get_common_context(self) -> dict[str, Any]:
        return {**super().get_common_context(), "kind": self.kind}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((TITLE, reverse("staff-reference-all")), (self.kind.title, ""))


things = staff_only()(Things.as_view())


@require_safe
@staff_only()
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """A few things of a kind, for what was written of one so far."""
    if code not in KINDS:
        raise Http404
    kind, text = KINDS[code], request.GET.get("q", "").strip()
    rows = kind.model._default_manager.order_by(*kind.order)
    found = found_by(kind, rows, text)[:SUGGESTED] if text else rows.none()
    hits = [
        {
            "name": str(thing),
            "kind": str(kind.title),
            "facts": str(getattr(thing, kind.named_by)),
            "value": str(getattr(thing, NAMED_BY[kind.model])),
        }
        for thing in found
    ]
    return JsonResponse({"hits": hits})


# --- One of them


@require_safe
@staff_only()
def named(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """The form of what has this code or number."""
    kind = _kind(request, code)
    found = kind.model._default_manager.filter(**{f"{kind.named_by}__iexact": name}).first()
    if found is None:
        raise Http404
    return redirect(kind.url(found.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def thing(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """The form of one thing, or of a new one."""
    kind = _kind(request, code)
    found: Any = None if pk is None else get_object_or_404(kind.model, pk=pk)
    if found is not None and kind.is_withheld(found):
        messages.error(
            request,
            _("Something of it is withheld. Lift that first: what stands is not all of it."),
        )
        return redirect(kind.url())
    sent = request.POST if request.method == "POST" else None
    form = ThingForm(kind, found, sent, by=signed_in(request))
    if request.method == "POST" and form.is_valid():
        if not form.has_changed():
            messages.info(request, _("Nothing was changed."))
            return redirect(kind.url(pk))
        change = services.make(form, data=request.POST, by=signed_in(request))
        return _made(request, kind, change)
    title = str(kind.add if found is None else found)
    context = {
        "title": title,
        "crumbs": crumbs(
            (TITLE, reverse("staff-reference-all")), (kind.title, kind.url()), (title, "")
        ),
        "kind": kind,
        "thing": found,
        "whole": form,
        "form": form.main,
        "url": found.get_absolute_url() if hasattr(found, "get_absolute_url") else "",
        **_past(kind, found, request),
    }
    return render(request, "staff/reference_thing.html", context)


def _past(kind: Kind, found: Any, request: HttpRequest) -> dict[str, Any]:
    if found is None:
        return {}
    waiting = ReferenceChange.objects.waiting().filter(kind=kind.code, object_id=found.pk)
    user = signed_in(request)
    return {
        "waiting": [_told(change, user) for change in waiting.select_related("made_by")],
        "made": services.changes_of(kind, found.pk),
        "changes": _history(kind, found),
    }


def _history(kind: Kind, found: Any) -> list[dict[str, Any]]:
    told = [lines.model for lines in kind.lines if lines.in_history]
    return changes(found, lines=told) if hasattr(found, "events") else []


def _made(request: HttpRequest, kind: Kind, change: ReferenceChange) -> HttpResponse:
    if change.took_effect:
        messages.success(request, _("Saved."))
        return redirect(kind.url(change.object_id))
    messages.success(request, _("Sent. It takes effect once a second person has confirmed it."))
    return redirect("staff-reference-all")


# --- Changes that wait


def _told(change: ReferenceChange, user: Any) -> dict[str, Any]:
    """A change that waits, with what it would do."""
    form = services.form_of(change)
    kind = KINDS[change.kind]
    return {
        "change": change,
        "what": str(kind.add) if change.object_id is None else str(form and form.main.instance),
        "url": "" if change.object_id is None else kind.url(change.object_id),
        "differences": form.differences() if form else [],
        "may_confirm": services.may_confirm(change, form, user),
    }


@require_POST
@staff_only()
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a change, or put it aside."""
    change = get_object_or_404(ReferenceChange, pk=pk)
    _kind(request, change.kind)
    user = signed_in(request)
    try:
        if "confirm" in request.POST:
            services.confirm(change, by=user)
            messages.success(request, _("Confirmed; it has taken effect."))
        else:
            services.refuse(change, by=user)
            messages.success(request, _("Put aside; nothing was changed."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("staff-reference-all")
