"""Filters of reports due."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kit.named_choice import NamedChoiceFilter
from portal.kit.years import YEARS
from portal.models import OPEN, OVERDUE, ReportDue, ReportState
from projects.filters import ProjectNumberFilter
from projects.models import Fund, Organization, Participation, ReportKind

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
    kind = filters.ChoiceFilter(label=_("Report"), choices=ReportKind.choices, empty_label=_("any"))
    state = filters.ChoiceFilter(
        label=_("State"), choices=_STATES, empty_label=_("any"), method="by_state"
    )
    year = filters.NumberFilter(label=_("Year reported on"), **YEARS)

    class Meta:
        model = ReportDue
        fields = ()

    def by_state(self, reports: QuerySet, _name: str, value: str) -> QuerySet:
        """In this state, or in one of a group of states."""
        return reports.filter(_GROUPS.get(value, Q(state=value)))
