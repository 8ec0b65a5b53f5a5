"""Which reports a fund asks for, and by when: rules of a fund, else those of the office."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    """The reports of a participating organization about a project (docs/domain.md#calendar)."""

    NARRATIVE = "narrative", _("Annual narrative report")
    FINANCIAL = "financial", _("Year-end expenditure")
    FINAL_NARRATIVE = "final-narrative", _("Final narrative report")
    CERTIFIED = "certified", _("Certified final financial statement")

    @property
    def is_annual(self) -> bool:
        """Whether it is due once a year, not once after closure."""
        return self in {ReportKind.NARRATIVE, ReportKind.FINANCIAL}


def report_kind_function() -> str:
    """The function of the database that knows which reports are due once a year."""
    annual = ", ".join(f"'{kind.value}'" for kind in ReportKind if kind.is_annual)
    return (
        "CREATE OR REPLACE FUNCTION report_kind_is_annual(kind text) RETURNS boolean "
        f"LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT kind IN ({annual}) $$"
    )


@pghistory.track()
class ReportRule(models.Model):
    """How one fund differs from the office's calendar for one kind of report."""

    fund = models.ForeignKey("projects.Fund", models.CASCADE, related_name="report_rules")
    kind = models.CharField(_("report"), max_length=16, choices=ReportKind)
    is_asked = models.BooleanField(_("asked for"), default=True)
    month = models.PositiveSmallIntegerField(
        _("due: month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("Of the following year, for annual reports; left empty, the office’s rule."),
    )
    day = models.PositiveSmallIntegerField(
        _("due: day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("A day that the month does not have means its last."),
    )
    months_after_closure = models.PositiveSmallIntegerField(
        _("due, months after operational closure"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(120)],
        help_text=_("For final reports; left empty, the office’s rule."),
    )

    class Meta:
        verbose_name = _("rule on a report")
        verbose_name_plural = _("rules on reports")
        ordering = ["fund", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "kind"],
                name="one_rule_per_report",
                violation_error_message=_("The fund has a rule on this report already."),
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True, day__isnull=True)
                | Q(month__range=(1, 12), day__range=(1, 31)),
                name="rule_has_month_and_day",
                violation_error_message=_("State month and day together, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.get_kind_display()}"
