"""Signed checkpoints of the chain of seals."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NEVER_CHANGED


class Checkpoint(models.Model):
    """What the office signed of its seals at one moment; `key` is the public half."""

    web_may_update = ()

    size = models.PositiveBigIntegerField(_("seals"))
    note = models.TextField(_("signed text"))
    key = models.CharField(_("key"), max_length=300)
    signed_at = models.DateTimeField(_("signed"), auto_now_add=True)

    class Meta:
        verbose_name = _("signed checkpoint")
        verbose_name_plural = _("signed checkpoints")
        ordering = ["-pk"]
        triggers = list(NEVER_CHANGED)
        constraints = [
            models.UniqueConstraint(fields=["size", "key"], name="checkpoint_signed_once")
        ]

    def __str__(self) -> str:
        return str(self.size)

    def get_absolute_url(self) -> str:
        return reverse("seal-checkpoint", args=[self.pk])
