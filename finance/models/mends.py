"""What staff mended of a file before its release; the file itself stays as it came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NOT_REMOVED


class Mend(models.Model):
    """One thing mended: a cell, a value wherever it stands in a column, or a row left out.

    The newest about a place counts; what was mended before it stays on record.
    """

    class What(models.TextChoices):
        CELL = "cell", _("Cell")
        RULE = "rule", _("Value wherever it stands in the column")
        LEFT_OUT = "left-out", _("Row left out")
        TAKEN_IN = "taken-in", _("Row taken in again")
        CREATED = "created", _("Organization created for this name")

    web_may_update = ()

    load = models.ForeignKey("finance.Load", models.PROTECT, related_name="mends")
    what = models.CharField(_("what"), max_length=8, choices=What)
    line = models.PositiveBigIntegerField(_("row"), null=True, blank=True)
    column = models.CharField(_("column"), max_length=60, blank=True)
    old = models.CharField(_("as the file has it"), max_length=2000, blank=True)
    new = models.CharField(_("as mended"), max_length=2000, blank=True)
    made_at = models.DateTimeField(_("mended on"), auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = [*NOT_REMOVED]
        verbose_name = _("mend")
        verbose_name_plural = _("mends")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=("rule", "created"), line__isnull=True)
                | Q(what__in=("cell", "left-out", "taken-in"), line__isnull=False),
                name="mend_of_a_row_or_of_all",
                violation_error_message=_("A mend is of one row, or of a value in all."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.column} {self.old} → {self.new}"
