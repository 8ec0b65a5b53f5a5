"""Editions of annual reports: a fund and year as known at the end of a day, for ever."""

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.models.append_only import NEVER_CHANGED
from portal.kit.dates import Known, end_of
from portal.kit.years import year_constraint


class Edition(models.Model):
    """A published annual report of a fund.

    It fixes the year and the day of knowledge, from which all its figures follow again at any
    time; those of its statement are kept beside, so that a difference would be seen.
    """

    web_may_update = ()

    fund = models.ForeignKey("projects.Fund", models.PROTECT, related_name="editions")
    year = models.PositiveSmallIntegerField(gettext_lazy("year"))
    number = models.PositiveSmallIntegerField(gettext_lazy("edition"), editable=False)
    as_of = models.DateField(
        gettext_lazy("as known at the end of"),
        help_text=gettext_lazy("A day that is over, so that nothing more can become known on it."),
    )
    figures = models.JSONField(gettext_lazy("figures of its statement"), editable=False)
    published_at = models.DateTimeField(gettext_lazy("published"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        triggers = list(NEVER_CHANGED)
        verbose_name = gettext_lazy("edition of an annual report")
        verbose_name_plural = gettext_lazy("editions of annual reports")
        ordering = ["-year", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "year", "number"], name="edition_once"),
            year_constraint("edition_year_plausible"),
        ]

    def __str__(self) -> str:
        if self.number == 1:
            return _("Annual report %(year)s") % {"year": self.year}
        return _("Annual report %(year)s, edition %(number)s") % {
            "year": self.year,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        return reverse("fund-edition", args=[self.fund.code, self.year, self.number])

    @property
    def until(self) -> date:
        """The last day of money in it."""
        return min(date(self.year, 12, 31), self.as_of)

    @property
    def known(self) -> Known:
        """What was known at the end of its day, of money up to its last."""
        return Known(end_of(self.as_of), self.until)
