"""Sources and loads: who said something, in which file, and when it became public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NOT_REMOVED, only_emptied, salt


class Source(models.Model):
    """A ledger or publisher; what it says now replaces what it said before."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class LoadQuerySet(models.QuerySet):
    """Reading loads."""

    def released(self) -> "LoadQuerySet":
        """Those that the public knows of."""
        return self.filter(released_at__isnull=False)


class Load(models.Model):
    """One source file taken in, with what it changed."""

    class Kind(models.TextChoices):
        IATI = "iati", _("IATI activities")
        VOUCHERS = "vouchers", _("Vouchers")
        BUDGETS = "budgets", _("Approved budgets")
        EXPENDITURES = "expenditures", _("Expenditures")
        CONTRIBUTIONS = "contributions", _("Commitments and deposits")
        FUND_COSTS = "fund-costs", _("Fund costs")
        PROJECTS = "projects", _("Projects")
        RATES = "rates", _("Exchange rates")

    web_may_update = ("released_at", "released_by", "counts", "report")

    source = models.ForeignKey(Source, models.PROTECT, related_name="loads")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    file = models.FileField(_("file"), upload_to="loads/%Y/%m/")
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True, db_index=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts = models.JSONField(_("new, changed, withdrawn, unchanged"), default=dict, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)

    objects = LoadQuerySet.as_manager()

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="load_sha256_is_hex"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("load", args=[self.pk])


class ProjectStatement(models.Model):
    """What a load said of a project's own fields: the origin of its texts and dates."""

    web_may_update = ()

    load = models.ForeignKey(Load, models.PROTECT, related_name="project_statements")
    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="statements")
    line = models.PositiveBigIntegerField(_("line"))
    fingerprint = models.CharField(max_length=64)
    values = models.JSONField(_("values as stated"))
    salt = salt()

    class Meta:
        triggers = [*NOT_REMOVED, only_emptied("values")]
        verbose_name = _("statement about a project")
        verbose_name_plural = _("statements about projects")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project_id} in load {self.load_id}"
