"""Public pages of reports due: the list, and what other pages show of it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.reports.charts import Bar, bars_across
from portal.kit.dates import Known
from portal.kit.formatting import percent
from portal.kit.views import TableView
from portal.models import OVERDUE, ReportState
from portal.reporting.due_filters import ReportFilter
from portal.reporting.due_reports import (
    all_waiting,
    record_of,
    record_told,
    reports_due,
    shown,
    waiting_at_a_glance,
)
from portal.reporting.due_tables import ProjectReportTable, ReportListTable
from projects.models import Fund, Organization, Project

ON_FACTSHEET = 8
_JOINED = ("project", "organization", "load", "document")
_BESIDE = ("fund", "stated_by")


class ReportList(TableView):
    """All reports due, received, late, missing, extended or exempt."""

    title = gettext_lazy("Reports due")
    is_heavy = True
    intro = gettext_lazy(
        "What participating organizations have to report, by when, and the day on which it "
        "arrived. A report counts from its arrival, never from its publication here."
    )
    table_class = ReportListTable
    filterset_class = ReportFilter
    sorts_of_many = ("due_on", "project")
    file_name = "reports-due"

    def get_queryset(self) -> QuerySet:
        # Planning so many joins would take longer than all of the page.
        return (
            shown(reports_due(self.known, self._narrowed(), self.waiting), *_JOINED)
            .prefetch_related(*_BESIDE)
            .order_by("-project_id", "-organization_id")
        )

    def get_picture(self) -> dict[str, Any] | None:
        record = self._record()
        counts = (
            (_("Received in time"), record["in_time"]),
            (_("Received late"), record["received"] - record["in_time"]),
            (_("Late"), record["late"]),
            (_("Missing"), record["missing"]),
            (_("Due"), record["due"] + record["extended"]),
            (_("Exempt"), record["exempt"]),
        )
        bars = (Bar(label, Decimal(count)) for label, count in counts)
        return bars_across(_("How punctual the reports are"), bars, is_money=False)

    @cached_property
    def waiting(self) -> list[int] | None:
        """All projects whose reports are worked out while the page is; None where unknown."""
        return all_waiting(self.known)

    def _record(self) -> dict[str, Any]:
        """Of all reports, of those of a fund or of an organization as tallied, else counted."""
        asked = self.filterset.form.cleaned_data if self.filterset.form.is_valid() else {}
        named = {name: value for name, value in asked.items() if value not in ("", None)}
        is_told = asked and len(named) < 2 and not named.keys() - {"fund", "organization"}
        if self.waiting is None or self.is_unknown or not is_told:
            return record_of(self.rows)
        return record_told(
            self.known, self.waiting, **{name: one.pk for name, one in named.items()}
        )

    def _narrowed(self) -> Iterable[int] | None:
        """The projects that the filters leave, where they name some: others need no look."""
        number, fund = (self.request.GET.get(name, "").strip() for name in ("project", "fund"))
        if not number and not fund:
            return None
        projects = Project.objects.numbered(number) if number else Project.objects.all()
        if fund:
            projects = projects.filter(fund__code=fund)
        return projects.values_list("pk", flat=True)


def reports_panel(project: Project, reports: list[Any]) -> dict[str, Any] | None:
    """Its reports: what is overdue first, then what is due, then the newest.

    None where nobody agreed to report here.
    """
    if not reports and not project.fund.follows_rules:
        return None
    rank = {ReportState.LATE: 0, ReportState.MISSING: 0, ReportState.EXTENDED: 1}
    ordered = sorted(
        reports, key=lambda r: (rank.get(r.state, 2), -r.due_on.toordinal(), r.organization_id)
    )
    table = ProjectReportTable(ordered[:ON_FACTSHEET], orderable=False, id="reports-table")
    return {
        "table": table,
        "more": len(reports) > ON_FACTSHEET,
        "count": len(reports),
        "received": sum(r.state == ReportState.RECEIVED for r in reports),
        "overdue": sum(r.state in OVERDUE for r in reports),
        "url": _list_url(project=project.number),
        "calendar_url": reverse("project-reports-ics", args=[project.number]),
    }


def _list_url(**query: str) -> str:
    asked = f"?{urlencode(query)}" if query else ""
    return f"{reverse('report-list')}{asked}"


def report_section(
    known: Known, projects: QuerySet, of: Fund | Organization | None
) -> dict[str, Any]:
    """What the page of a fund or organization, or of all, says of the reports on its projects, of
    which `projects` gives the ids; of many that are to be worked out, only where they are listed.
    """
    link, calendar_url = {}, ""
    if of is not None:
        by = "fund" if isinstance(of, Fund) else "organization"
        link = {by: of.code}
        calendar_url = reverse(f"{by}-reports-ics", args=[of.code])
    record = _record_of_section(known, projects, of)
    if record is None:
        return {"many": True, "any": True, "url": _list_url(**link), "calendar_url": calendar_url}
    facts = (
        (_("Received in time"), record["in_time"], "in-time"),
        (_("Received late"), record["received"] - record["in_time"], "received-late"),
        (_("Late"), record["late"], "late"),
        (_("Missing"), record["missing"], "missing"),
        (_("Due"), record["due"] + record["extended"], "due"),
        (_("Exempt"), record["exempt"], "exempt"),
    )
    return {
        "facts": [
            {
                "label": label,
                "value": str(count),
                "url": _list_url(**link, state=state) if count else "",
            }
            for label, count, state in facts
        ],
        "any": any(count for _label, count, _state in facts),
        "share": "" if record["share"] is None else percent(record["share"]),
        "hint": ""
        if record["share"] is None
        else _("%(share)s arrived in time") % {"share": percent(record["share"])},
        "called": record["called"],
        "url": _list_url(**link),
        "calendar_url": calendar_url,
    }


def _record_of_section(
    known: Known, projects: QuerySet, of: Fund | Organization | None
) -> dict[str, Any] | None:
    """How punctual its reports were; None where too many are to be worked out."""
    if (waiting := all_waiting(known)) is not None:
        by = "fund" if isinstance(of, Fund) else "organization"
        return record_told(known, waiting, **({} if of is None else {by: of.pk}))
    if (waiting := waiting_at_a_glance(known, projects)) is None:
        return None
    reports = reports_due(known, projects.order_by(), waiting)
    if isinstance(of, Organization):
        reports = reports.filter(organization=of)
    return record_of(reports.filter(project__withheld_on__isnull=True))
