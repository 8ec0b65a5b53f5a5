"""Entering a file: kept as it came, then checked in the background."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from finance.loading.services import receive_load
from finance.models import Load
from portal.kit.web.once import sent_before
from portal.staff.access import ENTER, crumbs, load_url, staff_only
from portal.staff.loads.forms import LoadForm, SourceForm
from portal.work.checks import check
from projects.signed_in import signed_in

log = logging.getLogger(__name__)


@csrf_exempt  # only here: `_entry` checks it, where a full disk can be told of
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def new_load(request: HttpRequest) -> HttpResponseBase:
    """The form for one file; a file that cannot be kept is told of, and nothing of it stays."""
    try:
        return _entry(request)
    except OSError:
        log.exception("A file could not be kept")
        form = LoadForm(user=signed_in(request))
        form.full_disk = True
        return _page(request, form, status=507)


@csrf_protect
def _entry(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST" and (led := sent_before(request)) is not None:
        return led
    form = LoadForm(
        request.POST or None, request.FILES or None, user=signed_in(request),
        is_sent=request.method == "POST",
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    load = enter(
        form,
        form.cleaned_data["kind"],
        form.cleaned_data["file"],
        scope=form.scope(),
        options=form.options(),
        stated_totals=form.stated_totals(),
    )
    return redirect(load_url(load))


def enter(form: SourceForm, kind: str, content: Any, **how: Any) -> Load:
    """Keep the file, a Django one with its name, and have it checked.

    how: scope, options and stated totals, as `receive_load` takes them.
    """
    load = receive_load(
        source=form.source(),
        kind=kind,
        content=content,
        name=content.name,
        by=form.user,
        reason=form.cleaned_data["reason"],
        **how,
    )
    check.enqueue(load.pk)
    return load


def _page(request: HttpRequest, form: LoadForm, status: int = 200) -> HttpResponse:
    context = {
        "title": _("Enter a file"),
        "form": form,
        "limit": settings.LOAD_MAX_MB,
        "crumbs": crumbs((_("Enter a file"), "")),
    }
    return render(request, "staff/new_load.html", context, status=status)
