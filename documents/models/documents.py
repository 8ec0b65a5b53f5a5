"""Documents of projects and funds, their versions, and who may keep them."""

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.language.language_names import language_names
from portal.kit.language.reference_names import translated
from portal.kit.text import searchable
from portal.kit.withholdable import MARK, Withholdable
from portal.kit.years import YEAR_VALIDATORS
from projects.models import Fund, ReportKind

FORMAT_NAMES = {
    "application/pdf": "PDF",
    "text/html": "HTML",
    "text/csv": "CSV",
    "text/plain": "TXT",
    "application/json": "JSON",
    "application/xml": "XML",
    "application/zip": "ZIP",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument spreadsheet",
    "application/vnd.oasis.opendocument.presentation": "OpenDocument presentation",
}


class DocumentType(models.Model):
    """A kind of document, mapped to IATI's document category."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    iati_category = models.CharField(_("IATI category"), max_length=3)
    is_read_from_iati = models.BooleanField(
        _("read from IATI"),
        default=False,
        help_text=_("A link of an IATI file that has this category becomes such a document."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_of_decisions = models.BooleanField(
        _("tells of decisions"),
        default=False,
        help_text=_("Such a document of the day of a fund’s decision is shown with it."),
    )
    report_kind = models.CharField(
        _("is the report"),
        max_length=16,
        choices=ReportKind,
        blank=True,
        help_text=_("Such a document of a participating organization counts as that report due."),
    )

    class Meta:
        verbose_name = _("document type")
        verbose_name_plural = _("document types")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return translated(self.name)

    @property
    def is_annual_report(self) -> bool:
        """Whether such documents tell of one year or of a part of it."""
        return self.is_report and ReportKind(self.report_kind).is_annual

    @property
    def is_final_report(self) -> bool:
        """Whether such documents tell of all that a project did."""
        return self.is_report and not self.is_annual_report

    @property
    def is_report(self) -> bool:
        """Whether a participating organization sends such documents by the calendar."""
        return bool(self.report_kind)


class ReportPeriod(models.TextChoices):
    """What a report tells of. Only one of a whole year, or a final one, can be a report due."""

    YEAR = "year", _("Whole year")
    FIRST_HALF = "h1", _("First half of the year")
    SECOND_HALF = "h2", _("Second half of the year")
    QUARTER_1 = "q1", _("First quarter")
    QUARTER_2 = "q2", _("Second quarter")
    QUARTER_3 = "q3", _("Third quarter")
    QUARTER_4 = "q4", _("Fourth quarter")
    FINAL = "final", _("Whole duration, final")


class DocumentQuerySet(models.QuerySet):
    """Reading documents."""

    def public(self) -> "DocumentQuerySet":
        """Those that anybody may read."""
        return self.filter(state=Document.State.PUBLIC)

    def known_at(self, moment: datetime | None) -> "DocumentQuerySet":
        """Those that had been added by then; what is not public today never was."""
        return self.filter(added_at__lte=moment) if moment else self

    def for_listing(self) -> "DocumentQuerySet":
        """With all that a row of a list shows, the newest version's size and picture included."""
        newest = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number")
        return self.select_related("type", "project__fund", "fund").annotate(
            size=Subquery(newest.values("size")[:1]),
            newest=Subquery(newest.values("number")[:1]),
            preview=Subquery(newest.values("reading__preview")[:1]),
        )


class Document(models.Model):
    """A document of a project or of a fund: a file kept here or a link to one elsewhere."""

    class State(models.TextChoices):
        PUBLIC = "public", _("Public")
        HELD = "held", _("Held back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    project = models.ForeignKey(
        "projects.Project", models.CASCADE, null=True, blank=True, related_name="documents"
    )
    fund = models.ForeignKey(
        "projects.Fund", models.CASCADE, null=True, blank=True, related_name="documents"
    )
    type = models.ForeignKey(DocumentType, models.PROTECT, verbose_name=_("type"))
    title = models.CharField(_("title"), max_length=500)
    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("languages")
    )
    iati_categories = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        verbose_name=_("IATI categories, as stated"),
    )
    document_date = models.DateField(_("document date"), null=True, blank=True)
    year_reported = models.PositiveSmallIntegerField(
        _("year reported on"),
        null=True,
        blank=True,
        validators=YEAR_VALIDATORS,
        help_text=_("For annual reports: the year that it tells of, not that of writing."),
    )
    period = models.CharField(
        _("period"),
        max_length=5,
        choices=ReportPeriod,
        blank=True,
        help_text=_("For reports; left empty, an annual report is of the whole year."),
    )
    organization = models.ForeignKey(
        "projects.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("reporting organization"),
        help_text=_("For reports; left empty, it reports for all participating organizations."),
    )
    received_on = models.DateField(
        _("received on"),
        null=True,
        blank=True,
        help_text=_("The day it arrived, if earlier than the upload: by mail, for instance."),
    )
    url = models.URLField(_("address elsewhere"), max_length=2000, blank=True)
    media_type = models.CharField(_("format"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PUBLIC)
    extension = models.ForeignKey(
        "projects.Extension", models.SET_NULL, null=True, blank=True, related_name="documents"
    )
    stated_by_source = models.CharField(
        _("stated by source"),
        max_length=60,
        blank=True,
        help_text=_("A later load of this source replaces what it stated."),
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    withholdable = Withholdable(
        {"title": MARK, "url": "", "state": State.WITHDRAWN.value},
        match=("title", "url"),
        within="project",
        spread=True,
        scope="project",
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [F("document_date").desc(nulls_last=True), "-pk"]
        indexes = [
            models.Index(
                F("document_date").desc(nulls_last=True), F("id").desc(), name="document_order"
            ),
            GinIndex(searchable("title"), name="document_title_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) ^ Q(fund__isnull=False),
                name="document_of_project_or_fund",
                violation_error_message=_("A document belongs to a project or to a fund."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.url or reverse("document", args=[self.pk])

    @property
    def owner_code(self) -> str:
        """The number of the project or the code of the fund that it belongs to."""
        return self.project.number if self.project else self.fund.code if self.fund else ""

    @property
    def owner_fund(self) -> Fund:
        """The fund that it belongs to, or that its project does."""
        # One of both is there, by the constraint.
        owner: Any = self.project or self
        return owner.fund

    @property
    def period_name(self) -> str:
        """What a report tells of: "2024", "2024, first quarter", or that it is final."""
        if self.period == ReportPeriod.FINAL or not self.year_reported:
            return self.get_period_display() if self.period else ""
        if self.period in {"", ReportPeriod.YEAR}:
            return str(self.year_reported)
        return f"{self.year_reported}, {self.get_period_display().lower()}"

    @property
    def language_names(self) -> list[str]:
        """Its languages by name; one that has none here by its code."""
        names = language_names()
        return [names.get(code, code) for code in self.languages]

    @property
    def format_name(self) -> str:
        """The format as readers call it: PDF for application/pdf."""
        return FORMAT_NAMES.get(self.media_type, self.media_type)


class DocumentVersion(models.Model):
    """One file of a document; older versions stay retrievable."""

    web_may_update = ()

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"), default=1)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m/")
    file_name = models.CharField(_("file name"), max_length=255)
    media_type = models.CharField(_("format"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(
        _("uploaded"),
        default=timezone.now,
        help_text=_("When the upload was begun: the day on which a report was received."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    withholdable = Withholdable({"file_name": MARK}, scope="document")

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="version_once_per_document"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="version_sha256_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.number})"


class GatewayAccessQuerySet(models.QuerySet["GatewayAccess"]):
    """Reading rights."""

    def standing(self, on: date | None = None) -> "GatewayAccessQuerySet":
        """Those of active persons that hold on a day, by default today."""
        on = on or timezone.localdate()
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            valid_from__lte=on,
            withdrawn_at__isnull=True,
            user__is_active=True,
        )


class GatewayAccess(models.Model):
    """The right of a person to upload and maintain documents.

    The rows are their own log: one is granted, and perhaps withdrawn, but never changed.
    """

    web_may_update = ("withdrawn_by", "withdrawn_at")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="gateway_access"
    )
    project = models.ForeignKey(
        "projects.Project", models.CASCADE, null=True, blank=True, related_name="gateway_access"
    )
    fund = models.ForeignKey(
        "projects.Fund", models.CASCADE, null=True, blank=True, related_name="gateway_access"
    )
    organization = models.ForeignKey(
        "projects.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gateway_access",
        help_text=_("All projects in which this organization takes part."),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = GatewayAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("gateway access")
        verbose_name_plural = _("gateway access")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(project__isnull=False, fund__isnull=True, organization__isnull=True)
                    | Q(project__isnull=True, fund__isnull=False, organization__isnull=True)
                    | Q(project__isnull=True, fund__isnull=True, organization__isnull=False)
                ),
                name="access_to_one_thing",
                violation_error_message=_("Name one project, one fund or one organization."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="access_ends_after_start",
                violation_error_message=_("Access cannot end before it starts."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.project or self.fund or self.organization}"
