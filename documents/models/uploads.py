"""Files on their way in: kept under a name that is written down before the file is.

An upload is the journal of its file. Its row names the file and its parts before either is
written, and becomes a version of a document in one transaction, so that there is no version
without a file and no file that nobody knows of; `documents/cleanup.py` removes what a crash
or a change of mind left behind.
"""

import uuid
from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models.documents import ReportPeriod

PART_SIZE = 1 << 20
CRASHED = timedelta(minutes=15)  # longer than looking into any file takes


class UploadQuerySet(models.QuerySet["Upload"]):
    """Reading uploads."""

    def open(self) -> "UploadQuerySet":
        """Those that are neither done nor refused."""
        return self.exclude(state__in=[Upload.State.DONE, Upload.State.REFUSED])

    def unscanned(self) -> "UploadQuerySet":
        """Those whose file is in and waits for the scanner."""
        return self.filter(state__in=Upload.TO_SCAN, scanned_at__isnull=True)

    def with_arrived(self) -> "UploadQuerySet":
        """Each with how many of its parts have arrived, for `percent_arrived`."""
        return self.annotate(arrived=models.Count("parts"))


class Upload(models.Model):
    """A file on its way in, with what is said of it; nothing of it is public.

    One without a file wants other words of its document, or its publication
    (`documents/review.py`).
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", _("Being received")
        CHECKING = "checking", _("Being checked")
        DRAFT = "draft", _("To be completed")
        WAITING = "waiting", _("Waiting for the virus scan")
        REVIEW = "review", _("Waiting for review by the fund office")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    TO_SCAN = (State.DRAFT, State.WAITING)  # that is: the file is in, and not refused

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    project = models.ForeignKey(
        "projects.Project", models.CASCADE, null=True, blank=True, related_name="+"
    )
    fund = models.ForeignKey(
        "projects.Fund", models.CASCADE, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        "documents.Document",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The document of which this is a new version."),
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RECEIVING)
    file_name = models.CharField(_("file name"), max_length=255)
    declared_size = models.PositiveBigIntegerField(_("size in bytes, as announced"))
    stored_name = models.CharField(max_length=255, blank=True)
    media_type = models.CharField(_("format"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rewritten = models.BooleanField(_("metadata removed"), default=False)
    refusal = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    note = models.TextField(_("note of the reviewer"), blank=True)
    warnings = models.JSONField(default=dict, blank=True)
    wanted = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("what is to be said otherwise"),
    )
    reviewed = models.BooleanField(_("approved by the fund office"), default=False)
    scanned_at = models.DateTimeField(_("scanned"), null=True)
    scan_skipped = models.BooleanField(_("not scanned, for there was no scanner"), default=False)
    title = models.CharField(_("title"), max_length=500, blank=True)
    type = models.ForeignKey("documents.DocumentType", models.PROTECT, null=True, related_name="+")
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    year_reported = models.PositiveSmallIntegerField(_("year reported on"), null=True, blank=True)
    period = models.CharField(_("period"), max_length=5, choices=ReportPeriod, blank=True)
    organization = models.ForeignKey(
        "projects.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    publish = models.BooleanField(_("publish"), default=True)
    version = models.OneToOneField(
        "documents.DocumentVersion", models.CASCADE, null=True, related_name="upload"
    )
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    touched_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-begun_at", "-pk"]
        permissions = [
            ("upload_zip", _("Can upload ZIP archives")),
            ("review_upload", _("Can review documents before they are public")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) ^ Q(fund__isnull=False),
                name="upload_of_project_or_fund",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.file_name

    @property
    def has_file(self) -> bool:
        """Whether it brings a file; others change words only, or publish."""
        return bool(self.file_name or self.stored_name)

    @property
    def is_unscanned(self) -> bool:
        """Whether its file is in and waits for the scanner."""
        return self.state in self.TO_SCAN and self.scanned_at is None

    @property
    def owner_code(self) -> str:
        """The number of the project or the code of the fund that it belongs to."""
        return self.project.number if self.project else self.fund.code if self.fund else ""

    @property
    def part_count(self) -> int:
        """How many parts the announced file has."""
        return max(1, -(-self.declared_size // PART_SIZE))

    @property
    def percent_arrived(self) -> int:
        """How much of the file has arrived, in hundredths; asks for `with_arrived`."""
        arrived: int = getattr(self, "arrived", 0)
        return min(100, 100 * arrived // self.part_count)

    def part_name(self, number: int) -> str:
        """Where a part is kept meanwhile; known before it is written."""
        return f"uploads/{self.pk}/{number:05}"


class UploadPart(models.Model):
    """A part that has arrived whole."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(_("number"))
    size = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("part of an upload")
        verbose_name_plural = _("parts of uploads")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="part_once_per_upload")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class FundRule(models.Model):
    """What a fund demands of documents."""

    fund = models.OneToOneField("projects.Fund", models.CASCADE, related_name="document_rule")
    review = models.BooleanField(
        _("review before publication"),
        default=False,
        help_text=_(
            "What gateway users upload, and what they say of it otherwise later, shows only after "
            "staff have looked at it."
        ),
    )

    class Meta:
        verbose_name = _("rule for documents")
        verbose_name_plural = _("rules for documents")

    def __str__(self) -> str:
        return str(self.fund)
