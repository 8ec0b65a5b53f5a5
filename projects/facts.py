"""What is known of a project itself: status, dates, who takes part, where it works."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import cached_property

from portal.kit.dates import TODAY, Known
from projects.history import (
    Step,
    participation_rows,
    participations_of,
    place_rows,
    places_of,
    status_on,
)
from projects.models import Extension, OrganizationIdentifier, Participation, Project

# The scheme of identifiers by which the fund office's own ledger knows an organization.
LEDGER = "ledger"


class ProjectFacts:
    """A project as known then; each part is read once, however many panels show it.

    Of a past day the project has been given what is known of it (`show_as_of`); what is not
    known stays as it is today, to be shown with a word on it, and is None here.
    """

    def __init__(self, project: Project, known: Known = TODAY) -> None:
        self.project = project
        self.known = known

    @property
    def is_of_then(self) -> bool:
        """Whether texts, stated dates, participants and places are those known then."""
        return self.known.as_of is None or self.project.shown_as_of is not None

    # --- Status

    @property
    def status(self) -> str | None:
        """The status known then."""
        return self.project.status if self.project.is_status_known else None

    @cached_property
    def last_step(self) -> Step | None:
        """The status on the last day of money, which is what a balance is held against."""
        if self.known.last_day < self.known.day:
            return status_on(self.project, self.known.last_day)
        return Step(self.status, self.project.status_on) if self.status else None

    # --- Dates

    @cached_property
    def logged(self) -> QuerySet[Extension]:
        """All extensions that are logged, whenever they were approved."""
        return self.project.extensions.all()

    @property
    def extensions(self) -> list[Extension]:
        """Extensions approved by then, the oldest first."""
        return [e for e in self.logged if e.approved_on <= self.known.day]

    @property
    def end(self) -> date | None:
        """The last approved extension's end, or else the end as stated, or the original one."""
        if self.extensions:
            return self.extensions[-1].new_end
        if self.logged and self.known.as_of:
            return self.logged[0].old_end
        if self.is_of_then:
            return self.project.end_as_stated
        # The original end stays what it was; another one was stated on a day that is not known.
        stated, original = self.project.stated_end, self.project.original_end
        return original if stated in (None, original) else None

    @property
    def stated_start(self) -> date | None:
        """The start as stated, or as planned: used while no transfer is known."""
        return self.project.start_as_stated if self.is_of_then else None

    # --- Who and where

    @cached_property
    def rows_of_participations(self) -> QuerySet[Any]:
        """Each with its organization's first entry in the ledger, as `ledger_entry`."""
        entries = OrganizationIdentifier.objects.filter(
            organization=OuterRef("organization"), scheme=LEDGER
        )
        return participation_rows(self.project).annotate(
            ledger_entry=Subquery(entries.order_by("pk").values("value")[:1])
        )

    @cached_property
    def participations(self) -> list[Any]:
        """All that take part, in any role."""
        return participations_of(self.project, self.rows_of_participations)

    @property
    def participating(self) -> list[Any]:
        """The participating organizations' parts only."""
        role = Participation.Role.PARTICIPATING
        return [p for p in self.participations if p.role == role]

    @cached_property
    def rows_of_places(self) -> QuerySet[Any]:
        """What its places are read from."""
        return place_rows(self.project)

    @cached_property
    def places(self) -> list[Any]:
        """Countries and regions."""
        return places_of(self.project, self.rows_of_places)
