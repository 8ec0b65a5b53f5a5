"""Lists for contributors and staff: projects that somebody should look at, each at its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.reading import KnownFigures
from finance.figures.telling import overspent_projects
from finance.figures.totals import listed_projects
from finance.models import VoucherLine
from finance.models.records import IS_TRANSFER
from portal.kit.dates import Known
from portal.kit.formatting import money
from portal.kit.tables.columns import DateColumn
from portal.kit.tables.paging import COUNTED
from portal.kit.together import count_together
from portal.models import OVERDUE, ReportDue
from portal.public.list_tables import ProjectTable
from portal.public.views.lists import ProjectList
from portal.reporting.due_reports import reports_due
from projects.history import with_end_then
from projects.models import Project, Status
from projects.models.dates import END_MEANING

YEAR = timedelta(days=365)


class PresetTable(ProjectTable):
    """Projects, with their end and their balance."""

    end = DateColumn(
        verbose_name=gettext_lazy("End date"),
        term="end-date",
        definition=END_MEANING,
    )
    card = ("number", "title_", "status", "end", "net_funded", "expenditure", "balance")
    optional = ("countries", "theme", "approved", "transfer", "refund")

    class Meta:
        sequence = ("number", "title_", "status", "end", "...")


@dataclass(frozen=True)
class Preset:
    """One list: its words, and which projects it holds."""

    title: Any
    intro: Any
    narrow: Callable[[QuerySet, Known, QuerySet], QuerySet]
    # What sorts the worst first.
    worst_first: str
    # Whether reports due say which.
    by_reports: bool = False


def _ended(projects: QuerySet, known: Known, _reports: QuerySet) -> QuerySet:
    return projects.filter(status_then__in=Status.running(), end__lt=known.day)


def _overspent(projects: QuerySet, _known: Known, _reports: QuerySet) -> QuerySet:
    return projects.filter(overspent_projects())


def _unpaid(projects: QuerySet, known: Known, _reports: QuerySet) -> QuerySet:
    """A transfer of zero is none."""
    lines = VoucherLine.objects.known_at(known.as_of).up_to(known.until).filter(IS_TRANSFER)
    unsettled = projects.exclude(status_then__in=Status.settled())
    return unsettled.exclude(Exists(lines.filter(project=OuterRef("pk"))))


def _silent(projects: QuerySet, known: Known, reports: QuerySet) -> QuerySet:
    """Something was asked for that never came, and nothing at all came within a year."""
    asked = reports.filter(state__in=("late", "missing"), due_on__lt=known.day)
    came = reports.filter(received_on__gt=known.day - YEAR)
    return (
        projects.exclude(status_then__in=Status.settled())
        .filter(pk__in=asked.values("project"))
        .exclude(pk__in=came.values("project"))
    )


PRESETS = {
    "ended-not-closed": Preset(
        gettext_lazy("Ended and not closed"),
        gettext_lazy("Past their end date, but not yet closed."),
        _ended,
        "end",
    ),
    "overspent": Preset(
        gettext_lazy("Overspent"),
        gettext_lazy(
            "Projects that report spending more than they received, as far as both are converted."
        ),
        _overspent,
        "balance",
    ),
    "no-transfer": Preset(
        gettext_lazy("No transfer yet"),
        gettext_lazy("Projects that were approved and to which no money has been transferred."),
        _unpaid,
        "-approved",
    ),
    "no-report": Preset(
        gettext_lazy("No report in a year"),
        gettext_lazy("Projects that should report but have sent nothing for a year."),
        _silent,
        "-balance",
        by_reports=True,
    ),
}


class PresetList(ProjectList):
    """One of these lists, to filter and to export like any list of projects."""

    table_class = PresetTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["preset"] not in PRESETS:
            raise Http404(
                _("There is no such list; there are: %(names)s.") % {"names": ", ".join(PRESETS)}
            )
        self.preset = PRESETS[kwargs["preset"]]
        self.file_name = kwargs["preset"]

    def get_title(self) -> Any:
        return self.preset.title

    def get_intro(self) -> Any:
        return self.preset.intro

    def get_queryset(self) -> QuerySet:
        projects = with_end_then(self.get_projects(is_shown_only=False), self.known)
        reports = reports_due(self.known) if self.preset.by_reports else ReportDue.objects.none()
        return self.preset.narrow(projects, self.known, reports)

    def get_table_options(self) -> dict[str, Any]:
        return {"order_by": self.preset.worst_first}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Projects"), "url": reverse("project-list")},
            {"label": self.get_title()},
        ]


def preset_links(**query: str) -> list[dict[str, Any]]:
    """Each list with its address, narrowed by a filter such as fund="PBR00"."""
    asked = f"?{urlencode(query)}" if query else ""
    return [
        {"name": name, "label": preset.title, "note": preset.intro,
         "url": reverse("project-preset", args=[name]) + asked}
        for name, preset in PRESETS.items()
    ]  # fmt: skip


def counts_of_presets(known: Known, reports: QuerySet) -> dict[str, int]:
    """How many projects are on each list, COUNTED + 1 where there are more, and how many of the
    reports, which are all that are due, are `overdue`; counted in one statement."""
    figures = KnownFigures(known)
    projects = with_end_then(listed_projects(Project.objects.all(), figures), known)
    found = {
        name: preset.narrow(projects, known, reports).order_by().values("pk")[: COUNTED + 1]
        for name, preset in PRESETS.items()
    }
    late = reports.filter(state__in=OVERDUE, project__withheld_on__isnull=True).values("pk")
    return count_together(overdue=late, **found)


def counted_presets(counts: Mapping[str, int]) -> dict[str, Any]:
    """Each list with its address and how many projects are on it, and the reports overdue."""
    more = _("more than %(count)s") % {"count": money(COUNTED)}
    told = {name: more if count > COUNTED else money(count) for name, count in counts.items()}
    return {
        "presets": [{**link, "count": told[link["name"]]} for link in preset_links()],
        "overdue": money(counts["overdue"]),
    }
