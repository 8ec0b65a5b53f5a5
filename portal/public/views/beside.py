"""Two to four projects, funds or organizations side by side."""

from typing import Any

import django_filters as filters
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.catalogue import FIGURES
from finance.figures.listed import parts_of_row
from finance.figures.reading import KnownFigures
from finance.figures.totals import listed_funds, listed_organizations, listed_projects
from finance.reports.charts import Bar, bars_across
from portal.kit.currency import told_in_base
from portal.kit.formatting import money, percent
from portal.kit.named_choice import NamedChoiceFilter
from portal.kit.views import TableView
from portal.public.list_tables import FundTable, OrganizationTable, ProjectTable
from projects.models import Fund, Organization, Project

PLACES = {
    "first": gettext_lazy("First"),
    "second": gettext_lazy("Second"),
    "third": gettext_lazy("Third"),
    "fourth": gettext_lazy("Fourth"),
}
# What the picture draws of each.
_DRAWN = ("net_funded", "expenditure")


class _Beside(filters.FilterSet):
    """The things to look at together; without any, none."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        chosen = [thing.pk for thing in self.form.cleaned_data.values() if thing]
        places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(chosen)]
        found = queryset.filter(Q(pk__in=chosen))
        return found.order_by(Case(*places, output_field=IntegerField())) if places else found


def _filters(things: QuerySet, code: str) -> type[_Beside]:
    fields: dict[str, Any] = {
        name: NamedChoiceFilter(
            label=label, queryset=things, to_field_name=code, empty_label=gettext_lazy("none")
        )
        for name, label in PLACES.items()
    }
    return type("Beside", (_Beside,), fields)


class _OfProjects(ProjectTable):
    """Projects with all figures and their fund."""

    optional: tuple[str, ...] = ("theme", "organizations", "countries")

    class Meta(ProjectTable.Meta):
        pass


class _OfFunds(FundTable):
    """Funds with all figures."""

    optional: tuple[str, ...] = ()

    class Meta(FundTable.Meta):
        pass


class _OfOrganizations(OrganizationTable):
    """Organizations with all figures."""

    optional: tuple[str, ...] = ()

    class Meta(OrganizationTable.Meta):
        pass


KINDS: dict[str, dict[str, Any]] = {
    "projects": {
        "filters": _filters(Project.objects.shown(), "number"),
        "rows": lambda figures: listed_projects(Project.objects.all(), figures),
        "table": _OfProjects,
        "list": ("project-list", gettext_lazy("Projects")),
        "title": gettext_lazy("Projects side by side"),
    },
    "funds": {
        "filters": _filters(Fund.objects.all(), "code"),
        "rows": listed_funds,
        "table": _OfFunds,
        "list": ("fund-list", gettext_lazy("Funds")),
        "title": gettext_lazy("Funds side by side"),
    },
    "organizations": {
        "filters": _filters(Organization.objects.all(), "code"),
        "rows": listed_organizations,
        "table": _OfOrganizations,
        "list": ("organization-list", gettext_lazy("Organizations")),
        "title": gettext_lazy("Organizations side by side"),
    },
}


class SideBySide(TableView):
    """Up to four of one kind, their figures in one table and one picture."""

    intro = gettext_lazy("Choose up to four by number, code or name.")
    filter_title = gettext_lazy("Choose what to compare")
    filter_button = gettext_lazy("Compare")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in KINDS:
            raise Http404
        self.kind = KINDS[kwargs["kind"]]
        self.figures = KnownFigures(self.known)
        self.filterset_class = self.kind["filters"]
        self.table_class = self.kind["table"]

    def get_queryset(self) -> QuerySet:
        return self.kind["rows"](self.figures)

    def get_title(self) -> Any:
        return self.kind["title"]

    def get_intro(self) -> Any:
        return " ".join(_highest(list(self.rows))) or self.intro

    def get_common_context(self) -> dict[str, Any]:
        context = super().get_common_context()
        # “0 results” would answer a question that nobody has asked yet.
        return {**context, "count": context["count"] or None}

    def get_table_options(self) -> dict[str, Any]:
        return {"empty_text": _("Nothing is chosen yet. Choose two or more above.")}

    def get_picture(self) -> dict[str, Any] | None:
        """What each was given and spent, on one scale."""
        bars = [_bar(row, key) for row in self.rows for key in _DRAWN]
        return bars_across(_("Given and spent"), bars)

    def get_crumbs(self) -> list[dict[str, Any]]:
        name, label = self.kind["list"]
        return [{"label": label, "url": reverse(name)}, {"label": self.get_title()}]


def _name(row: Any) -> str:
    """What a row is called in a line: a project's title is too long."""
    return getattr(row, "number", None) or getattr(row, "short_label", None) or str(row)


def _bar(row: Any, figure: str) -> Bar:
    label = f"{_name(row)}: {FIGURES[figure].label}"
    return Bar(label, getattr(row, figure), parts_of_row(row, figure))


def _highest(rows: list[Any]) -> list[str]:
    """Which of several has the highest figures, in sentences; none of what is not known of all."""
    told = []
    for key, text in (
        ("net_funded", _("%(name)s has the highest net funded amount: %(value)s.")),
        ("delivery_rate", _("%(name)s has the highest delivery rate: %(value)s.")),
    ):
        known = [row for row in rows if getattr(row, key) is not None]
        if len(rows) < 2 or known != rows or any(parts_of_row(r, key).unconverted for r in rows):
            continue
        best = max(rows, key=lambda row: getattr(row, key))
        amount = getattr(best, key)
        if [getattr(row, key) for row in rows].count(amount) > 1:
            continue
        value = (
            percent(amount)
            if key == "delivery_rate"
            else told_in_base("%(currency)s %(amount)s", amount=money(amount))
        )
        told.append(text % {"name": _name(best), "value": value})
    return told
