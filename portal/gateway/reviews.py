"""What waits for a look by the fund office before the public sees it."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents import review, services
from documents.models import Document, Upload
from documents.refusals import warning_texts
from portal.gateway.forms import DecisionForm
from portal.gateway.uploads import send_upload
from portal.kit.language.language_names import language_names
from portal.kit.web.messages import keep_words
from portal.models import InboxTold
from portal.staff.access import crumbs, staff_only
from projects.signed_in import signed_in

REVIEW = "documents.review_upload"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(REVIEW)
def reviews(request: HttpRequest) -> HttpResponse:
    """All of them, oldest first; each is approved, or sent back with a note."""
    form = DecisionForm(request.POST) if request.method == "POST" else None
    if form and _decide(request, form):
        return redirect("staff-reviews")
    waiting = Upload.objects.filter(state=Upload.State.REVIEW)
    rows = list(
        waiting.select_related("by", "project", "fund", "document", "type").order_by("begun_at")[
            :100
        ]
    )
    for row in rows:
        found = {k: v for k, v in row.warnings.items() if k != "same"}
        row.warned = warning_texts(found)  # type: ignore[attr-defined]
        row.words = _words(row)  # type: ignore[attr-defined]
        if form and form["upload"].value() == str(row.pk):
            row.typed = form["note"].value() or ""  # type: ignore[attr-defined]
    context = {"title": _("Documents to review"), "uploads": rows,
               "crumbs": crumbs((_("Documents to review"), ""))}  # fmt: skip
    return render(request, "gateway/reviews.html", context)


def _words(upload: Upload) -> list[tuple[Any, str, str]]:
    """What would be said of a document otherwise: field, what stands, what is wanted."""
    if upload.has_file or upload.document is None:
        return []
    wanted = {name: getattr(upload, name) for name in upload.wanted}
    changed = services.changed_words(upload.document, wanted)
    labels = {field.name: field.verbose_name for field in Document._meta.fields}
    return [(labels[n], _said(upload.document, n), _said(upload, n)) for n in changed]


def _said(of: Document | Upload, name: str) -> str:
    if name == "period":
        return str(of.get_period_display())
    value = getattr(of, name)
    if isinstance(value, list):
        names = language_names()
        return ", ".join(names.get(code, code) for code in value) or "–"
    return str(value or "–")


def _decide(request: HttpRequest, form: DecisionForm) -> bool:
    """Whether it was decided; where not, a message says why, and the note stays in its field."""
    form.is_valid()
    data = form.cleaned_data
    upload = get_object_or_404(Upload, pk=data.get("upload"))
    by = signed_in(request)
    try:
        if form.errors:
            raise ValidationError(list(chain.from_iterable(form.errors.values())))
        if data["decision"] == "approve":
            done = review.approve(upload=upload, by=by, note=data["note"])
            public, held = _("Approved; it is public now."), _("Approved; it is held back.")
            messages.success(request, public if done.state == Document.State.PUBLIC else held)
        else:
            review.send_back(upload=upload, note=data["note"])
            # Sent back a second time, it is told of a second time.
            InboxTold.objects.filter(kind="sent-back", thing=str(upload.pk)).delete()
            messages.success(request, _("Sent back; the uploader reads why in My Gateway."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        if not _waits(upload):
            keep_words(request, data.get("note", ""))
        return False
    return True


def _waits(upload: Upload) -> bool:
    return Upload.objects.filter(pk=upload.pk, state=Upload.State.REVIEW).exists()


@require_safe
@staff_only(REVIEW)
def review_file(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The file to look at."""
    return send_upload(request, get_object_or_404(Upload, pk=pk, state=Upload.State.REVIEW))
