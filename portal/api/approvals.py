"""Decisions of funds and sub-grants of organizations, as programs read them."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from finance.models import Decision as DecisionRecord
from finance.models import SubGrant as SubGrantRecord
from finance.reports.below.passed_on import known_grants
from portal.api.base import List
from portal.api.figures import address
from portal.api.money import LineFilter
from portal.api.rows import Line, Money, Named, Of
from portal.decisions.reading import day_url, known_decisions
from portal.kit.filters import CodesFilter, YesNoFilter, codes_of
from projects.models import Fund, Organization


class Decision(serializers.Serializer):
    """One thing that a fund decided. Its amount is in the approved budget, too."""

    id = serializers.IntegerField()
    date = serializers.DateField()
    kind = serializers.CharField()
    body = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_blank=True)
    fund = serializers.CharField(source="fund.code")
    project = Of(allow_null=True)
    organization = Named(allow_null=True)
    amount = Money(help_text=_("As stated; null where the decision states none."))
    currency = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    conditions = serializers.CharField(allow_blank=True)
    load = serializers.IntegerField(
        source="load_id", help_text=_("The source file that states it: /api/v1/loads/.")
    )
    line = serializers.IntegerField(help_text=_("Row or line of that file."))
    url = serializers.SerializerMethodField(
        help_text=_("All that the fund decided on the day, with minutes and budgets.")
    )

    def get_url(self, decision: DecisionRecord) -> str | None:
        """The page of its day."""
        return address(day_url(decision.fund.code, decision.date))


class SubGrant(Line):
    """What a participating organization passed on. A part of what it received, so no figure
    adds it again."""

    partner = Named()
    partner_type = serializers.CharField(
        allow_blank=True, help_text=_("local, national or international; empty: not stated.")
    )
    women_led = serializers.BooleanField(allow_null=True, help_text=_("null: not stated."))
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)


class _DecisionFilter(LineFilter):
    """Decisions by fund, project, organization, kind and days."""

    fund = CodesFilter(label=_("Fund (code)"), field_name="fund__code", among=codes_of(Fund))
    kind = filters.ChoiceFilter(label=_("Kind"), choices=DecisionRecord.Kind.choices)


class _SubGrantFilter(LineFilter):
    """Sub-grants; also by partner and its type."""

    partner = CodesFilter(
        label=_("Implementing partner (code)"),
        field_name="partner__code",
        among=codes_of(Organization),
    )
    partner_type = filters.ChoiceFilter(
        label=_("Type of partner"), choices=SubGrantRecord.PartnerType.choices
    )
    women_led = YesNoFilter(label=_("Led by women"))


class Decisions(List):
    """All decisions."""

    name = _("Decisions")
    text = _("What the bodies that steer the funds decided, with conditions.")
    example = "?fund=CODE&kind=allocation"
    serializer = Decision
    filterset_class = _DecisionFilter

    def rows(self) -> QuerySet[Any]:
        return known_decisions(self.known)


class SubGrants(List):
    """All sub-grants of projects that are not withheld."""

    name = _("Sub-grants")
    text = _("What participating organizations pass on to implementing partners.")
    example = "?project=NUMBER&partner_type=local"
    serializer = SubGrant
    filterset_class = _SubGrantFilter

    def rows(self) -> QuerySet[Any]:
        return known_grants(self.known).filter(project__withheld_on=None)
