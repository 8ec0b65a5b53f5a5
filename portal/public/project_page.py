"""What the pages of a project show, each part read once for all panels and tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
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
from portal.kit.dates import TODAY, Known
from portal.kit.together import Shaped, read_together, those_with_rows
from portal.models import ClosureStep
from portal.reporting.due_reports import project_reports, to_work_out
from projects.facts import ProjectFacts
from projects.models import (
    Contact,
    Fund,
    Office,
    Project,
    ProjectSubject,
    ReportKind,
    ReportRule,
    Withholding,
)
from projects.project_panels import contacts_of

# The short lists that the page reads together, and what most projects have none of it.
_LISTS: Mapping[str, type[Model] | None] = MappingProxyType(
    {
        "facts.logged": None,
        "facts.rows_of_participations": None,
        "facts.rows_of_places": None,
        "money.latest_lines": None,
        "documents": Document,
        "statements": ProjectStatement,
        "hidden_places": ProjectStatement,
        "reports_waiting": None,
        "rules": None,
        "steps": ClosureStep,
        "decision_days": Decision,
        "decisions": Decision,
        "grants": SubGrant,
        "flows": OtherFlow,
        "loads": None,
        "contacts": None,
        "rights": GatewayAccess,
        "subjects": ProjectSubject,
    }
)
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

    def __init__(
        self,
        project: Project,
        known: Known,
        office: Office,
        asked: Asked,
        today: date | None = None,
    ) -> None:
        self.project = project
        self.known = known
        self.office = office
        self.asked = asked
        self.today = today or timezone.localdate()
        self.facts = ProjectFacts(project, known)
        self.money = ProjectMoney(project, known, listed_from=office.vouchers_from)

    # --- Short lists, which the factsheet reads together

    def read_lists(self) -> None:
        """Read all of them in one statement, but for those of which the project has nothing."""
        pk = self.project.pk
        there = those_with_rows(_SELDOM, "project_id", pk, _SELDOM_OTHERWISE)
        wanted = [path for path, model in _LISTS.items() if model is None or model in there]
        for path in _LISTS.keys() - wanted:
            self._put(path, ())
        if self.known == TODAY:
            for path in wanted:
                self._put(path, OF_TODAY[path].of(**self.values))
        read_together(*(attrgetter(path)(self) for path in wanted))

    @cached_property
    def values(self) -> dict[str, Any]:
        """What tells its lists of today from those of another project's page."""
        return {
            "project": self.project.pk,
            "fund": self.project.fund_id,
            "parent": self.project.parent_id,
            "listed_from": self.office.vouchers_from,
            "today": self.today,
        }

    def _put(self, path: str, rows: Sequence[Any]) -> None:
        """In the place of a list of the page or of a part of it."""
        part, _dot, name = path.rpartition(".")
        setattr(getattr(self, part) if part else self, name, rows)

    @cached_property
    def documents(self) -> Sequence[Document] | QuerySet[Document]:
        """Its newest documents."""
        return recent_documents(self.project, self.known.as_of)

    @cached_property
    def subjects(self) -> Iterable[ProjectSubject]:
        """What staff say that it is about, as of today."""
        if self.known.as_of is not None:
            return _NONE
        return self.project.subjects.order_by("scheme", "code")

    @cached_property
    def hidden_places(self) -> Iterable[Withholding]:
        """Why places that an IATI file told are not told here."""
        return hidden_places(self.project)

    @cached_property
    def decisions(self) -> Iterable[Decision]:
        """The newest decisions about it."""
        return newest_decisions(self.project, self.known)

    @cached_property
    def grants(self) -> Sequence[SubGrant] | QuerySet[SubGrant]:
        """The newest that was passed on of it."""
        return newest_grants(self.project, self.known)

    @cached_property
    def flows(self) -> Sequence[OtherFlow] | QuerySet[OtherFlow]:
        """Its newest other flows."""
        return newest_flows(self.money)

    @cached_property
    def loads(self) -> Sequence[Load] | QuerySet[Load]:
        """The newest loads that changed its records."""
        return newest_loads(self.project, self.known)

    @cached_property
    def contacts(self) -> Iterable[Contact]:
        """Offices to turn to."""
        return contacts_of(self.project)

    @cached_property
    def rights(self) -> Iterable[GatewayAccess]:
        """Who may keep its documents."""
        return rights_on(self.project, self.today)

    @cached_property
    def statements(self) -> Iterable[ProjectStatement]:
        """What an IATI file said last of it."""
        return statements_of(self.project, self.known)

    @cached_property
    def reports_waiting(self) -> Iterable[int]:
        """The project itself, if its reports due have to be worked out anew."""
        day = self.today if self.known.as_of is None else self.known.day
        return to_work_out(day, [self.project.pk]).values_list("project", flat=True)

    @cached_property
    def rules(self) -> Iterable[ReportRule]:
        """The fund's own rule for financial reports."""
        return self.project.fund.report_rules.filter(kind=ReportKind.FINANCIAL)

    @cached_property
    def steps(self) -> Iterable[ClosureStep]:
        """Steps of closure with their papers, where these are agreed."""
        follows_rules = self.project.fund.follows_rules
        return steps_with_papers(self.project, self.known) if follows_rules else _NONE

    @cached_property
    def decision_days(self) -> Iterable[date]:
        """The days on which something about it was decided."""
        return days_of(self.project, self.known)

    # --- What is made of them

    @cached_property
    def told(self) -> dict[str, Any]:
        """What an IATI file said last of it beside its fields."""
        said = next(iter(self.statements), None)
        return said.values["iati"] if said else {}

    @cached_property
    def reports(self) -> list[Any]:
        """Its reports due."""
        return project_reports(self.project, self.known, self.reports_waiting)

    @cached_property
    def closure(self) -> list[PartClosure]:
        """How far each organization is with closing its part, where that is agreed."""
        if not self.project.fund.follows_rules:
            return []
        waived = self.office.waived_balance
        return closure_of(self.facts, self.money, self.reports, self.steps, waived)

    @cached_property
    def revisions(self) -> list[Revision]:
        """Revisions and extensions, newest first."""
        return revisions(self.facts, self.decision_days)

    @property
    def final_from(self) -> date | None:
        """The day by which this year's expenditure is asked for; None where it is not."""
        year = timezone.localdate().year
        return self.office.expenditure_asked_by(self.project.fund, self.rules, year)


def _of_today(path: str) -> Shaped:
    """A list of the page of any project, of today."""

    def make(
        project: int, fund: int, parent: int | None, listed_from: date, today: date
    ) -> QuerySet[Any]:
        stand_in = Project(pk=project, fund=Fund(pk=fund, follows_rules=True), parent_id=parent)
        page = ProjectPage(stand_in, TODAY, Office(vouchers_from=listed_from), {}, today)
        rows: QuerySet[Any] = attrgetter(path)(page)
        return rows

    return Shaped(make)


# Their statements are put together once, for the page of whatever project.
OF_TODAY = MappingProxyType({path: _of_today(path) for path in _LISTS})
