"""The register of decisions, and the page of what a fund decided on a day."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.models import Decision
from portal.decisions.decision_tables import (
    BudgetOfDayTable,
    DecisionTable,
    ExtensionOfDayTable,
)
from portal.decisions.reading import budgets_of, extensions_of, known_decisions, with_papers
from portal.kit.dates import parse_day
from portal.kit.files.exports import table_response
from portal.kit.filters import WholeFilter
from portal.kit.formatting import day
from portal.kit.named_choice import HeldChoiceFilter, NamedChoiceFilter
from portal.kit.tables.base import Table
from portal.kit.views import TableView
from portal.kit.years import YEARS
from portal.public.views.statements import fund_crumbs, get_fund_or_404
from projects.filters import ProjectNumberFilter
from projects.models import Fund, Organization


def _shown(**which: Any) -> QuerySet[Decision]:
    """Decisions that the list shows: none about withheld projects."""
    is_shown = Q(project=None) | Q(project__withheld_on=None)
    return Decision.objects.filter(is_shown, **which)


class DecisionFilter(filters.FilterSet):
    """Decisions by words, fund, project, organization, kind and year."""

    q = filters.CharFilter(label=gettext_lazy("Words"), method="by_words")
    fund = NamedChoiceFilter(
        label=gettext_lazy("Fund"),
        queryset=Fund.objects.filter(Exists(_shown(fund=OuterRef("pk")))),
        to_field_name="code",
        empty_label=gettext_lazy("any"),
    )
    project = ProjectNumberFilter(label=gettext_lazy("Project number"))
    organization = NamedChoiceFilter(
        label=gettext_lazy("Organization"),
        queryset=Organization.objects.filter(Exists(_shown(organization=OuterRef("pk")))),
        to_field_name="code",
        empty_label=gettext_lazy("any"),
    )
    kind = HeldChoiceFilter(
        label=gettext_lazy("Kind"), choices=Decision.Kind.choices, empty_label=gettext_lazy("any")
    )
    year = WholeFilter(label=gettext_lazy("Year"), field_name="date__year", **YEARS)

    def by_words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """All the words stand in its texts."""
        for word in value.split()[:10]:
            rows = rows.filter(words_in(word))
        return rows


def words_in(word: str) -> Q:
    """The condition that a word stands in the texts of a decision."""
    found = Q()
    for name in ("body", "reference", "description", "conditions"):
        found |= Q(**{f"{name}__icontains": word})
    return found


class DecisionListTable(DecisionTable):
    """Many decisions; their minutes stand on the page of the day."""

    papers = None  # type: ignore[assignment]


class DecisionList(TableView):
    """All decisions of all funds."""

    title = gettext_lazy("Decisions")
    intro = gettext_lazy(
        "What the bodies that steer the funds decided: allocations, revisions, extensions and "
        "others, with their conditions."
    )
    table_class = DecisionListTable
    filterset_class = DecisionFilter
    file_name = "decisions"

    def get_queryset(self) -> QuerySet[Decision]:
        return known_decisions(self.known)


class FundDecisions(TableView):
    """What a fund decided on one day, with minutes, budgets and extensions."""

    template_name = "funds/decisions.html"
    # Its tables stand whole.
    paginate_by = 10_000

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])
        on = parse_day(kwargs["on"])
        # Of a day before they were known the page is there, and empty.
        if on is None or not Decision.objects.filter(fund=self.fund, date=on).exists():
            raise Http404(_("No decision of this fund is recorded for this day."))
        self.on: date = on
        found = known_decisions(self.known).filter(fund=self.fund, date=on)
        self.decisions = with_papers(found, self.known)

    def get_queryset(self) -> list:
        return []

    def get_table(self) -> Table:
        on = self.on
        self.all_tables: list[Table] = [
            DecisionTable(self.decisions, id="decisions", orderable=False, exclude=("fund",)),
            BudgetOfDayTable(budgets_of(self.fund, on, self.known), id="budgets", orderable=False),
        ]
        if extensions := list(extensions_of(self.fund, on)):
            self.all_tables.append(
                ExtensionOfDayTable(extensions, id="extensions", orderable=False)
            )
        return self.all_tables[0]

    def get_title(self) -> str:
        return _("Decisions of %(day)s – %(fund)s") % {"day": day(self.on), "fund": self.fund}

    def get_intro(self) -> str:
        return _(
            "What was decided on this day, and the budgets and extensions that are recorded as "
            "approved on it."
        )

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*fund_crumbs(self.fund), {"label": _("Decisions of %(day)s") % {
            "day": day(self.on)}}]  # fmt: skip

    def get_common_context(self) -> dict[str, Any]:
        papers = {p.pk: p for d in self.decisions for p in getattr(d, "papers", ())}
        return {
            **super().get_common_context(),
            "count": None,
            "tables": self.all_tables,
            "papers": list(papers.values()),
        }

    def export(self, fmt: str) -> HttpResponseBase:
        return table_response(
            self.request,
            self.all_tables,
            fmt=fmt,
            title=self.get_title(),
            file_name=str(self.get_title()),
            template=self.template_name,
            context=self.get_common_context() if fmt in {"pdf", "print"} else {},
        )
