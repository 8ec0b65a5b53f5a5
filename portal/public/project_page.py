"""What the pages of a project show, each part read once for all panels and tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from documents.document_panels import recent_documents, rights_on
from documents.models import Document, GatewayAccess
from finance.models import Decision, Load, OtherFlow, ProjectStatement, SubGrant
from finance.reports.below.sub_grant_panel import newest_grants
from finance.reports.other_flows import newest_flows
from finance.reports.project_money import ProjectMoney
from finance.reports.project_panels import Asked, newest_loads
from portal.closure.checklist import PartClosure, closure_of, steps_with_papers
from portal.closure.revisions import Revision, revisions
from portal.decisions.decision_panel import newest_decisions
from portal.decisions.reading import days_of
from portal.iati.telling.panels import hidden_places, statements_of
from portal.kit.dates import Known
from portal.kit.together import read_together, those_with_rows
from portal.models import ClosureStep
from portal.reporting.due_reports import project_reports, to_work_out
from projects.facts import ProjectFacts
from projects.models import (
    Contact,
    Office,
    Project,
    ProjectSubject,
    ReportKind,
    ReportRule,
    Withholding,
)
from projects.project_panels import contacts_of

_SELDOM = (Decision, OtherFlow, ProjectStatement, ProjectSubject, SubGrant)
# What is no project's by a column of its own, or also of the project that it is part of.
_SELDOM_OTHERWISE: Mapping[type[Model], str] = MappingProxyType(
    {
        ClosureStep: "portal_closurestep AS step"
        " JOIN projects_participation AS part ON part.id = step.part_id"
        " WHERE part.project_id = %s",
        Document: "documents_document AS document"
        " JOIN projects_project AS project ON project.id = %s"
        " WHERE document.project_id IN (project.id, project.parent_id)",
        GatewayAccess: "documents_gatewayaccess AS access"
        " JOIN projects_project AS project ON project.id = %s"
        " WHERE access.project_id = project.id OR access.fund_id = project.fund_id"
        " OR access.organization_id IN"
        " (SELECT organization_id FROM projects_participation WHERE project_id = project.id)",
    }
)
_NONE: tuple[()] = ()


class ProjectPage:
    """A project as known then; `asked` is what the address says beside."""

    def __init__(self, project: Project, known: Known, office: Office, asked: Asked) -> None:
        self.project = project
        self.known = known
        self.office = office
        self.asked = asked
        self.facts = ProjectFacts(project, known)
        self.money = ProjectMoney(project, known, listed_from=office.vouchers_from)
        # Which of what most projects have none of it has; None: not looked for.
        self._there: set[type[Model]] | None = None

    # --- Short lists, which the factsheet reads together

    def read_lists(self) -> None:
        """Read all of them in one statement, but for those of which the project has nothing."""
        self._there = those_with_rows(_SELDOM, "project_id", self.project.pk, _SELDOM_OTHERWISE)
        read_together(
            *self.facts.lists,
            self.money.latest_lines,
            self.documents,
            self._statements,
            self.hidden_places,
            self._reports_waiting,
            self._rules,
            self._steps,
            self._decision_days,
            self.decisions,
            self.grants,
            self.flows,
            self.loads,
            self.contacts,
            self.rights,
            self.subjects,
        )

    def _may_have(self, model: type[Model]) -> bool:
        return self._there is None or model in self._there

    @cached_property
    def documents(self) -> Sequence[Document] | QuerySet[Document]:
        """Its newest documents."""
        may_have = self._may_have(Document)
        return recent_documents(self.project, self.known.as_of) if may_have else _NONE

    @cached_property
    def subjects(self) -> Iterable[ProjectSubject]:
        """What staff say that it is about, as of today."""
        if self.known.as_of is not None or not self._may_have(ProjectSubject):
            return _NONE
        return self.project.subjects.order_by("scheme", "code")

    @cached_property
    def hidden_places(self) -> Iterable[Withholding]:
        """Why places that an IATI file told are not told here."""
        return hidden_places(self.project) if self._may_have(ProjectStatement) else _NONE

    @cached_property
    def decisions(self) -> Iterable[Decision]:
        """The newest decisions about it."""
        return newest_decisions(self.project, self.known) if self._may_have(Decision) else _NONE

    @cached_property
    def grants(self) -> Iterable[SubGrant]:
        """The newest that was passed on of it."""
        return newest_grants(self.project, self.known) if self._may_have(SubGrant) else _NONE

    @cached_property
    def flows(self) -> Iterable[OtherFlow]:
        """Its newest other flows."""
        return newest_flows(self.money) if self._may_have(OtherFlow) else _NONE

    @cached_property
    def loads(self) -> QuerySet[Load]:
        """The newest loads that changed its records."""
        return newest_loads(self.project, self.known)

    @cached_property
    def contacts(self) -> QuerySet[Contact]:
        """Offices to turn to."""
        return contacts_of(self.project)

    @cached_property
    def rights(self) -> Iterable[GatewayAccess]:
        """Who may keep its documents."""
        return rights_on(self.project) if self._may_have(GatewayAccess) else _NONE

    @cached_property
    def _statements(self) -> Iterable[ProjectStatement]:
        told = self._may_have(ProjectStatement)
        return statements_of(self.project, self.known) if told else _NONE

    @cached_property
    def _reports_waiting(self) -> QuerySet[Any, int]:
        waiting = to_work_out(self.known.day, [self.project.pk])
        return waiting.values_list("project", flat=True)

    @cached_property
    def _rules(self) -> QuerySet[ReportRule]:
        return self.project.fund.report_rules.filter(kind=ReportKind.FINANCIAL)

    @cached_property
    def _steps(self) -> Iterable[ClosureStep]:
        closes = self.project.fund.follows_rules and self._may_have(ClosureStep)
        return steps_with_papers(self.project, self.known) if closes else _NONE

    @cached_property
    def _decision_days(self) -> Iterable[date]:
        return days_of(self.project, self.known) if self._may_have(Decision) else _NONE

    # --- What is made of them

    @cached_property
    def told(self) -> dict[str, Any]:
        """What an IATI file said last of it beside its fields."""
        said = next(iter(self._statements), None)
        return said.values["iati"] if said else {}

    @cached_property
    def reports(self) -> list[Any]:
        """Its reports due."""
        return project_reports(self.project, self.known, self._reports_waiting)

    @cached_property
    def closure(self) -> list[PartClosure]:
        """How far each organization is with closing its part, where that is agreed."""
        if not self.project.fund.follows_rules:
            return []
        waived = self.office.waived_balance
        return closure_of(self.facts, self.money, self.reports, self._steps, waived)

    @cached_property
    def revisions(self) -> list[Revision]:
        """Revisions and extensions, newest first."""
        return revisions(self.facts, self._decision_days)

    @property
    def final_from(self) -> date | None:
        """The day by which this year's expenditure is asked for; None where it is not."""
        year = timezone.localdate().year
        return self.office.expenditure_asked_by(self.project.fund, self._rules, year)
