"""The true country of a project whose ledger only has a placeholder, given by the office.

The ledger's own entry stays beside it, and so do the history of the row and the field's being held
against later loads.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import Country, Project, ProjectCountry

HELD = "countries"


class CountryError(Exception):
    """Why a project cannot be given this country, in words for staff."""


def give_country(*, project: Project, country: Country, basis: str) -> ProjectCountry:
    """Let the project stand under the country. Raises CountryError where its source names some."""
    if country.is_placeholder:
        raise CountryError(_("Choose a country or a region."))
    if not basis.strip():
        raise CountryError(_("Say how the office knows: visitors read it beside the country."))
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        places = list(project.project_countries.select_related("country", "in_place_of"))
        if any(not place.country.is_placeholder and not place.in_place_of for place in places):
            raise CountryError(_("The source itself states where this project works."))
        stated = next((place.in_place_of or place.country for place in places), None)
        if stated is None:
            raise CountryError(_("The source states no place at all; enter it by hand."))
        project.project_countries.all().delete()
        project.held_fields = sorted({*project.held_fields, HELD})
        project.save(update_fields=["held_fields"])
        return ProjectCountry.objects.create(
            project=project,
            country=country,
            in_place_of=stated,
            basis=" ".join(basis.split()),
            given_on=timezone.localdate(),
        )


def take_country_back(*, project: Project) -> None:
    """Let the project stand under what its ledger has, and later loads change that again."""
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        stated = Country.objects.filter(
            pk__in=project.project_countries.values("in_place_of")
        ).first()
        if stated is None:
            raise CountryError(_("The office has given this project no country."))
        project.project_countries.all().delete()
        ProjectCountry.objects.create(project=project, country=stated)
        project.held_fields = [name for name in project.held_fields if name != HELD]
        project.save(update_fields=["held_fields"])
