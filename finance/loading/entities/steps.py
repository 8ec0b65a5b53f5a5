"""Steps of a project's status that loads state, and how a reversal takes them back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from finance.models import Load, ProjectStatement
from projects.models import Project, Status, StatusChange

Stood = tuple[str, date | None]


def stood(project: Project) -> Stood:
    """Its status and since when, before a load changes it."""
    return project.status, project.status_on


def moved_from(before: Stood | None, project: Project) -> dict[str, Any]:
    """What a reversal goes back to: {} where nothing moved, "not stated" for a new project."""
    if before == stood(project):
        return {}
    status, on = before or (Status.NOT_STATED.value, None)
    return {"status": str(status), "on": on.isoformat() if on else None}


def log_steps(load: Load, steps: Iterable[tuple[Project, date]]) -> None:
    """Log that these have their status since that day, but what the log says already."""
    moved = list(steps)
    rows = StatusChange.objects.filter(project__in=[project for project, _on in moved])
    there = set(rows.values_list("project_id", "status", "set_on"))
    StatusChange.objects.bulk_create(
        StatusChange(project=project, status=project.status, set_on=on, stated_by=load.pk)
        for project, on in moved
        if (project.pk, project.status, on) not in there
    )


def take_back_steps(load: Load) -> set[int]:
    """Of a load that is reversed no step stands, nor a status that it gave and that holds still.

    What a later load states too stands as said by that one; returns the projects that so keep the
    status that they have.
    """
    later = _said_later(load)
    _hand_over(load, later)
    StatusChange.objects.filter(stated_by=load.pk).delete()
    before, kept = defaultdict(list), set()
    for one in ProjectStatement.objects.filter(load=load).select_related("project"):
        project, status = one.project, one.values.get("status")
        if project.status != status:
            continue
        if (project.pk, status) in later:
            kept.add(project.pk)
        elif one.status_before and "status" not in project.held_fields:
            before[one.status_before["status"], one.status_before["on"]].append(project.pk)
    for (status, on), projects in before.items():
        Project.objects.filter(pk__in=projects).update(status=status, status_on=on)
    return kept


def _said_later(load: Load) -> dict[tuple[int, str], int]:
    """The first load that stated a status of a project of this load after it, and stands."""
    said = ProjectStatement.objects.filter(
        project__in=ProjectStatement.objects.filter(load=load).values("project"),
        load__released_at__gt=load.released_at,
        load__reverses__isnull=True,
    ).exclude(load__in=Load.objects.taken_back())
    rows = said.order_by("-load__released_at", "-pk")
    return {
        (project, status): by
        for project, status, by in rows.values_list("project_id", "values__status", "load_id")
    }


def _hand_over(load: Load, later: dict[tuple[int, str], int]) -> None:
    """Steps of a load that later loads state too are theirs."""
    steps: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (project, status), by in later.items():
        steps[by, status].append(project)
    for (by, status), projects in steps.items():
        rows = StatusChange.objects.filter(stated_by=load.pk, status=status, project__in=projects)
        rows.update(stated_by=by)
