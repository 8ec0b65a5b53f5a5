"""The documented formats of spreadsheets, each with its templates to download."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.formats.columns import FileColumn, FileKind, forms
from finance.formats.kinds import KINDS
from finance.models import Load

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = _("File formats")


def formats(request: HttpRequest) -> HttpResponse:
    """Every kind of file: what it is for, its columns, its templates."""
    context = {
        "title": TITLE,
        "kinds": [_described(kind) for kind in KINDS.values()],
        "crumbs": [
            {"label": _("Home"), "url": "/"},
            {"label": _("Data"), "url": reverse("data")},
            {"label": TITLE},
        ],
    }
    return render(request, "staff/formats.html", context)


def template_file(_request: HttpRequest, kind: str, format: str) -> HttpResponse:
    """The empty file to fill in."""
    # Only here: openpyxl would be a tenth of a process's start.
    from finance.formats.templates import csv_template, starter_template, xlsx_template

    makers = {"xlsx": (xlsx_template, _XLSX), "csv": (csv_template, "text/csv; charset=utf-8")}
    if (kind, format) == (Load.Kind.STARTER, "xlsx"):
        content, content_type = starter_template(), _XLSX
    elif kind in KINDS and format in makers:
        make, content_type = makers[format]
        content = make(KINDS[kind])
    else:
        raise Http404
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.{format}"'
    return response


def _described(kind: FileKind) -> dict[str, Any]:
    labels = {column.name: column.label for column in kind.columns}
    return {
        "code": kind.code,
        "label": kind.label,
        "help": kind.help,
        "columns": [_column(column) for column in kind.columns],
        "either": [[labels[name] for name in group] for group in kind.either],
        "templates": [
            (label, reverse("format-template", args=[kind.code, code]))
            for label, code in (("Excel", "xlsx"), ("CSV", "csv"))
        ],
    }


def _column(column: FileColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.label,
        "form": forms()[column.type],
        "required": column.required,
        "note": column.note,
        "choices": column.choices,
        "example": column.example,
        "aliases": column.aliases,
    }
