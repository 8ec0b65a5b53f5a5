"""The pages of a project, a fund and a document, for those who keep them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import review, services
from documents.access import documents_kept_by, looks_first
from documents.models import Document, Upload
from documents.views import send_version
from portal.gateway.access import crumbs, keepers_only
from portal.gateway.forms import DocumentForm, ReasonForm, UploadForm, VersionForm, said_of
from portal.gateway.uploads import arriving, kept_or_404, receive_files, said_after
from portal.kit.web.messages import keep_words
from portal.reporting.due_reports import shown
from portal.reporting.still_to_send import open_reports
from projects.signed_in import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def project(request: HttpRequest, number: str) -> HttpResponse:
    """All documents of a project, and the form for more."""
    found: Any = kept_or_404(signed_in(request), "project", number)
    return _keep(request, found, "project", found.number, found.title)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def fund(request: HttpRequest, code: str) -> HttpResponse:
    """All documents of a fund itself, and the form for more."""
    found: Any = kept_or_404(signed_in(request), "fund", code)
    return _keep(request, found, "fund", found.code, found.name)


def _keep(request: HttpRequest, of: Any, kind: str, key: str, title: str) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            return receive_files(request, of, form.cleaned_data["file"])
    context = {
        "title": title,
        "lead": key,
        "of": of,
        "kind": kind,
        "key": key,
        "form": form,
        "documents": documents(of),
        "arriving": arriving(signed_in(request), document=None, **{kind: of}),
        "due": shown(open_reports(signed_in(request), [of.pk])) if kind == "project" else [],
        "crumbs": crumbs((key, "")),
    }
    return render(request, "gateway/of.html", context)


def documents(of: Any) -> QuerySet:
    """All of them, whatever their state, newest first."""
    return (
        Document.objects.filter(**{of._meta.model_name: of})
        .for_listing()
        .annotate(version_count=Count("versions"))
        .order_by("-added_at", "-pk")[:300]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: its words, its versions, its history."""
    found = get_object_or_404(_kept(request), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = DocumentForm(sent, initial=said_of(found), of=found)
    if request.method == "POST" and form.is_valid():
        try:
            waits = review.correct(document=found, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, said_after(waits) if waits else _("Saved."))
            return redirect("gateway-document", pk)
    return _page(request, found, form=form)


def _kept(request: HttpRequest) -> QuerySet[Document]:
    return documents_kept_by(signed_in(request)).select_related("project", "fund", "type")


def _page(request: HttpRequest, found: Document, **forms: Any) -> HttpResponse:
    owner: Any = found.project or found.fund
    kind = "project" if found.project else "fund"
    key = owner.number if kind == "project" else owner.code
    context = {
        "title": found.title,
        "lead": f"{found.type} · {found.get_state_display()}",
        "document": found,
        "versions": found.versions.select_related("uploaded_by"),
        "events": found.events.select_related("by"),
        "downloads": found.downloads.count(),
        "kind": "document",
        "key": found.pk,
        "form": DocumentForm(initial=said_of(found), of=found),
        "version_form": VersionForm(),
        "reason_form": ReasonForm(),
        "may_restore": request.user.is_staff,
        "looked_at_first": looks_first(found, signed_in(request)),
        "arriving": arriving(signed_in(request), document=found),
        "waiting": Upload.objects.filter(document=found, state=Upload.State.REVIEW).exists(),
        "crumbs": crumbs((key, reverse(f"gateway-{kind}", args=[key])), (found.title, "")),
        **forms,
    }
    return render(request, "gateway/document.html", context)


@require_POST
@keepers_only
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """The plain form for a new version."""
    found = get_object_or_404(_kept(request), pk=pk)
    form = VersionForm(request.POST, request.FILES)
    if form.is_valid():
        return receive_files(request, found, form.cleaned_data["file"])
    return _page(request, found, version_form=form)


def _done(request: HttpRequest, pk: int, act: Callable[[Document], Any], said: str) -> Any:
    found = get_object_or_404(_kept(request), pk=pk)
    try:
        waits = act(found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said_after(waits) if isinstance(waits, Upload) else said)
    return redirect("gateway-document", pk)


def _with_reason(
    request: HttpRequest, found: Document, act: Callable[..., None], said: str
) -> HttpResponse:
    """What needs a reason; where it cannot be done any more, the reason is shown."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reason_form=form)
    reason = form.cleaned_data["reason"]
    try:
        act(document=found, by=signed_in(request), reason=reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        keep_words(request, reason)
    else:
        messages.success(request, said)
    return redirect("gateway-document", found.pk)


@require_POST
@keepers_only
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the public read it."""
    return _done(request, pk, lambda d: review.publish(document=d, by=signed_in(request)),
                 _("It is public now."))  # fmt: skip


@require_POST
@keepers_only
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold it back."""
    return _done(request, pk, lambda d: services.hold(document=d, by=signed_in(request)),
                 _("It is held back."))  # fmt: skip


@require_POST
@keepers_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it down at once, all versions."""
    found = get_object_or_404(_kept(request), pk=pk)
    said = _("It is taken down; its addresses say so.")
    return _with_reason(request, found, services.withdraw_document, said)


@require_POST
@keepers_only
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff put it back; it is held until somebody publishes it."""
    found = get_object_or_404(_kept(request), pk=pk)
    if not request.user.is_staff:
        messages.error(request, _("Only staff can put a document back."))
        return redirect("gateway-document", pk)
    said = _("It is back, and held until it is published.")
    return _with_reason(request, found, services.restore_document, said)


@require_safe
@keepers_only
def version_file(request: HttpRequest, pk: int, version: int) -> HttpResponseBase:
    """A version, public or not, for those who keep the document."""
    found = get_object_or_404(_kept(request), pk=pk)
    return send_version(request, get_object_or_404(found.versions, number=version))
