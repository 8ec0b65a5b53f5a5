"""The year-end board as data: who owes expenditure for a year, and what became of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from finance.loading.scopes import Scope
from finance.models import Entry, ExpenditureLine, Load, LoadRemark
from finance.models.figures import Measure
from portal.kit.dates import TODAY
from portal.kit.tables.parts import Parts
from portal.kit.text import fold
from portal.models import OPEN, ReportState
from portal.reporting.due_reports import reports_due, shown, waiting_at_a_glance
from projects.models import Organization, Project, ReportKind

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
    # As the register of reports due has it: projects asked for, and those whose figure is not in;
    # unknown while it is being worked out anew.
    expected: int | None = 0
    missing: int = 0
    lines: int = 0
    base_amount: Decimal | None = None
    unconverted: int = 0
    loads: list[Any] = field(default_factory=list)

    @property
    def reported(self) -> int | None:
        """Of how many of the projects asked for the figure is in."""
        return None if self.expected is None else self.expected - self.missing

    @property
    def parts(self) -> Parts:
        """How many amounts the sum leaves out."""
        return Parts(unconverted=self.unconverted)

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


def _states_the_year(load: Load) -> bool:
    """Whether the file may hold year-end figures, not interim ones alone."""
    states = load.scope.get("states")
    return not states or bool(set(states) & set(map(str, FINAL)))


def scope_of(year: int, code: str) -> Scope:
    """What a year-end report of one organization is complete for."""
    return Scope.of_year(year, organizations=(code,), states=(str(REPORTED),))


def board_rows(year: int) -> list[BoardRow]:
    """All organizations of the year by name, in a fixed number of queries."""
    waiting = waiting_at_a_glance(TODAY, Project.objects.values_list("pk", flat=True))
    is_known = waiting is not None
    asked = {row.pop("organization"): row for row in _asked_of(year)} if is_known else {}
    spent = _spent(year)
    standing = {
        row["organization"]: {"lines": row["lines"], **spent.get(row["organization"], {})}
        for row in _standing(year)
    }
    loads = loads_by_organization(year)
    concerned = Q(pk__in={*asked, *standing}) | Q(code__in=loads)
    return [
        BoardRow(
            organization=organization,
            loads=loads.get(organization.code, []),
            **{
                "expected": 0 if is_known else None,
                **asked.get(organization.pk, {}),
                **standing.get(organization.pk, {}),
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
        "expected": _sum(row.expected for row in rows),
        "reported": _sum(row.reported for row in rows),
        "lines": sum(row.lines for row in rows),
        "base_amount": sum((row.base_amount or Decimal(0) for row in rows), Decimal(0)),
        "parts": Parts(unconverted=sum(row.unconverted for row in rows)),
    }


def _sum(numbers: Iterable[int | None]) -> int | None:
    """Their sum; unknown where one of them is."""
    known = list(numbers)
    return None if None in known else sum(filter(None, known))


def _asked_of(year: int) -> QuerySet:
    """By organization, of how many projects the register asks its year-end figures, and of how
    many of them these are not in."""
    reports = shown(reports_due()).filter(kind=ReportKind.FINANCIAL, year=year)
    return (
        reports.exclude(state=ReportState.EXEMPT)
        .order_by()
        .values("organization")
        .annotate(
            expected=Count("pk"),
            missing=Count("pk", filter=Q(state__in=[state.value for state in OPEN])),
        )
    )


def _standing(year: int) -> QuerySet:
    """What stands as reported or certified for the year, by organization."""
    return (
        ExpenditureLine.objects.known_at()
        .filter(year=year, state__in=FINAL, organization__isnull=False)
        .order_by()
        .values("organization")
        .annotate(lines=Count("pk"))
    )


def _spent(year: int) -> dict[int, dict[str, Any]]:
    """What they reported of the year, by organization: what a certified statement covers of
    years before is no part of it."""
    entries = Entry.objects.known(TODAY).filter(
        measure=Measure.EXPENDITURE, year=year, organization__isnull=False
    )
    return {
        row["organization"]: {
            "base_amount": row["base_amount__sum"] or Decimal(0),
            "unconverted": row["unconverted__sum"] or 0,
        }
        for row in entries.exclude(state=ExpenditureLine.State.INTERIM).summed("organization")
    }


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
