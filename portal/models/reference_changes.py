"""Changes to funds, projects, organizations and places that staff made by form."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReferenceChangeQuerySet(models.QuerySet["ReferenceChange"]):
    """Reading changes."""

    def waiting(self) -> "ReferenceChangeQuerySet":
        """Those that a second person has still to confirm."""
        return self.filter(decided_at=None)


class ReferenceChange(models.Model):
    """What somebody sent by form: kept whole until it is decided on, then only what it was of.

    The values are in the history of what was changed, from where they can be erased.
    """

    kind = models.CharField(_("kind"), max_length=20)
    object_id = models.BigIntegerField(_("its id"), null=True)
    data = models.JSONField(_("what was sent"), default=dict)
    fields = models.JSONField(_("what it changes"), default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided on"), null=True)
    took_effect = models.BooleanField(_("took effect"), default=False)

    objects = ReferenceChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change by form")
        verbose_name_plural = _("changes by form")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["kind", "object_id"], name="reference_change_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, took_effect=False)
                | Q(decided_at__isnull=False, data={}),
                name="decided_change_keeps_no_values",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id or ''} {self.made_at:%Y-%m-%d}"
