"""What each load changed: figures just before its release and just after, by project."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from finance.figures.catalogue import FIGURES
from finance.figures.sums import Totals, totals_at
from finance.models import Load, StatedRecord
from finance.models.loads import LoadQuerySet
from portal.kit.tables.parts import NO_PARTS, Parts
from projects.models import Project

INSTANT = timedelta(microseconds=1)
# What a load states; the others follow from these.
STATED = ("commitment", "deposit", "approved", "transfer", "refund", "expenditure")
COMPARED = ("approved", "transfer", "refund", "net_funded", "expenditure", "balance")


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAndAfter:
    """One sum before and after, with what it holds and leaves out."""

    before: Decimal | None
    after: Decimal | None
    held_before: Parts = NO_PARTS
    held_after: Parts = NO_PARTS

    @property
    def differs(self) -> bool:
        """Whether the figure, or what it holds and leaves out, changed."""
        return self.before != self.after or self.held_before != self.held_after

    @property
    def difference(self) -> Decimal | None:
        """After less before; unknown where either is, or they leave out different amounts."""
        if not self.held_before.leaves_out_as(self.held_after):
            return None
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(BeforeAndAfter):
    """One figure before and after."""

    figure: str
    load: Load | None = None
    project: Project | None = None

    @property
    def label(self) -> str:
        """The figure's name."""
        return str(FIGURES[self.figure])


def loads_that_changed(project_ids: Iterable[int]) -> LoadQuerySet:
    """Released loads that added or withdrew a record of these projects, newest first."""
    records = StatedRecord.objects.filter(project__in=list(project_ids))
    return Load.objects.released().filter(
        Q(pk__in=records.values("load")) | Q(pk__in=records.values("withdrawn_by"))
    )


def changed_projects(load: Load) -> list[int]:
    """The projects of which a load added or withdrew records."""
    records = StatedRecord.objects.filter(project__isnull=False)
    found: set[int] = set()
    for side in (records.filter(load=load), records.filter(withdrawn_by=load)):
        found.update(side.values_list("project", flat=True).distinct())
    return sorted(found)


def compared(
    before: Totals, after: Totals, figures: Iterable[str] = COMPARED, **of: Any
) -> list[Change]:
    """Figures side by side, changed or not."""
    return [
        Change(
            figure=figure,
            before=before.told(figure),
            after=after.told(figure),
            held_before=before.parts(figure),
            held_after=after.parts(figure),
            **of,
        )
        for figure in figures
    ]


def differing(before: Totals, after: Totals, **of: Any) -> list[Change]:
    """Only the stated figures that changed."""
    return [change for change in compared(before, after, STATED, **of) if change.differs]


def changes_of_project(project: Project, loads: Sequence[Load]) -> list[Change]:
    """What each of these loads, newest first, changed; in one query."""
    moments = sorted({released(load) for load in loads})
    if not moments:
        return []
    # Nothing changed between one of these loads and the next.
    before = dict(zip(moments, [moments[0] - INSTANT, *moments], strict=False))
    found = totals_at([moments[0] - INSTANT, *moments], [project.pk])
    at = {moment: totals for (moment, _project), totals in found.items()}
    return [
        change
        for load in loads
        for change in differing(
            at.get(before[released(load)], Totals()), at.get(released(load), Totals()), load=load
        )
    ]


def changes_by_load(load: Load) -> list[Change]:
    """What a load changed, project by project; in a fixed number of queries."""
    ids = changed_projects(load)
    after = released(load)
    found = totals_at([after - INSTANT, after], ids)
    nothing = Totals()
    return [
        change
        for project in Project.objects.filter(pk__in=ids).order_by("sort_name", "pk")
        for change in differing(
            found.get((after - INSTANT, project.pk), nothing),
            found.get((after, project.pk), nothing),
            load=load,
            project=project,
        )
    ]


def sum_at(moment: datetime, project_ids: Sequence[int]) -> Totals:
    """The totals of all these projects together, as known at a moment."""
    together = Totals()
    for totals in totals_at([moment], project_ids).values():
        together.include(totals)
    return together


def released(load: Load) -> datetime:
    """The moment of release of a load that has been released."""
    if load.released_at is None:
        raise ValueError(f"Load {load.pk} has not been released.")
    return load.released_at
