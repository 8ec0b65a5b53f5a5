"""Mappings of foreign headings, remembered for each source and kind of file."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceMapping(models.Model):
    """How the files of one kind from one source are read.

    What `spec` may hold stands in `finance/formats/mappings.py`, and is checked there.
    """

    source = models.ForeignKey("finance.Source", models.CASCADE, related_name="mappings")
    kind = models.CharField(_("kind"), max_length=20)
    spec = models.JSONField(_("mapping"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("mapping of a source")
        verbose_name_plural = _("mappings of sources")
        ordering = ["source_id", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind"],
                name="one_mapping_per_source_and_kind",
                violation_error_message=_("This source has a mapping for this kind already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.kind}"
