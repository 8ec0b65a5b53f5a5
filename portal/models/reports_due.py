"""Reports due, as a function of the database gives them, and reminders about them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kit.text import Words
from projects.models import ReportKind


class ReportState(models.TextChoices):
    """What became of a report."""

    RECEIVED = "received", _("Received")
    DUE = "due", _("Due")
    EXTENDED = "extended", _("Extended")
    LATE = "late", _("Late")
    MISSING = "missing", _("Missing")
    EXEMPT = "exempt", _("Exempt")


# What somebody still has to send.
OPEN = (ReportState.DUE, ReportState.EXTENDED, ReportState.LATE, ReportState.MISSING)
OVERDUE = (ReportState.LATE, ReportState.MISSING)


def _seen(to: str, verbose_name: Words | None = None, **options: Any) -> models.ForeignKey:
    """A foreign key that the database knows of no constraint for, and deletes nothing by."""
    options = {"db_constraint": False, **options}
    return models.ForeignKey(
        to, models.DO_NOTHING, related_name="+", verbose_name=verbose_name, **options
    )


class _Report(models.Model):
    """What is told of one report of one organization about one project."""

    id = models.BigIntegerField(primary_key=True)
    project = _seen("projects.Project", _("project"))
    organization = _seen("projects.Organization", _("organization"))
    fund = _seen("projects.Fund", _("fund"))
    kind = models.CharField(_("report"), max_length=16, choices=ReportKind)
    year = models.IntegerField(_("year reported on"))
    first_due_on = models.DateField(_("due by the rule"))
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=8, choices=ReportState)
    days_late = models.IntegerField(_("days late"))
    received_on = models.DateField(_("received"), null=True)
    load = _seen("finance.Load", null=True, db_index=False)
    document = _seen("documents.Document", null=True, db_index=False)
    extended_to = models.DateField(_("extended to"), null=True)
    reason = models.TextField(_("reason"))
    stated_by = _seen("finance.Load", null=True, db_index=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"

    @property
    def key(self) -> str:
        """What it is known by for ever: project, organization, kind, year."""
        return f"{self.project_id}:{self.organization_id}:{self.kind}:{self.year}"


class ReportDue(_Report):
    """A report as a function of the database gives it; read by `portal.reporting.due_reports`."""

    class Meta:
        managed = False
        db_table = "portal_reports_due"
        verbose_name = _("report due")
        verbose_name_plural = _("reports due")


class ReportKept(_Report):
    """A report of today as it was worked out last (portal/sql/reports_kept.sql)."""

    class Meta:
        verbose_name = _("report as worked out last")
        verbose_name_plural = _("reports as worked out last")
        indexes = [
            models.Index(
                fields=["due_on", "project", "organization", "id"], name="reports_kept_by_day"
            ),
            models.Index(fields=["state"], name="reports_kept_by_state"),
        ]


class ReportsOf(models.Model):
    """Of each project the day for which its reports were worked out last; `NEVER` where a rule for
    all has changed since (portal/sql/reports_kept.sql)."""

    NEVER = date(1, 1, 1)

    project = models.OneToOneField(
        "projects.Project",
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("project"),
    )
    day = models.DateField(_("worked out for"), default=NEVER, db_index=True)

    class Meta:
        verbose_name = _("reports of a project")
        verbose_name_plural = _("reports of projects")

    def __str__(self) -> str:
        return f"{self.project_id} {self.day}"


class ReportTally(models.Model):
    """How many reports are kept of a fund, or of an organization, in a state: moved on by whoever
    keeps reports (portal/reporting/tallies.py)."""

    fund = _seen("projects.Fund", _("fund"), null=True)
    organization = _seen("projects.Organization", _("organization"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=ReportState)
    in_time = models.BooleanField(_("received in time"))
    count = models.IntegerField(_("reports"))

    class Meta:
        verbose_name = _("number of reports")
        verbose_name_plural = _("numbers of reports")
        constraints = [
            models.UniqueConstraint(
                # PostgreSQL 14 cannot treat NULLs as equal.
                Coalesce("fund", 0),
                Coalesce("organization", 0),
                "state",
                "in_time",
                name="one_tally_of_reports",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.count}"


class ReportsAnew(models.Model):
    """A mark that something changed on which the reports of a project rest: triggers write it
    (portal/sql/reports_kept.sql), and waiting for nobody, for it is a row of its own."""

    project = models.ForeignKey(
        "projects.Project",
        models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("project"),
    )

    class Meta:
        verbose_name = _("change that reports rest on")
        verbose_name_plural = _("changes that reports rest on")

    def __str__(self) -> str:
        return str(self.project_id)


class ReminderSent(models.Model):
    """That somebody was told of a report once: never again of the same date and occasion."""

    class Occasion(models.TextChoices):
        SOON = "soon", _("due soon")
        LATE = "late", _("late")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    report = models.CharField(_("report"), max_length=80)
    due_on = models.DateField(_("due"))
    occasion = models.CharField(_("occasion"), max_length=4, choices=Occasion)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "report", "due_on", "occasion"], name="reminded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.report} {self.occasion}"


class ReminderStop(models.Model):
    """A person who wants no more reminders, by the link in one of them or through staff."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_stop"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("stopped"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminders stopped")
        verbose_name_plural = _("reminders stopped")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class ReminderBatch(models.Model):
    """The reminders of one day; the day is claimed before any of them is sent."""

    day = models.DateField(_("day"), unique=True)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    mails = models.PositiveIntegerField(_("mails"), default=0)
    reports = models.PositiveIntegerField(_("reports named"), default=0)
    failed = models.PositiveIntegerField(_("mails that failed"), default=0)

    class Meta:
        verbose_name = _("batch of reminders")
        verbose_name_plural = _("batches of reminders")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}"
