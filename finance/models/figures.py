"""Key figures of today, derived from the records within each release."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """The stages of money; never added to each other."""

    COMMITMENT = "commitment", _("Commitments")
    DEPOSIT = "deposit", _("Deposits")
    APPROVED = "approved", _("Approved budget")
    TRANSFER = "transfer", _("Transfers")
    REFUND = "refund", _("Refunds")
    EXPENDITURE = "expenditure", _("Expenditure")


class KeyFigure(models.Model):
    """The US$ sum of the records of one project, organization, year, category and state."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="key_figures")
    organization = models.ForeignKey(
        "projects.Organization", models.CASCADE, null=True, related_name="key_figures"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    category = models.ForeignKey("finance.BudgetCategory", models.CASCADE, null=True)
    measure = models.CharField(_("measure"), max_length=11, choices=Measure)
    state = models.CharField(_("state"), max_length=10, blank=True)
    usd = models.DecimalField(_("US$"), max_digits=24, decimal_places=6)
    records = models.PositiveIntegerField(_("records"))
    unconverted = models.PositiveIntegerField(_("records without a rate of exchange"))
    until = models.DateField(_("last date"))

    class Meta:
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")
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

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.year}: {self.usd}"
