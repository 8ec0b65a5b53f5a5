"""Closure, organization by organization of a project: the checklist (docs/domain.md#status).

Financially closed means: operational closure declared, final narrative report and certified
statement in (or not asked for), and what was left refunded, up to the office's waived balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from documents.models import Document
from finance.figures.addresses import records_url
from finance.figures.sums import Totals
from finance.reports.project_money import ProjectMoney
from finance.reports.reconciliation import by_organization
from portal.kit.currency import told_in_base
from portal.kit.dates import TODAY, Known
from portal.kit.formatting import day, money
from portal.models import ClosureStep, ReportDue, ReportState
from portal.reporting.due_reports import project_reports
from projects.facts import ProjectFacts
from projects.models import Office, Organization, Participation, Project, ReportKind, Status

_IN = (ReportState.RECEIVED, ReportState.EXEMPT)


@dataclass(frozen=True)
class Item:
    """One line of a checklist."""

    done: bool
    text: str
    url: str = ""
    has_come: bool = False  # of a report: it is there, not only let off


@dataclass(frozen=True)
class PartClosure:
    """How far one organization is with closing its part of a project."""

    part: Participation
    operationally_on: date | None
    financially_on: date | None
    status: str
    items: dict[str, Item]
    totals: Totals
    balance_url: str
    financially_url: str = ""  # the paper that says so

    @property
    def organization(self) -> Organization:
        """Whose part it is."""
        return self.part.organization

    @property
    def open(self) -> list[str]:
        """What still stands in the way of financial closure, in words."""
        return [item.text for item in self.items.values() if not item.done]

    @property
    def is_complete(self) -> bool:
        """Whether nothing does."""
        return not self.open

    @property
    def is_settled(self) -> bool:
        """Whether all is done in fact: the certified statement has come, and nothing is left."""
        is_certified = self.items[ReportKind.CERTIFIED.value].has_come
        return self.is_complete and is_certified and self.totals.balance <= 0


@dataclass(frozen=True)
class Shares:
    """An organization's own totals, and those that name none of the participants."""

    own: Totals
    others: Totals
    # Whether what others have is even, each of them.
    is_even: bool = True


def closure_of(
    facts: ProjectFacts,
    money: ProjectMoney,
    reports: Iterable[ReportDue],
    steps: Iterable[ClosureStep],
    waived: Decimal,
) -> list[PartClosure]:
    """The checklists of a project's participating organizations, as known then.

    `steps` are those with public papers, `waived` the balance up to which nothing need be refunded.
    """
    totals = by_organization(facts, money)
    asked_for = {(r.organization_id, r.kind): r for r in reports}
    takes_part = {part.organization_id for part in facts.participating}
    foreign = [of_others for pk, of_others in totals.items() if pk not in takes_part]
    others = Totals()
    for of_others in foreign:
        others.include(of_others)
    is_even = not any(of_others.balance for of_others in foreign)
    closed_on = _operationally_closed_on(facts)
    papers = _papers(steps)
    return [
        _part(
            facts,
            part,
            Shares(totals[part.organization_id], others, is_even),
            asked_for,
            waived,
            closed_on,
            papers.get(part.organization_id, {}),
        )
        for part in facts.participating
    ]


def _operationally_closed_on(facts: ProjectFacts) -> date | None:
    """The day on which the project itself was closed operationally, if it is closed at all: the
    day of a later status, such as Financially Closed, is not that one."""
    step = facts.last_step
    if step is None or step.status not in Status.done():
        return None
    if step.status == Status.OPERATIONALLY_CLOSED:
        return step.on
    logged = facts.project.status_changes.filter(
        status=Status.OPERATIONALLY_CLOSED, set_on__lte=step.on or facts.known.last_day
    )
    return logged.order_by("set_on", "pk").values_list("set_on", flat=True).last()


def steps_with_papers(project: Project, known: Known = TODAY) -> QuerySet[ClosureStep]:
    """Steps of closure that rest on a public document, the newest last."""
    as_of = known.as_of
    steps = ClosureStep.objects.in_force().filter(
        part__project=project,
        document__in=Document.objects.public().known_at(as_of),
        **({"confirmed_at__lte": as_of} if as_of else {}),
    )
    return steps.select_related("part", "document").order_by("confirmed_at", "pk")


def _papers(steps: Iterable[ClosureStep]) -> dict[int, dict[str, str]]:
    """The documents on which steps rest: addresses by organization and step."""
    found: dict[int, dict[str, str]] = {}
    for step in steps:
        if step.document is not None:
            url = step.document.get_absolute_url()
            found.setdefault(step.part.organization_id, {})[step.step] = url
    return found


def _part(
    facts: ProjectFacts,
    part: Participation,
    shares: Shares,
    reports: dict[tuple[int, str], ReportDue],
    waived: Decimal,
    closed_on: date | None,
    papers: dict[str, str],
) -> PartClosure:
    today, step = facts.known.last_day, facts.last_step
    # Where only the project's own status is known, it holds for each organization.
    done = step is not None and step.status in Status.done()
    settled = step is not None and step.status == Status.FINANCIALLY_CLOSED
    operationally = _by(part.operationally_closed_on, today) or closed_on
    financially = _by(part.financially_closed_on, today) or (step.on if step and settled else None)
    is_closed = done or bool(operationally)
    page = facts.project.get_absolute_url()
    url = records_url(page, "balance", organization=part.organization.code)
    items = {
        "operational": Item(
            is_closed,
            _("Operationally closed on %(day)s") % {"day": day(operationally)}
            if operationally
            else _("Operationally closed; the day is not stated")
            if is_closed
            else _("Operational closure has not been declared"),
            papers.get(ClosureStep.Step.OPERATIONAL, "") if is_closed else "",
        )
    }
    for kind in (ReportKind.FINAL_NARRATIVE, ReportKind.CERTIFIED):
        report = reports.get((part.organization_id, kind))
        items[kind.value] = _report(facts, kind, report, is_closed=is_closed)
    items["balance"] = _balance(shares, waived, url)
    status = Status.ON_GOING
    if is_closed:
        status = Status.OPERATIONALLY_CLOSED
    if financially or settled:
        status = Status.FINANCIALLY_CLOSED
    return PartClosure(
        part,
        operationally,
        financially,
        status,
        items,
        shares.own,
        url,
        papers.get(ClosureStep.Step.FINANCIAL, "") if financially else "",
    )


def _by(value: date | None, today: date) -> date | None:
    return value if value and value <= today else None


def _report(
    facts: ProjectFacts, kind: ReportKind, report: ReportDue | None, *, is_closed: bool
) -> Item:
    name = {"report": kind.label}
    if report is None:
        if is_closed or not facts.project.fund.follows_rules:
            return Item(True, _("%(report)s: not asked for") % name)
        return Item(False, _("%(report)s: due after operational closure") % name)
    url = ""
    if report.load_id and report.load:
        url = report.load.get_absolute_url()
    if report.state == ReportState.RECEIVED and report.received_on:
        text = _("%(report)s: received on %(day)s")
        text %= {**name, "day": day(report.received_on)}
        return Item(True, text, url, has_come=True)
    if report.state == ReportState.EXEMPT:
        return Item(True, _("%(report)s: exempt") % name)
    text = _("%(report)s: not received, due on %(day)s")
    return Item(report.state in _IN, text % {**name, "day": day(report.due_on)})


def _balance(shares: Shares, waived: Decimal, url: str) -> Item:
    totals, balance = shares.own, shares.own.balance
    if unknown := (totals.parts("balance") + shares.others.parts("balance")).words:
        return Item(False, _("Unspent balance: not known (%(why)s)") % {"why": unknown}, url)
    if not shares.is_even:
        if not shares.others.balance:
            text = _("Unspent balance: not known; amounts of the project are stated of none of its "
                     "participating organizations")  # fmt: skip
            return Item(False, text, url)
        text = _(
            "Unspent balance: not known; %(currency)s %(amount)s of the project’s balance is "
            "stated of none of its participating organizations"
        )
        return Item(False, told_in_base(text, amount=money(shares.others.balance)), url)
    if not totals.has("balance"):
        return Item(True, _("Unspent balance: neither transfers nor spending are stated"))
    if not balance:
        return Item(True, _("Unspent balance: none"), url)
    if balance < 0:
        text = _("%(currency)s %(amount)s more spent than funded; nothing to refund")
        if totals.expenditure <= 0:
            text = _("%(currency)s %(amount)s more refunded than transferred; nothing to refund")
        return Item(True, told_in_base(text, amount=money(-balance)), url)
    amount = {"amount": money(balance), "most": money(waived)}
    if balance <= waived:
        text = _(
            "Unspent balance of %(currency)s %(amount)s is waived (at most %(currency)s %(most)s)"
        )
        return Item(True, told_in_base(text, **amount), url)
    text = _("Unspent balance of %(currency)s %(amount)s is to be refunded")
    return Item(False, told_in_base(text, **amount), url)


def closure_today(project: Project) -> list[PartClosure]:
    """The checklists as they stand today, by the office's waived balance."""
    waived = Office.current().waived_balance
    facts, money = ProjectFacts(project), ProjectMoney(project)
    steps = steps_with_papers(project)
    return closure_of(facts, money, project_reports(project), steps, waived)


def obstacles(project: Project) -> list[str]:
    """Why the project cannot be set to Financially Closed, by organization; none: it can be."""
    parts = closure_today(project)
    if not parts:
        return [_("The project has no participating organization.")]
    return [
        f"{part.organization.short_label}: {'; '.join(part.open)}"
        for part in parts
        if not part.is_complete
    ]
