"""What a copy begins with: pages of the site, lists, all things, documents, the newest package."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.urls import reverse

from documents.models import Document, DocumentVersion
from portal.mirror.addresses import LISTS, SITE, safe_name
from portal.models import DataPackage
from portal.public.views.programs.discovery import KINDS

# Of a package by itself: what it holds, and how it is checked; its tables are inside.
_PARTS = ("datapackage.json", "SHA256SUMS", "verify.py")
# The signature, where the office has a key.
_SIGNATURE = "SHA256SUMS.note"
# Name of the file, what it is written from, and the addresses that lead to it.
Wanted = tuple[str, str, tuple[str, ...]]


def first_addresses() -> Iterator[str]:
    """Each page of the site, each list, and the page of each thing that has one."""
    for name in (*SITE, *LISTS):
        yield reverse(name)
    for kind, (name, rows, field) in KINDS.items():
        if kind != "documents":
            for value in rows().order_by("pk").values_list(field, flat=True).iterator():
                yield reverse(name, args=[value])


def packages() -> Iterator[Wanted]:
    """The newest package of all data, also at the address that leads to the newest."""
    newest = DataPackage.objects.standing().first()
    if newest is None:
        return
    folder = "data/package"
    keys = (f"/{folder}/{newest.name}.zip", f"/{folder}/latest.zip")
    yield f"{folder}/{newest.name}.zip", keys[0], keys
    signature = (_SIGNATURE,) if "signature" in newest.manifest else ()
    for part in (*_PARTS, *signature):
        keys = (f"/{folder}/{newest.name}/{part}", f"/{folder}/latest/{part}")
        yield f"{folder}/{newest.name}/{part}", keys[0], keys


def documents() -> Iterator[Wanted]:
    """All versions of public documents whose file is there."""
    public = Document.objects.public().filter(url="").values("pk")
    versions = DocumentVersion.objects.filter(document__in=public)
    newest = 0
    for version in versions.order_by("document_id", "-number").iterator():
        keys: tuple[str, ...] = (f"/document/{version.document_id}/v{version.number}/",)
        if version.document_id != newest:
            newest, keys = version.document_id, (*keys, f"/document/{version.document_id}/")
        if default_storage.exists(str(version.file.name)):
            name = safe_name(version.file_name) or "file"
            folder = f"document/{version.document_id}/v{version.number}"
            yield f"{folder}/{name}", f"version:{version.pk}", keys
