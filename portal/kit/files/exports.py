"""A table as a file: which formats there are, their links, and the answer for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext

from portal.kit.files import pdf, streams
from portal.kit.files.about import About
from portal.kit.files.archival import Attached
from portal.kit.files.later import MadeLater
from portal.kit.files.links import FORMATS, LABELS, SHEET_ROWS, TWIN, export_links
from portal.kit.files.markdown import MARKDOWN, page_text
from portal.kit.tables.base import Table, any_interim
from portal.kit.web.places import bound_statements, in_own_transaction, take_place

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows that a PDF takes along: those of a factsheet with twenty years of vouchers, twice.
MOST_ATTACHED = 10_000


def requested_format(request: HttpRequest) -> str | None:
    """The format that the address asks for, None for the page; an unknown one is a 404."""
    name = request.GET.get("format", "")
    if not name:
        return None
    if name not in (*FORMATS, TWIN):
        raise Http404(
            gettext("This page has no format “%(name)s”. It can be had as %(formats)s.")
            % {"name": name[:40], "formats": ", ".join(FORMATS)}
        )
    return name


def refused_file(wrong: Iterable[str]) -> HttpResponse:
    """A question that cannot be read gets words in place of a file, never the whole list."""
    lines = [gettext("No file was made, because the address asks for what cannot be read:"), *wrong]
    return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")


def row_limit(fmt: str) -> int | None:
    """How many rows the format can take; None for any number."""
    limits = {
        "pdf": settings.PDF_MAX_ROWS,
        "print": getattr(settings, "PRINT_MAX_ROWS", 10_000),
        "xlsx": SHEET_ROWS - 1,
    }
    return limits.get(fmt)


def table_response(
    request: HttpRequest,
    tables: Table | list[Table],
    *,
    fmt: str,
    title: Any,
    file_name: str,
    filters: Iterable[tuple[Any, Any]] = (),
    as_of: date | None = None,
    template: str = "kit/list.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """One table or several in a format; `template` draws the print view and the PDF."""
    tables = [tables] if isinstance(tables, Table) else list(tables)
    about = About.of(request, title, filters, as_of)
    if fmt == TWIN:
        return HttpResponse(page_text(about, about.source, tables), content_type=MARKDOWN)
    if fmt not in FORMATS:
        raise ValueError(f"There is no format {fmt}")
    if fmt == "csv" and request.GET.get("about") == "only":
        return HttpResponse(about.as_text(), content_type="text/plain; charset=utf-8")
    if too_many := _too_many_rows(request, tables, fmt, about):
        return too_many
    if fmt == "pdf" and getattr(request, "draws_later", False):
        at_once = settings.PDF_AT_ONCE
        if sum(table.rows_up_to(at_once) for table in tables) > at_once:
            raise MadeLater
    if fmt in ("pdf", "print"):
        return _paper(request, tables, fmt, about, file_name, template, context or {})
    says_so = request.GET.get("about") == "yes"
    return _file(request, tables, fmt, about, file_name, says_so)


def _file(
    request: HttpRequest, tables: list[Table], fmt: str, about: About, name: str, says_so: bool
) -> HttpResponseBase:
    response: HttpResponseBase
    if fmt == "xlsx":
        # Not before somebody asks: openpyxl would be a tenth of a process's start.
        from portal.kit.files import workbook

        response = FileResponse(workbook.workbook_file(tables, about), content_type=XLSX)
    elif fmt == "json":
        response = _stream(request, streams.json_pieces(tables, about), "application/json")
    elif len(tables) == 1:
        pieces = streams.csv_pieces(tables[0], about.notice)
        if says_so:
            pieces = chain([about.as_comments()], pieces)
        response = _stream(request, pieces, "text/csv; charset=utf-8")
    else:
        fmt, names = "zip", _member_names(tables, about)
        with transaction.atomic():
            bound_statements()
            take_place(request)
            file = streams.csv_archive(tables, about, names)
        response = FileResponse(file, content_type="application/zip")
    disposition = content_disposition_header(True, about.file_name(name, fmt))
    response.headers["Content-Disposition"] = disposition
    if fmt in ("csv", "zip"):
        response.headers["Link"] = about.links()
    return response


def files_inside(tables: list[Table], about: About, name: str) -> list[Attached]:
    """What is attached to a PDF: the tables as the page gives them, as CSV and all in one as JSON.

    Tables without a row are in the JSON only; of more than `MOST_ATTACHED` rows there is nothing.
    """
    if sum(table.rows_up_to(MOST_ATTACHED) for table in tables) > MOST_ATTACHED:
        return []
    whole = gettext("All tables, with the meaning of each column (JSON)")
    json = "".join(streams.json_pieces(tables, about)).encode()
    files = [Attached(about.file_name(name, "json"), "application/json", json, whole)]
    names = [about.file_name(name, "csv")]
    if len(tables) > 1:
        names = _member_names(tables, about, f"{name}-")
    for table, member in zip(tables, names, strict=True):
        if table.rows_up_to(0):
            csv = "".join(streams.csv_pieces(table, about.notice)).encode()
            files.append(Attached(member, "text/csv", csv, f"{table.title} (CSV)"))
    return files


def _member_names(tables: list[Table], about: About, before: str = "") -> list[str]:
    """Names of CSV files; a title that has no Latin letters makes none."""
    stems = [
        slugify(str(table.title)) or slugify(str(table.attrs.get("id", ""))) or "table"
        for table in tables
    ]
    return [
        about.file_name(before + (stem if stems.count(stem) == 1 else f"{stem}-{number}"), "csv")
        for number, stem in enumerate(stems, start=1)
    ]


def _stream(request: HttpRequest, pieces: Any, content_type: str) -> StreamingHttpResponse:
    content = streams.guarded(streams.started(in_own_transaction(request, pieces)))
    return StreamingHttpResponse(content, content_type=content_type)


def _paper(
    request: HttpRequest,
    tables: list[Table],
    fmt: str,
    about: About,
    name: str,
    template: str,
    context: Mapping[str, Any],
) -> HttpResponseBase:
    drawn = {
        "title": about.title,
        "table": tables[0],
        "tables": tables,
        "about": about,
        "source_url": about.source,
        "made_at": about.made_at,
        "print_view": True,
        **context,
        "has_interim": any_interim(tables),
    }
    if fmt == "pdf":
        files = files_inside(tables, about, name)
        return pdf.pdf_response(request, template, drawn, name, about=about, files=files)
    return render(request, template, drawn)


def _too_many_rows(
    request: HttpRequest, tables: list[Table], fmt: str, about: About
) -> HttpResponseBase | None:
    """The page that says what to do instead, if the format cannot take so many rows."""
    limit = row_limit(fmt)
    if limit is None:
        return None
    if sum(table.rows_up_to(limit) for table in tables) <= limit:
        return None
    rows = sum(table.row_count() for table in tables)
    links = [
        link
        for other in ("xlsx", "csv", "json")
        if (row_limit(other) or rows) >= rows
        for link in export_links(request, formats=(other,))
    ]
    context = {
        "title": about.title,
        "label": LABELS[fmt],
        "rows": rows,
        "limit": limit,
        "export_links": links,
        "back_url": about.source.removeprefix(settings.SITE_URL),
    }
    return render(request, "kit/too_large.html", context, status=422)
