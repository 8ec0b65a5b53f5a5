"""Our IATI files: each at an address that stays, and what the IATI Registry asks for."""

import csv
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.about.office import office_of
from portal.kit.files.streams import csv_cell
from portal.kit.formatting import day
from portal.kit.web.languages import without_language
from portal.models import IatiComparison, IatiFile
from projects.models import Office, Withholding

_REPORTS = 50  # that the page lists
# As a table of files for the registry has them.
_COLUMNS = (
    "registry-publisher-id", "registry-file-id", "title", "contact-email", "source-url",
    "format", "file-type", "default-language", "generated-datetime", "activity-count",
)  # fmt: skip


@require_safe
def iati_file(_request: HttpRequest, name: str) -> HttpResponseBase:
    """The newest file of that name."""
    found = IatiFile.objects.standing().filter(name=name).first()
    if found is None:
        raise Http404(_("There is no such IATI file now; the page of data lists them."))
    response = FileResponse(found.file.open(), content_type="application/xml; charset=utf-8")
    # Nobody on the way keeps it: it may hold what is withheld tomorrow.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Last-Modified"] = http_date(found.made_at.timestamp())
    return response


@require_safe
def registry(request: HttpRequest) -> HttpResponse:
    """The files that the office registers, with what is asked for of each."""
    office = office_of(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="iati-registry.csv"'
    response.headers["Cache-Control"] = "no-store"
    table = csv.writer(response)
    table.writerow(_COLUMNS)
    for file in _registered():
        table.writerow(map(csv_cell, _row(file, office)))
    return response


def _registered() -> list[IatiFile]:
    """Those of the office's own funds, and of itself; not all in one, which says it again."""
    own = IatiFile.objects.standing().filter(is_own=True).exclude(kind=IatiFile.Kind.ALL)
    return list(own.select_related("fund"))


def _row(file: IatiFile, office: Office) -> tuple[object, ...]:
    is_organisation = file.kind == IatiFile.Kind.ORGANISATION
    return (
        office.iati_publisher,
        f"{office.iati_publisher or 'publisher'}-{file.name}".lower(),
        title_of(file, office),
        office.email,
        settings.SITE_URL + without_language(file.get_absolute_url()),
        "IATI-XML",
        "organisation" if is_organisation else "activity",
        "en",
        file.made_at.isoformat(timespec="seconds"),
        "" if is_organisation else file.activities,
    )


def title_of(file: IatiFile, office: Office) -> str:
    """What the file is about, in words."""
    if file.fund:
        return str(file.fund)
    is_all = file.kind == IatiFile.Kind.ALL
    return _("All funds in one file") if is_all else office.name


def standing_files() -> dict[str, Any]:
    """The files, for the page of data."""
    office = Office.current()
    files = [
        {
            "url": one.get_absolute_url(),
            "title": title_of(one, office),
            "kind": one.get_kind_display(),
            "is_own": one.is_own,
            "activities": one.activities,
            "size": one.size,
            "sha256": one.sha256,
        }
        for one in IatiFile.objects.standing().select_related("fund")
    ]
    newest = IatiFile.objects.filter(withdrawn_at=None).order_by("-made_at").first()
    return {
        "files": files,
        "made": day(newest.made_at) if newest else "",
        "comparisons": _public_comparisons(),
        "publisher": office.iati_publisher,
        "org_id": office.iati_org_id,
        "licence": office.licence_name,
        "office": office.name,
        "email": office.email,
        "kind": office.get_iati_org_type_display(),
    }


def _public_comparisons() -> list[IatiComparison]:
    """Reports that anybody may read, but for those of organizations that are withheld."""
    withheld = Withholding.objects.standing().filter(kind="organization").values("target_id")
    reports = IatiComparison.objects.public().exclude(organization__in=withheld)
    return list(reports.select_related("organization")[:_REPORTS])
