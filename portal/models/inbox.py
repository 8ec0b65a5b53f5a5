"""The daily mail of what waits: to whom it went, and who wants which kind no more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class InboxMail(models.Model):
    """The mail of one day to one person; there is never a second."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("daily mail")
        verbose_name_plural = _("daily mails")
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_inbox_mail_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class InboxStop(models.Model):
    """A kind of work that a person does not want to be mailed of."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox_stops")
    kind = models.CharField(_("kind"), max_length=30)

    class Meta:
        verbose_name = _("kind not mailed")
        verbose_name_plural = _("kinds not mailed")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="inbox_kind_stopped_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class InboxTold(models.Model):
    """Something that waits for a person, who was mailed of it at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=30)
    thing = models.CharField(_("its id"), max_length=40)

    class Meta:
        verbose_name = _("thing told of at once")
        verbose_name_plural = _("things told of at once")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "thing"], name="told_of_it_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.thing}"
