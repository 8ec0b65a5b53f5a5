"""Countries, regions and the ledger's placeholders for "no single country"."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.language.place_names import place_name
from portal.kit.text import search_names, sort_name
from portal.kit.web.addresses import address

# Shares that are rounded add up to a little less than 100, or more (projects/sql/shares.sql).
ROUNDED = Decimal("0.1")


class Country(models.Model):
    """A country (ISO 3166-1 alpha-2), a region (OECD DAC code) or a placeholder."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        PLACEHOLDER = "placeholder", _("Placeholder: no single country")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COUNTRY)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("One on each line: former names, acronyms, names in other languages."),
    )
    sort_name = sort_name()
    search_names = search_names("name", "other_names")

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"], name="country_default_order")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("country", self.code)

    @property
    def local_name(self) -> str:
        """The name in the language of the page; files and programs get that which is kept."""
        return place_name(self.name)

    @property
    def is_placeholder(self) -> bool:
        """Whether the ledger uses it where there is no single country."""
        return self.kind == self.Kind.PLACEHOLDER


class CountryShare(models.Model):
    """What part of a project counts for a country, as a function of the database gives it
    (projects/sql/shares.sql); without country, the part that no share names."""

    project = models.ForeignKey("projects.Project", models.DO_NOTHING, related_name="+")
    country = models.ForeignKey(Country, models.DO_NOTHING, null=True, related_name="+")
    weight = models.DecimalField(_("weight"), max_digits=50, decimal_places=24, null=True)

    class Meta:
        managed = False
        verbose_name = _("share of a country")
        verbose_name_plural = _("shares of countries")

    def __str__(self) -> str:
        return f"{self.project_id} {self.country_id} {self.weight}"
