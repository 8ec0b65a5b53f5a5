"""Planned transfers: what was approved and has not been paid, by the beginning of its period.

Nobody keeps a plan of payments: it follows from approved budgets. What an organization received
counts against the earliest period first, as payments do against instalments. Projects that are
over get nothing more. Amounts are in the base currency; one without a rate is unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.contributors.arrangements import Due
from finance.figures.addresses import records_url
from finance.figures.reading import project_entries
from finance.models import BudgetLine
from finance.models.figures import Measure
from finance.reports.forward.quarters import Quarter
from portal.kit.dates import Known
from portal.kit.tables.parts import Parts
from projects.history import with_status_then
from projects.models import Fund, Project, Status

ZERO = Decimal(0)
_PARTY = ("id", "code", "name")


class Whose(NamedTuple):
    """An organization of a project; without id where budgets and payments do not name the same."""

    project: int
    pk: int | None = None
    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """What is still to be transferred of a budget for one period."""

    due: Due
    today: date
    project: Project | None = None
    whose: Whose | None = None
    # How many amounts the budget leaves out, and how many the transfers.
    unconverted: int = 0
    paid_left_out: int = 0
    label: str = ""

    @property
    def number(self) -> str:
        """The number of its project."""
        return self.project.number if self.project else ""

    @property
    def title(self) -> str:
        """Its title; what is withheld is told as one sum."""
        return str(self.project.title) if self.project else self.label

    @property
    def page(self) -> str | None:
        """The page of its project."""
        return self.project.get_absolute_url() if self.project else None

    @property
    def organization(self) -> str:
        """Whom it is for; "" where it is for the project as a whole."""
        return self.whose.name if self.whose else ""

    @property
    def on(self) -> date | None:
        """The day on which its period begins, if one is stated."""
        return self.due.on

    @property
    def approved(self) -> Decimal:
        """What was approved for the period."""
        return self.due.amount

    @property
    def paid_of_it(self) -> Decimal:
        """What has been transferred of it."""
        return self.due.paid

    @property
    def left(self) -> Decimal:
        """What has not."""
        return self.due.open

    @property
    def approved_parts(self) -> Parts:
        """How many amounts what was approved leaves out."""
        return Parts(unconverted=self.unconverted)

    @property
    def paid_parts(self) -> Parts:
        """How many amounts what was transferred leaves out."""
        return Parts(unconverted=self.paid_left_out)

    @property
    def parts(self) -> Parts:
        """How many amounts what is left leaves out."""
        return self.approved_parts + self.paid_parts

    @property
    def quarter(self) -> Quarter:
        """When it may be called for: as its period begins, or from now on."""
        return Quarter.of(max(self.on or self.today, self.today))

    def records_url(self, figure: str) -> str | None:
        """Where the records behind it are listed."""
        if self.page is None:
            return None
        code = self.whose.code if self.whose else ""
        return records_url(self.page, figure, **({"organization": code} if code else {}))


def planned_transfers(fund: Fund, known: Known) -> list[TransferRow]:
    """What is still to be transferred to the fund's projects that are not over, by day."""
    # Of what was not known to be over then. They are set against the fund's balance, which, as all
    # sums of a past day, is that of today's projects.
    found = with_status_then(Project.objects.filter(fund=fund), known)
    is_over = Q(status_then__in=[status.value for status in Status.over()])
    projects = {p.pk: p for p in found.exclude(is_over & Q(status_then__isnull=False))}
    rows: list[TransferRow] = []
    of_fund = Q(project__fund=fund)
    approved, paid = _approved(of_fund, known), _paid(of_fund, known)
    for pk in sorted({whose.project for whose in approved} & set(projects)):
        rows += _of_project(projects[pk], approved, paid, known.last_day)
    shown = [row for row in rows if row.project and not row.project.withheld_on]
    withheld = [row for row in rows if row.project and row.project.withheld_on]
    return [*sorted(shown, key=_order), *_as_one(withheld, known.last_day)]


def planned_of_projects(projects: Iterable[Project], known: Known) -> dict[int, list[TransferRow]]:
    """The same of each of these projects, by their ids; of a fund of which no transfer is stated,
    nothing is known."""
    found = {p.pk: p for p in projects if p.status not in Status.over()}
    funds = {project.fund_id for project in found.values()}
    paying = project_entries(known, (Measure.TRANSFER.value,)).filter(project__fund__in=funds)
    stated = set(paying.order_by().values_list("project__fund", flat=True).distinct())
    found = {pk: project for pk, project in found.items() if project.fund_id in stated}
    if not found:
        return {}
    these = Q(project__in=list(found))
    approved, paid = _approved(these, known), _paid(these, known)
    pks = sorted({whose.project for whose in approved})
    return {pk: _of_project(found[pk], approved, paid, known.last_day) for pk in pks}


def _order(row: TransferRow) -> tuple:
    return (row.quarter, row.on or date.min, row.number, row.organization)


def _of_project(project: Project, approved: Any, paid: Any, today: date) -> list[TransferRow]:
    """Its open budgets, organization by organization where each is told apart."""
    budgets = {whose: dues for whose, dues in approved.items() if whose.project == project.pk}
    received = {whose: sums for whose, sums in paid.items() if whose.project == project.pk}
    if any(whose.pk is None for whose in budgets) or set(received) - set(budgets):
        budgets = {Whose(project.pk): [due for dues in budgets.values() for due in dues]}
        net = sum((net for net, _left_out in received.values()), ZERO)
        received = {Whose(project.pk): (net, sum(more for _net, more in received.values()))}
    rows = []
    for whose, dues in budgets.items():
        net, left_out = received.get(whose, (ZERO, 0))
        _settle(dues, net)
        rows += [
            TransferRow(due, today, project, whose, due.unconverted, left_out)
            for due in dues
            if due.open > 0 or due.unconverted
        ]
    return rows


def _settle(dues: list[Due], net: Decimal) -> None:
    """Let what was transferred fulfil the earliest period first; revisions downwards do too."""
    dues.sort(key=lambda due: (due.on is not None, due.on or date.min))
    rest = net - sum((due.amount for due in dues if due.amount < 0), ZERO)
    for due in dues:
        due.paid = max(min(rest, due.amount), ZERO) if due.amount > 0 else due.amount
        rest -= max(due.paid, ZERO)


def _as_one(rows: list[TransferRow], today: date) -> list[TransferRow]:
    """What is withheld, in one line for each quarter."""
    groups: dict[Quarter, list[TransferRow]] = {}
    for row in rows:
        groups.setdefault(row.quarter, []).append(row)
    found = []
    for _quarter, group in sorted(groups.items()):
        count = len({row.number for row in group})
        label = ngettext("One withheld project", "%(count)s withheld projects", count)
        amount = sum((row.approved for row in group), ZERO)
        paid = sum((row.paid_of_it for row in group), ZERO)
        day = max((row.on for row in group if row.on and row.on > today), default=None)
        found.append(
            TransferRow(
                Due(day, amount, amount, paid=paid),
                today,
                unconverted=sum(row.unconverted for row in group),
                paid_left_out=_paid_left_out(group),
                label=label % {"count": count},
            )
        )
    return found


def _approved(which: Q, known: Known) -> dict[Whose, list[Due]]:
    """Approved budgets by organization and the beginning of their period."""
    lines = (
        BudgetLine.objects.known_at(known.as_of)
        .up_to(known.until)
        .filter(which)
        .order_by()
        .values_list("project", *(f"organization__{name}" for name in _PARTY), "period_start")
        .annotate(
            total=Coalesce(Sum("base_amount"), ZERO),
            unconverted=Count("pk", filter=Q(base_amount=None)),
        )
    )
    found: dict[Whose, list[Due]] = defaultdict(list)
    for project, pk, code, name, day, amount, unconverted in lines:
        whose = Whose(project, pk, code or "", name or "")
        found[whose].append(Due(day, amount, amount, unconverted=unconverted))
    return found


def _paid(which: Q, known: Known) -> dict[Whose, tuple[Decimal, int]]:
    """Net funded amounts, and how many amounts they leave out, by organization."""
    measures = (Measure.TRANSFER.value, Measure.REFUND.value)
    entries = (
        project_entries(known, measures)
        .filter(which)
        .order_by()
        .values_list("project", *(f"organization__{name}" for name in _PARTY))
        .annotate(
            net=Coalesce(
                Sum(Case(When(measure=measures[0], then="base_amount"), default=-F("base_amount"))),
                ZERO,
            ),
            left_out=Sum("unconverted"),
        )
    )
    return {
        Whose(project, pk, code or "", name or ""): (net, left_out)
        for project, pk, code, name, net, left_out in entries
    }


def left(rows: Iterable[TransferRow]) -> Decimal:
    """What is still to be transferred of all of them."""
    return sum((row.left for row in rows), ZERO)


def left_out(rows: Iterable[TransferRow]) -> Parts:
    """How many amounts that leaves out."""
    found = list(rows)
    return Parts(unconverted=sum(row.unconverted for row in found) + _paid_left_out(found))


def _paid_left_out(rows: list[TransferRow]) -> int:
    """What was transferred to an organization is left out once, whatever periods it is for."""
    found = {row.whose or number: row.paid_left_out for number, row in enumerate(rows)}
    return sum(found.values())


def why_unknown() -> str:
    """Why no plan follows for a fund of which transfers are not stated."""
    return _(
        "It is not stated what was transferred to the projects of this fund, so what is still to "
        "be transferred is not known."
    )
