"""Key figures of today, derived from the records within each release, and those of then."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kit.currency import BASE_LABEL, in_base


class Measure(models.TextChoices):
    """The stages of money, never added to each other; the catalogue of figures has their words."""

    COMMITMENT = "commitment"
    DEPOSIT = "deposit"
    APPROVED = "approved"
    TRANSFER = "transfer"
    REFUND = "refund"
    EXPENDITURE = "expenditure"


class _Sum(models.Model):
    """The sum of base amounts of one project, organization, year, category and state."""

    year = models.PositiveSmallIntegerField(_("year"))
    measure = models.CharField(_("measure"), max_length=11, choices=Measure)
    state = models.CharField(_("state"), max_length=10, blank=True)
    base_amount = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6)
    records = models.PositiveIntegerField(_("records"))
    unconverted = models.IntegerField(_("records without a rate of exchange"))
    until = models.DateField(_("last date"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.year}: {self.base_amount}"


class KeyFigure(_Sum):
    """A sum of today, stored."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="key_figures")
    # Found by the index of both.
    organization = models.ForeignKey(
        "projects.Organization",
        models.CASCADE,
        null=True,
        related_name="key_figures",
        db_index=False,
    )
    category = models.ForeignKey("finance.BudgetCategory", models.CASCADE, null=True)

    class Meta:
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")
        indexes = [models.Index(fields=["organization", "project"], name="figures_of_organization")]
        constraints = [
            models.UniqueConstraint(
                "project",
                "measure",
                "state",
                "year",
                # PostgreSQL 14 cannot treat NULLs as equal.
                Coalesce("organization", 0),
                Coalesce("category", 0),
                name="one_key_figure",
            )
        ]


def _seen(to: str, related_name: str = "+", **options: Any) -> models.ForeignKey:
    """A foreign key of a view: the database knows of no constraint and deletes nothing."""
    options.setdefault("null", True)
    return models.ForeignKey(to, models.DO_NOTHING, related_name=related_name, **options)


class FundMeasure(models.TextChoices):
    """What entries do to a fund: see `finance/figures/fund_entries.py`."""

    COMMITMENT = "commitment"
    PLEDGE = "pledge"
    DEPOSIT = "deposit"
    FUND_INTEREST = "fund-interest"
    PO_INTEREST = "po-interest"
    OTHER_INCOME = "other-income"
    PAID = "paid"
    TO_FUND = "to-fund"
    RETURNED = "returned"
    AA_FEE = "aa-fee"
    DIRECT_COST = "direct-cost"
    DIRECT_COST_REFUND = "direct-cost-refund"
    DIRECT_COST_EXPENDITURE = "direct-cost-expenditure"
    BANK_CHARGES = "bank-charges"
    APPROVED = "approved"
    TRANSFER = "transfer"
    REFUND = "refund"
    EXPENDITURE = "expenditure"


class StatedRecord(models.Model):
    """A record of money of any kind, as the load that stated it has it."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(_("kind of record"), max_length=20)
    load = _seen("finance.Load")
    withdrawn_by = _seen("finance.Load")
    line = models.PositiveBigIntegerField(_("line"))
    project = _seen("projects.Project")
    organization = _seen("projects.Organization")
    voucher = _seen("finance.Voucher")
    date = models.DateField(_("date"))
    amount = models.DecimalField(_("amount as stated"), max_digits=24, decimal_places=6)
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(
        in_base(_("units per %(currency)s")), max_digits=24, decimal_places=10, null=True
    )
    base_amount = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, null=True)
    restates_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "finance_statedrecord"
        verbose_name = _("stated record")
        verbose_name_plural = _("stated records")

    def __str__(self) -> str:
        return f"{self.kind} {self.date}: {self.currency} {self.amount}"
