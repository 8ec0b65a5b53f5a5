"""Uploading: by a plain form, or by script in parts; then completing what came in."""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import cleanup, intake, services
from documents.access import documents_kept_by, funds_kept_by, projects_kept_by, uploads_of
from documents.files.refused import Refused
from documents.models import Document, Upload
from documents.models.uploads import PART_SIZE
from documents.refusals import disk_full_text, refusal_text, rewritten_text, warning_texts
from documents.serving import send_file
from documents.tasks import have_scanned, receive_file
from portal.gateway.access import crumbs, keepers_only
from portal.gateway.forms import AnnouncementForm, SubmitForm, said_of
from portal.gateway.receipts import mail_receipt
from portal.health.worker_seen import said_of_worker
from portal.kit.web.raw_input import json_object
from projects.models import Fund, Project, User
from projects.signed_in import signed_in

Kept = Project | Fund | Document

log = logging.getLogger(__name__)


def kept_or_404(user: User, kind: str, key: str) -> Kept:
    """What the person may upload to; 404 for all else, whether it exists or not."""
    if kind == "project":
        project = projects_kept_by(user).filter(number__iexact=key).first()
        return project or _missing()
    if kind == "fund":
        return get_object_or_404(funds_kept_by(user), code=key)
    if kind == "document" and key.isascii() and key.isdecimal() and len(key) < 19:
        return get_object_or_404(documents_kept_by(user), pk=int(key))
    return _missing()


def _missing() -> Any:
    raise Http404


def _own_or_404(request: HttpRequest, pk: Any) -> Upload:
    """The person's own file on its way; where it is gone, the page says how that can be."""
    of = ("project", "fund", "document", "type")
    mine = uploads_of(signed_in(request)).with_arrived()
    upload = mine.select_related(*of).filter(pk=pk).first()
    if upload is None:
        raise Http404(
            _("No file of yours is on its way here: it was given up, or you keep these documents "
              "no longer. My Gateway shows what is on its way.")
        )  # fmt: skip
    return upload


def arriving(user: User, **of: Any) -> QuerySet[Upload]:
    """The person's files for one thing of which parts have arrived, and not yet all."""
    mine = uploads_of(user).filter(state=Upload.State.RECEIVING, **of)
    return mine.with_arrived().select_related("project", "fund", "document")


def receive_files(request: HttpRequest, of: Kept, files: list[Any]) -> HttpResponse:
    """The plain form: each file is received by itself; then on to the first draft."""
    drafts: list[Upload] = []
    for file in files:
        try:
            drafts.append(receive_file(by=signed_in(request), of=of, file=file))
        except Refused as error:
            messages.error(request, f"{file.name}: {refusal_text(error.code, error.detail)}")
        except OSError:
            log.exception("A document could not be kept")
            messages.error(request, disk_full_text())
    if len(drafts) == 1:
        return redirect("gateway-upload", drafts[0].pk)
    return redirect("gateway-together") if drafts else redirect(request.get_full_path())


def _refused(error: Refused, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": refusal_text(error.code, error.detail)}, status=status)


@require_POST
@keepers_only
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a file; the same one announced again goes on where its parts ended."""
    try:
        form = AnnouncementForm(json_object(request))
    except BadRequest:
        return JsonResponse({"error": "?"}, status=400)
    if not form.is_valid():
        return JsonResponse({"error": "?"}, status=400)
    asked = form.cleaned_data
    kind, name, size, mark = (asked[key] for key in ("kind", "name", "size", "modified"))
    of = kept_or_404(signed_in(request), kind, asked["key"])
    same = Upload.objects.filter(
        by=signed_in(request).pk, state=Upload.State.RECEIVING, declared_size=size, detail=mark,
        file_name=intake.safe_name(name),
        **{"document" if kind == "document" else kind: of.pk},
    ).exclude(detail="")  # fmt: skip
    if kind != "document":
        same = same.filter(document=None)
    upload = same.first()
    try:
        if upload is None:
            by = signed_in(request)
            upload = intake.begin_upload(by=by, of=of, file_name=name, size=size)
            Upload.objects.filter(pk=upload.pk).update(detail=mark)
    except Refused as error:
        return _refused(error)
    return JsonResponse(
        {
            "parts": reverse("gateway-part", args=[upload.pk, 0]),
            "finish": reverse("gateway-finish", args=[upload.pk]),
            "part_size": PART_SIZE,
            "received": list(upload.parts.values_list("number", flat=True)),
        }
    )


@require_http_methods(["PUT", "POST"])
@keepers_only
def part(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """One part, as the body of the request."""
    upload = _own_or_404(request, pk)
    try:
        intake.keep_part(upload=upload, number=number, content=request.read(PART_SIZE + 1))
    except Refused as error:
        return _refused(error)
    except OSError:
        log.exception("A part could not be kept")
        return JsonResponse({"error": disk_full_text()}, status=507)
    return JsonResponse({"received": number})


@require_POST
@keepers_only
def finish(request: HttpRequest, pk: Any) -> HttpResponse:
    """All parts are there; asking again tells the same."""
    upload = _own_or_404(request, pk)
    try:
        if upload.state == Upload.State.RECEIVING:
            intake.finish_parts(upload=upload)
            have_scanned(upload)
    except Refused as error:
        return _refused(error)
    except OSError:
        log.exception("A document could not be kept")
        return JsonResponse({"error": disk_full_text()}, status=507)
    if upload.state == Upload.State.CHECKING:
        return JsonResponse({"waiting": True}, status=202)
    if upload.state == Upload.State.REFUSED:
        # The line did its work: only the file is not wanted.
        return JsonResponse({"error": refusal_text(upload.refusal, upload.detail)})
    url = reverse("gateway-upload", args=[upload.pk])
    return JsonResponse({"url": url, "title": upload.title or upload.file_name})


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def upload_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """One file on its way: what it tells, what to look at, and the form that completes it."""
    found = _own_or_404(request, pk)
    if found.state == Upload.State.DONE:
        of = found.version.document_id if found.version else found.document_id
        return redirect("gateway-document", of)
    initial = {**said_of(found), "publish": "yes" if found.publish else "no"}
    form = SubmitForm(request.POST if request.method == "POST" else None, initial=initial, of=found)
    if request.method == "POST" and form.is_valid():
        try:
            upload = complete(found, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, said_after(upload))
            if upload.version:
                return redirect("gateway-document", upload.version.document_id)
            return redirect("gateway")
    return render(request, "gateway/upload.html", _shown(found, form))


def complete(found: Upload, form: SubmitForm) -> Upload:
    """Take what a valid form says of the file, and send its receipt. Raises ValidationError."""
    data = {
        name: form.cleaned_data[name] for name in services.CORRECTED if name in form.cleaned_data
    }
    wanted = form.cleaned_data.get("publish")
    publish = wanted == "yes" if wanted else found.publish
    upload = services.submit(upload=found, publish=publish, **data)
    mail_receipt.enqueue(str(upload.pk))
    return upload


def said_after(upload: Upload) -> str:
    """Where a completed file stands."""
    if upload.state == Upload.State.DONE:
        return _("It is public now.") if upload.publish else _("It is kept, and held back.")
    if upload.state == Upload.State.REVIEW:
        return _("The fund office looks at it first; My Gateway shows what it decides.")
    return _("It goes on by itself once it is scanned for viruses.")


def _shown(upload: Upload, form: SubmitForm) -> dict[str, Any]:
    same = Document.objects.filter(pk__in=upload.warnings.get("same", []))
    return {
        "title": str(upload),
        "lead": str(upload.project or upload.fund),
        "upload": upload,
        "form": form,
        "warnings": warning_texts({k: v for k, v in upload.warnings.items() if k != "same"}),
        "same": same,
        "refusal": refusal_text(upload.refusal, upload.detail) if upload.refusal else "",
        "rewritten": rewritten_text() if upload.rewritten else "",
        "may_submit": upload.state in {Upload.State.DRAFT, Upload.State.WAITING},
        "worker": said_of_worker() if upload.is_unscanned else "",
        "may_drop": upload.state != Upload.State.CHECKING,
        "crumbs": crumbs((_("File on its way"), "")),
    }


@require_POST
@keepers_only
def drop(request: HttpRequest, pk: Any) -> HttpResponse:
    """Give a file up that has not become a document."""
    upload = _own_or_404(request, pk)
    if upload.version_id or upload.state == Upload.State.CHECKING:
        messages.error(request, _("It cannot be given up now. Look again."))
    else:
        cleanup.drop(upload)
        messages.success(request, _("Given up; nothing of the file was kept."))
    return redirect("gateway")


@require_safe
@keepers_only
def upload_file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """One's own file, once it is scanned."""
    upload = _own_or_404(request, pk)
    return send_upload(request, upload)


def send_upload(request: HttpRequest, upload: Upload) -> HttpResponseBase:
    """The file of an upload, as no browser runs it."""
    if not upload.stored_name or upload.scanned_at is None:
        raise Http404(_("The file waits for its virus scan."))
    return send_file(
        request,
        name=upload.stored_name,
        media_type=upload.media_type,
        file_name=upload.file_name,
        sha256=upload.sha256,
        size=upload.size or 0,
    )
