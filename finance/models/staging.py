"""What a check found: the lines that a release would add and withdraw, and what is wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.currency import BASE_LABEL


class StagedLine(models.Model):
    """A record that the release of a load would add, or one that it would withdraw.

    `values` are the columns of the record to add, by name; `record_id` is the record that is
    withdrawn or, of a line to add, the one in whose place it stands. Lines that stand already are
    not kept: what is here is exactly the difference. The database does not check the ids, for these
    rows come by COPY while their load is held, and go at its release.
    """

    class Action(models.TextChoices):
        ADD = "add", _("add")
        WITHDRAW = "withdraw", _("withdraw")

    load = models.ForeignKey(
        "finance.Load", models.CASCADE, related_name="staged_lines", db_constraint=False
    )
    model = models.CharField(max_length=24)
    action = models.CharField(max_length=8, choices=Action, default=Action.ADD)
    line = models.PositiveBigIntegerField(_("line"))
    fingerprint = models.CharField(max_length=32)
    project_id = models.BigIntegerField(null=True)
    fund_id = models.BigIntegerField(null=True)
    record_id = models.BigIntegerField(null=True)
    base_amount = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, null=True)
    values = models.JSONField(null=True)
    # Of a record to withdraw: whether a line to add stands in its place.
    replaced = models.BooleanField(db_default=False)

    class Meta:
        verbose_name = _("staged line")
        verbose_name_plural = _("staged lines")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.model}, line {self.line}"


class LoadRemark(models.Model):
    """An error or a warning about one row of a load, with how to mend it."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")

    load = models.ForeignKey("finance.Load", models.CASCADE, related_name="remarks")
    severity = models.CharField(_("severity"), max_length=7, choices=Severity)
    code = models.SlugField(_("kind"), max_length=40)
    line = models.PositiveBigIntegerField(_("row"), null=True)
    # What stands in many rows is remarked on once, at the first of them.
    rows = models.PositiveIntegerField(_("rows"), default=1)
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.TextField(_("value"), blank=True)
    message = models.TextField(_("what is wrong"))
    advice = models.TextField(_("how to mend it"), blank=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["load", "severity", "code"], name="remark_kinds")]

    def __str__(self) -> str:
        return self.message
