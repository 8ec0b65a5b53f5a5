"""Reports that arrived, are extended or exempt: stated by loads, so that all can be traced."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import salt
from finance.models.records import Record, indexes_of
from portal.kit.withholdable import sealed_texts
from projects.models import ReportKind


class ReportReceived(Record):
    """What is known of a report of one organization about one project and year."""

    Kind = ReportKind

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="reports_received")
    organization = models.ForeignKey(
        "projects.Organization", models.PROTECT, related_name="reports_received"
    )
    kind = models.CharField(_("report"), max_length=16, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year reported on"))
    received_on = models.DateField(
        _("received on"), null=True, blank=True, help_text=_("The day on which it arrived.")
    )
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    exempt = models.BooleanField(_("exempt"), default=False)
    reason = models.TextField(_("reason for extension or exemption"), blank=True)
    salt = salt()
    withholdable = sealed_texts("reason", scope="project")

    class Meta(Record.Meta):
        verbose_name = _("report received")
        verbose_name_plural = _("reports received")
        ordering = ["-year", "-pk"]
        indexes = indexes_of("reportreceived", "project", "year")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received_on__isnull=False)
                | models.Q(extended_to__isnull=False)
                | models.Q(exempt=True),
                name="report_received_extended_or_exempt",
                violation_error_message=_("State when it arrived, an extension or an exemption."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}: {self.received_on}"
