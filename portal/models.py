"""What the portal itself keeps: feedback, and files made for staff."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NOT_REMOVED
from portal.reporting.models import ReminderBatch, ReminderSent, ReminderStop, ReportDue

__all__ = [
    "EditionFile",
    "Export",
    "Feedback",
    "ReminderBatch",
    "ReminderSent",
    "ReminderStop",
    "ReportDue",
]


class Feedback(models.Model):
    """A message to the office, perhaps about one figure; kept, and mailed."""

    class Topic(models.TextChoices):
        FIGURE = "figure", _("A question about a figure")
        DOCUMENT = "document", _("A document")
        SITE = "site", _("This site")
        OTHER = "other", _("Something else")

    topic = models.CharField(_("topic"), max_length=8, choices=Topic, default=Topic.SITE)
    page = models.CharField(_("page"), max_length=300, blank=True)
    figure = models.CharField(_("figure"), max_length=300, blank=True)
    message = models.TextField(_("your message"), max_length=5000)
    email = models.EmailField(_("your e-mail address"), blank=True)
    sender = models.CharField(
        max_length=32, help_text=_("Keyed digest of the network address, to limit the rate.")
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["sender", "received_at"], name="feedback_rate")]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} {self.received_at:%Y-%m-%d}"


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
        _("US$"), max_digits=24, decimal_places=6, null=True, blank=True
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

    def may_be_fetched_by(self, user: Any) -> bool:
        """Its owner and fund staff may fetch it, nobody else."""
        return bool(user.is_active and (user.is_staff or user.pk == self.owner_id))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reading invitations."""

    def standing(self) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link by which somebody sets up an account; only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.sent_at:%Y-%m-%d}"


class CacheEntry(models.Model):
    """The table of Django's cache in the database, which all processes and machines share.

    Counters of attempts and used codes live here: in local memory each process would count
    for itself.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "portal_cache"
        verbose_name = _("entry of the cache")
        verbose_name_plural = _("entries of the cache")

    def __str__(self) -> str:
        return self.cache_key


class EditionFile(models.Model):
    """All tables of an edition as one workbook, as they were when it was published.

    Nothing in it changes. When something is withheld, files that may hold it are taken away at
    once, whatever they hold, and made anew without it.
    """

    web_may_update = ("withdrawn_at",)

    edition = models.ForeignKey("finance.Edition", models.PROTECT, related_name="files")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    file = models.FileField(_("file"), upload_to="editions/%Y/")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    withdrawn_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    class Meta:
        triggers = [
            *NOT_REMOVED,
            pgtrigger.Protect(
                name="only_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                name="edition_file_standing",
                condition=models.Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.made_at:%Y-%m-%d}"
