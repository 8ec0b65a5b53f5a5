"""What is withheld from the public, and where its values are kept meanwhile.

Withholding takes values out of every table that a page, a search, an export or a past date
could read and keeps them in `WithheldValue`, which the web role cannot read. So no page needs
a filter, and none can forget one. The moving is done by functions of the database with its
owner's rights, which also catch what later loads state again. Which kinds of things there are,
and what of them goes, is known above (`portal/withholding/kinds.py`).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WithholdingQuerySet(models.QuerySet["Withholding"]):
    """Reading withholdings."""

    def standing(self) -> "WithholdingQuerySet":
        """Those that were not lifted; what was erased stays withheld for ever."""
        return self.exclude(outcome__erased=False)


class Withholding(models.Model):
    """Something that the public may not read; the reason is for staff only."""

    web_may_update = ()

    kind = models.CharField(_("what is withheld"), max_length=20)
    target_id = models.PositiveBigIntegerField(_("its id"))
    reason = models.TextField(_("reason, for staff only"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("withheld"), auto_now_add=True)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("withholding")
        verbose_name_plural = _("withholdings")
        ordering = ["-at", "-pk"]
        permissions = [("withhold", _("Can withhold from the public, and lift again"))]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="withholding_has_reason",
                violation_error_message=_("Give the reason; only staff will read it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.pk})"


class WithholdingOutcome(models.Model):
    """How a withholding ended: lifted again, or its values erased for good."""

    web_may_update = ()

    withholding = models.OneToOneField(Withholding, models.PROTECT, related_name="outcome")
    erased = models.BooleanField(_("erased by law"), default=False)
    reason = models.TextField(_("reason, for staff only"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("ended"), auto_now_add=True)

    class Meta:
        verbose_name = _("end of a withholding")
        verbose_name_plural = _("ends of withholdings")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="outcome_has_reason",
                violation_error_message=_("Give the reason; only staff will read it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.withholding_id} {self.at:%Y-%m-%d}"


class WithheldValue(models.Model):
    """One value that was moved aside; only the database's own functions read and write here.

    `digest` recognizes the same text when a later load states it again, after erasure too.
    """

    web_may_nothing = True

    withholding = models.ForeignKey(Withholding, models.PROTECT, related_name="+")
    table_name = models.CharField(max_length=60)
    row_id = models.PositiveBigIntegerField()
    column_name = models.CharField(max_length=60)
    project_id = models.PositiveBigIntegerField(null=True)
    kept = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    erased = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("withheld value")
        verbose_name_plural = _("withheld values")
        indexes = [
            models.Index(fields=["table_name", "column_name", "digest"], name="withheld_digest")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["table_name", "row_id", "column_name"], name="withheld_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table_name}.{self.column_name} {self.row_id}"
