"""Mail on its way out: kept until the mail server has taken it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """Reading mail on its way."""

    def waiting(self) -> "OutgoingMailQuerySet":
        """What is still to be sent."""
        return self.filter(given_up_at=None)

    def due(self) -> "OutgoingMailQuerySet":
        """What is to be tried now."""
        return self.waiting().filter(next_try_at__lte=timezone.now())


class OutgoingMail(models.Model):
    """One mail; deleted once it is sent, for it may hold a link that lets somebody in."""

    sender = models.CharField(_("from"), max_length=320)
    recipients = models.JSONField(_("to"), default=list)
    subject = models.CharField(_("subject"), max_length=998)
    content = models.BinaryField(_("content"))
    queued_at = models.DateTimeField(_("waits since"), auto_now_add=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("tried again"), default=timezone.now, db_index=True)
    fault = models.CharField(_("why it was not sent"), max_length=300, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail on its way")
        verbose_name_plural = _("mail on its way")
        ordering = ["queued_at", "pk"]

    def __str__(self) -> str:
        return f"{self.subject} → {', '.join(self.recipients)}"
