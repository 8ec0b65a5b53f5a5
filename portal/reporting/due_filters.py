"""Filters of reports due."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import django_filters as filters
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kit.filters import WholeFilter
from portal.kit.named_choice import (
    LOOKED_AT,
    HeldChoiceFilter,
    NamedChoiceFilter,
    read_choices_together,
)
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


class _HeldFilter(HeldChoiceFilter):
    """A kind or a state of any of the reports, which are looked through once for both."""

    def among(self, _rows: QuerySet) -> Iterable[str] | None:
        """As of any such filter."""
        held: dict[str, Any] | None = self.parent.held
        return None if held is None else held[self.field_name]


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
    kind = _HeldFilter(label=_("Report"), choices=ReportKind.choices, empty_label=_("any"))
    state = _HeldFilter(label=_("State"), choices=_STATES, empty_label=_("any"), method="by_state")
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
            field.offered = partial(field.queryset.filter, Exists(having))
        return form

    @cached_property
    def held(self) -> dict[str, set[str]] | None:
        """The kinds of the reports, and their states with groups of these; None where they are
        too many to be looked through."""
        looked_at = self.queryset.order_by().values("kind", "state", "days_late")
        found = looked_at[: LOOKED_AT + 1].aggregate(
            count=Count("*"),
            kinds=ArrayAgg("kind", distinct=True, default=[]),
            states=ArrayAgg("state", distinct=True, default=[]),
            **{name: Count("state", filter=those) for name, those in _GROUPS.items()},
        )
        if found["count"] > LOOKED_AT:
            return None
        groups = {name for name in _GROUPS if found[name]}
        return {"kind": {*found["kinds"]}, "state": groups.union(found["states"])}

    def by_state(self, reports: QuerySet, _name: str, value: str) -> QuerySet:
        """In this state, or in one of a group of states."""
        return reports.filter(_GROUPS.get(value, Q(state=value)))
