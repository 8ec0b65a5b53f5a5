"""Who has not sent a year's expenditure yet, by name, as the register of reports due has it."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from portal.kit.dates import TODAY
from portal.models import OPEN, OVERDUE
from portal.reporting.due_reports import reports_due, shown, waiting_at_a_glance
from projects.models import Project, ReportKind


@dataclass(frozen=True, slots=True)
class NotReported:
    """An organization of which year-end reports are not in, and of how many projects."""

    name: str
    reports: int
    overdue: int
    url: str


def not_reported(year: int) -> list[NotReported] | None:
    """All of them by name; None while the register is being worked out anew."""
    if waiting_at_a_glance(TODAY, Project.objects.values_list("pk", flat=True)) is None:
        return None
    open_ones = shown(reports_due()).filter(
        kind=ReportKind.FINANCIAL, year=year, state__in=[state.value for state in OPEN]
    )
    rows = (
        open_ones.order_by()
        .values("organization__code", "organization__name")
        .annotate(
            reports=Count("pk"),
            overdue=Count("pk", filter=Q(state__in=[state.value for state in OVERDUE])),
            sort_name=Min("organization__sort_name"),
        )
        .order_by("sort_name", "organization__code")
    )
    return [
        NotReported(
            row["organization__name"],
            row["reports"],
            row["overdue"],
            list_url(year, organization=row["organization__code"]),
        )
        for row in rows
    ]


def list_url(year: int, **more: str) -> str:
    """Where these reports are listed one by one."""
    asked: dict[str, str | int] = {
        "kind": ReportKind.FINANCIAL.value,
        "year": year,
        "state": "open",
        **more,
    }
    return f"{reverse('staff-reports')}?{urlencode(asked)}"
