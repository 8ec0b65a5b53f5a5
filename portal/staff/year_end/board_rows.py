"""The year-end board as data: who owes expenditure for a year, and what became of it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.loading.scopes import Scope
from finance.models import ExpenditureLine, KeyFigure, Load, LoadRemark, VoucherLine
from finance.models.records import IS_TRANSFER
from portal.kit.text import fold
from projects.models import Organization, Participation, ReportKind, Status
from projects.models.dates import end_on, start_as_stated
from projects.models.reporting import asks_for

REPORTED = ExpenditureLine.State.REPORTED
# A certified final statement reports the year as well as a year-end report does.
FINAL = (REPORTED, ExpenditureLine.State.CERTIFIED)


class BoardState(models.TextChoices):
    """What became of an organization's expenditure report."""

    AWAITED = "awaited", _("Awaited")
    CHECKING = "checking", _("Being checked")
    FAULTY = "faulty", _("Faulty")
    CHECKED = "checked", _("Checked")
    PARTLY = "partly", _("Released in part")
    RELEASED = "released", _("Released")


@dataclass
class BoardRow:
    """One organization: its projects of the year, its files, and what stands."""

    organization: Organization
    expected: int = 0
    reported: int = 0
    lines: int = 0
    base_amount: Decimal | None = None
    loads: list[Any] = field(default_factory=list)

    @property
    def state(self) -> BoardState:
        """That of the newest file at work, else whether anything stands."""
        for load in self.loads:
            if not _states_the_year(load):
                continue
            if load.state in {Load.State.FAULTY, Load.State.CHECKED}:
                return BoardState(load.state)
            if load.state != Load.State.RELEASED:
                return BoardState.CHECKING
        if self.lines:
            return BoardState.PARTLY if self.missing else BoardState.RELEASED
        done = any(map(_states_the_year, self.loads))
        return BoardState.RELEASED if done else BoardState.AWAITED

    @property
    def missing(self) -> int:
        """Of how many projects of the year no year-end figure stands."""
        return max(self.expected - self.reported, 0)


def _states_the_year(load: Load) -> bool:
    """Whether the file may hold year-end figures, not interim ones alone."""
    states = load.scope.get("states")
    return not states or bool(set(states) & set(map(str, FINAL)))


def scope_of(year: int, code: str) -> Scope:
    """What a year-end report of one organization is complete for."""
    return Scope.of_year(year, organizations=(code,), states=(str(REPORTED),))


def board_rows(year: int) -> list[BoardRow]:
    """All organizations of the year by name, in a fixed number of queries."""
    expected = dict(_expected(year))
    standing = {row["organization"]: row for row in _standing(year)}
    loads = loads_by_organization(year)
    concerned = Q(pk__in={*expected, *standing}) | Q(code__in=loads)
    return [
        BoardRow(
            organization=organization,
            expected=expected.get(organization.pk, 0),
            loads=loads.get(organization.code, []),
            **{
                name: value
                for name, value in standing.get(organization.pk, {}).items()
                if name != "organization"
            },
        )
        for organization in Organization.objects.filter(concerned)
    ]


def matching(rows: list[BoardRow], *, text: str = "", state: str = "") -> list[BoardRow]:
    """The rows whose name contains the text and whose state is this one."""
    words = fold(text.strip())
    return [
        row
        for row in rows
        if (not state or row.state == state)
        and (words in fold(row.organization.name) or words in fold(row.organization.short_name))
    ]


def totals(rows: list[BoardRow]) -> dict[str, Any]:
    """How many organizations are in each state, and the sums."""
    states = Counter(row.state for row in rows)
    return {
        "states": [(state, states[state]) for state in BoardState],
        "organizations": len(rows),
        "expected": sum(row.expected for row in rows),
        "reported": sum(row.reported for row in rows),
        "lines": sum(row.lines for row in rows),
        "base_amount": sum((row.base_amount or Decimal(0) for row in rows), Decimal(0)),
    }


def _expected(year: int) -> QuerySet:
    """Participating organizations with how many projects had money or were running."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    money = KeyFigure.objects.filter(project=OuterRef("project"), year=year).filter(
        Q(organization=OuterRef("organization")) | Q(organization__isnull=True)
    )
    running = Q(start__lte=last) & (Q(end__gte=first) | Q(end__isnull=True))
    return (
        Participation.objects.participating()
        .alias(
            start=Coalesce(_first_paid(), start_as_stated("project__")),
            end=end_on(timezone.localdate(), "project__"),
        )
        .filter(asks_for(ReportKind.FINANCIAL, "project__fund"))
        .filter(Exists(money) | (running & Q(project__status__in=Status.carried_out())))
        .order_by()
        .values_list("organization")
        .annotate(Count("project", distinct=True))
    )


def _first_paid() -> Subquery:
    """The day of a project's first transfer, which is when it began."""
    paid = VoucherLine.objects.known_at().filter(IS_TRANSFER, project=OuterRef("project"))
    return Subquery(paid.order_by("date").values("date")[:1])


def _standing(year: int) -> QuerySet:
    """What stands as reported or certified for the year, by organization."""
    return (
        ExpenditureLine.objects.known_at()
        .filter(year=year, state__in=FINAL, organization__isnull=False)
        .order_by()
        .values("organization")
        .annotate(
            lines=Count("pk"),
            reported=Count("project", distinct=True),
            base_amount=Sum("base_amount"),
        )
    )


def year_end_loads(year: int) -> QuerySet:
    """Loads of expenditure whose scope names days of this year, newest first, with their
    remarks counted. A file may be complete for more: part of the year, or several."""
    severity = LoadRemark.Severity
    reversed_loads = Load.objects.released().filter(reverses__isnull=False).values("reverses")
    return (
        Load.objects.filter(
            kind=Load.Kind.EXPENDITURES,
            reverses__isnull=True,
            scope__first__lte=f"{year}-12-31",
            scope__last__gte=f"{year}-01-01",
        )
        .exclude(state=Load.State.REJECTED)
        .exclude(pk__in=reversed_loads)
        .select_related("source", "received_by", "released_by")
        .annotate(
            errors=Count("remarks", filter=Q(remarks__severity=severity.ERROR)),
            warnings=Count("remarks", filter=Q(remarks__severity=severity.WARNING)),
        )
        .order_by("-pk")
    )


def loads_by_organization(year: int) -> dict[str, list[Any]]:
    """The loads of the year by the code of the organization that each is complete for."""
    found = defaultdict(list)
    for load in year_end_loads(year):
        for code in load.scope.get("organizations", ()):
            found[code].append(load)
    return dict(found)
