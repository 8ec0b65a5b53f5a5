"""Files of voucher lines, made for staff in the background."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.currency import BASE_LABEL
from projects.models import User


class Export(models.Model):
    """A file of voucher lines made in the background for one person; it is kept for a day.

    `known` is the moment that the file speaks of: what was known then changes no more, so
    making it again gives the same rows.
    """

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel")
        CSV = "csv", _("CSV")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    query = models.TextField(_("filters, as in the address of the page"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    format = models.CharField(_("format"), max_length=4, choices=Format)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    known = models.DateTimeField(_("as known on"))
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    done = models.PositiveBigIntegerField(_("rows written"), default=0)
    base_amount = models.DecimalField(
        BASE_LABEL, max_digits=24, decimal_places=6, null=True, blank=True
    )
    file = models.FileField(_("file"), upload_to="exports/%Y/%m/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    expires_at = models.DateTimeField(_("is deleted"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.asked_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("staff-export", args=[self.pk])

    @property
    def percent(self) -> int:
        """How much of it is written."""
        if self.state == self.State.READY:
            return 100
        return min(99, 100 * self.done // self.rows) if self.rows else 0

    @property
    def open_to_fetch(self) -> bool:
        """Whether the file is there and its day is not over."""
        return self.state == self.State.READY and (self.expires_at or timezone.now()) > (
            timezone.now()
        )

    def may_be_fetched_by(self, user: User | AnonymousUser) -> bool:
        """Its owner and fund staff may fetch it, nobody else."""
        return bool(user.is_active and (user.is_staff or user.pk == self.owner_id))
