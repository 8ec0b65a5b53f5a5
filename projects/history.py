"""A project's own words as they were: texts, status and end date at a moment, from its history."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal.kit.formatting import day
from projects.models import Project

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
            "Figures are of that time. Texts, status and documents are today’s: "
            "the history of this project’s texts begins on %(day)s."
        ) % {"day": day(first)}
    for name in _FIELDS:
        setattr(project, name, getattr(version, name))
    return _(
        "Figures, texts, status and dates are of that time; "
        "participants, places and documents are today’s."
    )
