"""Giving documents out at their permanent addresses; 410 where one was taken down."""

from datetime import date

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.models import Document, DocumentEvent, DocumentVersion, Download
from documents.serving import begins_download, send_file
from projects.withheld import Withheld, refuse_withheld, refuse_withheld_project

_RELATED = ("type", "project", "fund", "organization")


def public_document(pk: int) -> Document:
    """The public document; raises Withheld for one that was taken down, else Http404."""
    found = Document.objects.public().select_related(*_RELATED).filter(pk=pk)
    if (document := found.first()) is not None:
        return document
    hidden = get_object_or_404(Document.objects.select_related("project"), pk=pk)
    if not was_public(hidden):
        raise Http404(_("This document is not public."))
    refuse_withheld(kind="document", target_id=pk)
    if hidden.project:
        refuse_withheld_project(hidden.project, hidden.project.number)
    if hidden.state == Document.State.WITHDRAWN:
        raise Withheld(withdrawn_on(hidden))
    raise Http404(_("This document is not public."))


def was_public(hidden: Document) -> bool:
    """Whether its address ever gave it out; what has no history was public from the start."""
    kinds = set(hidden.events.values_list("kind", flat=True))
    return not kinds or bool(hidden.stated_by_source) or DocumentEvent.Kind.PUBLISHED in kinds


@require_safe
def document(request: HttpRequest, pk: int, version: int | None = None) -> HttpResponseBase:
    """The newest or a given version of a public document."""
    found = public_document(pk)
    versions = found.versions.all()
    if version is not None:
        versions = versions.filter(number=version)
    newest = versions.first()
    if newest is None:
        raise Http404(_("This document has no such version."))
    return send_version(request, newest)


def withdrawn_on(hidden: Document) -> date | None:
    """The day of the take-down, as far as the history knows it."""
    events = hidden.events.filter(kind=DocumentEvent.Kind.WITHDRAWN)
    moment = events.values_list("at", flat=True).first()
    return timezone.localdate(moment) if moment else None


def send_version(request: HttpRequest, version: DocumentVersion) -> HttpResponseBase:
    """The file of a version; each beginning of a download is counted, but not by whom."""
    response = send_file(
        request,
        name=str(version.file.name),
        media_type=version.media_type,
        file_name=version.file_name,
        sha256=version.sha256,
        size=version.size,
    )
    if begins_download(request, response):
        Download(document_id=version.document_id, version=version.number).save()
    return response
