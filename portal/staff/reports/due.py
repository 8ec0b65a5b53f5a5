"""Reports due in the staff's room: the list, and the form for a mail date, extension, exemption."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from finance.errors import LoadError
from finance.formats.declared.entity_kinds import REPORTS_RECEIVED
from finance.loading.services import check_load, receive_load
from finance.models import Load, ReportReceived, Source
from portal.kit.tables.columns import TextColumn
from portal.models import ReportDue
from portal.reporting.due_pages import ReportList
from portal.reporting.due_reports import reports_due, shown
from portal.reporting.due_tables import ReportTable
from portal.staff.access import ENTER, crumbs, load_url, staff_only
from projects.models import Participation, User
from projects.signed_in import signed_in

SOURCE = "fund-office"


class StaffReportTable(ReportTable):
    """Reports, each with the way to its form."""

    enter = TextColumn(
        get=lambda _report: _("Enter"),
        orderable=False,
        verbose_name=gettext_lazy("Entry"),
        link=lambda report: reverse("staff-report", args=[report.pk]),
        exclude_from_export=True,
    )

    class Meta(ReportTable.Meta):
        sequence = ("enter", "...")


class StaffReports(ReportList):
    """All reports; from here staff enter what came by mail, what is extended or exempt."""

    intro = gettext_lazy(
        "Enter the day on which a report came by mail, an extension or an exemption. It counts "
        "once a second person has released it."
    )
    table_class = StaffReportTable

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


reports = staff_only()(StaffReports.as_view())


class EntryForm(forms.Form):
    """What staff know of one report."""

    RECEIVED, EXTENDED, EXEMPT = "received", "extended", "exempt"
    what = forms.ChoiceField(
        label=gettext_lazy("What is known"),
        widget=forms.RadioSelect,
        choices=[
            (RECEIVED, gettext_lazy("It arrived")),
            (EXTENDED, gettext_lazy("It is due later")),
            (EXEMPT, gettext_lazy("None is asked for")),
        ],
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("The date of the mail, or the new day by which it is due."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Shown to the public. Needed for extensions and exemptions."),
    )

    def __init__(self, *args: Any, report: ReportDue, **kwargs: Any) -> None:
        self.report = report
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Each kind of entry has what it needs."""
        data = super().clean() or self.cleaned_data
        what, day = data.get("what"), data.get("day")
        if what != self.RECEIVED and what and not data.get("reason"):
            self.add_error("reason", _("Say why; the public will read it."))
        if what in (self.RECEIVED, self.EXTENDED) and not day and "day" not in self.errors:
            self.add_error("day", _("Give the day."))
        if what == self.RECEIVED and day and day > timezone.localdate():
            self.add_error("day", _("It cannot have arrived on a day to come."))
        if what == self.EXTENDED and day and day <= self.report.first_due_on:
            self.add_error("day", _("That is not later than the day by which it is due."))
        return data

    def row(self) -> dict[str, str]:
        """The entry as a line of a file of reports received."""
        data, report = self.cleaned_data, self.report
        day = data["day"].isoformat() if data["day"] else ""
        return {
            "project": report.project.number,
            "organization": report.organization.code,
            "type": report.kind,
            "period": str(report.year),
            "received_on": day if data["what"] == self.RECEIVED else "",
            "extended_to": day if data["what"] == self.EXTENDED else "",
            "exempt": "yes" if data["what"] == self.EXEMPT else "",
            "reason": data["reason"],
        }


def report_or_404(pk: int) -> ReportDue:
    """The report of this id, with its names."""
    part = Participation.objects.filter(pk=pk // 16384).first()
    if part is None:
        raise Http404(_("There is no such report."))
    found = shown(reports_due(projects=[part.project_id])).filter(pk=pk).first()
    if found is None:
        raise Http404(_("This report is not due."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for one report; what it makes is a load that waits for its release."""
    found = report_or_404(pk)
    form = EntryForm(request.POST if request.method == "POST" else None, report=found)
    if request.method == "POST" and form.is_valid():
        try:
            load = enter(form, signed_in(request))
        except LoadError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Entered. It counts once it has been released."))
            return redirect(load_url(load))
    title = _("Enter a report")
    context = {
        "title": title,
        "form": form,
        "report": found,
        "crumbs": crumbs((_("Reports due"), reverse("staff-reports")), (title, "")),
    }
    return render(request, "staff/report.html", context)


def enter(form: EntryForm, by: User) -> Load:
    """A checked load of one line, under the source that states the project's reports."""
    row = form.row()
    out = io.StringIO()
    writer = csv.DictWriter(out, row, lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    found = form.report
    name = slugify(f"report-{found.project.number}-{found.organization.code}-{found.year}")
    load = receive_load(
        source=_source(found),
        kind=Load.Kind.REPORTS,
        content=ContentFile(out.getvalue().encode()),
        name=f"{name}.csv",
        by=by,
        reason=str(REPORTS_RECEIVED.label),
    )
    return check_load(load)


def _source(found: ReportDue) -> Source:
    lines = ReportReceived.objects.known_at().filter(project=found.project_id)
    if pk := lines.values_list("source", flat=True).first():
        return Source.objects.get(pk=pk)
    return Source.objects.get_or_create(code=SOURCE, defaults={"name": _("Fund office")})[0]
