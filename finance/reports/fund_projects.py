"""The projects of a fund with the columns of the consolidated annual report."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields import CharField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from finance.figures.addresses import records_url
from finance.figures.catalogue import FIGURES, Period
from finance.figures.columns import figure_column
from finance.figures.covering import TOLD_STATES
from finance.figures.listed import LISTED, left_out_of, parts_of_row, sum_of, with_derived
from finance.figures.reading import KnownFigures
from finance.figures.sums import ZERO
from finance.models import ExpenditureLine
from finance.models.figures import Measure
from finance.reports.fund import total_row
from finance.reports.fund_tables import FundReportTable, FundRow
from portal.kit.tables.base import TotalRow
from portal.kit.tables.cells import Column
from portal.kit.tables.columns import IdentifierColumn, PlaceColumn, TextColumn
from portal.kit.tables.parts import NO_PARTS
from projects.models import Fund, Project, ProjectCountry

State = ExpenditureLine.State
_AMOUNTS = (
    "approved", "transfer", "refund", "net_funded",
    "expenditure_prior", "expenditure_current", "expenditure_cumulative", "balance",
)  # fmt: skip


def projects_of_fund(fund: Fund, figures: KnownFigures, year: int) -> QuerySet[Project]:
    """Projects with place and theme, and amounts up to the year's end; withheld ones too."""
    projects = Project.objects.filter(fund=fund).select_related("theme")
    cuts: dict[str, dict[str, Any]] = {
        "prior": {"year__lt": year},
        "current": {"year": year},
        "cumulative": {"year__lte": year},
    }
    values: dict[str, Any] = {}
    for measure in LISTED:
        values[measure.value] = sum_of(figures, measure=measure, year__lte=year)
        values[f"{measure.value}_left_out"] = left_out_of(figures, measure=measure, year__lte=year)
    for name, years in cuts.items():
        spent: dict[str, Any] = {"measure": Measure.EXPENDITURE, **years}
        values[f"expenditure_{name}"] = sum_of(figures, **spent)
        values[f"expenditure_{name}_left_out"] = left_out_of(figures, **spent)
        for state in TOLD_STATES:
            values[f"expenditure_{name}_{state}"] = sum_of(figures, state=state, **spent)
    for state in TOLD_STATES:
        values[f"expenditure_{state}"] = F(f"expenditure_cumulative_{state}")
    return with_derived(projects.annotate(**values, place=_place(), report_year=Value(year)))


def _place() -> Subquery:
    """The only country of a project, or that there are several."""
    places = ProjectCountry.objects.filter(project=OuterRef("pk")).order_by().values("project")
    named = places.annotate(count=Count("pk"), first=Min("country__name")).annotate(
        place=Case(
            When(count=1, then=F("first")),
            default=Value(gettext("Several countries")),
            output_field=CharField(),
        )
    )
    return Subquery(named.values("place"))


def _records(figure: str) -> Callable[[Any], str]:
    """Where the records behind a project's figure are listed."""
    period = FIGURES[figure].period
    return lambda project: records_url(
        project.get_absolute_url(),
        figure,
        first=project.report_year if period is Period.CURRENT else None,
        last=project.report_year - (period is Period.PRIOR),
    )


def _column(figure: str) -> Column:
    return figure_column(
        figure,
        link=_records(figure),
        parts=lambda project: parts_of_row(project, figure),
        orderable=True,
    )


class FundProjectTable(FundReportTable):
    """By project, in the order of countries."""

    title = caption = _("By project")
    wide = True
    place = PlaceColumn(
        verbose_name=_("Country"),
        definition=_("Where it works; a project in several countries stands once, under these."),
        css="names",
    )
    theme = TextColumn(
        accessor="theme__name",
        order_by="theme__sort_name",
        verbose_name=_("Theme"),
        definition=_("What it is about."),
        css="names",
    )
    number = IdentifierColumn(
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("Text; leading zeros matter."),
        link=True,
    )
    title_ = TextColumn(
        accessor="title",
        order_by="sort_name",
        verbose_name=_("Title"),
        definition=_("Title of the project."),
        link=True,
        css="name",
    )
    approved = _column("approved")
    transfer = _column("transfer")
    refund = _column("refund")
    net_funded = _column("net_funded")
    expenditure_prior = _column("expenditure_prior")
    expenditure_current = _column("expenditure_current")
    expenditure_cumulative = _column("expenditure_cumulative")
    delivery_rate = _column("delivery_rate")
    balance = _column("balance")

    class Meta:
        order_by = ("place", "number")


def project_totals(projects: QuerySet[Project], whole: FundRow) -> list[TotalRow]:
    """The line of what is withheld, if anything is, and the line of the whole fund."""
    withheld = list(projects.filter(withheld_on__isnull=False))
    lines = []
    if withheld:
        values = {name: _sum(getattr(p, name) for p in withheld) for name in _AMOUNTS}
        parts = {name: sum((parts_of_row(p, name) for p in withheld), NO_PARTS) for name in values}
        label = ngettext("One withheld project", "%(count)s withheld projects", len(withheld))
        lines.append(TotalRow(values, label=label % {"count": len(withheld)}, parts=parts))
    row = total_row(whole, (*_AMOUNTS, "delivery_rate"))
    if not whole.sums.states_funding:
        row = replace(row, values={**row.values, "balance": None})
    return [*lines, row]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Not known where one of them is not."""
    found = list(amounts)
    return None if None in found else sum((one or ZERO for one in found), ZERO)
