"""Panels of closure and of revisions on a factsheet."""

from typing import Any

from django.urls import reverse

from portal.closure.checklist import PartClosure
from portal.closure.closure_tables import RevisionTable
from portal.closure.revisions import Revision
from projects.facts import ProjectFacts
from projects.models import Project, Status

ON_FACTSHEET = 5


def closure_panel(facts: ProjectFacts, parts: list[PartClosure]) -> dict[str, Any] | None:
    """The checklist, once a project has ended or begun to close."""
    step = facts.last_step
    has_ended = bool(facts.end and facts.end < facts.known.last_day)
    begun = bool(step and step.status in Status.done()) or any(
        part.operationally_on for part in parts
    )
    if not parts or not (begun or has_ended):
        return None
    return {
        "parts": parts,
        "complete": sum(part.is_complete for part in parts),
        "is_closed": all(part.status == Status.FINANCIALLY_CLOSED for part in parts),
        "url": reverse("project-closure", args=[facts.project.number]),
    }


def revisions_panel(project: Project, found: list[Revision]) -> dict[str, Any] | None:
    """The newest revisions and extensions."""
    if not found:
        return None
    return {
        "table": RevisionTable(found[:ON_FACTSHEET], orderable=False, id="revisions-table",
                               exclude=("before", "note")),
        "more": len(found) > ON_FACTSHEET,
        "large": sum(revision.is_large for revision in found),
        "url": reverse("project-revisions", args=[project.number]),
    }  # fmt: skip
