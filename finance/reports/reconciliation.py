"""The reconciliation strip: from the approved budget to the balance, each step checked.

A sentence says what records bear out: sums where it speaks of sums, their order where it says
what followed on what, and each organization's own where it says that nothing is left.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.figures.addresses import NONE, figure_link, records_url
from finance.figures.catalogue import FIGURES
from finance.figures.sums import Totals
from finance.models.figures import Measure
from finance.reports.key_facts import amount_of
from finance.reports.left_out import came_back
from finance.reports.project_money import ProjectMoney
from portal.kit.currency import told_in_base
from portal.kit.formatting import arrow, money
from projects.facts import ProjectFacts
from projects.history import Step
from projects.models import Status

# Figure, and the sign that leads to it.
_STEPS = (
    ("approved", ""),
    ("transfer", "→"),
    ("refund", "−"),
    ("net_funded", "="),
    ("expenditure", "−"),
    ("balance", "="),
)


def reconciliation_panel(
    facts: ProjectFacts, project_money: ProjectMoney, waived: Decimal
) -> dict[str, Any] | None:
    """The strip with what does not agree, in words; None where there is no money.

    `waived` is the balance of an organization up to which nothing need be refunded, in funds
    that follow the office's rules.
    """
    totals, page = project_money.totals, project_money.page
    if not totals.records:
        return None
    steps = [
        {
            "label": FIGURES[figure].label,
            "term": FIGURES[figure].term,
            "sign": arrow() if sign == "→" else sign,
            **amount_of(totals.told(figure), totals.parts(figure)),
            "url": figure_link(page, totals, figure),
        }
        for figure, sign in _STEPS
    ]
    return {"steps": steps, "remarks": list(_remarks(facts, project_money, waived))}


def _remarks(
    facts: ProjectFacts, project_money: ProjectMoney, waived: Decimal
) -> Iterator[dict[str, Any]]:
    """One line for each step: whether it agrees, and if not, by how much and why."""
    totals, page = project_money.totals, project_money.page
    yield _budget(project_money)
    if returned := came_back(project_money):
        yield _remark(returned, url=records_url(page, "refund"))
    if totals.has_corrections:
        yield _remark(
            _("Refunds hold negative transfers of which the source does not say whether they "
              "are refunds or corrections; either lowers the net funded amount."),
            url=records_url(page, "refund"),
        )  # fmt: skip
    yield _spent(facts, project_money, waived)
    if facts.is_of_then:
        yield from _elsewhere(facts, project_money)
    if totals.unconverted_on_the_way:
        yield _remark(
            _("Amounts without a known rate of exchange are in no step."), warn=True,
            url=records_url(page, "balance"),
        )  # fmt: skip


def _budget(project_money: ProjectMoney) -> dict[str, Any]:
    """The approved budget against what was transferred."""
    totals, page = project_money.totals, project_money.page
    gap = totals.approved - totals.transfer
    if not totals.has("approved"):
        return _remark(_("No approved budget is known, so transfers cannot be held against it."),
                       warn=bool(totals.transfer or totals.parts("transfer")))  # fmt: skip
    if (totals.parts("approved") + totals.parts("transfer")).unconverted:
        text = _("Approved budget and transfers cannot be held against each other: not all of "
                 "them could be converted.")  # fmt: skip
        return _remark(text, warn=True, url=records_url(page, "transfer"))
    if project_money.days_to_come(Measure.TRANSFER):
        text = _("Approved budget and transfers are not held against each other: some transfers "
                 "bear a date that is still to come.")  # fmt: skip
        return _remark(text, url=records_url(page, "transfer"))
    url = records_url(page, "approved")
    if totals.approved < 0:
        text = _("Revisions take the approved budget below zero, by %(currency)s %(amount)s.")
        return _remark(told_in_base(text, amount=money(-totals.approved)), warn=True, url=url)
    if gap < 0:
        return _more_than_approved(project_money, -gap)
    amount = {"amount": money(gap)}
    own = _own(project_money, Measure.APPROVED, Measure.TRANSFER)
    crossed = any(part.transfer > part.approved for part in own)
    if crossed and gap:
        text = _("%(currency)s %(amount)s less was transferred than approved, though not every "
                 "organization stayed within its budget.")  # fmt: skip
        return _remark(told_in_base(text, **amount), warn=True, url=url)
    if crossed:
        text = _("As much was transferred as approved, but not to each organization as approved.")
        return _remark(text, warn=True, url=url)
    if not totals.approved and not gap:
        return _remark(_("The approved budget comes to zero, and nothing has been transferred."))
    if not gap:
        return _remark(_("The approved budget has been transferred in full."))
    text = _("%(currency)s %(amount)s of the approved budget has not been transferred.")
    return _remark(told_in_base(text, **amount), url=url)


def _more_than_approved(project_money: ProjectMoney, excess: Decimal) -> dict[str, Any]:
    """Why more was transferred than approved, as far as the order of payments tells."""
    totals = project_money.totals
    amount = {"amount": money(excess)}
    url = records_url(project_money.page, "transfer")
    if totals.parts("refund").unconverted or totals.net_funded > totals.approved:
        text = _("%(currency)s %(amount)s more was transferred than was approved.")
        return _remark(told_in_base(text, **amount), warn=True, url=url)
    if project_money.most_at_once > totals.approved:
        text = _("%(currency)s %(amount)s more was transferred than was approved; what came back "
                 "later makes up for it.")  # fmt: skip
    elif totals.has_corrections:
        text = _("%(currency)s %(amount)s more was transferred than approved: as much had been "
                 "refunded or corrected before.")  # fmt: skip
    else:
        text = _("%(currency)s %(amount)s more was transferred than approved: refunds were paid "
                 "out again.")  # fmt: skip
    return _remark(told_in_base(text, **amount), url=url)


def _spent(facts: ProjectFacts, project_money: ProjectMoney, waived: Decimal) -> dict[str, Any]:
    """What is spent against what is funded net, and what that leaves."""
    totals, balance = project_money.totals, project_money.totals.balance
    url = records_url(project_money.page, "balance")
    if totals.parts("balance").unconverted:
        text = _("How much is with the organizations is not known: not all amounts could be "
                 "converted.")  # fmt: skip
        return _remark(text, warn=True, url=url)
    if totals.net_funded < 0 and totals.expenditure <= 0:
        text = _("%(currency)s %(amount)s more came back than was transferred.")
        return _remark(told_in_base(text, amount=money(-totals.net_funded)), warn=True, url=url)
    if not facts.project.fund.follows_rules and not totals.is_funded:
        if not totals.has("expenditure"):
            return _remark(_("How much was funded is not stated."))
        text = _("How much was funded is not stated; %(currency)s %(amount)s is reported as spent.")
        return _remark(told_in_base(text, amount=money(totals.expenditure)), url=url)
    if balance < 0:
        text = _("%(currency)s %(amount)s more is reported as spent than was funded.")
        return _remark(told_in_base(text, amount=money(-balance)), warn=True, url=url)
    balances = [part.balance for part in _own(project_money, *_HELD)]
    amount = {"amount": money(balance)}
    if totals.expenditure < 0:
        text = _("Corrections take what is reported as spent below zero, by %(currency)s "
                 "%(amount)s.")  # fmt: skip
        return _remark(told_in_base(text, amount=money(-totals.expenditure)), warn=True, url=url)
    if min(balances, default=0) < 0:
        if not balance:
            text = _("As much is reported as spent as was funded, but not by each organization: "
                     "some report less, others more.")  # fmt: skip
            return _remark(text, warn=True, url=url)
        text = _("%(currency)s %(amount)s less is reported as spent than was funded; not every "
                 "organization stayed within what it received.")  # fmt: skip
        return _remark(told_in_base(text, **amount), warn=True, url=url)
    if project_money.days_to_come(*_HELD):
        text = _("%(currency)s %(amount)s less is recorded as spent than as funded; some of this "
                 "money bears a date that is still to come.")  # fmt: skip
        return _remark(told_in_base(text, **amount), url=url)
    if not balance:
        return _remark(_nothing_left(totals))
    return _left(facts, balance, max(balances, default=balance), waived, url)


def _nothing_left(totals: Totals) -> str:
    """Why nothing is with the organizations."""
    if not totals.transfer:
        return _("Nothing has been transferred, so nothing is with the organizations.")
    if totals.expenditure:
        return _("All that was funded is reported as spent; nothing is left with the "
                 "organizations.")  # fmt: skip
    if totals.has_corrections:
        return _("All that was transferred was refunded or corrected; nothing is left with the "
                 "organizations.")  # fmt: skip
    return _("All that was transferred came back; nothing is left with the organizations.")


def _left(
    facts: ProjectFacts, balance: Decimal, largest: Decimal, waived: Decimal, url: str
) -> dict[str, Any]:
    """What is left, `largest` of it with one organization, and whether it is waited for."""
    step: Step | None = facts.last_step
    amount = {"amount": money(balance)}
    status = step.status if step else None
    if status in Status.over() and largest <= waived and facts.project.fund.follows_rules:
        text = _(
            "%(currency)s %(amount)s is left. Amounts up to %(currency)s %(waived)s need not be "
            "paid back."
        )
        if largest < balance:
            text = _(
                "%(currency)s %(amount)s is left. Up to %(currency)s %(waived)s of each "
                "organization need not be paid back."
            )
        return _remark(told_in_base(text, **amount, waived=money(waived)), url=url)
    if status not in Status.settled():
        text = _("%(currency)s %(amount)s is with the organizations, not yet reported as spent.")
        return _remark(told_in_base(text, **amount), url=url)
    text = _(
        "%(currency)s %(amount)s is left: neither reported as spent nor recorded as refunded, "
        "though the project is over."
    )
    return _remark(told_in_base(text, **amount), warn=True, url=url)


_HELD = (Measure.TRANSFER, Measure.REFUND, Measure.EXPENDITURE)


def _own(project_money: ProjectMoney, *measures: Measure) -> list[Totals]:
    """Each organization's own totals; none where any of these amounts names no organization."""
    found: dict[int, Totals] = {}
    for figure in project_money.figures:
        if figure.measure in measures:
            if figure.organization_id is None:
                return []
            found.setdefault(figure.organization_id, Totals()).add(figure)
    return list(found.values())


def _elsewhere(facts: ProjectFacts, project_money: ProjectMoney) -> Iterator[dict[str, Any]]:
    """Money of organizations that do not take part, or of none that is named."""
    parts = {part.organization_id for part in facts.participating}
    foreign: dict[tuple[str, str], Totals] = {}
    for figure in project_money.figures:
        if figure.measure in _HELD and figure.organization_id not in parts:
            who = (figure.organization, figure.organization_code)
            foreign.setdefault(who, Totals()).add(figure)
    # Where a source names no organization at all, there is nothing to tell apart.
    if len(foreign) == 1 and ("", "") in foreign and len(parts) < 2:
        return
    for (name, code), totals in sorted(foreign.items()):
        if not (totals.transfer or totals.refund or totals.expenditure or totals.unconverted):
            continue
        # What is not converted is told by currency for the whole project, here by number.
        values = {"net": _counted(totals, "net_funded"), "spent": _counted(totals, "expenditure")}
        url = records_url(project_money.page, "balance", organization=code or NONE)
        if name:
            text = _("Of “%(name)s”, which is not among the participating organizations, "
                     "come %(net)s net funded and %(spent)s spent.")  # fmt: skip
            yield _remark(text % {"name": name, **values}, warn=True, url=url)
        else:
            text = _("%(net)s net funded and %(spent)s spent are stated without an "
                     "organization.")  # fmt: skip
            yield _remark(text % values, warn=True, url=url)


def _counted(totals: Totals, figure: str) -> str:
    words = told_in_base("%(currency)s %(amount)s", amount=money(getattr(totals, figure)))
    parts = totals.parts(figure)
    return f"{words} ({parts.words})" if parts.unconverted else words


def _remark(text: Any, *, warn: bool = False, url: str = "") -> dict[str, Any]:
    return {"text": text, "warn": warn, "url": url}


def by_organization(facts: ProjectFacts, project_money: ProjectMoney) -> dict[int | None, Totals]:
    """Totals of each organization of the project, as base amounts; of a single participant, all."""
    parts = {part.organization_id for part in facts.participating}
    only = next(iter(parts)) if len(parts) == 1 else None
    found: dict[int | None, Totals] = {pk: Totals() for pk in parts}
    for figure in project_money.figures:
        pk = figure.organization_id
        found.setdefault(only if pk is None else pk, Totals()).add(figure)
    return found
