"""What projects are about, by codes of public lists: to filter by, never a figure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProjectSubject(models.Model):
    """A code that a project's source gives it, with its stated share of the money.

    Codes of public lists only, such as the OECD's sectors: no text of anybody.
    """

    class Scheme(models.TextChoices):
        SECTOR = "sector", _("Sector (OECD)")
        CATEGORY = "category", _("Field of work (OECD)")
        GOAL = "goal", _("Sustainable development goal")
        GENDER = "gender", _("Gender equality")
        HUMANITARIAN = "humanitarian", _("Humanitarian")

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="subjects")
    scheme = models.CharField(_("list"), max_length=12, choices=Scheme)
    code = models.CharField(_("code"), max_length=10)
    share = models.DecimalField(
        _("share (percent)"), max_digits=9, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("subject of a project")
        verbose_name_plural = _("subjects of projects")
        ordering = ["project_id", "scheme", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "scheme", "code"], name="subject_once_per_project"
            ),
        ]
        indexes = [models.Index(fields=["scheme", "code", "project"], name="subject_code")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"
