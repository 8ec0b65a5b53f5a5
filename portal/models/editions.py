"""Files of published editions."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NOT_REMOVED


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
