"""What contributors promised and paid, money of funds and other flows, and what lines refer to."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from finance.figures.catalogue import FIGURES
from finance.models import (
    BudgetCategory,
    Commitment,
    Deposit,
    ExchangeRate,
    FundCost,
    OtherFlow,
    Source,
)
from portal.api.asked import told_organizations
from portal.api.base import List
from portal.api.money import LineFilter, Lines
from portal.api.rows import Line
from portal.kit.filters import CodesFilter, codes_of
from projects.models import Fund, Organization

_INDIVIDUALS = Organization.Kind.INDIVIDUALS


class GivenLine(Line):
    """What a contributor promised or paid. Individuals are one: nobody of them is named."""

    fund = serializers.CharField(source="fund.code")
    contributor = serializers.SerializerMethodField(
        help_text=_("Code; null where the source names nobody, and of individuals.")
    )
    arrangement = serializers.SerializerMethodField(help_text=_("Reference of the agreement."))

    def get_fields(self) -> dict[str, Any]:
        """No organization: the contributor is it."""
        fields = super().get_fields()
        del fields["organization"]
        return fields

    def get_contributor(self, record: Commitment | Deposit) -> str | None:
        """The code, but for individuals."""
        who = record.contributor
        return None if who is None or who.kind == _INDIVIDUALS else who.code

    def get_arrangement(self, record: Commitment | Deposit) -> str | None:
        """The reference, but for individuals: it would tell one's payments from another's."""
        who = record.contributor
        return None if who is not None and who.kind == _INDIVIDUALS else record.arrangement


class CommitmentLine(GivenLine):
    """What a contributor promised."""

    is_pledge = serializers.BooleanField(help_text=_("Announced and not signed."))
    due_on = serializers.DateField(allow_null=True, help_text=_("When it is to be paid."))


class FundCostLine(Line):
    """Money of a fund that sits on no project."""

    fund = serializers.CharField(source="fund.code")
    kind = serializers.CharField()
    other_fund = serializers.CharField(
        source="other_fund.code",
        allow_null=True,
        default=None,
        help_text=_("Code of the fund that received it."),
    )

    def get_fields(self) -> dict[str, Any]:
        """No project: it sits on none."""
        fields = super().get_fields()
        del fields["project"]
        return fields


class OtherFlowLine(Line):
    """A loan paid back, interest and the like, which no figure counts."""

    flow_type = serializers.CharField(help_text=_("IATI transaction type."))


class Rate(serializers.Serializer):
    """A rate of exchange from a day on."""

    id = serializers.IntegerField()
    currency = serializers.CharField()
    effective_on = serializers.DateField()
    units_per_base = serializers.DecimalField(
        max_digits=None,
        decimal_places=None,
        help_text=_("Units of the currency for one of the base currency, as text."),
    )
    load = serializers.IntegerField(
        source="load_id", help_text=_("The source file that states it: /api/v1/loads/.")
    )


class Category(serializers.Serializer):
    """A budget category."""

    code = serializers.CharField()
    name = serializers.CharField()
    is_indirect = serializers.BooleanField(help_text=_("Indirect support cost."))
    counts_as = serializers.CharField(
        source="counts_as.code",
        allow_null=True,
        default=None,
        help_text=_("The category of today that it counts as."),
    )


class SourceRow(serializers.Serializer):
    """Where files come from."""

    code = serializers.CharField()
    name = serializers.CharField()


class GivenLineFilter(LineFilter):
    """Lines of contributors by fund, contributor, project, days and source file."""

    fund = CodesFilter(label=_("Fund (code)"), field_name="fund__code", among=codes_of(Fund))
    contributor = CodesFilter(
        label=_("Contributor (code)"), field_name="contributor__code", among=told_organizations
    )
    organization = None  # type: ignore[assignment]


class FundCostFilter(LineFilter):
    """Costs of funds by fund, organization, kind, days and source file."""

    project = None
    fund = CodesFilter(label=_("Fund (code)"), field_name="fund__code", among=codes_of(Fund))
    kind = filters.ChoiceFilter(label=_("Kind"), choices=FundCost.Kind.choices)


class _OfFunds(Lines):
    """Records of one kind that name a fund, as known then."""

    joined: tuple[str, ...]

    def rows(self) -> QuerySet:
        found = self.model.objects.known_at(self.known.as_of).up_to(self.known.until)
        return found.select_related(*self.joined)


class Commitments(_OfFunds):
    """All commitments and pledges."""

    name = FIGURES["commitment"].label
    text = _("What contributors promised, instalment by instalment.")
    example = "?fund=CODE&contributor=CODE"
    serializer = CommitmentLine
    model = Commitment
    joined = ("fund", "project", "contributor")
    filterset_class = GivenLineFilter


class Deposits(_OfFunds):
    """All deposits."""

    name = FIGURES["deposit"].label
    text = _("What contributors paid.")
    example = "?fund=CODE&first=2024-01-01"
    serializer = GivenLine
    model = Deposit
    joined = ("fund", "project", "contributor")
    filterset_class = GivenLineFilter


class FundCosts(_OfFunds):
    """All costs and income of funds."""

    name = _("Fund costs")
    text = _("Money of a fund that sits on no project: fees, charges, interest, direct cost.")
    example = "?fund=CODE&kind=bank-charges"
    serializer = FundCostLine
    model = FundCost
    joined = ("fund", "other_fund", "organization")
    filterset_class = FundCostFilter


class OtherFlows(Lines):
    """All other flows."""

    name = _("Other flows")
    text = _("Loans paid back, interest and the like, which no figure counts.")
    example = "?project=NUMBER"
    serializer = OtherFlowLine
    model = OtherFlow
    related = ()


class Rates(List):
    """All rates of exchange."""

    name = _("Exchange rates")
    text = _("Amounts are converted at the latest rate on or before their day.")
    example = "?as_of=2024-12-31"
    serializer = Rate

    def rows(self) -> QuerySet:
        return ExchangeRate.objects.known_at(self.known.as_of)


class Categories(List):
    """All budget categories."""

    name = _("Budget categories")
    text = _("Of budgets and expenditure, of today and earlier.")
    serializer = Category

    def rows(self) -> QuerySet:
        return BudgetCategory.objects.select_related("counts_as")


class Sources(List):
    """All sources of files."""

    name = _("Sources of files")
    text = _("The ledgers and publishers whose files were published here.")
    serializer = SourceRow

    def rows(self) -> QuerySet:
        return Source.objects.all()
