"""Sums of entries by fund and by organization, moved on by each release.

`finance/figures/roll_ups.py` makes them; a page reads them as it reads entries, many at a time.
"""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from finance.models.entries import _seen
from portal.kit.currency import BASE_LABEL
from portal.kit.dates import TODAY, Known

# A name that stands after all others.
LAST_OF_ALL = "\U0010ffff"


def can_roll_up(known: Known) -> bool:
    """Whether sums by year can say it: money up to a day within a year needs the entries."""
    return known.until is None or known.until == date(known.until.year, 12, 31)


def rolled_up(known: Known, prefix: str = "") -> Q:
    """The condition on roll-ups (`prefix` leads to them): known then, of money up to then."""
    found = Q(**{f"{prefix}at__isnull": True})
    if known.as_of is not None:
        found = Q(**{f"{prefix}at__lte": known.as_of})
    return found & Q(**{f"{prefix}date_year__lte": known.until.year}) if known.until else found


def sums_known(known: Known, prefix: str = "") -> Q:
    """The condition on sums side by side with a span of time; of money up to any day."""
    found = Q(**{f"{prefix}known_until__isnull": True})
    if known.as_of is None:
        return found
    found |= Q(**{f"{prefix}known_until__gt": known.as_of})
    return found & Q(**{f"{prefix}known_from__lte": known.as_of})


class RollUpQuerySet(models.QuerySet):
    """Reading roll-ups."""

    def known(self, known: Known = TODAY) -> "RollUpQuerySet":
        """Those that add up to what was known then; of a `known` that `can_roll_up`."""
        return self.filter(rolled_up(known))

    def summed(self, *keys: str) -> models.QuerySet[Any, Any]:
        """Sums by these keys of what stands, as those of entries."""
        return (
            self.order_by()
            .values(*keys)
            .annotate(Sum("base_amount"), Sum("records"), Sum("unconverted"))
            .exclude(records__sum=0)
        )


class _RollUp(models.Model):
    """What a release added to a sum and took from it; without a moment: the sum of today."""

    at = models.DateTimeField(_("moment of the release"), null=True)
    measure = models.CharField(_("measure"), max_length=24)
    state = models.CharField(_("state"), max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    date_year = models.PositiveSmallIntegerField(_("year of the date"))
    base_amount = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6)
    records = models.IntegerField(_("records"))
    unconverted = models.IntegerField(_("records without a rate of exchange"))

    objects = RollUpQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.measure} {self.year}: {self.base_amount}"


def _one_today(name: str, *keys: Any) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        "measure",
        "state",
        "year",
        "date_year",
        *keys,
        condition=Q(at__isnull=True),
        name=name,
    )


class FundFigure(_RollUp):
    """Sums of the entries of funds: of the fund that the record names, and of its project's."""

    fund = _seen("projects.Fund", related_name="figures")
    project_fund = _seen("projects.Fund", related_name="project_figures")

    class Meta:
        verbose_name = _("figure of a fund")
        verbose_name_plural = _("figures of funds")
        constraints = [
            # PostgreSQL 14 cannot treat NULLs as equal.
            _one_today("one_fund_figure", Coalesce("fund", 0), Coalesce("project_fund", 0))
        ]
        indexes = [models.Index(F("at"), name="fund_figure_at")]


class FundPartFigure(_RollUp):
    """The same sums by organization and category, for the pages of one fund."""

    fund = _seen("projects.Fund", db_index=False)
    project_fund = _seen("projects.Fund", db_index=False)
    organization = _seen("projects.Organization", db_index=False)
    category = _seen("finance.BudgetCategory", db_index=False)

    class Meta:
        verbose_name = _("figure of a part of a fund")
        verbose_name_plural = _("figures of parts of funds")
        constraints = [
            _one_today(
                "one_fund_part_figure",
                *(Coalesce(name, 0) for name in ("fund", "project_fund", "organization")),
                Coalesce("category", 0),
            )
        ]
        indexes = [
            models.Index(fields=["at"], name="fund_part_figure_at"),
            models.Index(fields=["fund", "at"], name="fund_part_figure_of_fund"),
            models.Index(fields=["project_fund", "at"], name="fund_part_figure_of_projects"),
        ]


class OrganizationFigure(_RollUp):
    """Sums of the entries of projects by organization and the fund of the project."""

    organization = _seen("projects.Organization", related_name="figures")
    project_fund = _seen("projects.Fund", related_name="organization_figures")

    class Meta:
        verbose_name = _("figure of an organization")
        verbose_name_plural = _("figures of organizations")
        constraints = [
            _one_today(
                "one_organization_figure",
                Coalesce("organization", 0),
                Coalesce("project_fund", 0),
            )
        ]
        indexes = [models.Index(F("at"), name="organization_figure_at")]


class _SideBySide(models.Model):
    """Today's sums side by side, in the base currency."""

    approved = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, default=0)
    transfer = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, default=0)
    refund = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, default=0)
    expenditure = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, default=0)
    expenditure_interim = models.DecimalField(
        BASE_LABEL, max_digits=24, decimal_places=6, default=0
    )
    expenditure_certified = models.DecimalField(
        BASE_LABEL, max_digits=24, decimal_places=6, default=0
    )
    approved_left_out = models.IntegerField(_("amounts left out"), default=0)
    transfer_left_out = models.IntegerField(_("amounts left out"), default=0)
    refund_left_out = models.IntegerField(_("amounts left out"), default=0)
    expenditure_left_out = models.IntegerField(_("amounts left out"), default=0)
    net_funded = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, default=0)
    balance = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, null=True)
    delivery_rate = models.DecimalField(
        _("delivery rate"), max_digits=50, decimal_places=24, null=True
    )

    class Meta:
        abstract = True


class ProjectSums(_SideBySide):
    """What lists show of a project and sort by: today's key figures side by side."""

    project = models.OneToOneField(
        "projects.Project", models.CASCADE, primary_key=True, related_name="sums"
    )
    # In which money was paid, paid back or spent.
    years = ArrayField(models.PositiveSmallIntegerField(), default=list, verbose_name=_("years"))

    class Meta:
        verbose_name = _("sums of a project")
        verbose_name_plural = _("sums of projects")
        indexes = [
            models.Index(fields=["approved", "project"], name="project_by_approved"),
            models.Index(fields=["transfer", "project"], name="project_by_transfer"),
            models.Index(fields=["refund", "project"], name="project_by_refund"),
            models.Index(fields=["net_funded", "project"], name="project_by_net_funded"),
            models.Index(fields=["expenditure", "project"], name="project_by_expenditure"),
            models.Index(fields=["balance", "project"], name="project_by_balance"),
            models.Index(
                F("balance").desc(nulls_last=True),
                F("project").desc(),
                name="project_by_balance_down",
            ),
            models.Index(
                F("delivery_rate").asc(nulls_last=True), "project", name="project_by_rate"
            ),
            models.Index(
                F("delivery_rate").desc(nulls_last=True),
                F("project").desc(),
                name="project_by_rate_down",
            ),
        ]

    def __str__(self) -> str:
        return str(self.project_id)


class OrganizationSums(_SideBySide):
    """What lists show of an organization of which figures tell, and sort by."""

    organization = models.OneToOneField(
        "projects.Organization", models.CASCADE, primary_key=True, related_name="sums"
    )

    class Meta:
        verbose_name = _("sums of an organization")
        verbose_name_plural = _("sums of organizations")

    def __str__(self) -> str:
        return str(self.organization_id)


class _KnownSums(_SideBySide):
    """Sums side by side as they were known between two releases."""

    known_from = models.DateTimeField(_("known from"))
    known_until = models.DateTimeField(_("known until"), null=True)

    class Meta:
        abstract = True


class OrganizationSumsThen(_KnownSums):
    """Sums of an organization as lists of a past day show them: one row for each release that
    changed them (`finance/figures/known_sums.py`)."""

    organization = models.ForeignKey(
        "projects.Organization", models.CASCADE, related_name="sums_then", db_index=False
    )

    class Meta:
        verbose_name = _("sums of an organization on a past day")
        verbose_name_plural = _("sums of organizations on past days")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "known_from"], name="one_sum_of_an_organization"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.known_from}"


class FundSums(_KnownSums):
    """The same of the projects of a fund; that without end is of today."""

    fund = models.ForeignKey("projects.Fund", models.CASCADE, related_name="sums", db_index=False)

    class Meta:
        verbose_name = _("sums of a fund")
        verbose_name_plural = _("sums of funds")
        constraints = [
            models.UniqueConstraint(fields=["fund", "known_from"], name="one_sum_of_a_fund")
        ]
        indexes = [
            models.Index(
                fields=["fund"], condition=Q(known_until__isnull=True), name="sums_of_a_fund_today"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.known_from}"


class VoucherSums(models.Model):
    """What lists show of a voucher that has standing lines, and sort by."""

    voucher = models.OneToOneField(
        "finance.Voucher", models.CASCADE, primary_key=True, related_name="sums"
    )
    line_count = models.PositiveIntegerField(_("lines"))
    total = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, null=True)
    left_out = models.PositiveIntegerField(_("amounts left out"))
    # What lists sort by, beside each other in one index; moved on with the names
    # (finance/sql/voucher_names.sql).
    payee_name = models.TextField(_("payee"), blank=True)
    fund_name = models.TextField(_("fund"))
    payment_date = models.DateField(_("payment date"))

    class Meta:
        verbose_name = _("sums of a voucher")
        verbose_name_plural = _("sums of vouchers")
        indexes = [
            models.Index(
                fields=["line_count", "-payment_date", "-voucher"], name="voucher_by_lines"
            ),
            models.Index(fields=["fund_name", "-payment_date", "-voucher"], name="voucher_by_fund"),
            models.Index(
                Coalesce(NullIf("payee_name", Value("")), Value(LAST_OF_ALL)),
                F("payment_date").desc(),
                F("voucher").desc(),
                name="voucher_by_payee",
            ),
            models.Index(
                fields=["-payee_name", "-payment_date", "-voucher"], name="voucher_by_payee_down"
            ),
            models.Index(fields=["total", "voucher"], name="voucher_by_total"),
            models.Index(
                F("total").desc(nulls_last=True), F("voucher").desc(), name="voucher_by_total_down"
            ),
        ]

    def __str__(self) -> str:
        return str(self.voucher_id)
