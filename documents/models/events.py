"""What happened to documents; entries are added, never changed or removed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DocumentEvent(models.Model):
    """One thing that happened to a document; the reason is for staff and its keepers."""

    web_may_update = ()

    class Kind(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        REPLACED = "replaced", _("Replaced by a new version")
        PUBLISHED = "published", _("Published")
        HELD = "held", _("Held back")
        CORRECTED = "corrected", _("Title, type, language or date corrected")
        REVIEWED = "reviewed", _("Approved by the fund office")
        SENT_BACK = "sent-back", _("Sent back for a change before it was approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RESTORED = "restored", _("Restored")

    # A link that its source states no more goes with its load; what happened to it stays.
    document = models.ForeignKey(
        "documents.Document", models.DO_NOTHING, related_name="events", db_constraint=False
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("event of a document")
        verbose_name_plural = _("events of documents")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "-at"], name="event_of_person")]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class Download(models.Model):
    """One download of a version, by nobody in particular."""

    web_may_update = ()

    document = models.ForeignKey(
        "documents.Document", models.DO_NOTHING, related_name="downloads", db_constraint=False
    )
    version = models.PositiveIntegerField(_("version"))
    on = models.DateField(_("day"), default=timezone.localdate)

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.on}"
