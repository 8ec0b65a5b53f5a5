"""Erasures that an administrator asked for, until they are carried out at the server."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AskedErasure(models.Model):
    """A withholding to be erased for good; goes when it is done, for its outcome says the same.

    The site's own database role cannot erase; `manage.py erase --asked` does, as the owner.
    """

    withholding = models.OneToOneField(
        "projects.Withholding", models.CASCADE, related_name="asked_erasure"
    )
    reason = models.TextField(_("legal ground"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("erasure asked for")
        verbose_name_plural = _("erasures asked for")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.withholding_id} {self.at:%Y-%m-%d}"
