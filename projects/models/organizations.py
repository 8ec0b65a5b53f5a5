"""Organizations: contributors, participating organizations, implementing partners."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.kit.text import search_names, sort_name
from portal.kit.web.addresses import address
from portal.kit.withholdable import NUMBER, Withholdable


@pghistory.track(exclude=["sort_name", "search_names"])
class Organization(models.Model):
    """Government, agency, NGO, foundation, company or fund; its roles are on its links."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        UN = "un", _("UN organization")
        MULTILATERAL = "multilateral", _("Other multilateral organization")
        INTERNATIONAL_NGO = "ingo", _("International NGO")
        NATIONAL_NGO = "nngo", _("National NGO")
        FOUNDATION = "foundation", _("Foundation")
        PRIVATE = "private", _("Private sector")
        ACADEMIC = "academic", _("Academic, training or research")
        FUND = "fund", _("Fund")
        INDIVIDUALS = "individuals", _("Individuals, as a sum")
        OTHER = "other", _("Other or not stated")

    code = models.CharField(
        _("code"),
        max_length=120,
        unique=True,
        help_text=_("Stands in the page’s address, so it names no person."),
    )
    name = models.CharField(_("name"), max_length=500)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    other_names = models.TextField(
        _("other names"),
        blank=True,
        help_text=_(
            "One on each line: former names, acronyms, names in other languages, and those of "
            "organizations that merged into it."
        ),
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.OTHER)
    country = models.ForeignKey(
        "projects.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("country"),
    )
    website = models.URLField(_("website"), blank=True)
    sort_name = sort_name()
    search_names = search_names("name", "short_name", "code", "other_names")

    withholdable = Withholdable(
        {
            "code": NUMBER,
            "name": "Withheld organization",
            "short_name": "",
            "other_names": "",
            "website": "",
            "country_id": None,
        },
        match=("code", "name"),
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"], name="organization_default_order")]
        # Individuals who gave appear only as a sum: no table holds their names,
        # whatever way they come in.
        triggers = [
            pgtrigger.Trigger(
                name="individuals_have_no_name",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__kind="individuals"),
                func="NEW.name := 'Individuals, as a sum'; NEW.short_name := ''; "
                "NEW.other_names := ''; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("organization", self.code)

    def told_identifiers(self) -> list["OrganizationIdentifier"]:
        """Its identifiers as anybody may read them: none of individuals."""
        if self.kind == self.Kind.INDIVIDUALS:
            return []
        return sorted(self.identifiers.all(), key=lambda one: (one.scheme, one.value))

    @property
    def short_label(self) -> str:
        """Its short name or, without one, its name."""
        return self.short_name or self.name


class IdentifierQuerySet(models.QuerySet["OrganizationIdentifier"]):
    """Reading identifiers."""

    def told(self) -> "IdentifierQuerySet":
        """Those that anybody may read: who is an individual is told to nobody."""
        return self.exclude(organization__kind=Organization.Kind.INDIVIDUALS)


class OrganizationIdentifier(models.Model):
    """One identifier of an organization; it may have several in several schemes."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="identifiers", verbose_name=_("organization")
    )
    scheme = models.CharField(
        _("scheme"), max_length=40, default="IATI", help_text=_("IATI, ledger, …")
    )
    value = models.CharField(_("identifier"), max_length=200)

    objects = IdentifierQuerySet.as_manager()

    withholdable = Withholdable({"value": NUMBER}, match=("value",), scope="organization")

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(
                "scheme",
                Lower("value"),
                name="identifier_names_one_organization",
                violation_error_message=_("This identifier belongs to another organization."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.value}"
