"""Our own IATI files, as they can be had now."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IatiFileQuerySet(models.QuerySet["IatiFile"]):
    """Reading files."""

    def standing(self) -> "IatiFileQuerySet":
        """Those that can be had: the whole portfolio first, then the organisation, then funds."""
        return self.filter(withdrawn_at=None).order_by("kind", "fund__sort_name", "pk")


class IatiFile(models.Model):
    """One file of ours: activities of a fund or of all funds, or what the office says of itself.

    Made anew after each release, and as soon as something is withheld; the address stays.
    """

    class Kind(models.TextChoices):
        ALL = "1-all", _("Activities of all funds")
        ORGANISATION = "2-organisation", _("The organisation itself")
        FUND = "3-fund", _("Activities of one fund")

    name = models.CharField(_("name"), max_length=140)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    fund = models.ForeignKey(
        "projects.Fund", models.PROTECT, null=True, blank=True, related_name="iati_files"
    )
    # Whether the office itself publishes it; another publisher's activities are not registered.
    is_own = models.BooleanField(_("published by the office itself"), default=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    basis = models.CharField(_("what it was made from"), max_length=64)
    activities = models.PositiveIntegerField(_("activities"), default=0)
    file = models.FileField(_("file"), upload_to="iati/%Y/")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    withdrawn_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    objects = IatiFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("IATI file")
        verbose_name_plural = _("IATI files")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(withdrawn_at=None), name="iati_file_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="iati_file_sha256_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("iati-file", args=[self.name])


class IatiLook(models.Model):
    """A look at our own files by the rules of the standard, asked for by staff."""

    by = models.ForeignKey(
        "projects.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    # Empty once it is over: of what is under way there is one.
    under_way = models.BooleanField(_("under way"), null=True, default=True, unique=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    activities = models.PositiveIntegerField(_("activities"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    warnings = models.PositiveIntegerField(_("warnings"), default=0)
    found = models.JSONField(_("what was found"), default=dict)

    class Meta:
        verbose_name = _("look at our IATI")
        verbose_name_plural = _("looks at our IATI")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
