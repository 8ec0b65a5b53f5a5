"""The money of one project: approved budgets, payments and what was spent of them."""

from collections import defaultdict
from datetime import date, timedelta

from portal.sample.funds import FundSpec
from portal.sample.story import (
    LAST_BOOKED,
    LAST_REPORTED,
    NEW,
    NEW_CATEGORIES_FROM,
    OLD,
    PRESENT,
    Budget,
    Payment,
    ProjectPlan,
    Spending,
    add_months,
    dice,
    last_of_year,
    pay_day,
    split,
)

WAIVED = 250_00  # cents that need not be refunded


def invent_money(plan: ProjectPlan, spec: FundSpec) -> None:
    """Fill in budgets, payments and spendings of `plan`."""
    if plan.status == "pipeline" and dice(plan.number, "budget").random() < 0.4:
        return
    chance = dice(plan.number, "size")
    low, high = spec.size
    # The smaller of two draws: many small projects, few large ones.
    total = min(chance.randint(low * 1000, high * 1000) for _draw in range(2)) * 100
    weights = [10, *(chance.randint(3, 9) for _other in plan.organizations[1:])]
    if plan.trait == "programme":
        total //= 10
    for organization, part in zip(plan.organizations, split(total, weights), strict=True):
        budget = _invent_budget(plan, organization, part + chance.randint(0, 99))
        if plan.status == "pipeline":
            continue
        _invent_payments(plan, spec, organization, budget)
        _invent_spendings(plan, organization)
    plan.payments.sort(key=lambda payment: (payment.on, payment.organization, payment.kind))


def categories(year: int) -> tuple[str, ...]:
    """The set of categories in force; the last of each is indirect cost."""
    return NEW if year >= NEW_CATEGORIES_FROM else OLD


def by_category(plan: ProjectPlan, organization: str, year: int, cents: int) -> dict[str, int]:
    """`cents` over the categories of a year, with 7 % indirect cost on the rest."""
    codes = categories(year)
    chance = dice(plan.number, organization, codes[0], "categories")
    yearly = dice(plan.number, organization, year, "categories")
    weights = [chance.choice((0, 1, 2, 3, 5, 8)) for _code in codes[:-1]]
    weights[0] += 3
    weights = [weight * yearly.randint(6, 14) for weight in weights]
    indirect = cents * 7 // 107
    parts = [*split(cents - indirect, weights), indirect]
    return {code: part for code, part in zip(codes, parts, strict=True) if part}


def _invent_budget(plan: ProjectPlan, organization: str, cents: int) -> int:
    chance = dice(plan.number, organization, "budget")
    year = plan.approved_on.year
    lines = by_category(plan, organization, year, cents)
    for code, part in lines.items():
        plan.budgets.append(Budget(plan.approved_on, organization, code, part))
    middle = plan.start + (plan.end - plan.start) / 2
    if chance.random() < 0.25 and middle < LAST_BOOKED and len(lines) > 2:
        given, taken = list(lines)[:2]
        moved = lines[given] // chance.randint(8, 30)
        note = "Revision between categories"
        plan.budgets.append(Budget(middle, organization, given, -moved, note))
        plan.budgets.append(Budget(middle, organization, taken, moved, note))
    extra = 0
    if plan.extensions and chance.random() < 0.2:
        extra = cents // chance.randint(6, 15)
        approved_on = plan.extensions[-1].approved_on
        for code, part in by_category(plan, organization, approved_on.year, extra).items():
            plan.budgets.append(Budget(approved_on, organization, code, part, "Cost extension"))
    return cents + extra


def _invent_payments(plan: ProjectPlan, spec: FundSpec, organization: str, budget: int) -> None:
    chance = dice(plan.number, organization, "payments")
    months = max(1, (plan.end - plan.start).days // 30)
    count = months if spec.monthly else 2 + months // chance.choice((3, 4, 4, 6))
    planned = budget if chance.random() < 0.7 else budget * chance.randint(85, 98) // 100
    # The first of the transfers is the largest, except where salaries are paid.
    weights = [chance.randint(90, 110) for _part in range(count)]
    weights[0] *= 1 if spec.monthly else 2
    stop = _stop_of_payments(plan)
    for position, cents in enumerate(split(planned, weights)):
        on = plan.start
        if position:
            on = pay_day(add_months(plan.start, max(position, position * months // count)))
        if on > stop:
            break
        plan.payments.append(Payment(on, organization, "transfer", cents))
        if position == 1 and chance.random() < 0.01:
            # Lines that look the same are not always the same line twice.
            plan.payments.append(Payment(on, organization, "transfer", cents))
    if chance.random() < 0.012 and plan.start.year < 2025:
        plan.payments.append(
            Payment(
                pay_day(plan.start + timedelta(days=120)),
                organization,
                "correction",
                -chance.randint(900_00, 9_000_00),
                "Bank return or refund; the ledger does not say which",
            )
        )


def _stop_of_payments(plan: ProjectPlan) -> date:
    if plan.trait == "cancelled":
        return plan.start
    if plan.trait == "suspended":
        return date(2026, 2, 8)
    if plan.trait == "overspent":
        return last_of_year(LAST_REPORTED)
    return LAST_BOOKED


def _paid(plan: ProjectPlan, organization: str, until: date) -> int:
    own = (pay for pay in plan.payments if pay.organization == organization)
    return sum(pay.cents for pay in own if pay.on <= until)


def _invent_spendings(plan: ProjectPlan, organization: str) -> None:
    chance = dice(plan.number, organization, "spending")
    if plan.trait == "cancelled":
        _undo(plan, organization)
        return
    done = plan.set_on("operationally-closed")
    settled = plan.set_on("financially-closed")
    last = min(LAST_REPORTED, done.year if done else LAST_REPORTED, plan.end.year + 1)
    final = chance.choice((1000, *range(860, 1000, 12))) if done else chance.randint(620, 930)
    if plan.trait == "overspent":
        final = 1140
    spent = 0
    for year in range(plan.start.year, last + 1):
        now = max(spent, _reached(plan, organization, year, final, done is not None))
        state_all(plan, organization, year, now - spent, "reported")
        spent = now
    if done and last > plan.start.year and chance.random() < 0.25:
        _reverse_a_little(plan, organization, last)
    if settled:
        _settle(plan, organization, settled)
    elif done and chance.random() < 0.35:
        rest = _rest(plan, organization)
        _refund(plan, organization, rest, min(done + timedelta(days=150), LAST_BOOKED))
    _invent_interim(plan, organization)


def _reached(plan: ProjectPlan, organization: str, year: int, final: int, closed: bool) -> int:
    """What has been spent by the end of `year`, of what was paid by then."""
    day = last_of_year(year)
    paid = _paid(plan, organization, day)
    if plan.trait == "overspent":
        return paid * final // 1000
    days = max(1, (plan.end - plan.start).days)
    elapsed = min(1000, (day - plan.start).days * 1000 // days)
    if closed and elapsed == 1000:
        return paid * final // 1000
    return paid * final * (300 + 700 * elapsed // 1000) // 1_000_000


def state_all(plan: ProjectPlan, organization: str, year: int, cents: int, state: str) -> None:
    """Add what was spent in a year, over its categories."""
    on = interim_until(year) if state == "interim" else last_of_year(year)
    for code, part in by_category(plan, organization, year, cents).items():
        plan.spendings.append(Spending(organization, year, code, state, part, on))


def interim_until(year: int) -> date:
    """The last day that interim figures of a year cover."""
    return date(year, 6, 30) if year <= LAST_REPORTED else date(year, 3, 31)


def _reverse_a_little(plan: ProjectPlan, organization: str, year: int) -> None:
    """A negative expenditure: an obligation of an earlier year was cancelled."""
    chance = dice(plan.number, organization, "negative")
    code = categories(year)[3]
    cents = -chance.randint(40_00, 6_500_00)
    plan.spendings.append(Spending(organization, year, code, "reported", cents, last_of_year(year)))


def _rest(plan: ProjectPlan, organization: str) -> int:
    own = (item for item in plan.spendings if item.organization == organization)
    spent = sum(item.cents for item in own if item.state == "reported")
    return _paid(plan, organization, LAST_BOOKED) - spent


def _settle(plan: ProjectPlan, organization: str, settled: date) -> None:
    """Certified final statement where there is one, then the refund of what is left."""
    chance = dice(plan.number, organization, "settlement")
    rest = _rest(plan, organization)
    if dice(plan.number, "certified").random() < 0.6:
        sums: dict[str, int] = defaultdict(int)
        for item in plan.spendings:
            if item.organization == organization:
                sums[item.category] += item.cents
        saved = min(chance.choice((0, 0, 1)) * chance.randint(10_00, 900_00), max(sums.values()))
        largest = max(sums, key=lambda code: sums[code])
        sums[largest] -= saved
        rest += saved
        year = settled.year
        plan.spendings += [
            Spending(organization, year, code, "certified", cents, settled)
            for code, cents in sorted(sums.items())
        ]
    if chance.random() < 0.3:
        rest -= chance.randint(1, WAIVED)
    _refund(plan, organization, rest, settled - timedelta(days=chance.randint(20, 90)))


def _refund(plan: ProjectPlan, organization: str, cents: int, on: date) -> None:
    if cents > WAIVED:
        day = min(pay_day(on), LAST_BOOKED)
        plan.payments.append(
            Payment(day, organization, "refund", -cents, "Unspent balance returned")
        )


def _undo(plan: ProjectPlan, organization: str) -> None:
    """A cancelled project: nothing was spent, all was returned."""
    code = categories(plan.start.year)[0]
    on = last_of_year(plan.start.year)
    plan.spendings.append(Spending(organization, plan.start.year, code, "reported", 0, on))
    paid = _paid(plan, organization, LAST_BOOKED)
    _refund(plan, organization, paid, plan.start + timedelta(days=260))


def _invent_interim(plan: ProjectPlan, organization: str) -> None:
    """Voluntary figures within a year, from some organizations."""
    chance = dice(plan.number, organization, "interim")
    closed = plan.set_on("operationally-closed")
    for year in range(max(2024, plan.start.year), PRESENT.year + 1):
        if chance.random() > 0.35:
            continue
        if year <= LAST_REPORTED:
            own = (item for item in plan.spendings if item.organization == organization)
            of_year = sum(i.cents for i in own if i.year == year and i.state == "reported")
            cents = of_year * chance.randint(25, 55) // 100
        else:
            cents = 0 if closed else _rest(plan, organization) * chance.randint(5, 30) // 100
        if cents > 0:
            state_all(plan, organization, year, cents, "interim")
