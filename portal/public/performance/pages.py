"""Pages of how well the funds work: of one fund or of all, and the projects of each measure."""

from decimal import Decimal
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.listed import with_own_figures
from finance.figures.reading import KnownFigures
from finance.reports.charts import Bar, bars_across
from portal.about.versions import counted_once
from portal.kit.dates import TODAY
from portal.kit.files.exports import table_response
from portal.kit.files.pictures import with_links_of
from portal.kit.formatting import money
from portal.kit.tables.base import Table
from portal.kit.views import TableView
from portal.public.performance.distributions import (
    Distribution,
    distribution,
    projects_of,
    told_by,
)
from portal.public.performance.measures import MEASURES, Measure
from portal.public.performance.tables import (
    ClassRow,
    ClassTable,
    MeasuredTable,
    ReportClassTable,
    measured_columns,
)
from portal.public.performance.together import together
from portal.public.views.statements import fund_crumbs, get_fund_or_404
from portal.reporting.due_pages import report_section
from projects.history import with_funds_then, with_status_then
from projects.models import Fund, Project


class _OfFunds(TableView):
    """Of all funds, or of the one that the address names."""

    is_heavy = True
    fund: Fund | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if "code" in kwargs:
            self.fund = get_fund_or_404(kwargs["code"])

    @property
    def page(self) -> str:
        """The page of all measures."""
        if self.fund is None:
            return reverse("funds-performance")
        return reverse("fund-performance", args=[self.fund.code])

    def measure_url(self, measure: Measure, part: str = "") -> str:
        """The projects of a measure, or of one of its classes."""
        page = f"{self.page}{measure.key}/"
        return f"{page}?part={part}" if part else page

    def distributions(self, *measures: Measure) -> dict[str, Distribution]:
        """Of these measures, counted once for many visitors."""
        key = ("performance", [one.key for one in measures], self.fund and self.fund.pk, self.known)
        told = counted_once(key, lambda: told_by(measures, self.fund, self.known))
        return {one.key: distribution(one, told[one.key]) for one in measures}

    def bars(self, found: Distribution) -> dict[str, Any] | None:
        """The classes of a measure as bars."""
        return bars_across(
            found.measure.title,
            [
                Bar(one.label, Decimal(count), url=self.measure_url(found.measure, one.key))
                for one in found.measure.classes
                if (count := found.counts.get(one.key, 0))
            ],
            is_money=False,
        )

    def crumbs(self, *more: dict[str, Any]) -> list[dict[str, Any]]:
        """The way here."""
        way = [{"label": _("Funds"), "url": reverse("fund-list")}]
        if self.fund is not None:
            way = fund_crumbs(self.fund)
        return [*way, *more]

    def of(self, title: Any) -> str:
        """A title with the fund that it is of."""
        return str(title) if self.fund is None else f"{title} – {self.fund}"


class Performance(_OfFunds):
    """How well a fund works, or all."""

    template_name = "funds/performance.html"
    intro = gettext_lazy(
        "How long it takes until money moves and accounts are closed, how punctual reports are, "
        "and how much is passed on. Each number leads to its projects."
    )
    file_name = "performance"

    def get_title(self) -> str:
        if self.fund is None:
            return _("How well the funds work")
        return self.of(_("How well the fund works"))

    def get_queryset(self) -> list[Any]:
        return []

    @cached_property
    def found(self) -> dict[str, Distribution]:
        """All measures, counted once for the page."""
        return self.distributions(*MEASURES.values())

    def get_table(self) -> Table:
        return self.get_tables()[0]

    def class_table(self, found: Distribution) -> Table:
        """The table beneath a picture: each class that holds a project."""
        measure = found.measure
        rows = [
            ClassRow(
                one.label,
                found.counts.get(one.key, 0),
                found.all,
                self.measure_url(measure, one.key),
            )
            for one in measure.classes
            if one.is_value or found.counts.get(one.key)
        ]
        title = measure.title
        return ClassTable(rows if found.all else [], id=f"{measure.key}-table", title=title)

    @cached_property
    def reports(self) -> dict[str, Any]:
        """How punctual reports are."""
        # As the list of reports has it, which goes by today's fund.
        projects = projects_of(self.fund, TODAY).values_list("pk", flat=True)
        return report_section(self.known, projects, self.fund)

    def report_table(self) -> Table:
        """Reports by what became of them."""
        facts = self.reports.get("facts", ())
        counts = [int(fact["value"]) for fact in facts]
        rows = [
            ClassRow(fact["label"], count, sum(counts), fact["url"])
            for fact, count in zip(facts, counts, strict=True)
        ]
        title = _("How punctual the reports are")
        return ReportClassTable(rows if sum(counts) else [], id="reports-table", title=title)

    def get_tables(self) -> list[Table]:
        """All tables, in the order of the page."""
        tables = [self.class_table(found) for found in self.found.values()]
        # Of reports too many to be worked out no table says that there are none.
        return tables if self.reports.get("many") else [*tables, self.report_table()]

    def get_sections(self) -> list[dict[str, Any]]:
        """Each measure with its picture, its table and its projects."""
        sections = []
        for key, found in self.found.items():
            measure, url = found.measure, self.measure_url(found.measure)
            picture = with_links_of(self.bars(found), self.request, url)
            sections.append(
                {
                    "anchor": key,
                    "title": measure.title,
                    "meaning": measure.meaning,
                    "of_the_past": measure.of_the_past if self.known.is_past else "",
                    "facts": _facts(found),
                    "picture": picture,
                    "table": self.class_table(found),
                    "url": url,
                }
            )
        return sections

    def get_crumbs(self) -> list[dict[str, Any]]:
        return self.crumbs({"label": _("How well it works")})

    def get_common_context(self) -> dict[str, Any]:
        sections = self.get_sections()
        reports = self.reports
        return {
            **super().get_common_context(),
            "count": None,
            "together": together(self.found, reports),
            "parts": sections,
            "reports": reports,
            "report_table": self.report_table(),
            "report_picture": self.report_picture(),
            "sections": [
                *({"anchor": one["anchor"], "title": one["title"]} for one in sections),
                {"anchor": "punctuality", "title": _("How punctual the reports are")},
            ],
        }

    def report_picture(self) -> dict[str, Any] | None:
        """Reports as bars, as the list of reports has them."""
        bars = (
            Bar(fact["label"], Decimal(fact["value"]), url=fact["url"] or None)
            for fact in self.reports.get("facts", ())
        )
        picture = bars_across(_("How punctual the reports are"), bars, is_money=False)
        return with_links_of(picture, self.request, self.reports["url"])

    def export(self, fmt: str) -> HttpResponseBase:
        context = self.get_common_context() if fmt in ("pdf", "print") else {}
        return table_response(
            self.request,
            self.get_tables(),
            fmt=fmt,
            title=self.get_title(),
            file_name=self.file_name,
            template=self.template_name,
            context=context,
        )


def _facts(found: Distribution) -> list[dict[str, Any]]:
    """What stands above a picture; nothing where there is no project."""
    if not found.all:
        return []
    median = "" if found.median is None else found.measure.words(found.median)
    return [
        {"label": _("Median"), "value": median or _("not known"), "term": ""},
        {"label": _("Projects where this is known"), "value": money(found.known)},
        {"label": _("Projects where it is not known, or not yet"), "value": money(found.unknown)},
    ]


class PartFilter(filters.FilterSet):
    """Projects of one class of a measure."""

    part = filters.ChoiceFilter(label=gettext_lazy("Class"), method="by_part")

    class Meta:
        model = Project
        fields = ()

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.filters["part"].extra |= {
            "choices": [(one.key, one.label) for one in measure.classes],
            "empty_label": _("any"),
        }

    def by_part(self, projects: QuerySet, _name: str, value: str) -> QuerySet:
        """Those of the class."""
        return projects.filter(next(c for c in self.measure.classes if c.key == value).condition)


class MeasuredProjects(_OfFunds):
    """The projects of a measure, with what it is worked out from."""

    table_class = MeasuredTable
    filterset_class = PartFilter

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["measure"] not in MEASURES:
            raise Http404(
                _("There is no such list; there are: %(names)s.") % {"names": ", ".join(MEASURES)}
            )
        self.measure = MEASURES[kwargs["measure"]]
        self.file_name = self.measure.key

    def get_title(self) -> str:
        return self.of(self.measure.title)

    def get_intro(self) -> str:
        of_the_past = self.measure.of_the_past if self.known.is_past else ""
        return " ".join(filter(None, (str(self.measure.meaning), str(of_the_past))))

    def get_queryset(self) -> QuerySet:
        projects = with_status_then(projects_of(self.fund, self.known), self.known)
        if not self.measure.is_of_figures:
            # A status says whether money was paid.
            projects = with_own_figures(projects, KnownFigures(self.known), is_shown_only=True)
        return with_funds_then(self.measure.measured(projects, self.known), self.known)

    def get_filter_options(self) -> dict[str, Any]:
        return {"measure": self.measure}

    def get_table_options(self) -> dict[str, Any]:
        return {
            "extra_columns": measured_columns(self.measure),
            "order_by": "-value",
            "exclude": () if self.fund is None else ("fund",),
        }

    def get_picture(self) -> dict[str, Any] | None:
        return self.bars(self.distributions(self.measure)[self.measure.key])

    def get_crumbs(self) -> list[dict[str, Any]]:
        return self.crumbs(
            {"label": _("How well it works"), "url": self.page}, {"label": self.measure.title}
        )
