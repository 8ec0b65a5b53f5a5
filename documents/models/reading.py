"""The text of documents, page by page, and a picture of the first page."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """How the text of a version was read; made before the text is, so that no file is lost."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not read yet")
        READ = "read", _("Its text can be searched")
        NO_TEXT = "no-text", _("Scanned: no text can be found in it")
        NONE = "none", _("A kind of file without text")
        ENCRYPTED = "encrypted", _("Encrypted: its text cannot be read")
        FAILED = "failed", _("Its text could not be read")

    version = models.OneToOneField(
        "documents.DocumentVersion", models.CASCADE, related_name="reading"
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    preview = models.CharField(max_length=255, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def __str__(self) -> str:
        return f"{self.version_id}: {self.get_state_display()}"


class DocumentPage(models.Model):
    """The text of one page of the newest version of a document."""

    document = models.ForeignKey("documents.Document", models.CASCADE, related_name="pages")
    version = models.ForeignKey(
        "documents.DocumentVersion", models.CASCADE, related_name="page_texts"
    )
    number = models.PositiveIntegerField(_("page"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    text = models.TextField(_("text"))
    # Both functions are made by the migration; accents and case do not count.
    search = models.GeneratedField(
        expression=models.Func("text", "language", function="document_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["version", "number"]
        indexes = [GinIndex(fields=["search"], name="document_page_search")]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="page_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"
