"""The original of a load, and the same with remarks, for staff only."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from finance.errors import LoadError
from finance.formats.faults import Fault
from finance.formats.kinds import KINDS
from finance.formats.mappings import Mapping
from finance.formats.rows import open_sheet
from finance.loading.services import local_copy
from finance.models import Load, LoadRemark
from portal.staff.access import load_or_404, load_url, staff_only

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@staff_only()
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came, as an attachment that no browser opens by itself."""
    load = load_or_404(pk)
    try:
        file = load.file.open("rb")
    except OSError:
        messages.error(request, _("The file is not where it was kept."))
        return redirect(load_url(load))
    return _attachment(file, load.file_name, "application/octet-stream")


@require_safe
@staff_only()
def with_remarks(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file's rows as a workbook, with what is wrong beside each."""
    load = load_or_404(pk)
    try:
        file = remarked(load)
    except (LoadError, OSError) as error:
        messages.error(request, str(error))
        return redirect(load_url(load))
    return _attachment(file, f"{load.file_name}-remarks.xlsx", _XLSX)


def remarked(load: Load) -> Any:
    """The workbook with remarks; LoadError where the file holds no table at all."""
    if load.kind not in KINDS:
        raise LoadError(_("A file of this kind has no rows to write remarks beside."))
    remarks = load.remarks.filter(line__isnull=False)
    errors = [_fault(r) for r in remarks.filter(severity=LoadRemark.Severity.ERROR)]
    warnings = [_fault(r) for r in remarks.filter(severity=LoadRemark.Severity.WARNING)]
    spec = load.options.get("mapping")
    # Only here: a page of loads needs nothing of Excel.
    from finance.formats.remarks import remarks_file

    with local_copy(load) as path:
        sheet = open_sheet(path, load.kind, Mapping.from_spec(spec) if spec else None)
        return remarks_file(sheet, errors, warnings)


def _fault(remark: LoadRemark) -> Fault:
    return Fault(remark.line or 0, remark.column, remark.value, remark.message, remark.advice)


def _attachment(file: Any, name: str, content_type: str) -> HttpResponse | FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
