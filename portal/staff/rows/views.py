"""One decision or sub-grant entered by form: a load of one row, released like any other."""

import logging
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from documents.cleanup import dropped_on_error
from documents.files.refused import Refused
from documents.models import Upload
from documents.refusals import disk_full_text, refusal_text
from finance.errors import LoadError
from finance.formats.kinds import KINDS
from finance.loading.references import References
from finance.loading.services import check_load, receive_load
from finance.models import Decision, Load, Source, SubGrant
from portal.kit.formatting import day
from portal.staff.access import ENTER, crumbs, load_url, staff_only
from portal.staff.rows.decision_form import MINUTES_FILE, DecisionForm, completing_url
from portal.staff.rows.row_form import SOURCE, RowForm, minutes
from projects.models import User
from projects.signed_in import signed_in

log = logging.getLogger(__name__)
_SUGGESTED = 8
_TITLES = {
    Load.Kind.DECISIONS.value: gettext_lazy("Enter a decision"),
    Load.Kind.SUB_GRANTS.value: gettext_lazy("Enter a sub-grant"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def enter_row(request: HttpRequest, kind: str) -> HttpResponse:
    """The form; what it makes is a load that waits for its release."""
    if kind not in _TITLES:
        raise Http404
    columns = {column.name for column in KINDS[kind].columns}
    initial = {name: str(value) for name, value in request.GET.items() if name in columns}
    form = _form(request, kind, initial)
    if request.method == "POST" and form.is_valid() and (led_to := _entered(request, form)):
        return redirect(led_to)
    title = _TITLES[kind]
    context = {
        "title": title,
        "form": form,
        "button": _("Enter and check"),
        "crumbs": crumbs((title, "")),
    }
    return render(request, "staff/form.html", context)


def _form(request: HttpRequest, kind: str, initial: dict[str, str]) -> RowForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    if kind == Load.Kind.DECISIONS:
        by = signed_in(request)
        return DecisionForm(*sent, kind=KINDS[kind], initial=initial, user=by)
    return RowForm(*sent, kind=KINDS[kind], initial=initial)


def _entered(request: HttpRequest, form: RowForm) -> str:
    """Where one goes on once all of it is in; the form says why nothing of it is."""
    upload: Upload | None = None
    try:
        if isinstance(form, DecisionForm):
            upload = form.receive_minutes()
        with dropped_on_error(upload):
            load = enter(form, form.kind.code, signed_in(request))
    except Refused as error:
        again = _("The decision was not entered. Choose another file, or none, and send it again.")
        form.add_error(MINUTES_FILE, [refusal_text(error.code, error.detail), again])
    except (LoadError, OSError) as error:
        if isinstance(error, OSError):
            log.exception("What was entered could not be kept")
        form.add_error(None, disk_full_text() if isinstance(error, OSError) else str(error))
    else:
        return _said_and_led(request, load, upload)
    return ""


def _said_and_led(request: HttpRequest, load: Load, upload: Upload | None) -> str:
    if upload is None:
        messages.success(request, _("Entered. It counts once it has been released."))
        return load_url(load)
    messages.success(
        request,
        _("The decision is entered; it counts once it has been released. Its minutes are kept, but "
          "not public yet: look at them here and complete them."),
    )  # fmt: skip
    return completing_url(upload)


@require_safe
@staff_only(ENTER)
def minutes_suggestions(request: HttpRequest) -> JsonResponse:
    """A few minutes whose titles have the words that were written so far."""
    words = request.GET.get("q", "").split()
    named = Q(*(("title__icontains", word) for word in words))
    found = minutes().filter(named).select_related("project", "fund")[:_SUGGESTED] if words else ()
    hits = [
        {
            "name": paper.title,
            "kind": paper.owner_code,
            "facts": day(paper.document_date) if paper.document_date else "",
            "value": str(paper.pk),
        }
        for paper in found
    ]
    return JsonResponse({"hits": hits})


def enter(form: RowForm, kind: str, by: User) -> Load:
    """A checked load of the row, under the source that states such records already."""
    data = form.cleaned_data
    load = receive_load(
        source=_source(kind, data),
        kind=kind,
        content=ContentFile(form.content()),
        name=f"{kind}-{timezone.localdate().isoformat()}.csv",
        by=by,
        reason=data["reason"] or str(KINDS[kind].label),
    )
    return check_load(load)


def _source(kind: str, data: dict[str, Any]) -> Source:
    """A project, or a fund's own, takes each kind of record from one source at a time."""
    references = References()
    model: Any = Decision if kind == Load.Kind.DECISIONS else SubGrant
    standing = model.objects.known_at()
    if data.get("project"):
        found = standing.filter(project=references.project(data["project"])[0])
    else:
        found = standing.filter(project=None, fund=references.fund(data["fund"]))
    if pk := found.order_by("-pk").values_list("source", flat=True).first():
        return Source.objects.get(pk=pk)
    return Source.objects.get_or_create(code=SOURCE, defaults={"name": _("Fund office")})[0]
