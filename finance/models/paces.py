"""When the money of a project first moved, of today: kept beside its sums, for all at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.currency import BASE_LABEL


class ProjectPace(models.Model):
    """The first days of a project's money, and what was passed on of it; one row where any load
    told of the project (`finance/figures/pace.py`)."""

    project = models.OneToOneField(
        "projects.Project", models.CASCADE, primary_key=True, related_name="pace"
    )
    first_approved = models.DateField(_("first approved budget"), null=True)
    first_transfer = models.DateField(_("first transfer"), null=True)
    first_spent = models.PositiveSmallIntegerField(_("first year with spending"), null=True)
    passed_on = models.DecimalField(BASE_LABEL, max_digits=24, decimal_places=6, null=True)
    grants = models.PositiveIntegerField(_("sub-grants"), default=0)
    grants_left_out = models.PositiveIntegerField(_("amounts left out"), default=0)

    class Meta:
        verbose_name = _("pace of a project")
        verbose_name_plural = _("paces of projects")

    def __str__(self) -> str:
        return str(self.project_id)
