"""What the pages of a project show, each part read once for all panels and tables."""

from typing import Any

from django.utils.functional import cached_property

from finance.reports.project_money import ProjectMoney
from finance.reports.project_panels import Asked
from portal.closure.checklist import PartClosure, closure_of
from portal.closure.revisions import Revision, revisions
from portal.iati.telling.panels import told_of
from portal.kit.dates import Known
from portal.reporting.due_reports import project_reports
from projects.facts import ProjectFacts
from projects.models import Office, Project


class ProjectPage:
    """A project as known then; `asked` is what the address says beside."""

    def __init__(self, project: Project, known: Known, office: Office, asked: Asked) -> None:
        self.project = project
        self.known = known
        self.office = office
        self.asked = asked
        self.facts = ProjectFacts(project, known)
        self.money = ProjectMoney(project, known, listed_from=office.vouchers_from)

    @cached_property
    def told(self) -> dict[str, Any]:
        """What an IATI file said last of it beside its fields."""
        return told_of(self.project, self.known)

    @cached_property
    def reports(self) -> list[Any]:
        """Its reports due."""
        return project_reports(self.project, self.known)

    @cached_property
    def closure(self) -> list[PartClosure]:
        """How far each organization is with closing its part, where that is agreed."""
        if not self.project.fund.follows_rules:
            return []
        return closure_of(self.facts, self.money, self.reports, self.office.waived_balance)

    @cached_property
    def revisions(self) -> list[Revision]:
        """Revisions and extensions, newest first."""
        return revisions(self.facts)
