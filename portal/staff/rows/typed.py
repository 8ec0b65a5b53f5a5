"""Rows of any kind of file typed in the browser: they become a file, entered like any other."""

import logging
import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from finance.formats.columns import forms as ways_of_writing
from finance.formats.currencies import CODES
from finance.formats.starter import SHEETS, StarterSheet
from finance.models import BudgetCategory
from portal.staff.access import ENTER, crumbs, load_url, staff_only
from portal.staff.loads.entry import enter
from portal.staff.rows.typed_form import MOST_ROWS, TypedForm, first_values, grid, with_more_rows
from projects.signed_in import signed_in

log = logging.getLogger(__name__)
_SHEETS = {sheet.name: sheet for sheet in SHEETS}


@require_safe
@staff_only(ENTER)
def kinds(request: HttpRequest) -> HttpResponse:
    """All kinds of lines that can be typed, in the order in which a new portal needs them."""
    title = _("Type rows in")
    context = {
        "title": title,
        "kinds": [sheet.columns for sheet in SHEETS],
        "crumbs": crumbs((title, "")),
    }
    return render(request, "staff/typed_kinds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def rows(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows to be typed; what they make is a load that is checked like a file."""
    if kind not in _SHEETS:
        raise Http404
    sheet, by = _SHEETS[kind], signed_in(request)
    if request.method != "POST":
        form = TypedForm(sheet=sheet, rows=grid(sheet), user=by, initial=first_values(sheet))
        return _page(request, form)
    if "more" in request.POST and (data := with_more_rows(sheet, request.POST)):
        # Not yet sent, so nothing in it is wrong yet.
        form = TypedForm(sheet=sheet, rows=grid(sheet, data), user=by, initial=data.dict())
        return _page(request, form)
    form = TypedForm(request.POST, sheet=sheet, rows=grid(sheet, request.POST), user=by)
    if not form.is_valid():
        return _page(request, form)
    content = ContentFile(form.content(), name=_file_name(sheet))
    try:
        load = enter(form, sheet.read_as, content, options=form.meant(sheet.read_as))
    except OSError:
        log.exception("What was typed could not be kept")
        form.full_disk = True
        return _page(request, form, status=507)
    return redirect(load_url(load))


def _file_name(sheet: StarterSheet) -> str:
    """By day and chance: names of files are public, and tell of nobody."""
    return f"{sheet.name}-{timezone.localdate().isoformat()}-{secrets.token_hex(4)}.csv"


def _page(request: HttpRequest, form: TypedForm, status: int = 200) -> HttpResponse:
    kind, ways = form.sheet.columns, ways_of_writing()
    title = _("Type rows in: %(kind)s") % {"kind": kind.label}
    listed: dict[str, Any] = {
        "currency": [(code, "") for code in CODES],
        "category": BudgetCategory.objects.values_list("code", "name"),
    }
    context = {
        "title": title,
        "form": form,
        "kind": kind,
        "columns": [(column, ways[column.type]) for column in kind.columns],
        "either": [[kind.column(name).label for name in group] for group in kind.either],
        "words": {name: words for name, words in listed.items() if kind.has(name)},
        "most": MOST_ROWS,
        "has_room": len(form.rows.forms) < MOST_ROWS,
        "crumbs": crumbs((_("Type rows in"), reverse("staff-load-type-kinds")), (kind.label, "")),
    }
    return render(request, "staff/typed.html", context, status=status)
