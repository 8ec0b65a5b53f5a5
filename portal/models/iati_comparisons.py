"""Reports that compare an organization's own IATI with ours."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IatiComparisonQuerySet(models.QuerySet["IatiComparison"]):
    """Reading comparisons."""

    def public(self) -> "IatiComparisonQuerySet":
        """Those that anybody may read."""
        return self.filter(is_public=True, state=IatiComparison.State.DONE)


class IatiComparison(models.Model):
    """What an organization says of our projects in its own IATI, beside what we say, on a day.

    Its file is not kept: of it, its fingerprint is.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a worker")
        DONE = "done", _("done")
        FAILED = "failed", _("the file could not be read")

    organization = models.ForeignKey(
        "projects.Organization", models.PROTECT, related_name="iati_comparisons",
        verbose_name=_("organization"),
    )  # fmt: skip
    address = models.URLField(_("address of its file"), max_length=2000, blank=True)
    file = models.FileField(_("file"), upload_to="comparisons/%Y/", blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    by = models.ForeignKey(
        "projects.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    trouble = models.TextField(_("why it failed"), blank=True)
    compared_at = models.DateTimeField(_("compared"), null=True, blank=True)
    activities = models.PositiveIntegerField(_("activities"), default=0)
    found = models.JSONField(_("what was found"), default=dict)
    is_public = models.BooleanField(_("public"), default=False)

    objects = IatiComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison with an organization’s own IATI")
        verbose_name_plural = _("comparisons with organizations’ own IATI")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(state="done"),
                name="iati_comparison_public_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("iati-comparison", args=[self.pk])
