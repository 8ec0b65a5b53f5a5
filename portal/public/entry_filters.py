"""Filters of the records behind a figure: which figure, and what of it."""

from collections.abc import Collection, Mapping
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from finance.figures.addresses import NONE
from finance.figures.catalogue import OF_FUNDS, OF_PROJECTS, Figure
from finance.figures.covering import of_state
from finance.formats.currencies import CODES
from finance.models import BudgetCategory, Commitment, Deposit, EntryQuerySet, ExpenditureLine
from finance.models.figures import Measure
from portal.kit.currency import NO_CURRENCY
from portal.kit.filters import CodesFilter, DayOrFilter, WholeFilter, codes_of
from portal.public.counted_filters import CountedChoiceFilter
from projects.models import Country, Fund, Organization, Theme

# The states of records, by what they are records of.
STATES = {
    Measure.EXPENDITURE: ExpenditureLine.State.choices,
    Measure.REFUND: [("correction", gettext_lazy("refund or correction"))],
    Measure.COMMITMENT: [("pledge", gettext_lazy("pledge"))],
}


def choices_of(figures: Mapping[str, Figure]) -> list[tuple[str, Any]]:
    """Figures as the choices of a filter."""
    return [(figure.key, figure.label) for figure in figures.values()]


class EntryFilter(filters.FilterSet):
    """Which figure, and what of it."""

    figure = filters.ChoiceFilter(
        label=gettext_lazy("Figure"),
        choices=choices_of(OF_PROJECTS),
        method="by_figure",
        empty_label=None,
    )
    organization = CodesFilter(
        label=gettext_lazy("Organization (code)"),
        method="by_organization",
        among=codes_of(Organization),
        unstated=NONE,
    )
    category = CodesFilter(
        label=gettext_lazy("Budget category (code)"),
        method="by_category",
        among=codes_of(BudgetCategory),
        unstated=NONE,
        several=True,
    )
    first = WholeFilter(label=gettext_lazy("From year"), field_name="year", lookup_expr="gte")
    last = WholeFilter(label=gettext_lazy("To year"), field_name="year", lookup_expr="lte")
    state = filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[choice for choices in STATES.values() for choice in choices],
        method="by_state",
        empty_label=gettext_lazy("any"),
    )

    fund = CodesFilter(
        label=gettext_lazy("Fund (code)"), field_name="project__fund__code", among=codes_of(Fund)
    )
    project = filters.CharFilter(
        label=gettext_lazy("Project number"), field_name="project__number", lookup_expr="iexact"
    )

    def __init__(
        self, *args: Any, figures: Mapping[str, Figure], figure: Figure, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.figures, self.figure = figures, figure

    @property
    def form(self) -> Any:
        """The form, which offers figures of this page, and states that records of one have."""
        form = super().form
        form.fields["figure"].choices = choices_of(self.figures)
        states: list[tuple[str, Any]] = []
        for measure in STATES.keys() & self.figure.measures.measures:
            states += STATES[measure]
        form.fields["state"].choices = states
        return form

    def by_figure(self, entries: EntryQuerySet, _name: str, _value: str) -> EntryQuerySet:
        """Done already: the figure decides which measures are read at all."""
        return entries

    def by_organization(self, entries: EntryQuerySet, _name: str, value: str) -> EntryQuerySet:
        """Those of an organization or contributor, or those that state none."""
        if value == NONE:
            return entries.filter(organization__isnull=True)
        return entries.filter(organization__code=value)

    def by_state(self, entries: EntryQuerySet, _name: str, value: str) -> EntryQuerySet:
        """Those of a state, with what a certified statement takes out."""
        return entries.filter(of_state(value))

    def by_category(self, entries: EntryQuerySet, _name: str, value: str) -> EntryQuerySet:
        """Those of budget categories, or those that state none."""
        codes = value.split(",")
        which = Q(category__code__in=codes)
        return entries.filter(which | Q(category__isnull=True) if NONE in codes else which)


NO_THEME = "0"


def _themes(numbers: Collection[str]) -> set[str]:
    """Those of these that are the number of a theme, or stand for none."""
    whole = [int(number) for number in numbers if number.isascii() and number.isdecimal()]
    rows = Theme.objects.filter(pk__in=[number for number in whole if number < 2**62])
    return {NO_THEME, *map(str, rows.values_list("pk", flat=True))}


def known_arrangements(named: Collection[str]) -> set[str]:
    """Those of these words that a commitment or deposit bears as its arrangement, in any case."""
    wanted = Q()
    for name in named:
        wanted |= Q(arrangement__iexact=name)
    rows = (
        model.objects.filter(wanted).values_list("arrangement", flat=True)
        for model in (Commitment, Deposit)
    )
    return {name for found in rows for name in found}


def known_currencies(codes: Collection[str]) -> set[str]:
    """Those of these that are a currency, or stand for none."""
    return {code.upper() for code in codes} & {*CODES, NO_CURRENCY}


def _made_from(records: QuerySet) -> Q:
    """The condition on entries that they are made from these commitments or deposits."""
    return Q(kind=records.model._meta.model_name, record_id__in=records.order_by().values("pk"))


class FundEntryFilter(EntryFilter):
    """Which figure of a fund, and what of it."""

    figure = filters.ChoiceFilter(
        label=gettext_lazy("Figure"),
        choices=choices_of(OF_FUNDS),
        method="by_figure",
        empty_label=None,
    )
    project = filters.CharFilter(
        label=gettext_lazy("Project number"),
        field_name="project__number",
        lookup_expr="iexact",
    )
    country = CodesFilter(
        label=gettext_lazy("Country (code)"),
        method="by_country",
        among=codes_of(Country),
        unstated=NONE,
    )
    theme = CodesFilter(label=gettext_lazy("Theme (number)"), method="by_theme", among=_themes)

    fund = CodesFilter(label=gettext_lazy("Fund (code)"), method="by_fund", among=codes_of(Fund))
    kind = CountedChoiceFilter(
        label=gettext_lazy("Kind of contributor"),
        choices=Organization.Kind.choices,
        field_name="organization__kind",
        empty_label=gettext_lazy("any"),
    )

    arrangement = CodesFilter(
        label=gettext_lazy("Arrangement"),
        method="by_arrangement",
        among=known_arrangements,
        unstated=NONE,
    )
    currency = CodesFilter(
        label=gettext_lazy("Currency"), method="by_currency", among=known_currencies, several=True
    )
    due = DayOrFilter(label=gettext_lazy("Due on"), method="by_due_day", unstated=NONE)

    def __init__(self, *args: Any, whole: tuple[Any, ...] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole = whole

    def by_fund(self, entries: EntryQuerySet, _name: str, _value: str) -> EntryQuerySet:
        """Done already: which half of a record counts depends on whose figure it is."""
        return entries

    def by_arrangement(self, entries: EntryQuerySet, _name: str, value: str) -> EntryQuerySet:
        """Commitments and deposits of this arrangement, or of those that state none."""
        which = {"arrangement": "" if value == NONE else value}
        ids = Q()
        for model in (Commitment, Deposit):
            ids |= _made_from(model.objects.filter(**which))
        return entries.filter(ids)

    def by_currency(self, entries: EntryQuerySet, _name: str, value: str) -> EntryQuerySet:
        """Those stated in one of these currencies."""
        return entries.filter(currency__in=value.split(","))

    def by_due_day(self, entries: EntryQuerySet, _name: str, value: Any) -> EntryQuerySet:
        """Commitments that are to be paid by this day, or that state none."""
        signed = Commitment.objects.filter(due_on=None if value == NONE else value)
        return entries.filter(_made_from(signed))

    def by_country(self, entries: EntryQuerySet, _name: str, _value: str) -> EntryQuerySet:
        """Those of projects of which this country has a share, or no country has one; by how much
        they count, the page that lists them has told."""
        return entries.filter(share__gt=0)

    def by_theme(self, entries: EntryQuerySet, _name: str, value: str) -> EntryQuerySet:
        """Those of projects of a theme, or (0) of none."""
        return entries.filter(project__theme=None if value == NO_THEME else value)
