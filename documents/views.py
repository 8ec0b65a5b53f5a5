"""Giving documents out: by primary key, safely, with conditional GET."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from documents.models import Document
from projects.withheld import refuse_withheld, refuse_withheld_project

# Only what a browser shows without running anything.
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


def document(request: HttpRequest, pk: int, version: int | None = None) -> HttpResponseBase:
    """The newest or a given version of a public document."""
    found = Document.objects.public().filter(pk=pk).first()
    if found is None:
        refuse_withheld(kind="document", target_id=pk)
        project = get_object_or_404(Document.objects.select_related("project"), pk=pk).project
        refuse_withheld_project(project, "\0")
        raise Http404(_("This document is not public."))
    versions = found.versions.all()
    if version is not None:
        versions = versions.filter(number=version)
    newest = versions.first()
    if newest is None:
        raise Http404(_("This document has no such version."))
    etag = quote_etag(newest.sha256)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None or response.status_code == HttpResponse.status_code:
        response = FileResponse(
            newest.file.open("rb"),
            as_attachment=newest.media_type not in INLINE,
            filename=newest.file_name,
            content_type=newest.media_type,
        )
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-cache, private"
    return response
