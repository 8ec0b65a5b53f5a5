"""Filters of the list pages."""

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any

import django_filters as filters
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from finance.figures.reading import KnownFigures
from finance.models import Voucher, VoucherLine
from portal.about.versions import counted_once
from portal.kit.dates import Known
from portal.kit.filters import WholeFilter
from portal.kit.named_choice import (
    HeldChoiceFilter,
    NamedChoiceFilter,
    keep_choices,
    read_choices_together,
)
from portal.kit.tables.paging import COUNTED
from portal.kit.text import WORD, fold, search_words
from portal.kit.years import FIRST_YEAR, LAST_YEAR, YEARS
from portal.models.project_tallies import Tallies, projects_shown
from portal.public.counted_filters import AmountFilter, StatusFilter
from portal.public.subject_filters import SubjectFilter, Subjects, offer_subjects
from projects.history import country_shares, of_fund_then
from projects.models import (
    Country,
    Fund,
    Organization,
    Participation,
    Project,
    ProjectCountry,
    ProjectSubject,
    Status,
)


def matching_projects(
    projects: QuerySet, text: str, numbered: Callable[[str], Sequence[int]]
) -> QuerySet:
    """Projects whose number, title, label or narrative has these words or beginnings.

    `numbered` tells those with the text anywhere in their number; asked where it may be in one,
    and by itself: as another condition it would have the words looked for in all rows.
    """
    words = search_words(text)
    if not words:
        return projects.filter(_numbered(numbered(text), text))
    found = Q(search=SearchQuery(words, config="simple", search_type="raw"))
    if any(letter.isdigit() for letter in text):
        found |= _numbered(numbered(text), text)
    return projects.filter(found)


def _numbered(found: Collection[int], text: str) -> Q:
    """Those found by their number; where they are too many to be named, the condition itself."""
    few = len(found) <= COUNTED
    return Q(pk__in=found) if few else Q(number__icontains=text.strip())


def with_number(text: str) -> list[int]:
    """Projects with the text anywhere in their number, whatever its case."""
    part = text.strip()
    # Digits have no case, and to compare without it takes four times as long.
    how = "contains" if part.isdecimal() else "icontains"
    shown = Project.objects.shown().order_by().filter(**{f"number__{how}": part})
    return list(shown.values_list("pk", flat=True)[: COUNTED + 1])


def named_like(rows: QuerySet, text: str) -> QuerySet:
    """Rows of which a name, a code or another name contains the text, whatever case and accents."""
    found = Q(sort_name__contains=fold(text))
    # Signs alone are part of no other name.
    if words := " ".join(WORD.findall(fold(text))):
        found |= Q(search_names__contains=words)
    return rows.filter(found)


def _with(model: Any, path: str, rows: QuerySet) -> QuerySet:
    """Those of the model that any of the rows is of: others would find nothing."""
    return model.objects.filter(Exists(rows.filter(**{path: OuterRef("pk")})))


def _each_with(things: QuerySet, rows: QuerySet) -> QuerySet:
    """Those of which there is any of `rows`, looked for one after the other: of a hundred thousand
    rows, only the first of each is read, as far as a select goes."""
    first = Subquery(rows.order_by().values("pk")[:1])
    return things.alias(first_of=first).filter(first_of__isnull=False)


def _keep_choices(whose: filters.FilterSet, form: Any, *named: Any) -> None:
    """Read the selects of the form, which offer what any row has, once for many visitors; `named`
    tells of which rows."""
    key = ("choices", type(whose).__name__, *named, get_language())
    keep_choices(form, lambda read: counted_once(key, read))


class ListFilter(filters.FilterSet):
    """Filters of a list whose values say how many rows they would find."""

    def among(self, without: str = "") -> QuerySet:
        """The rows found, or those that all filters but one would find, in no order."""
        found = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name != without:
                found = self.filters[name].filter(found, value)
        return found.order_by()


class ProjectFilter(ListFilter):
    """Projects by words, fund, country, organization, status and year.

    `whole` names all projects of the list, of which some things are counted once for many visitors;
    `is_of_all`: it is a list of all that are shown.
    """

    q = filters.CharFilter(label=_("Words or number"), method="by_words")
    fund = NamedChoiceFilter(
        label=_("Fund"),
        queryset=_with(Fund, "fund", Project.objects.shown()),
        to_field_name="code",
        empty_label=_("any"),
        method="by_fund",
    )
    country = NamedChoiceFilter(
        label=_("Country"),
        queryset=_each_with(
            Country.objects.all(),
            ProjectCountry.objects.filter(
                country=OuterRef("pk"), project__withheld_on__isnull=True
            ),
        ),
        to_field_name="code",
        empty_label=_("any"),
        method="by_country",
    )
    organization = NamedChoiceFilter(
        label=_("Participating organization"),
        queryset=_each_with(
            Organization.objects.all(),
            Participation.objects.participating().filter(
                organization=OuterRef("pk"), project__withheld_on__isnull=True
            ),
        ),
        to_field_name="code",
        empty_label=_("any"),
        method="by_organization",
    )
    status = StatusFilter(
        field_name="status_then", label=_("Status"), choices=Status.choices, empty_label=_("any")
    )
    year = WholeFilter(label=_("Year of payment or spending"), method="by_year", **YEARS)
    year_min = WholeFilter(label=_("Payment or spending since"), method="by_years", **YEARS)
    year_max = WholeFilter(label=_("Payment or spending until"), method="by_years", **YEARS)
    net_funded_min = AmountFilter(
        label=_("Net funded amount, at least"), field_name="net_funded", lookup_expr="gte"
    )
    net_funded_max = AmountFilter(label=_("Net funded amount, at most"), method="by_most")

    category = SubjectFilter(Subjects.CATEGORY)
    sector = SubjectFilter(Subjects.SECTOR)
    goal = SubjectFilter(Subjects.GOAL)
    gender = SubjectFilter(Subjects.GENDER)
    humanitarian = SubjectFilter(Subjects.HUMANITARIAN)

    class Meta:
        model = Project
        fields = ()

    def __init__(
        self,
        *args: Any,
        figures: KnownFigures,
        projects: QuerySet | None = None,
        whole: tuple[Any, ...] | None = None,
        is_of_all: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.figures, self.projects, self.whole = figures, projects, whole
        self.is_of_all = is_of_all
        self._offered_by: Any = None
        # Each facet asks anew.
        self.with_number = cache(with_number)

    @cached_property
    def shown(self) -> Tallies:
        """Of each facet and value how many projects there are in all."""
        return counted_once(("projects shown",), projects_shown)

    @property
    def form(self) -> Any:
        """The form, which offers what any of `projects` has: others would find nothing."""
        form = super().form
        # A page asks for it a dozen times.
        if form is self._offered_by:
            return form
        self._offered_by = form
        if self.figures.known.as_of:
            self._take_any_place(form)
        offer_subjects(form, self._subjects)
        read_choices_together(form)
        if self.projects is None:
            if self.is_of_all:
                self._offer_shown(form)
            _keep_choices(self, form, self.is_of_all, bool(self.figures.known.as_of))
            return form
        keys = self.projects.order_by().values("pk")
        parts = {
            "fund": Project.objects.filter(pk__in=keys, fund=OuterRef("pk")),
            "country": ProjectCountry.objects.filter(project__in=keys, country=OuterRef("pk")),
            "organization": Participation.objects.participating().filter(
                project__in=keys, organization=OuterRef("pk")
            ),
        }
        for name, having in parts.items():
            if name in form.fields:
                field = form.fields[name]
                field.offered = partial(field.queryset.filter, Exists(having))
        if self.whole is not None:
            _keep_choices(self, form, *self.whole)
        return form

    @staticmethod
    def _take_any_place(form: Any) -> None:
        """Take what any project had then, though none has it today."""
        for name, model in (("fund", Fund), ("country", Country)):
            if name in form.fields:
                form.fields[name].queryset = model.objects.all()

    def _offer_shown(self, form: Any) -> None:
        """Offer what any project has, as their numbers tell it; what it had then they do not."""
        of_then = {"fund", "country"} if self.figures.known.as_of else set()
        for name in ("fund", "country", "organization"):
            if name in of_then:
                continue
            if name in form.fields:
                field = form.fields[name]
                things = field.queryset.model.objects
                having = map(int, self.shown.get(name, ()))
                field.offered = partial(things.filter, pk__in=list(having))

    def _subjects(self) -> Iterable[tuple[str, str]]:
        """Scheme and code of each subject of any of `projects`."""
        if self.projects is None:
            return ((scheme, code) for scheme, codes in self.shown.items() for code in codes)
        there = ProjectSubject.objects.filter(project__in=self.projects.order_by().values("pk"))
        return there.order_by().values_list("scheme", "code").distinct()

    def by_words(self, projects: QuerySet, _name: str, value: str) -> QuerySet:
        """Full text and number."""
        return matching_projects(projects, value, self.with_number)

    def by_fund(self, projects: QuerySet, _name: str, value: Fund) -> QuerySet:
        """Projects of the fund, or those that were its own then."""
        return of_fund_then(projects, value, self.figures.known)

    def by_country(self, projects: QuerySet, _name: str, value: Country) -> QuerySet:
        """Projects that work in the country, or did then."""
        known = self.figures.known
        places = country_shares(known) if known.as_of else ProjectCountry.objects.all()
        return projects.filter(Exists(places.filter(project=OuterRef("pk"), country=value)))

    def by_organization(self, projects: QuerySet, _name: str, value: Organization) -> QuerySet:
        """Projects in which the organization is a participating one."""
        parts = Participation.objects.participating()
        return projects.filter(Exists(parts.filter(project=OuterRef("pk"), organization=value)))

    def by_year(self, projects: QuerySet, _name: str, value: Decimal) -> QuerySet:
        """Projects for which money moved in the year."""
        return self.figures.with_money_in(projects, int(value), int(value))

    def by_years(self, projects: QuerySet, name: str, _value: Decimal) -> QuerySet:
        """Projects for which money moved between two years, or since or until one."""
        asked = self.form.cleaned_data
        first, last = asked.get("year_min"), asked.get("year_max")
        if name == "year_max" and first is not None:
            return projects
        first = FIRST_YEAR if first is None else int(first)
        last = LAST_YEAR if last is None else int(last)
        return self.figures.with_money_in(projects, first, last)

    def by_most(self, projects: QuerySet, _name: str, value: Decimal) -> QuerySet:
        """Projects that surely received no more: what is not converted may be any amount."""
        return projects.filter(net_funded__lte=value, transfer_left_out=0, refund_left_out=0)


class FundProjectFilter(ProjectFilter):
    """The same within one fund."""

    fund = None  # type: ignore[assignment]


class NameFilter(ListFilter):
    """By name, whatever case and accents."""

    q = filters.CharFilter(label=_("Name"), method="by_name")

    def by_name(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A name contains the folded words."""
        return named_like(rows, value)


class OrganizationFilter(NameFilter):
    """Organizations by name and kind."""

    kind = HeldChoiceFilter(
        label=_("Kind"), choices=Organization.Kind.choices, empty_label=_("any")
    )


class VoucherFilter(ListFilter):
    """Vouchers by number, fund, payee, project and year."""

    q = filters.CharFilter(label=_("Voucher number"), method="by_number")
    fund = NamedChoiceFilter(
        label=_("Fund"),
        queryset=_with(Fund, "fund", Voucher.objects.all()),
        to_field_name="code",
        empty_label=_("any"),
    )
    payee = NamedChoiceFilter(
        label=_("Payee"),
        queryset=Organization.objects.filter(Exists(Voucher.objects.filter(payee=OuterRef("pk")))),
        to_field_name="code",
        empty_label=_("any"),
    )
    project = filters.CharFilter(label=_("Project number"), method="by_project")
    year = WholeFilter(label=_("Year"), field_name="payment_date__year", **YEARS)
    total_min = AmountFilter(label=_("Total, at least"), field_name="total", lookup_expr="gte")
    total_max = AmountFilter(label=_("Total, at most"), method="by_most")

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    @property
    def form(self) -> Any:
        """The form, whose selects are read once for many visitors."""
        is_new = not hasattr(self, "_form")
        form = super().form
        if is_new:
            _keep_choices(self, form)
        return form

    def by_number(self, vouchers: QuerySet, _name: str, value: str) -> QuerySet:
        """Part of the number."""
        return vouchers.filter(number__icontains=value)

    def by_most(self, vouchers: QuerySet, _name: str, value: Decimal) -> QuerySet:
        """Vouchers that surely come to no more: what is not converted may be any amount."""
        lines = VoucherLine.objects.known_at(self.known.as_of).up_to(self.known.until)
        unknown = lines.filter(voucher=OuterRef("pk"), base_amount=None)
        return vouchers.filter(~Exists(unknown), total__lte=value)

    def by_project(self, vouchers: QuerySet, _name: str, value: str) -> QuerySet:
        """Vouchers that paid the project."""
        lines = VoucherLine.objects.known_at(self.known.as_of).filter(
            project__in=Project.objects.numbered(value.strip())
        )
        return vouchers.filter(Exists(lines.filter(voucher=OuterRef("pk"))))
