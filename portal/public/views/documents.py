"""Documents for the public: search inside them, a picture, their history, all in one file."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from documents.document_panels import documents_of
from documents.models import Document, DocumentVersion
from documents.searching import found_pages, passages
from documents.views import public_document
from portal.kit.files.streams import started
from portal.kit.safe import csv_text
from portal.kit.web.asked import refuse_unknown_names
from portal.kit.web.places import in_own_transaction
from portal.public.views.factsheet import get_project_or_404

AT_ONCE = 15
NEWS = 50


@require_safe
def search_inside(request: HttpRequest) -> HttpResponse:
    """Pages of documents that hold the words."""
    query = request.GET.get("q", "").strip()[:200]
    refuse_unknown_names(request, ("q",))
    pages = Paginator(found_pages(query), AT_ONCE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "title": _("Search inside documents"),
        "query": query,
        "page": page,
        "passages": passages(list(page), query),
        "crumbs": [
            {"label": _("Home"), "url": reverse("home")},
            {"label": _("Documents"), "url": reverse("document-list")},
            {"label": _("Search inside documents"), "url": ""},
        ],
    }
    return render(request, "documents/search.html", context)


@require_safe
def preview(_request: HttpRequest, pk: int) -> HttpResponseBase:
    """The first page of a public document as a small picture."""
    document = public_document(pk)
    version = document.versions.select_related("reading").first()
    reading = getattr(version, "reading", None)
    if reading is None or not reading.preview:
        raise Http404
    try:
        with default_storage.open(reading.preview) as file:
            content = file.read()
    except OSError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/webp")
    response["Cache-Control"] = "no-cache, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest documents of all projects and funds."""
    atom = Atom1Feed(
        title=_("New documents"),
        link=settings.SITE_URL + reverse("document-list"),
        description=None,
        language=get_language(),
        feed_url=settings.SITE_URL + request.path,
        author_name=str(getattr(request, "office", None) or ""),
    )
    documents = Document.objects.public().select_related("type", "project", "fund")
    for document in documents.order_by("-added_at", "-pk")[:NEWS]:
        address = document.get_absolute_url()
        atom.add_item(
            title=document.title,
            link=settings.SITE_URL + address if address.startswith("/") else address,
            description=f"{document.type}, {document.owner_code}",
            updateddate=document.added_at,
            unique_id=f"{settings.SITE_URL}/document/{document.pk}/",
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@require_safe
def all_in_one(request: HttpRequest, number: str) -> HttpResponseBase:
    """All public documents of a project as a ZIP, written while it is sent."""
    project = get_project_or_404(number)
    versions = newest_versions(project)
    pieces = started(in_own_transaction(request, _zipped(versions)))
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    name = "".join(c if c.isalnum() else "-" for c in project.number)
    response["Content-Disposition"] = f'attachment; filename="documents-{name}.zip"'
    response["Cache-Control"] = "no-cache, private"
    response["Content-Encoding"] = "identity"
    return response


def newest_versions(project: Any) -> list[DocumentVersion]:
    """The newest version of each public document that is kept here."""
    versions = DocumentVersion.objects.filter(document__in=documents_of(project).values("pk"))
    newest = versions.order_by("document_id", "-number").distinct("document_id")
    return list(newest.select_related("document__type"))


class _Pieces(io.RawIOBase):
    """A file that is only written to, and from which what was written is taken at once."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.kept += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since."""
        piece = bytes(self.kept)
        self.kept.clear()
        return piece


def _zipped(versions: list[DocumentVersion]) -> Iterator[bytes]:
    """The archive in pieces; its manifest comes last and says what each file should be."""
    out = _Pieces()
    rows = ["file,title,type,date,version,size,sha256,state\r\n"]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for version in versions:
            name = PurePosixPath(version.file_name).name
            name = f"{version.document_id:06}-{name}"
            state = "complete"
            try:
                with version.file.open("rb") as file, archive.open(name, "w") as part:
                    digest = hashlib.sha256()
                    while piece := file.read(1 << 18):
                        digest.update(piece)
                        part.write(piece)
                        yield out.taken()
                state = "complete" if digest.hexdigest() == version.sha256 else "differs"
            except OSError:
                state = "missing"
            document = version.document
            values = (name, document.title, document.type, document.document_date or "",
                      version.number, version.size, version.sha256, state)  # fmt: skip
            cells = [csv_text(str(value)).replace('"', '""') for value in values]
            rows.append(",".join(f'"{cell}"' for cell in cells) + "\r\n")
            yield out.taken()
        rows.append(f'"made {timezone.now():%Y-%m-%d %H:%M:%SZ}"\r\n')
        archive.writestr("manifest.csv", "\ufeff" + "".join(rows))
    yield out.taken()


@cache_control(private=True)  # kept, it would not count the downloads since
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to a public document, without persons and reasons."""
    document = public_document(pk)
    context = {
        "title": document.title,
        "document": document,
        "versions": document.versions.select_related("reading"),
        "events": document.events.all(),
        "downloads": document.downloads.count(),
        "crumbs": [
            {"label": _("Home"), "url": reverse("home")},
            {"label": _("Documents"), "url": reverse("document-list")},
            {"label": document.title, "url": ""},
        ],
    }
    return render(request, "documents/history.html", context)
