"""What the body that steers a fund decided, and what organizations passed on below them.

Neither adds to a figure: what was decided is the same money as approved budgets, and what is
passed on is a part of what an organization received.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import salt
from finance.models.records import MoneyRecord, Record, indexes_of
from portal.kit.withholdable import sealed_texts


class Decision(Record):
    """One thing that was decided on a day, of a fund or of one of its projects.

    Budget lines, revisions and extensions of the same project that were approved on the same day
    are what it decided; no record repeats that.
    """

    class Kind(models.TextChoices):
        ALLOCATION = "allocation", _("Allocation")
        REVISION = "revision", _("Revision")
        EXTENSION = "extension", _("Extension")
        OTHER = "other", _("Other decision")

    fund = models.ForeignKey("projects.Fund", models.PROTECT, related_name="decisions")
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    organization = models.ForeignKey(
        "projects.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("participating organization"),
    )
    date = models.DateField(_("date"))
    body = models.CharField(_("body"), max_length=200)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = models.DecimalField(
        _("amount as stated"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    minutes = models.PositiveBigIntegerField(
        _("document of the minutes"), null=True, blank=True, help_text=_("Its number here.")
    )
    conditions = models.TextField(_("conditions"), blank=True)
    description = models.TextField(_("description"), blank=True)
    salt = salt()
    withholdable = sealed_texts("description", "conditions", "body", "reference", scope="project")

    class Meta(Record.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-date", "-pk"]
        indexes = [
            *indexes_of("decision", "fund", "date"),
            models.Index(
                fields=["project", "date"],
                name="decision_of_project",
                condition=Q(withdrawn_by__isnull=True),
            ),
            models.Index(F("date").desc(), F("id").desc(), name="decision_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(currency=""),
                name="decision_amount_has_currency",
                violation_error_message=_("State the currency of the amount."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.body}"


class SubGrant(MoneyRecord):
    """Money that a participating organization passes on to an implementing partner.

    Its date is that of the agreement. The fund pays an implementing partner nothing itself.
    """

    class PartnerType(models.TextChoices):
        LOCAL = "local", _("Local")
        NATIONAL = "national", _("National")
        INTERNATIONAL = "international", _("International")

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="sub_grants")
    organization = models.ForeignKey(
        "projects.Organization",
        models.PROTECT,
        related_name="sub_grants_given",
        verbose_name=_("participating organization"),
    )
    partner = models.ForeignKey(
        "projects.Organization",
        models.PROTECT,
        related_name="sub_grants_received",
        verbose_name=_("implementing partner"),
    )
    partner_type = models.CharField(
        _("type of partner"), max_length=13, choices=PartnerType, blank=True
    )
    women_led = models.BooleanField(_("led by women"), null=True, blank=True)
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period to"), null=True, blank=True)

    class Meta(MoneyRecord.Meta):
        verbose_name = _("sub-grant")
        verbose_name_plural = _("sub-grants")
        ordering = ["-date", "-pk"]
        indexes = [
            *indexes_of("subgrant", "project", "date"),
            models.Index(fields=["partner", "date"], name="subgrant_by_partner"),
            models.Index(fields=["organization", "date"], name="subgrant_by_giver"),
            models.Index(F("date").desc(), F("id").desc(), name="subgrant_order"),
        ]
