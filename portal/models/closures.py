"""Steps of closure as they were entered: on which paper, by whom, and whether they took effect."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClosureStepQuerySet(models.QuerySet["ClosureStep"]):
    """Reading steps of closure."""

    def waiting(self) -> "ClosureStepQuerySet":
        """Those that a second person has still to confirm."""
        return self.filter(confirmed_at=None, ended_at=None)

    def in_force(self) -> "ClosureStepQuerySet":
        """Those that took effect and were not taken back."""
        return self.filter(confirmed_at__isnull=False, ended_at=None)


class ClosureStep(models.Model):
    """That an organization closed its part of a project, operationally or financially, or that
    both are taken back."""

    class Step(models.TextChoices):
        OPERATIONAL = "operational", _("Operational closure")
        FINANCIAL = "financial", _("Financial closure")
        OPEN = "open", _("Opening again")

    part = models.ForeignKey("projects.Participation", models.CASCADE, related_name="closure_steps")
    step = models.CharField(_("step"), max_length=11, choices=Step)
    on = models.DateField(_("day"))
    document = models.ForeignKey(
        "documents.Document", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("took effect"), null=True)
    ended_at = models.DateTimeField(
        _("taken back"), null=True, help_text=_("Not confirmed, or opened again.")
    )

    objects = ClosureStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of closure")
        verbose_name_plural = _("steps of closure")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["part"],
                condition=Q(confirmed_at=None, ended_at=None),
                name="one_closure_step_waits",
                violation_error_message=_("A step of this organization waits already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.on}"
