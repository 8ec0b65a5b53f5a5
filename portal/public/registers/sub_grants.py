"""The register of sub-grants."""

from decimal import Decimal
from typing import Any

import django_filters as filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finance.models import SubGrant
from finance.reports.below.passed_on import NOT_STATED, known_grants
from finance.reports.below.sub_grant_tables import SubGrantTable
from portal.kit.filters import WholeFilter, described_filters
from portal.kit.named_choice import HeldChoiceFilter, NamedChoiceFilter
from portal.kit.tables.filed import TOTAL, TotalRow
from portal.kit.tables.parts import Parts
from portal.kit.views import TableView
from portal.kit.years import YEARS
from projects.filters import ProjectNumberFilter
from projects.models import Fund, Organization


def _shown(**which: Any) -> QuerySet[SubGrant]:
    """Sub-grants that the list shows: those of withheld projects stand in a sum only."""
    return SubGrant.objects.filter(project__withheld_on=None, **which)


def _party(name: str) -> QuerySet[Organization]:
    return Organization.objects.filter(Exists(_shown(**{name: OuterRef("pk")})))


def _types(rows: QuerySet) -> set[str]:
    """The types of partners of those that are shown."""
    found = rows.filter(project__withheld_on=None).order_by().values_list("partner_type", flat=True)
    return {of_type or NOT_STATED for of_type in found.distinct()}


def _whether_women_led(rows: QuerySet) -> set[str]:
    found = rows.filter(project__withheld_on=None).order_by().values_list("women_led", flat=True)
    return {str(led).lower() for led in found.distinct() if led is not None}


class SubGrantFilter(filters.FilterSet):
    """Sub-grants by fund, project, who granted, who received, type of partner and year."""

    fund = NamedChoiceFilter(
        label=_("Fund"),
        queryset=Fund.objects.filter(Exists(_shown(project__fund=OuterRef("pk")))),
        field_name="project__fund",
        to_field_name="code",
        empty_label=_("any"),
    )
    project = ProjectNumberFilter(label=_("Project number"))
    organization = NamedChoiceFilter(
        label=_("Granted by"),
        queryset=_party("organization"),
        to_field_name="code",
        empty_label=_("any"),
    )
    partner = NamedChoiceFilter(
        label=_("Implementing partner"),
        queryset=_party("partner"),
        to_field_name="code",
        empty_label=_("any"),
    )
    partner_type = HeldChoiceFilter(
        held=_types,
        label=_("Type of partner"),
        choices=[*SubGrant.PartnerType.choices, (NOT_STATED, _("not stated"))],
        empty_label=_("any"),
        method="by_type",
    )
    women_led = HeldChoiceFilter(
        held=_whether_women_led,
        label=_("Led by women"),
        choices=[("true", _("yes")), ("false", _("no"))],
        empty_label=_("any"),
        method="by_women_led",
    )
    year = WholeFilter(label=_("Year"), field_name="date__year", **YEARS)

    def by_type(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Of partners of this type, or of those of which none is stated."""
        return rows.filter(partner_type="" if value == NOT_STATED else value)

    def by_women_led(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Of partners of which it is stated."""
        return rows.filter(women_led=value == "true")


class SubGrantList(TableView):
    """All sub-grants; those of withheld projects as one sum."""

    title = _("Sub-grants")
    intro = _(
        "What participating organizations pass on to implementing partners. It is a part of what "
        "they received: no other figure adds it again."
    )
    table_class = SubGrantTable
    filterset_class = SubGrantFilter
    file_name = "sub-grants"

    def get_queryset(self) -> QuerySet[SubGrant]:
        return known_grants(self.known)

    def get_table_options(self) -> dict[str, Any]:
        found = self.rows
        if not isinstance(found, QuerySet) or not found.exists():
            return {}
        withheld = found.filter(project__withheld_on__isnull=False)
        self.rows = found.filter(project__withheld_on=None)
        # A filtered list speaks of what it shows only: of one partner, the rest would tell.
        if described_filters(self.filterset):
            return {"totals": [_total(self.rows, TOTAL)]}
        lines = [_total(found, TOTAL)]
        if count := withheld.count():
            label = ngettext(
                "One sub-grant of a withheld project",
                "%(count)s sub-grants of withheld projects",
                count,
            )
            lines.insert(0, _total(withheld, label % {"count": count}))
        return {"totals": lines, "empty_text": _("Those there are belong to withheld projects.")}


def _total(grants: QuerySet[SubGrant], label: Any) -> TotalRow:
    sums = grants.order_by().aggregate(
        amount=Coalesce(Sum("base_amount"), Decimal(0)),
        left_out=Count("pk", filter=Q(base_amount=None)),
    )
    parts = {"base_amount": Parts(unconverted=sums["left_out"])}
    return TotalRow({"base_amount": sums["amount"]}, label=label, parts=parts)
