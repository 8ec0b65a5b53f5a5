"""The year-end board: organization by state of its expenditure report, many files at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from finance.errors import LoadError
from finance.loading.services import release_load
from finance.models import Load, Source
from portal.health.worker_seen import said_of_worker
from portal.kit.years import is_plausible
from portal.staff.access import ENTER, RELEASE, crumbs, may, staff_only
from portal.staff.year_end.board_rows import (
    BoardState,
    board_rows,
    matching,
    totals,
    year_end_loads,
)
from portal.staff.year_end.not_reported import list_url, not_reported
from portal.staff.year_end.report_files import ReportIntake
from portal.work.checks import check
from projects.models import Organization, Participation
from projects.signed_in import signed_in

MOST_FILES = 100


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files; each is checked as one file is."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_FILES:
            raise ValidationError(_("At most %(count)s files at once.") % {"count": MOST_FILES})
        cleaned = [super(_FilesField, self).clean(file, initial) for file in files or [None]]
        most = settings.LOAD_MAX_MB * 1_000_000
        for file in cleaned:
            if file.size > most:
                raise ValidationError(
                    _("“%(name)s” is larger than %(mb)s MB.")
                    % {"name": file.name, "mb": settings.LOAD_MAX_MB}
                )
        return cleaned


class ReportsForm(forms.Form):
    """Year-end reports as they came, one file for each organization."""

    reports = _FilesField(
        label=gettext_lazy("Files"),
        widget=_ManyFiles(),
        help_text=gettext_lazy("One file for each organization; choose as many as there are."),
    )
    source = forms.ModelChoiceField(
        label=gettext_lazy("Source"),
        queryset=Source.objects.all(),
        required=False,
        empty_label=gettext_lazy("of each organization: its last one, or its own"),
    )
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Organization"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("as the rows of each file say"),
        help_text=gettext_lazy("Choose it only for a file that does not name its organization."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = Participation.objects.participating().values("organization")
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=parts)


class BoardFilterForm(forms.Form):
    """Which rows of the board are shown."""

    q = forms.CharField(label=gettext_lazy("Organization"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("any")), *BoardState.choices],
    )


@require_safe
@staff_only()
def latest(_request: HttpRequest) -> HttpResponse:
    """The board of the year that is due."""
    return redirect("staff-year-end", timezone.localdate().year - 1)


@require_safe
@staff_only()
def board(request: HttpRequest, year: int) -> HttpResponse:
    """The board of one year."""
    return _page(request, year, ReportsForm())


def _page(request: HttpRequest, year: int, form: ReportsForm, status: int = 200) -> HttpResponse:
    asked = BoardFilterForm(request.GET)
    asked.is_valid()
    found = asked.cleaned_data
    everything = board_rows(year)
    rows = matching(everything, text=found.get("q", ""), state=found.get("state", ""))
    sums = totals(rows)
    title = _("Year-end expenditure %(year)s") % {"year": year}
    context = {
        "title": title,
        "crumbs": crumbs((title, "")),
        "year": year,
        "years": [*filter(is_plausible, (year - 1, year + 1))],
        "rows": rows,
        "everything": bool(everything),
        "not_reported": not_reported(year),
        "reports_url": list_url(year),
        "checks": _checks(load for row in everything for load in row.loads),
        "sums": sums,
        "form": form,
        "filter_form": asked,
        "may_enter": may(request.user, ENTER),
        "may_release": may(request.user, RELEASE),
        "releasable": any(load.state == Load.State.CHECKED for row in rows for load in row.loads),
    }
    return render(request, "staff/board.html", context, status=status)


@require_safe
@staff_only()
def progress(_request: HttpRequest, year: int) -> JsonResponse:
    """How far the checks of the year's files have come, for the script that moves the bar."""
    return JsonResponse(_checks(year_end_loads(year)))


def _checks(loads: Iterable[Load]) -> dict[str, Any]:
    """Whether checks are under way, how far they are together, and that in words."""
    waiting = [load.progress for load in loads if load.waits_for_check]
    words = ngettext(
        "One file is being checked", "%(count)s files are being checked", len(waiting)
    ) % {"count": len(waiting)}
    return {
        "worker": said_of_worker() if waiting else "",
        "waiting": bool(waiting),
        "progress": sum(waiting) // len(waiting) if waiting else 100,
        "words": words,
    }


@require_POST
@staff_only(ENTER)
def receive(request: HttpRequest, year: int) -> HttpResponse:
    """Keep the files and have each checked; what came of each is told one by one."""
    form = ReportsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, year, form, status=400)
    data = form.cleaned_data
    intake = ReportIntake(
        year=year, by=signed_in(request), source=data["source"], organization=data["organization"]
    )
    for file in data["reports"]:
        try:
            load = intake.receive(file)
        except LoadError as error:
            messages.warning(request, f"{file.name}: {error}")
            continue
        check.enqueue(load.pk)
        said = {"file": file.name, "organization": ", ".join(load.scope["organizations"])}
        messages.success(request, _("%(file)s: received for %(organization)s") % said)
    return redirect("staff-year-end", year)


@require_POST
@staff_only(RELEASE)
def release(request: HttpRequest, year: int) -> HttpResponse:
    """Release the loads chosen, each by itself: one that cannot be leaves the others alone."""
    # Each with the digest of what the person was shown.
    sent = (text.partition("-") for text in request.POST.getlist("load"))
    chosen = {int(pk): seen for pk, _sign, seen in sent if pk.isdecimal() and len(pk) < 18}
    loads = year_end_loads(year).filter(pk__in=chosen).order_by("pk")
    if not loads:
        messages.warning(request, _("No file was chosen."))
    for load in loads:
        try:
            release_load(load=load, by=signed_in(request), seen=chosen[load.pk])
        except LoadError as error:
            messages.warning(request, f"{load.file_name}: {error}")
        else:
            messages.success(request, _("%(file)s: released") % {"file": load.file_name})
    return redirect("staff-year-end", year)
