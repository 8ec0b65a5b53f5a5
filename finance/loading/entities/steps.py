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


def take_back_steps(load: Load) -> None:
    """Of a load that is reversed no step stands, nor a status that it gave and that holds still."""
    StatusChange.objects.filter(stated_by=load.pk).delete()
    before = defaultdict(list)
    said = ProjectStatement.objects.filter(load=load).exclude(status_before={})
    for one in said.select_related("project"):
        project = one.project
        is_still_so = project.status == one.values.get("status")
        if is_still_so and "status" not in project.held_fields:
            before[one.status_before["status"], one.status_before["on"]].append(project.pk)
    for (status, on), projects in before.items():
        Project.objects.filter(pk__in=projects).update(status=status, status_on=on)
