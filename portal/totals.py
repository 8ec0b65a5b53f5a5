"""Totals of funds, organizations and countries over their projects, of today."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields import DecimalField
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.figures import Totals, with_figures
from finance.models.figures import Measure
from portal.kit.text import fold
from projects.models import Country, Fund, Organization, Participation, Project, ProjectCountry
from projects.models.projects import ProjectQuerySet

SEVERAL = "several"


def listed_projects(projects: ProjectQuerySet) -> QuerySet:
    """Projects ready for a list: figures annotated, names fetched."""
    return with_figures(projects.for_listing())


def listed_funds() -> QuerySet:
    """Funds with figures over their projects and the number of these."""
    funds = with_figures(Fund.objects.all(), "projects__key_figures")
    return funds.annotate(project_count=Count("projects", distinct=True))


def listed_organizations() -> QuerySet:
    """Organizations with their figures; those that never took part are left out."""
    parts = Participation.objects.filter(organization=OuterRef("pk"))
    organizations = Organization.objects.filter(Exists(parts) | Q(key_figures__isnull=False))
    return with_figures(organizations).annotate(
        project_count=_count(
            parts.values("organization").annotate(n=Count("project", distinct=True))
        )
    )


def _count(rows: QuerySet):
    return Coalesce(Subquery(rows.values("n")[:1]), 0)


@dataclass
class CountryRow:
    """A country with its part of the projects' figures, in US$."""

    name: str
    url: str
    sort_name: str
    project_count: int
    totals: Totals

    @property
    def approved(self) -> Decimal:
        """Approved budget."""
        return self.totals.approved

    @property
    def net_funded(self) -> Decimal:
        """Net funded amount."""
        return self.totals.net_funded

    @property
    def expenditure(self) -> Decimal:
        """Expenditure."""
        return self.totals.expenditure

    @property
    def rate(self) -> Decimal | None:
        """Delivery rate in percent."""
        return self.totals.delivery_rate


def country_rows() -> list[CountryRow]:
    """Each country with its stated shares of projects; the rest under "Several countries"."""
    places = _weighted()
    counts = dict(places.values_list("country").annotate(Count("project", distinct=True)))
    totals: dict[int, Totals] = {}
    sums = (
        places.filter(weight__isnull=False)
        .values_list("country", "project__key_figures__measure")
        .annotate(sum=Sum(F("project__key_figures__usd") * F("weight")))
    )
    for country, measure, usd in sums:
        if measure:
            setattr(totals.setdefault(country, Totals()), measure, usd)
    countries = Country.objects.in_bulk(counts)
    rows = [
        CountryRow(
            countries[pk].name,
            countries[pk].get_absolute_url(),
            countries[pk].sort_name,
            counts[pk],
            totals.get(pk, Totals()),
        )
        for pk in counts
    ]
    rows.sort(key=lambda row: (row.sort_name, row.url))
    return rows + _several()


def _weighted() -> QuerySet:
    """Places with the weight of their project's figures: the stated share, or all of it
    where it is the only place, or none."""
    others = ProjectCountry.objects.filter(project=OuterRef("project")).exclude(pk=OuterRef("pk"))
    return ProjectCountry.objects.annotate(
        weight=Case(
            When(share__isnull=False, then=F("share") / Value(Decimal(100))),
            When(~Exists(others), then=Value(Decimal(1))),
            output_field=DecimalField(),
        )
    )


def several_projects() -> ProjectQuerySet:
    """Projects in several countries of which the source states no shares."""
    unshared = _weighted().filter(project=OuterRef("pk"), weight__isnull=True)
    return Project.objects.filter(Exists(unshared))


def _several() -> list[CountryRow]:
    projects = several_projects()
    totals = Totals()
    count = projects.count()
    for measure in Measure:
        total = projects.filter(key_figures__measure=measure).aggregate(s=Sum("key_figures__usd"))
        setattr(totals, measure, total["s"] or Decimal(0))
    if not count:
        return []
    name = _("Several countries")
    return [CountryRow(name, reverse("country", args=[SEVERAL]), fold(name), count, totals)]


def projects_in(country: Country) -> ProjectQuerySet:
    """Projects that work in the country."""
    return Project.objects.filter(
        Exists(ProjectCountry.objects.filter(project=OuterRef("pk"), country=country))
    )
