"""Filters of reports due."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kit.filters import WholeFilter
from portal.kit.named_choice import HeldChoiceFilter, NamedChoiceFilter, read_choices_together
from portal.kit.years import YEARS
from portal.models import OPEN, OVERDUE, ReportDue, ReportState
from projects.filters import ProjectNumberFilter
from projects.models import Fund, Organization, Participation, Project, ReportKind

_GROUPS = {
    "open": Q(state__in=OPEN),
    "overdue": Q(state__in=OVERDUE),
    "received-late": Q(state=ReportState.RECEIVED, days_late__gt=0),
    "in-time": Q(state=ReportState.RECEIVED, days_late=0),
}
_STATES = (
    ("overdue", _("Late or missing")),
    ("open", _("Not received yet")),
    *ReportState.choices,
    ("in-time", _("Received in time")),
    ("received-late", _("Received late")),
)


def _held(reports: QuerySet) -> set[str]:
    """The states that any of them is in, and the groups of these."""
    found = (
        reports.order_by().values("state").annotate(most=Max("days_late"), least=Min("days_late"))
    )
    held = {row["state"] for row in found}
    held |= {name for name, states in (("open", OPEN), ("overdue", OVERDUE)) if held & {*states}}
    for row in found:
        if row["state"] == ReportState.RECEIVED:
            held |= {"received-late"} if (row["most"] or 0) > 0 else set()
            held |= {"in-time"} if row["least"] == 0 else set()
    return held


class ReportFilter(filters.FilterSet):
    """Reports by project, fund, organization, kind, state and year."""

    project = ProjectNumberFilter(label=_("Project number"))
    fund = NamedChoiceFilter(
        label=_("Fund"), queryset=Fund.objects.all(), to_field_name="code", empty_label=_("any")
    )
    organization = NamedChoiceFilter(
        label=_("Participating organization"),
        queryset=Organization.objects.filter(
            Exists(Participation.objects.participating().filter(organization=OuterRef("pk")))
        ),
        to_field_name="code",
        empty_label=_("any"),
    )
    kind = HeldChoiceFilter(label=_("Report"), choices=ReportKind.choices, empty_label=_("any"))
    state = HeldChoiceFilter(
        label=_("State"), choices=_STATES, empty_label=_("any"), method="by_state", held=_held
    )
    year = WholeFilter(label=_("Year reported on"), **YEARS)

    class Meta:
        model = ReportDue
        fields = ()

    @property
    def form(self) -> Any:
        """The form, which offers whom reports can be due of."""
        form = super().form
        read_choices_together(form)
        followed = Project.objects.shown().filter(fund__follows_rules=True)
        parts = Participation.objects.participating().filter(project__in=followed)
        offered = {
            "fund": followed.filter(fund=OuterRef("pk")),
            "organization": parts.filter(organization=OuterRef("pk")),
        }
        for name, having in offered.items():
            field = form.fields[name]
            field.offered = field.queryset.filter(Exists(having))
        return form

    def by_state(self, reports: QuerySet, _name: str, value: str) -> QuerySet:
        """In this state, or in one of a group of states."""
        return reports.filter(_GROUPS.get(value, Q(state=value)))
