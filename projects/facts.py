"""What is known of a project itself: who takes part, where it works, how its end moved."""

from datetime import date
from functools import cached_property
from typing import Any

from portal.kit.dates import TODAY, Known
from projects.history import participations_of, places_of
from projects.models import Extension, Participation, Project


class ProjectFacts:
    """A project as known then; each part is read once, however many panels show it."""

    def __init__(self, project: Project, known: Known = TODAY) -> None:
        self.project = project
        self.known = known

    @cached_property
    def participations(self) -> list[Any]:
        """All that take part, in any role."""
        return participations_of(self.project)

    @property
    def participating(self) -> list[Any]:
        """The participating organizations' parts only."""
        role = Participation.Role.PARTICIPATING
        return [p for p in self.participations if p.role == role]

    @cached_property
    def places(self) -> list[Any]:
        """Countries and regions."""
        return places_of(self.project)

    @cached_property
    def extensions(self) -> list[Extension]:
        """Extensions approved by then, the oldest first."""
        found = self.project.extensions.all()
        return [e for e in found if not self.known.as_of or e.approved_on <= self.known.day]

    @property
    def end(self) -> date | None:
        """The last approved extension's end, or else the end as stated, or the original one."""
        if self.extensions:
            return self.extensions[-1].new_end
        return self.project.stated_end or self.project.original_end
