"""Packages of all public data."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NOT_REMOVED


class DataPackageQuerySet(models.QuerySet["DataPackage"]):
    """Reading packages."""

    def standing(self) -> "DataPackageQuerySet":
        """Those that can be had, the newest first."""
        return self.filter(withdrawn_at=None)


class DataPackage(models.Model):
    """All public tables as they were at one moment, in one file.

    Nothing in it changes. When something is withheld all of them are taken away at once, and the
    newest is made anew without it; old ones go when there are more than are kept.
    """

    web_may_update = ("withdrawn_at",)

    name = models.CharField(_("name"), max_length=40)
    as_of = models.DateTimeField(_("as known on"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    changes = models.PositiveBigIntegerField(_("changes counted until then"), default=0)
    seal_number = models.PositiveBigIntegerField(_("newest seal"), default=0)
    file = models.FileField(_("file"), upload_to="packages/%Y/")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    manifest = models.JSONField(_("description"))
    # What leads to it from the package before; empty where there was none.
    delta_file = models.FileField(_("changes"), upload_to="packages/%Y/", blank=True)
    delta = models.JSONField(_("description of the changes"), default=dict, blank=True)
    withdrawn_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    objects = DataPackageQuerySet.as_manager()

    class Meta:
        triggers = [
            *NOT_REMOVED,
            pgtrigger.Protect(
                name="only_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]
        verbose_name = _("package of all data")
        verbose_name_plural = _("packages of all data")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="package_named_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="package_sha256_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("data-package", args=[self.name])
