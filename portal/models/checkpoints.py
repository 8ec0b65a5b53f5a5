"""Signed checkpoints of the chain of seals, and time stamps by others."""

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NEVER_CHANGED, NOT_REMOVED


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


class TimeStamp(models.Model):
    """What an authority of time stamps (RFC 3161) answered about a seal; empty until it did.

    An answer that is there never changes. `tries` counts how often it was asked in vain.
    """

    web_may_update = ("answer", "authority", "stamped_at", "tries", "tried_at", "fault")

    seal = models.OneToOneField("finance.Seal", models.PROTECT, related_name="time_stamp")
    answer = models.BinaryField(null=True)
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    stamped_at = models.DateTimeField(_("stamped"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    tried_at = models.DateTimeField(_("tried"), null=True)
    fault = models.CharField(_("fault"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("time stamp")
        verbose_name_plural = _("time stamps")
        ordering = ["-pk"]
        triggers = [
            *NOT_REMOVED,
            pgtrigger.Protect(
                name="only_answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__answer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.stamped_at or self.fault}"

    def get_absolute_url(self) -> str:
        return reverse("seal-time-stamp", args=[self.seal.number])
