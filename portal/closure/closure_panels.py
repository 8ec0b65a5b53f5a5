"""Panels of closure and of revisions on a factsheet."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from portal.closure.checklist import CLOSED, closure_of
from portal.closure.closure_tables import RevisionTable
from portal.closure.revisions import revisions
from portal.kit.panels import Ask
from projects.models import Project
from projects.project_panels import end_date

ON_FACTSHEET = 5


def closure_panel(project: Project, ask: Ask) -> dict[str, Any] | None:
    """The checklist, once a project has ended or begun to close."""
    parts = closure_of(project, ask)
    end = end_date(project, ask)
    has_ended = bool(end and end < timezone.localdate(ask.as_of))
    begun = project.status in CLOSED or any(part.operationally_on for part in parts)
    if not parts or not (begun or has_ended):
        return None
    return {
        "parts": parts,
        "complete": sum(part.is_complete for part in parts),
        "url": reverse("project-closure", args=[project.number]),
    }


def revisions_panel(project: Project, ask: Ask) -> dict[str, Any] | None:
    """The newest revisions and extensions."""
    found = revisions(project, ask)
    if not found:
        return None
    return {
        "table": RevisionTable(found[:ON_FACTSHEET], orderable=False, id="revisions-table",
                               exclude=("before", "note")),
        "more": len(found) > ON_FACTSHEET,
        "large": sum(revision.is_large for revision in found),
        "url": reverse("project-revisions", args=[project.number]),
    }  # fmt: skip
