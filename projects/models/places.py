"""Countries, regions and the ledger's placeholders for "no single country"."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kit.language.place_names import place_name
from portal.kit.text import search_names, sort_name


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
        return reverse("country", args=[self.code])

    @property
    def local_name(self) -> str:
        """The name in the language of the page; files and programs get that which is kept."""
        return place_name(self.name)

    @property
    def is_placeholder(self) -> bool:
        """Whether the ledger uses it where there is no single country."""
        return self.kind == self.Kind.PLACEHOLDER
