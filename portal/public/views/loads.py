"""Loads and what they changed: public pages of provenance."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.addresses import records_url
from finance.figures.changes import (
    Change,
    changes_by_load,
    changes_of_project,
    compared,
    loads_that_changed,
    sum_at,
)
from finance.figures.reading import known_loads
from finance.models import Load, StatedRecord
from finance.reports.change_tables import (
    CompareTable,
    LoadChangeTable,
    ProjectChangeTable,
    StatedRecordTable,
    mends_of,
)
from finance.reports.project_panels import loads_known
from portal.kit.currency import told_in_base
from portal.kit.dates import end_of
from portal.kit.formatting import day, money
from portal.kit.views import TableView
from portal.kit.web.asked import asked_day, one_of
from portal.kit.years import FIRST_DAY
from portal.public.list_tables import LoadTable
from portal.public.views.factsheet import crumbs, get_project_or_404, page_of
from projects.models import Fund, Project

# What the sentence about two dates tells of; the table has all.
_TOLD = ("approved", "net_funded", "expenditure")


class LoadList(TableView):
    """All released loads."""

    title = gettext_lazy("Source files")
    intro = gettext_lazy(
        "Every figure here comes from a file, or from a correction or reversal of one. These are "
        "they, newest first."
    )
    table_class = LoadTable

    def get_queryset(self) -> QuerySet:
        return known_loads(self.known).with_reversed_at(self.known.as_of).select_related("source")


class LoadPage(TableView):
    """A load: its file, its digest, and what it changed."""

    template_name = "entities/load.html"
    table_class = LoadChangeTable
    takes_dates = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        loads = Load.objects.released().select_related("source", "reverses")
        self.load = get_object_or_404(loads, pk=kwargs["pk"])

    def get_queryset(self) -> Any:
        return changes_by_load(self.load)

    def get_title(self) -> str:
        return self.load.file_name

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Source files"), "url": reverse("load-list")},
            {"label": self.load.file_name},
        ]

    def get_common_context(self) -> dict[str, Any]:
        reversal = self.load.reversals.released().first()
        return {
            **super().get_common_context(),
            "load": self.load,
            "reversal": reversal,
            "mends": mends_of(self.load),
        }


class LoadRecords(LoadPage):
    """The records that a load added, or those that it withdrew."""

    template_name = "kit/list.html"
    table_class = StatedRecordTable
    asks = ("what",)

    @property
    def withdrawn(self) -> bool:
        """Whether the withdrawn ones are asked for."""
        return one_of(self.request.GET, "what", ("added", "withdrawn"), "added") == "withdrawn"

    def get_queryset(self) -> QuerySet[StatedRecord]:
        of_load = {"withdrawn_by" if self.withdrawn else "load": self.load}
        return (
            StatedRecord.objects.filter(**of_load)
            .select_related("project", "organization", "voucher", "load")
            .order_by("line", "kind", "pk")
        )

    def get_title(self) -> str:
        if self.withdrawn:
            return _("Records that %(file)s withdrew") % {"file": self.load.file_name}
        return _("Records that %(file)s added") % {"file": self.load.file_name}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Source files"), "url": reverse("load-list")},
            {"label": self.load.file_name, "url": self.load.get_absolute_url()},
            {"label": _("Records")},
        ]


class ProjectChanges(TableView):
    """What each load changed of a project."""

    title = gettext_lazy("What changed")
    table_class = ProjectChangeTable
    paginate_by = 50

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.project = page_of(request, kwargs["number"]).project

    def get_queryset(self) -> list[Change]:
        return changes_of_project(self.project, list(loads_known(self.project, self.known)))

    def get_title(self) -> str:
        return f"{self.title} – {self.project.number}"

    def get_intro(self) -> str:
        return self.project.title

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*crumbs(self.project), {"label": self.title}]


class _Compare(TableView):
    """Figures as known on two days, side by side, and the loads in between."""

    asks = ("first", "second")
    template_name = "compare.html"
    table_class = CompareTable
    takes_dates = False
    is_heavy = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.of = self.get_of()
        self.first, self.second = self._days()
        self.ids = self.get_ids()

    def get_of(self) -> Any:
        """What is compared: a project, a fund. Raises Http404."""
        raise NotImplementedError

    def get_ids(self) -> list[int]:
        """The projects that are added up."""
        raise NotImplementedError

    def _days(self) -> tuple[date, date]:
        """The two days, the earlier first; a year ago and today where the address has none."""
        today = timezone.localdate()
        year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
        given = (asked_day(self.request.GET, name) for name in ("first", "second"))
        first, second = (
            min(max(asked or default, FIRST_DAY), today)
            for asked, default in zip(given, (year_ago, today), strict=True)
        )
        return (first, second) if first <= second else (second, first)

    def get_queryset(self) -> list[Change]:
        return compared(sum_at(end_of(self.first), self.ids), sum_at(end_of(self.second), self.ids))

    def get_table(self) -> Any:
        table = super().get_table()
        page = self.of.get_absolute_url()
        for name, asked in (("before", self.first), ("after", self.second)):
            bound = table.columns[name]
            bound.column.verbose_name = _("As known on %(day)s") % {"day": day(asked)}
            bound.column.address = _address(page, asked)
        return table

    def get_loads(self) -> QuerySet[Load]:
        """Loads released after the first day and up to the second."""
        return (
            loads_that_changed(self.ids)
            .filter(released_at__gt=end_of(self.first), released_at__lte=end_of(self.second))
            .with_reversed_at()
            .select_related("source")
        )

    def get_title(self) -> str:
        return _("Two dates side by side")

    def get_intro(self) -> str:
        return str(self.of)

    def get_common_context(self) -> dict[str, Any]:
        return {**super().get_common_context(), "answer": what_changed(self.rows)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            first=self.first,
            second=self.second,
            today=timezone.localdate(),
            loads=LoadTable(
                list(self.get_loads()[:100]),
                orderable=False,
                id="loads-table",
                empty_text=_("Nothing was published between the two dates."),
            ),
            count=None,
            **kwargs,
        )


def what_changed(changes: Iterable[Change]) -> str:
    """What changed most of all, in a sentence; the table has the rest."""
    changed = [change for change in changes if change.differs]
    if not changed:
        return _("No figure changed between the two dates.")
    told = [change for change in changed if change.figure in _TOLD and change.difference]
    if not told:
        return _("Figures changed between the two dates; the table shows which.")
    parts = [
        told_in_base(
            _("%(figure)s up by %(currency)s %(amount)s")
            if change.difference and change.difference > 0
            else _("%(figure)s down by %(currency)s %(amount)s"),
            figure=change.label,
            amount=money(abs(change.difference or 0)),
        )
        for change in told
    ]
    return _("Between the two dates: %(changes)s.") % {"changes": "; ".join(parts)}


def _address(page: str, known_on: date) -> Any:
    return lambda change: records_url(page, change.figure, as_of=known_on.isoformat())


class ProjectCompare(_Compare):
    """Of a project."""

    def get_of(self) -> Project:
        return get_project_or_404(self.kwargs["number"])

    def get_ids(self) -> list[int]:
        return [self.of.pk]

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*crumbs(self.of), {"label": _("Compare")}]


class FundCompare(_Compare):
    """Of all projects of a fund."""

    def get_of(self) -> Fund:
        return get_object_or_404(Fund, code__iexact=self.kwargs["code"])

    def get_ids(self) -> list[int]:
        return list(self.of.projects.values_list("pk", flat=True))

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Funds"), "url": reverse("fund-list")},
            {"label": self.of.name, "url": self.of.get_absolute_url()},
            {"label": _("Compare")},
        ]
