"""How the portal runs: signs of life, answers, backups, verifications, what was told of faults."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkerSign(models.Model):
    """The last sign of life of one worker."""

    name = models.CharField(_("worker"), max_length=200, unique=True)
    seen_at = models.DateTimeField(_("seen"), db_index=True)

    class Meta:
        verbose_name = _("sign of life of a worker")
        verbose_name_plural = _("signs of life of workers")

    def __str__(self) -> str:
        return self.name


class FailingChore(models.Model):
    """What a worker does each minute and has failed to do since; gone once it is done."""

    name = models.CharField(_("chore"), max_length=100, unique=True)
    since = models.DateTimeField(_("fails since"), default=timezone.now)
    times = models.PositiveIntegerField(_("times in a row"), default=0)
    fault = models.CharField(_("why"), max_length=300)

    class Meta:
        verbose_name = _("chore that fails")
        verbose_name_plural = _("chores that fail")
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return self.name


class Answered(models.Model):
    """How many requests were answered with a status, by all processes since the first."""

    status = models.PositiveSmallIntegerField(_("status"), unique=True)
    count = models.PositiveBigIntegerField(_("answers"), default=0)
    seconds = models.FloatField(_("seconds in all"), default=0)

    class Meta:
        verbose_name = _("answers")
        verbose_name_plural = _("answers")
        ordering = ["status"]

    def __str__(self) -> str:
        return f"{self.status}: {self.count}"


class SlowPage(models.Model):
    """A page, by the pattern of its address, that took long on some day."""

    day = models.DateField(_("day"))
    page = models.CharField(_("page"), max_length=200)
    count = models.PositiveIntegerField(_("times"), default=0)
    slowest = models.FloatField(_("seconds at most"), default=0)

    class Meta:
        verbose_name = _("slow page")
        verbose_name_plural = _("slow pages")
        ordering = ["-day", "-slowest", "pk"]
        constraints = [models.UniqueConstraint(fields=["day", "page"], name="slow_page_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.page}"


class Prepared(models.Model):
    """What `manage.py prepare` made last: a digest of the database code, and the version.

    `derivation` numbers the way in which figures were worked out (`portal.work.deriving`).
    """

    digest = models.CharField(max_length=64)
    derivation = models.PositiveSmallIntegerField(default=1, db_default=1)
    version = models.CharField(_("version"), max_length=40)
    at = models.DateTimeField(_("prepared"), default=timezone.now)

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.version


class BackupQuerySet(models.QuerySet["Backup"]):
    """Reading backups."""

    def whole(self) -> "BackupQuerySet":
        """Those that ended well, the newest first."""
        return self.filter(ok=True)


class Backup(models.Model):
    """One run of the command that backs up."""

    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ok = models.BooleanField(_("whole"), default=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    files = models.PositiveBigIntegerField(_("files"), default=0)
    encrypted = models.BooleanField(_("encrypted"), default=False)
    name = models.CharField(_("where"), max_length=500, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"

    @property
    def took(self) -> timedelta | None:
        """How long it took, once it is over."""
        return self.ended_at - self.began_at if self.ended_at else None


class Verification(models.Model):
    """A verification of everything that an administrator asked for, and how far it is."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    # Empty once it is over: of what is under way there is one.
    under_way = models.BooleanField(_("under way"), null=True, default=True, unique=True)
    step = models.CharField(_("step"), max_length=100, blank=True)
    percent = models.PositiveSmallIntegerField(_("per cent of the step"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True)
    result = models.ForeignKey("finance.VerifyResult", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("verification asked for")
        verbose_name_plural = _("verifications asked for")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class ToldMatter(models.Model):
    """Something wrong of which the administrators were told; forgotten once it is mended."""

    key = models.CharField(max_length=200, unique=True)
    told_at = models.DateTimeField(_("told"), default=timezone.now)

    class Meta:
        verbose_name = _("matter that administrators were told of")
        verbose_name_plural = _("matters that administrators were told of")

    def __str__(self) -> str:
        return self.key
