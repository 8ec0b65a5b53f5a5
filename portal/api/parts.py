"""What belongs to projects: who takes part, where they work, the steps in their lives."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.asked import told_organizations
from portal.api.base import List
from portal.api.rows import Named, Of, Percent
from portal.kit.filters import CodesFilter, codes_of
from projects.models import Country, Fund, Participation, Project, ProjectCountry, StatusChange

_SHOWN = Q(project__withheld_on=None)


class ParticipationRow(serializers.Serializer):
    """An organization's part in a project."""

    id = serializers.IntegerField()
    project = Of()
    organization = Named()
    role = serializers.CharField()
    award_number = serializers.CharField(
        allow_blank=True, help_text=_("The organization’s own number for its part.")
    )
    operationally_closed_on = serializers.DateField(allow_null=True)
    financially_closed_on = serializers.DateField(allow_null=True)


class PlaceRow(serializers.Serializer):
    """A place where a project works."""

    id = serializers.IntegerField()
    project = Of()
    country = Named()
    share = Percent(help_text=_("Its share of the project in percent, where one is stated."))
    in_place_of = serializers.CharField(
        source="in_place_of.code",
        allow_null=True,
        default=None,
        help_text=_("The placeholder of the ledger, where the office gave the country."),
    )
    basis = serializers.CharField(
        allow_blank=True, help_text=_("How the office knows the country that it gave.")
    )


class StatusRow(serializers.Serializer):
    """A step in the life of a project."""

    id = serializers.IntegerField()
    project = Of()
    status = serializers.CharField(help_text=_("The status from then on."))
    set_on = serializers.DateField()


class OfProjects(filters.FilterSet):
    """By project and its fund."""

    project = filters.CharFilter(label=_("Project number"), method="by_project")
    fund = CodesFilter(
        label=_("Fund of the project (code)"),
        field_name="project__fund__code",
        among=codes_of(Fund),
    )

    def by_project(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Of the project with this number, whatever its case."""
        return rows.filter(project__in=Project.objects.numbered(value.strip()))


class ParticipationFilter(OfProjects):
    """Also by organization and role."""

    organization = CodesFilter(
        label=_("Organization (code)"),
        field_name="organization__code",
        among=told_organizations,
    )
    role = filters.ChoiceFilter(label=_("Role"), choices=Participation.Role.choices)


class PlaceFilter(OfProjects):
    """Also by country."""

    country = CodesFilter(
        label=_("Country (code)"), field_name="country__code", among=codes_of(Country)
    )


class Participations(List):
    """Who takes part in projects that are not withheld."""

    name = _("Participations")
    text = _("Who takes part in which project, and as what: as of today, whatever day is asked.")
    example = "?project=NUMBER"
    serializer = ParticipationRow
    filterset_class = ParticipationFilter

    def rows(self) -> QuerySet[Any]:
        return Participation.objects.filter(_SHOWN).select_related("project", "organization")


class Places(List):
    """Where projects that are not withheld work."""

    name = _("Places")
    text = _("Where projects work: as of today, whatever day is asked.")
    example = "?country=ML"
    serializer = PlaceRow
    filterset_class = PlaceFilter

    def rows(self) -> QuerySet[Any]:
        return ProjectCountry.objects.filter(_SHOWN).select_related(
            "project", "country", "in_place_of"
        )


class StatusChanges(List):
    """The steps in the lives of projects that are not withheld."""

    name = _("Status changes")
    text = _("The steps in the life of each project, up to the day asked for.")
    example = "?project=NUMBER"
    serializer = StatusRow
    filterset_class = OfProjects

    def rows(self) -> QuerySet[Any]:
        found = StatusChange.objects.filter(_SHOWN, set_on__lte=self.known.day)
        return found.select_related("project")
