"""The package of all data: its file, its description, each of its tables."""

import base64
import zipfile
from collections.abc import Iterator
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.kit.formatting import day
from portal.models import DataPackage
from portal.package.verify import tables_of

LATEST = "latest"
# What leads to it from the package before; not in it, but at an address beside its parts.
DELTA = "delta.zip"
_PIECE = 1 << 16
# Files beside the tables.
_BESIDE = {
    "datapackage.json": "application/json",
    "SHA256SUMS": "text/plain",
    "SHA256SUMS.note": "text/plain",
    "verify.py": "text/plain",
    "checkpoint.txt": "text/plain",
    "timestamp.tsr": "application/timestamp-reply",
}
# Of these, those that not every package has, by the names of the description.
_SOMETIMES = {
    "checkpoint": "checkpoint.txt",
    "signature": "SHA256SUMS.note",
    "timestamp": "timestamp.tsr",
}


@require_safe
def package_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The whole package; “latest” leads to the address of the newest, which stays."""
    if name == LATEST:
        return _to_latest("data-package", ".zip")
    found = _standing(name)
    if found is None:
        return _gone(request)
    return _given(found.file, f"{found.name}.zip", found.sha256)


@require_safe
def package_part(request: HttpRequest, name: str, part: str) -> HttpResponseBase:
    """One file of it: its description, or a table at the path that the description names."""
    if name == LATEST:
        return _to_latest("data-package-part", part)
    found = _standing(name)
    if found is None:
        return _gone(request)
    if part == DELTA and found.delta_file:
        return _given(found.delta_file, f"{found.name}-delta.zip", found.delta["sha256"])
    parts = {resource["path"]: resource["mediatype"] for resource in found.manifest["resources"]}
    kinds = {**parts, **_BESIDE}
    not_in_it = {path for name, path in _SOMETIMES.items() if name not in found.manifest}
    if part not in kinds or part in not_in_it:
        raise Http404(_("The package has no such file."))
    kind = kinds[part]
    answer = StreamingHttpResponse(_pieces(found, part), content_type=_typed(kind))
    return _not_kept(answer)


def _given(file: Any, name: str, sha256: str) -> HttpResponseBase:
    response = FileResponse(file.open(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Repr-Digest"] = _digest(sha256)
    return _not_kept(response)


def _typed(kind: str) -> str:
    is_text = kind.startswith("text/") or kind.endswith("json")
    return f"{kind}; charset=utf-8" if is_text else kind


def _not_kept(response: HttpResponseBase) -> HttpResponseBase:
    """Nobody on the way keeps it: it may hold what is withheld tomorrow."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _to_latest(name: str, part: str) -> HttpResponse:
    newest = DataPackage.objects.standing().first()
    if newest is None:
        raise Http404(_("There is no package yet; it is being made."))
    rest = [] if part == ".zip" else [part]
    return HttpResponseRedirect(reverse(name, args=[newest.name, *rest]))


def _standing(name: str) -> DataPackage | None:
    """The package; None where it was taken away. Raises Http404."""
    found = DataPackage.objects.filter(name=name).first()
    if found is None:
        raise Http404(
            _("There is no package “%(name)s”; the page of data lists them.") % {"name": name[:40]}
        )
    return None if found.withdrawn_at else found


def _gone(request: HttpRequest) -> HttpResponse:
    context = {"title": _("This package is no longer kept")}
    return render(request, "pages/package_gone.html", context, status=410)


def _pieces(package: DataPackage, part: str) -> Iterator[bytes]:
    with package.file.open() as file, zipfile.ZipFile(file) as archive, archive.open(part) as out:
        while piece := out.read(_PIECE):
            yield piece


def _digest(sha256: str) -> str:
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def _changes(package: DataPackage) -> dict[str, Any] | None:
    """What leads to it from the package before, for the page of data."""
    said = package.delta
    if not said:
        return None
    kinds = ("added", "changed", "withdrawn")
    return {
        "url": reverse("data-package-part", args=[package.name, DELTA]),
        "label": _("Changes since %(before)s") % {"before": said["from"]},
        "size": said["size"],
        "sha256": said["sha256"],
        **{kind: sum(table[kind] for table in said["tables"]) for kind in kinds},
    }


def _tables(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Each table, with the path of its Parquet where it is there."""
    paths = {part["path"] for part in manifest["resources"]}
    tables = [(part, f"{part['name']}.parquet") for part in tables_of(manifest)]
    return [{**part, "parquet": path if path in paths else ""} for part, path in tables]


def standing_packages() -> list[dict[str, Any]]:
    """Those that can be had, for the page of data, the newest first."""
    return [
        {
            "name": one.name,
            "url": one.get_absolute_url(),
            "description": reverse("data-package-part", args=[one.name, "datapackage.json"]),
            "day": day(one.as_of),
            "size": one.size,
            "sha256": one.sha256,
            "delta": _changes(one),
            "rows": sum(part["rows"] for part in tables_of(one.manifest)),
            "tables": _tables(one.manifest),
        }
        for one in DataPackage.objects.standing()
    ]
