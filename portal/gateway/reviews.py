"""What waits for a look by the fund office before the public sees it."""

from itertools import chain

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents import services
from documents.models import Upload
from documents.refusals import warning_texts
from portal.gateway.forms import DecisionForm
from portal.gateway.uploads import send_upload
from portal.staff.access import crumbs, staff_only
from projects.signed_in import signed_in

REVIEW = "documents.review_upload"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(REVIEW)
def reviews(request: HttpRequest) -> HttpResponse:
    """All of them, oldest first; each is approved, or sent back with a note."""
    if request.method == "POST":
        return _decide(request)
    waiting = Upload.objects.filter(state=Upload.State.REVIEW)
    rows = list(
        waiting.select_related("by", "project", "fund", "document", "type").order_by("begun_at")[
            :100
        ]
    )
    for row in rows:
        found = {k: v for k, v in row.warnings.items() if k != "same"}
        row.warned = warning_texts(found)  # type: ignore[attr-defined]
    context = {"title": _("Documents to review"), "uploads": rows,
               "crumbs": crumbs((_("Documents to review"), ""))}  # fmt: skip
    return render(request, "gateway/reviews.html", context)


def _decide(request: HttpRequest) -> HttpResponse:
    form = DecisionForm(request.POST)
    form.is_valid()
    data = form.cleaned_data
    upload = get_object_or_404(Upload, pk=data.get("upload"))
    try:
        if form.errors:
            raise ValidationError(list(chain.from_iterable(form.errors.values())))
        if data["decision"] == "approve":
            services.approve(upload=upload, by=signed_in(request))
            messages.success(request, _("It is public now."))
        else:
            services.send_back(upload=upload, note=data["note"])
            messages.success(request, _("Sent back; the uploader reads why."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("staff-reviews")


@require_safe
@staff_only(REVIEW)
def review_file(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The file to look at."""
    return send_upload(request, get_object_or_404(Upload, pk=pk, state=Upload.State.REVIEW))
