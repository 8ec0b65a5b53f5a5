"""Funds and the themes that their projects serve."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.text import search_names, sort_name
from portal.kit.web.addresses import address
from portal.kit.withholdable import MARK, Withholdable


class Theme(models.Model):
    """What a project is about; the ledger knows it by a label cut at 30 characters."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    ledger_label = models.CharField(_("label in the ledger"), max_length=30, blank=True)
    sort_name = sort_name()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["sort_name", "search_names", "follows_rules"])
class Fund(models.Model):
    """A pooled fund: contributors pay in, its Steering Committee allocates to projects."""

    code = models.CharField(
        _("fund code"), max_length=120, unique=True, help_text=_("Such as PB000 or JPS10.")
    )
    name = models.CharField(_("name"), max_length=500)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("One on each line: former names, acronyms, names in other languages."),
    )
    description = models.TextField(_("description"), blank=True)
    started_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    follows_rules = models.BooleanField(
        _("follows the rules of this office"),
        default=True,
        help_text=_(
            "Its organizations owe reports by the office’s calendar and close their parts by its "
            "checklist. Not so where a publisher’s activities were only taken in."
        ),
    )
    sort_name = sort_name()
    search_names = search_names("name", "code", "other_names")

    withholdable = Withholdable({"name": MARK, "other_names": "", "description": "", "website": ""})

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"], name="fund_default_order")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(started_on__isnull=True)
                | models.Q(ends_on__gte=models.F("started_on")),
                name="fund_ends_after_start",
                violation_error_message=_("A fund cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("fund", self.code)
