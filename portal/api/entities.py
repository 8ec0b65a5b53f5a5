"""Projects, funds, organizations, countries."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.figures.fund_figures import FundSums, sums_by_fund
from finance.figures.listed import with_own_figures
from finance.figures.reading import KnownFigures
from finance.figures.sums import Totals, totals_by
from finance.figures.totals import (
    SEVERAL,
    CountryRow,
    counted_in,
    country_rows,
    organizations_taking_part,
    totals_of_organizations,
)
from finance.reports.sources_and_uses import notes_of, notes_on_figures
from portal.api import rows
from portal.api.asked import asked_limit
from portal.api.base import Detail, List
from portal.api.figures import OF_A_FUND, OF_ROWS, told_sums, told_totals
from portal.api.paging import Part, part_of_list
from portal.kit.files.about import warn_in_files
from portal.kit.filters import described_filters
from portal.public import list_filters
from portal.public.notes import data_notes
from portal.public.views.entities import get_country_or_404, get_organization_or_404
from portal.public.views.factsheet import page_of
from portal.public.views.statements import get_fund_or_404
from projects.history import listed_then, with_end_then
from projects.models import Country, Fund, Project

# Filters for which figures of all projects are added up; else those of one answer are.
_BY_FIGURES = frozenset({"net_funded_min", "net_funded_max"})


class Projects(List):
    """All projects but those that are withheld."""

    name = _("Projects")
    text = _("Each project is an allocation of a fund to participating organizations.")
    example = "?fund=CODE&status=on_going&fields=number,title,figures.net_funded"
    serializer = rows.Project
    figures = OF_ROWS
    filterset_class = list_filters.ProjectFilter
    key = ("number",)

    def rows(self) -> QuerySet:
        shown = listed_then(Project.objects.shown(), self.known)
        if _BY_FIGURES & self.request.query_params.keys():
            shown = with_own_figures(shown, KnownFigures(self.known))
        return with_end_then(shown, self.known)

    def filter_options(self) -> dict[str, Any]:
        return {"figures": KnownFigures(self.known)}

    def finish(self, rows: list[Any]) -> list[Any]:
        totals: dict[Any, Totals] = {}
        if self.wanted_figures:
            ids = [project.pk for project in rows]
            found = KnownFigures(self.known).all().filter(project__in=ids)
            totals = totals_by(found, "project")
        for project in rows:
            project.organizations = [part.organization for part in project.participating]
            project.told = told_totals(
                totals.get(project.pk, Totals()), project.get_absolute_url(), self.dates,
                self.wanted_figures,
            )  # fmt: skip
        return rows


class ProjectDetail(Detail):
    """One project, with what its factsheet says of that day."""

    name = _("Project")
    text = _("One project, as its factsheet shows it.")
    serializer = rows.WholeProject
    figures = OF_ROWS

    def found(self, **kwargs: Any) -> Any:
        page = page_of(self.plain_request, kwargs["number"])
        project: Any = page.project
        project.title_then, project.status_then = project.title, page.facts.status
        if project.parent and project.parent.withheld_on:
            project.parent = None
        project.end, project.start = page.facts.end, page.money.first_transfer
        project.organizations = [part.organization for part in page.facts.participating]
        project.taking_part = page.facts.participations
        project.told_extensions = page.facts.extensions
        project.places = page.facts.places
        project.told = told_totals(
            page.money.totals, page.money.page, self.dates, self.wanted_figures
        )
        warn_in_files(self.plain_request, *data_notes(page))
        return project


class Funds(List):
    """All funds."""

    name = _("Funds")
    text = _("Every fund, with sources, uses and what its projects received and spent.")
    example = "?fields=code,name,figures.deposit,figures.balance_aa"
    serializer = rows.Fund
    figures = OF_A_FUND
    filterset_class = list_filters.NameFilter
    key = ("code",)

    def rows(self) -> QuerySet:
        return Fund.objects.all()

    def finish(self, rows: list[Any]) -> list[Any]:
        sums: dict[Any, FundSums] = {}
        if self.wanted_figures:
            ids = [fund.pk for fund in rows]
            found = sums_by_fund(self.known, ids)
            sums = found.by(lambda s: s.part[0])
            warn_in_files(self.plain_request, *notes_of(found, self.known))
        for fund in rows:
            fund.told = told_sums(
                sums.get(fund.pk, FundSums()), fund.get_absolute_url(), self.dates,
                self.wanted_figures,
            )  # fmt: skip
        return rows


class FundDetail(Detail):
    """One fund."""

    name = _("Fund")
    text = _("One fund.")
    serializer = rows.Fund
    figures = OF_A_FUND

    def found(self, **kwargs: Any) -> Any:
        fund: Any = get_fund_or_404(kwargs["code"])
        sums = sums_by_fund(self.known, [fund.pk])
        fund.told = told_sums(sums, fund.get_absolute_url(), self.dates, self.wanted_figures)
        warn_in_files(self.plain_request, *notes_of(sums, self.known))
        return fund


def _with_identifiers(organization: Any) -> None:
    organization.identifier_texts = [str(one) for one in organization.told_identifiers()]


class Organizations(List):
    """All organizations that take part in a project."""

    name = _("Organizations")
    text = _("Every organization that takes part in projects, with what it received and spent.")
    example = "?kind=un"
    serializer = rows.Organization
    figures = OF_ROWS
    filterset_class = list_filters.OrganizationFilter
    key = ("code",)

    def rows(self) -> QuerySet:
        found = organizations_taking_part(KnownFigures(self.known))
        return found.prefetch_related("identifiers")

    def finish(self, rows: list[Any]) -> list[Any]:
        totals: dict[Any, Totals] = {}
        if self.wanted_figures:
            ids = [organization.pk for organization in rows]
            figures = KnownFigures(self.known)
            totals = totals_of_organizations(figures, ids)
            found = figures.of_organizations().filter(organization__in=ids)
            warn_in_files(self.plain_request, *notes_on_figures(found, self.known))
        for organization in rows:
            _with_identifiers(organization)
            organization.told = told_totals(
                totals.get(organization.pk, Totals()), organization.get_absolute_url(),
                self.dates, self.wanted_figures,
            )  # fmt: skip
        return rows


class OrganizationDetail(Detail):
    """One organization."""

    name = _("Organization")
    text = _("One organization.")
    serializer = rows.Organization
    figures = OF_ROWS

    def found(self, **kwargs: Any) -> Any:
        organization: Any = get_organization_or_404(kwargs["code"])
        _with_identifiers(organization)
        figures = KnownFigures(self.known)
        whole = totals_of_organizations(figures, [organization.pk]).get(organization.pk, Totals())
        if self.wanted_figures:
            own = figures.of_organization(organization)
            warn_in_files(self.plain_request, *notes_on_figures(own, self.known))
        organization.told = told_totals(
            whole, organization.get_absolute_url(), self.dates, self.wanted_figures
        )
        return organization


class Countries(List):
    """All countries with projects."""

    name = _("Countries")
    text = _("A project in several countries counts by its stated shares; the rest stands apart.")
    example = "?q=united"
    serializer = rows.Country
    figures = OF_ROWS
    filterset_class = list_filters.NameFilter

    def filtered_from(self) -> QuerySet:
        return Country.objects.all()

    def part(self, filterset: Any, cursor: str) -> Part[Any]:
        among = filterset.qs if described_filters(filterset) else None
        found = country_rows(KnownFigures(self.known), among)
        limit = asked_limit(self.request.query_params)
        return part_of_list(found, lambda row: (row.code,), cursor, limit)

    def finish(self, rows: list[Any]) -> list[Any]:
        if self.wanted_figures:
            figures = counted_in((row.code for row in rows), self.known)
            warn_in_files(self.plain_request, *notes_on_figures(figures, self.known))
        for row in rows:
            row.told = told_totals(row.totals, row.url, self.dates, self.wanted_figures)
        return rows


class CountryDetail(Detail):
    """One country."""

    name = _("Country")
    text = _("One country, or “several” for what is stated of no single one.")
    serializer = rows.Country
    figures = OF_ROWS

    def found(self, **kwargs: Any) -> Any:
        country = get_country_or_404(kwargs["code"])
        code = getattr(country, "code", SEVERAL)
        among = None if code == SEVERAL else Country.objects.filter(code=code)
        url = reverse("country", args=[code])
        nothing = CountryRow(code, str(country), url, "", 0, Totals())
        found = country_rows(KnownFigures(self.known), among)
        row: Any = next((row for row in found if row.code == code), nothing)
        row.told = told_totals(row.totals, row.url, self.dates, self.wanted_figures)
        if self.wanted_figures:
            figures = counted_in([code], self.known)
            warn_in_files(self.plain_request, *notes_on_figures(figures, self.known))
        return row
