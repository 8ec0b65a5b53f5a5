"""A project as it was at a moment, from its history: texts, status, dates, participants, places."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.kit.formatting import day
from projects.models import Participation, Project, ProjectCountry

_FIELDS = (
    *("title", "narrative", "language", "ledger_label", "status", "status_on"),
    *("planned_start", "stated_start", "original_end", "stated_end"),
)


def show_as_of(project: Project, moment: datetime) -> str:
    """Give the object, which is not to be saved, the words of then; says what it could not."""
    versions = project.events.order_by("-pgh_created_at", "-pgh_id")  # type: ignore[attr-defined]
    version = versions.filter(pgh_created_at__lte=moment).first()
    if version is None:
        first = versions.values_list("pgh_created_at", flat=True).last()
        return _(
            "Figures and documents are of that time. Texts, status, participants and places are "
            "today’s: the history of this project’s texts begins on %(day)s."
        ) % {"day": day(first)}
    for name in _FIELDS:
        setattr(project, name, getattr(version, name))
    project.shown_as_of = moment
    return _(
        "Figures, texts, status, dates, participants, places and documents are of that time; "
        "contacts are today’s."
    )


def participations_of(project: Project) -> list[Any]:
    """Who takes part, or took part at the moment that the project is shown as of."""
    if project.shown_as_of is None:
        today = project.participations.select_related("organization")
        return list(today.order_by("role", "organization__sort_name", "pk"))
    then = _stood(Participation, project, "organization")
    return sorted(then, key=lambda row: (row.role, row.organization.sort_name, row.pgh_obj_id))


def places_of(project: Project) -> list[Any]:
    """Where the project works, or worked at the moment that it is shown as of."""
    if project.shown_as_of is None:
        return list(project.project_countries.select_related("country"))
    return sorted(_stood(ProjectCountry, project, "country"), key=lambda row: row.pgh_obj_id)


def _stood(model: Any, project: Project, related: str) -> list[Any]:
    """The last version of each row at that moment, but for those that were deleted by then."""
    versions = (
        model.pgh_event_model.objects.filter(
            project_id=project.pk, pgh_created_at__lte=project.shown_as_of
        )
        .order_by("pgh_obj_id", "-pgh_created_at", "-pgh_id")
        .distinct("pgh_obj_id")
        .select_related(related)
    )
    return [version for version in versions if version.pgh_label != "delete"]
