"""Tables of reports due."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.kit.tables.base import Table
from portal.kit.tables.cells import ExportField
from portal.kit.tables.columns import (
    ChoiceColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    LinkColumn,
    TextColumn,
    YearColumn,
)

# Less is told in days.
_IN_DAYS = 61


def arrived_by(report: Any) -> str:
    """By which document, file or entry it is known to have come; "" if it has not."""
    if report.document_id:
        public = report.document and report.document.state == "public"
        return report.document.title if public else gettext("A document that is not public")
    return report.load.file_name if report.load_id else ""


def arrived_url(report: Any) -> str | None:
    """The page of that document or load."""
    if report.document_id:
        public = report.document and report.document.state == "public"
        return report.document.get_absolute_url() if public else None
    return report.load.get_absolute_url() if report.load_id else None


class LateColumn(IntegerColumn):
    """How late a report is: in years and months on the page, in days in files."""

    def figure(self, number: Decimal) -> str:
        return late_by(int(number)) if number > 0 else gettext("not late")

    def export_fields(self, label: str) -> list[ExportField]:
        return super().export_fields(gettext("%(heading)s: days") % {"heading": label})


def late_by(days: int) -> str:
    """So many days as a person says them: 45 days, 7 years 10 months."""
    months = days * 12 // 365
    years, months = divmod(months, 12)
    if days < _IN_DAYS:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    parts = []
    if years:
        parts.append(ngettext("%(count)s year", "%(count)s years", years) % {"count": years})
    if months:
        parts.append(ngettext("%(count)s month", "%(count)s months", months) % {"count": months})
    return " ".join(parts)


class ReportTable(Table):
    """Reports of participating organizations with what became of each."""

    title = _("Reports due")
    caption_hidden = True
    wide = True
    empty_text = _("No report is due.")
    card = ("due_on", "kind", "project", "organization", "state", "days_late")
    due_on = DateColumn(
        verbose_name=_("Due"), definition=_("By the fund’s rule, or the day it was extended to.")
    )
    kind = TextColumn(
        accessor="get_kind_display",
        order_by="kind",
        verbose_name=_("Report"),
        definition=_("Kind of report."),
        css="names",
    )
    year = YearColumn(
        verbose_name=_("Year"),
        definition=_("Year reported on; for final reports, that of operational closure."),
    )
    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("The project reported on."),
        link=lambda report: report.project.get_absolute_url(),
    )
    organization = LinkColumn(
        order_by="organization__sort_name",
        verbose_name=_("Organization"),
        term="participating-organization",
        definition=_("Who has to report."),
        css="name",
    )
    fund = LinkColumn(
        order_by="fund__sort_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that asks for it."),
        css="names",
    )
    state = ChoiceColumn(
        verbose_name=_("State"),
        term="report-state",
        definition=_("Received, due, extended, late, missing or exempt."),
    )
    days_late = LateColumn(
        verbose_name=_("Late by"),
        definition=_("From the day due to the day received, or to the day asked for."),
    )
    received_on = DateColumn(
        verbose_name=_("Received"),
        definition=_("The day on which it arrived, not that of publication here."),
    )
    by = TextColumn(
        get=arrived_by,
        orderable=False,
        verbose_name=_("Document received"),
        definition=_("The document, file or entry that shows it."),
        link=arrived_url,
        css="names",
    )
    first_due_on = DateColumn(
        verbose_name=_("Original due date"), definition=_("Before any extension.")
    )
    reason = TextColumn(
        verbose_name=_("Reason"),
        definition=_("Of an extension or exemption."),
        link=lambda report: report.stated_by.get_absolute_url() if report.stated_by_id else None,
        css="names",
    )

    class Meta:
        order_by = ("-due_on", "project", "organization")


class ReportListTable(ReportTable):
    """All of them, newest first, in an order that an index has."""

    class Meta:
        order_by = ("-due_on",)


class ProjectReportTable(Table):
    """Reports of one project, for its factsheet."""

    caption_hidden = True
    title = _("Reports due")
    empty_text = _("No report is due.")
    report = TextColumn(
        get=lambda report: f"{report.get_kind_display()} {report.year}", verbose_name=_("Report")
    )
    organization = TextColumn(
        get=lambda report: report.organization.short_label,
        verbose_name=_("Organization"),
        term="participating-organization",
    )
    due_on = DateColumn(verbose_name=_("Due"))
    state = ChoiceColumn(verbose_name=_("State"), term="report-state")
    days_late = LateColumn(verbose_name=_("Late by"))
    received_on = DateColumn(verbose_name=_("Received"), link=arrived_url)
