"""Tables of how well funds work: the classes of a measure, and the projects of one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.figures.addresses import records_url
from portal.kit.formatting import percentage
from portal.kit.tables.base import Table
from portal.kit.tables.cells import Column
from portal.kit.tables.columns import (
    DateColumn,
    IntegerColumn,
    MoneyColumn,
    PercentColumn,
    TextColumn,
    YearColumn,
)
from portal.public.performance.measures import Measure
from portal.public.project_columns import ProjectColumns


@dataclass(frozen=True)
class ClassRow:
    """A class and how many are in it, of all."""

    label: Any
    count: int
    whole: int
    url: str

    @property
    def share(self) -> Any:
        """In percent of all."""
        return percentage(100 * self.count / self.whole, 10) if self.whole else None


class ClassTable(Table):
    """The classes of a measure."""

    caption_hidden = True
    empty_text = _("No project is known yet.")
    label = TextColumn(
        verbose_name=_("Class"),
        definition=_("What these projects have in common."),
        orderable=False,
        css="name",
    )
    count = IntegerColumn(
        verbose_name=_("Projects"),
        definition=_("Number of projects; leads to them."),
        link=lambda row: row.url if row.count else None,
        orderable=False,
    )
    share = PercentColumn(
        verbose_name=_("Share of all"),
        definition=_("Of all projects, with those of which it is not known."),
        orderable=False,
    )


class ReportClassTable(ClassTable):
    """The same of reports."""

    empty_text = _("No report is due.")
    count = IntegerColumn(
        verbose_name=_("Reports"),
        definition=_("Number of reports; leads to them."),
        link=lambda row: row.url if row.count else None,
        orderable=False,
    )
    share = PercentColumn(
        verbose_name=_("Share of all"),
        definition=_("Of all reports, those not due yet and exempt ones among them."),
        orderable=False,
    )


class MeasuredTable(ProjectColumns):
    """Projects with what was measured of them."""

    title = _("Projects")
    caption_hidden = True
    empty_text = _("No project is in this class.")
    card = ("number", "title_", "first", "second", "value")


def _records(figure: str) -> Callable[[Any], str]:
    return lambda project: records_url(project.get_absolute_url(), figure)


def _closure(project: Any) -> str:
    return reverse("project-closure", args=[project.number])


def _grants(project: Any) -> str:
    return f"{reverse('sub-grant-list')}?project={project.number}"


# Of each measure the kinds of its columns, and where they lead: to the records behind.
_COLUMNS: dict[str, tuple[tuple[type[Column], Any], ...]] = {
    "first-transfer": (
        (DateColumn, _records("approved")),
        (DateColumn, _records("transfer")),
        (IntegerColumn, None),
    ),
    "first-spending": (
        (DateColumn, _records("transfer")),
        (YearColumn, _records("expenditure")),
        (IntegerColumn, None),
    ),
    "operational-closure": ((DateColumn, None), (DateColumn, _closure), (IntegerColumn, None)),
    "financial-closure": ((DateColumn, None), (DateColumn, _closure), (IntegerColumn, None)),
    "passed-on": (
        (MoneyColumn, _grants),
        (MoneyColumn, _records("net_funded")),
        (PercentColumn, None),
    ),
}


def measured_columns(measure: Measure) -> list[tuple[str, Column]]:
    """The columns of a measure."""
    named = zip(("first", "second", "value"), _COLUMNS[measure.key], strict=True)
    words = {"first": measure.first, "second": measure.second, "value": measure.value}
    found = []
    for name, (kind, link) in named:
        label, definition = words[name]
        found.append((name, kind(verbose_name=label, definition=definition, link=link)))
    return found
