"""Reading decisions, and what they are linked with: minutes, budgets, extensions.

A budget line, revision or extension belongs to a decision by its project and its day of approval;
minutes by the day of the document, or by the number that the decision states.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from documents.models import Document
from finance.models import BudgetLine, Decision
from portal.kit.dates import Known
from projects.models import Extension, Fund, Project


def known_decisions(known: Known) -> QuerySet[Decision]:
    """Decisions known then, of days up to then; those about withheld projects are left out."""
    return (
        Decision.objects.known_at(known.as_of)
        .up_to(known.until)
        .filter(Q(project=None) | Q(project__withheld_on=None))
        .select_related("fund", "project", "organization", "load")
        .order_by("-date", "-pk")
    )


def day_url(fund_code: str, on: date) -> str:
    """The page of what a fund decided on a day."""
    return reverse("fund-decisions", args=[fund_code, on.isoformat()])


def days_of(project: Project, known: Known) -> QuerySet[Decision, date]:
    """The days on which something about the project was decided."""
    days = known_decisions(known).filter(project=project).order_by("date")
    return days.values_list("date", flat=True).distinct()


def with_papers(decisions: Iterable[Decision], known: Known) -> list[Decision]:
    """The decisions, each with `papers`, its public minutes, read in one query."""
    found: list[Any] = list(decisions)
    papers = list(
        Document.objects.public()
        .known_at(known.as_of)
        .filter(
            Q(fund__in={d.fund_id for d in found}) | Q(project__fund__in={d.fund_id for d in found})
        )
        .filter(
            Q(type__is_of_decisions=True, document_date__in={d.date for d in found})
            | Q(pk__in={d.minutes for d in found if d.minutes})
        )
        .select_related("type", "project")
        .order_by("pk")
        if found
        else ()
    )
    for decision in found:
        decision.papers = [paper for paper in papers if _is_of(paper, decision)]
    return found


def _is_of(paper: Document, decision: Decision) -> bool:
    """Minutes of the fund are of all decisions of the day, those of a project of its own."""
    owner = paper.project.fund_id if paper.project else paper.fund_id
    if owner != decision.fund_id:
        return False
    if paper.pk == decision.minutes:
        return True
    is_minutes = paper.type.is_of_decisions and paper.document_date == decision.date
    return is_minutes and paper.project_id in (None, decision.project_id)


def budgets_of(fund: Fund, on: date, known: Known) -> QuerySet[BudgetLine]:
    """The budget lines of the fund's projects that were approved on the day."""
    return (
        BudgetLine.objects.known_at(known.as_of)
        .up_to(known.until)
        .filter(project__fund=fund, project__withheld_on=None, date=on)
        .select_related("project", "organization", "category", "load")
        .order_by("project__number", "pk")
    )


def extensions_of(fund: Fund, on: date) -> QuerySet[Extension]:
    """The extensions of the fund's projects that were approved on the day."""
    return (
        Extension.objects.filter(project__fund=fund, project__withheld_on=None, approved_on=on)
        .select_related("project")
        .order_by("project__number", "pk")
    )
