"""Totals of funds, organizations and countries over their projects, of today or of then.

`figures` are those of today or of then, see `finance.figures.reading`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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

from finance.figures.listed import (
    number_of,
    with_fund_figures,
    with_organization_figures,
    with_own_figures,
)
from finance.figures.reading import TODAYS, KnownFigures
from finance.figures.sums import Totals, together, totals_by
from finance.models import OrganizationSumsThen
from finance.models.figures import Measure
from portal.kit.dates import TODAY, Known
from portal.kit.text import fold
from projects.history import country_shares, listed_then
from projects.models import Country, Fund, Organization, Participation, Project
from projects.models.projects import ProjectQuerySet

SEVERAL = "several"


def wholes_by(figures: QuerySet, key: str, fund: str) -> dict[Any, Totals]:
    """Totals by key, each as the whole of its funds; `fund` leads to that of a figure’s project."""
    rows = figures.order_by().values_list(key, fund, "measure", "state")
    found: dict[Any, dict[Any, Totals]] = {}
    for whose, of, *figure in rows.annotate(Sum("base_amount"), Sum("records"), Sum("unconverted")):
        found.setdefault(whose, {}).setdefault(of, Totals()).count(*figure)
    return {whose: together(of_funds.values()) for whose, of_funds in found.items()}


def totals_of_organizations(figures: KnownFigures, ids: Iterable[int]) -> dict[int, Totals]:
    """Totals of these organizations, each as the whole of its funds; none where it has none."""
    found = figures.of_organizations().filter(organization__in=ids)
    return wholes_by(found, "organization", figures.fund_path)


def totals_of_all(figures: KnownFigures = TODAYS) -> Totals:
    """The totals of all projects, as the whole of their funds."""
    return together(totals_by(figures.of_all(), figures.fund_path).values())


def listed_projects(
    projects: ProjectQuerySet, figures: KnownFigures = TODAYS, *, is_shown_only: bool = False
) -> QuerySet:
    """Projects ready for a list: figures annotated, names fetched; without withheld ones.
    `is_shown_only`: the figures are only shown, see `with_own_figures`."""
    shown = listed_then(projects.shown(), figures.known)
    return with_own_figures(shown, figures, is_shown_only=is_shown_only)


def listed_funds(figures: KnownFigures = TODAYS) -> QuerySet:
    """Funds with figures over their projects and the number of these."""
    projects = Project.objects.filter(fund=OuterRef("pk")).order_by()
    funds = with_fund_figures(Fund.objects.all(), figures)
    return funds.annotate(project_count=number_of(projects.values("fund").annotate(n=Count("pk"))))


def organizations_taking_part(figures: KnownFigures = TODAYS) -> QuerySet:
    """Those that took part in a project, or of which a figure tells."""
    parts = Participation.objects.filter(organization=OuterRef("pk"))
    if not figures.known.is_past:
        return Organization.objects.filter(Q(sums__isnull=False) | Exists(parts))
    told = figures.of_organization(OuterRef("pk")).order_by()
    if figures.known.until is None:
        told = OrganizationSumsThen.objects.filter(
            organization=OuterRef("pk"), known_from__lte=figures.known.as_of
        )
    return Organization.objects.filter(Exists(parts) | Exists(told))


def listed_organizations(figures: KnownFigures = TODAYS) -> QuerySet:
    """Organizations with their figures; those that never took part are left out."""
    parts = Participation.objects.filter(organization=OuterRef("pk"))
    listed = with_organization_figures(organizations_taking_part(figures), figures)
    return listed.annotate(
        project_count=number_of(
            parts.values("organization").annotate(n=Count("project", distinct=True))
        )
    )


@dataclass
class CountryRow:
    """A country with its part of the projects' figures, in the base currency."""

    code: str
    name: str
    url: str
    sort_name: str
    project_count: int
    totals: Totals

    def get_absolute_url(self) -> str:
        """Its page."""
        return self.url

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
    def delivery_rate(self) -> Decimal | None:
        """Delivery rate in percent."""
        return self.totals.delivery_rate


@dataclass
class CountrySums:
    """How many projects work in each country, and its part of their figures; and the rest."""

    counts: dict[int, int]
    totals: dict[int, Totals]
    several_count: int = 0
    several: Totals | None = None


def country_rows(
    figures: KnownFigures = TODAYS, among: QuerySet[Country] | None = None
) -> list[CountryRow]:
    """Each country with its stated shares of projects; the rest under "Several countries".

    `among` leaves only these countries, and no rest.
    """
    places = country_shares(figures.known).filter(country__isnull=False)
    if among is not None:
        return rows_of_countries(
            CountrySums(_counted(places.filter(country__in=among)), shared_totals(figures))
        )
    count = several_projects(figures.known).count()
    several = several_totals(figures) if count else None
    return rows_of_countries(CountrySums(_counted(places), shared_totals(figures), count, several))


def _counted(places: QuerySet) -> dict[int, int]:
    return dict(places.values_list("country").annotate(Count("project", distinct=True)))


def rows_of_countries(sums: CountrySums) -> list[CountryRow]:
    """A row for each country, and one for the rest."""
    countries = Country.objects.in_bulk(sums.counts)
    rows = [
        CountryRow(
            countries[pk].code,
            countries[pk].name,
            countries[pk].get_absolute_url(),
            fold(countries[pk].local_name),
            sums.counts[pk],
            sums.totals.get(pk, Totals()),
        )
        for pk in sums.counts
    ]
    rows.sort(key=lambda row: (row.sort_name, row.url))
    if sums.several is not None:
        name = _("Several countries")
        url = reverse("country", args=[SEVERAL])
        count = sums.several_count
        rows.append(CountryRow(SEVERAL, name, url, fold(name), count, sums.several))
    return rows


def net_country_sums() -> CountrySums:
    """The net funded amounts of today, from the sums that are kept: one row of each project."""
    shares = country_shares(TODAY)
    places, sums = shares.filter(country__isnull=False), CountrySums({}, {})
    sums.counts = _counted(places)
    for pk, *net in _net(places.filter(weight__isnull=False), "country"):
        sums.totals[pk] = _net_totals(*net)
    if count := several_projects(TODAY).count():
        sums.several_count, sums.several = count, Totals()
        for _fund, *net in _net(shares.filter(country__isnull=True), "project__fund"):
            sums.several.include(_net_totals(*net))
    return sums


def _net(shares: QuerySet, key: str) -> QuerySet:
    """Transfers and refunds by their weight, and how many amounts these leave out."""
    path = "project__sums"
    return (
        shares.order_by()
        .values_list(key)
        .annotate(
            transferred=Sum(F(f"{path}__transfer") * F("weight")),
            refunded=Sum(F(f"{path}__refund") * F("weight")),
            transfers_left_out=Sum(f"{path}__transfer_left_out"),
            refunds_left_out=Sum(f"{path}__refund_left_out"),
        )
    )


def _net_totals(transfer: Decimal, refund: Decimal, left_out: int, refunds_left_out: int) -> Totals:
    totals = Totals()
    if transfer or left_out:
        totals.count(Measure.TRANSFER, "", transfer, 1, left_out)
    if refund or refunds_left_out:
        totals.count(Measure.REFUND, "", refund, 1, refunds_left_out)
    return totals


def shared_totals(
    figures: KnownFigures = TODAYS, country: Country | None = None
) -> dict[int, Totals]:
    """The totals of each country, or of one, each project counted by its stated share."""
    places = country_shares(figures.known).filter(country__isnull=False, weight__isnull=False)
    if country is not None:
        places = places.filter(country=country)
    path = f"project__{figures.path}"
    names = [f"{path}__{name}" for name in ("measure", "state")]
    known = places.filter(figures.standing(path)).values_list("country", "project__fund", *names)
    sums = known.annotate(
        sum=Sum(F(f"{path}__base_amount") * F("weight")),
        records=Sum(f"{path}__records"),
        unconverted=Sum(f"{path}__unconverted"),
    )
    totals: dict[int, dict[int, Totals]] = {}
    for pk, fund, measure, *figure in sums:
        if measure:
            totals.setdefault(pk, {}).setdefault(fund, Totals()).count(measure, *figure)
    return {pk: together(of_funds.values()) for pk, of_funds in totals.items()}


def whole() -> Value:
    """The share of what counts whole."""
    return Value(Decimal(1), output_field=DecimalField())


def share_of(code: str, known: Known) -> Subquery:
    """The share by which the project of a row counts for the country; none where unknown."""
    return _weight_of(known, country__code=code)


def rest_of(known: Known) -> Coalesce:
    """The part of a row's project that no country has by a stated share."""
    return Coalesce(_weight_of(known, country__isnull=True), _NOTHING)


def unplaced_part(known: Known) -> Case:
    """The same, and all of a project that states no place."""
    placed = Exists(country_shares(known).filter(project=OuterRef("project")))
    return Case(When(placed, then=rest_of(known)), default=whole())


_NOTHING = Value(Decimal(0), output_field=DecimalField())


def _weight_of(known: Known, **which: Any) -> Subquery:
    shares = country_shares(known).filter(project=OuterRef("project"), **which)
    return Subquery(shares.values("weight")[:1], output_field=DecimalField())


def several_projects(known: Known) -> ProjectQuerySet:
    """Projects of which the source does not state the share of each country, or only shares that
    do not make the whole."""
    rest = country_shares(known).filter(project=OuterRef("pk"), country__isnull=True)
    return Project.objects.filter(Exists(rest))


def several_totals(figures: KnownFigures) -> Totals:
    """Their totals, less what their countries have by stated shares."""
    known = figures.known
    rows = figures.all().filter(project__in=several_projects(known)).annotate(rest=rest_of(known))
    totals: dict[int, Totals] = {}
    for fund, *row in (
        rows.order_by()
        .values_list("project__fund", "measure", "state")
        .annotate(
            total=Sum(F("base_amount") * F("rest")),
            number=Sum("records"),
            left_out=Sum("unconverted"),
        )
    ):
        totals.setdefault(fund, Totals()).count(*row)
    return together(totals.values())


def counted_in(codes: Iterable[str], known: Known) -> QuerySet:
    """Figures of projects of which a part counts for one of these countries, or for several."""
    codes = set(codes)
    of_these = Q(country__code__in=codes)
    if SEVERAL in codes:
        of_these |= Q(country__isnull=True)
    shares = country_shares(known).filter(of_these, project=OuterRef("project"), weight__gt=0)
    return KnownFigures(known).all().filter(Exists(shares))


def projects_in(country: Country, known: Known) -> ProjectQuerySet:
    """Projects that work in the country."""
    places = country_shares(known).filter(project=OuterRef("pk"), country=country)
    return Project.objects.filter(Exists(places))
