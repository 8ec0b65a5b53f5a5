"""The projects of the sample: which, when, where, by whom, and what became of them."""

from datetime import date, timedelta
from decimal import Decimal

from portal.sample.famous import famous_project
from portal.sample.funds import FUNDS, FundSpec
from portal.sample.money import invent_money
from portal.sample.names import PARTNERS
from portal.sample.narrative import describe
from portal.sample.story import (
    LAST_BOOKED,
    PRESENT,
    ExtensionPlan,
    ProjectPlan,
    add_months,
    dice,
    pay_day,
    working_day,
)

FIRST_DAY = date(2008, 1, 1)
FAMOUS = "00102004"
REASONS = (
    "Access to the area was closed for four months.",
    "Procurement took longer than planned; no extra cost.",
    "Elections delayed the agreement with local authorities.",
    "The rainy season interrupted construction.",
    "Time to use savings for two more districts.",
)
SHARES = (
    ("60", "40"),
    ("50", "30", "20"),
    ("33.3333", "33.3333", "33.3334"),
    ("75", "25"),
    ("55.5", "44.5"),
)


def invent() -> list[ProjectPlan]:
    """All projects of the sample, with their money, in the order of their numbers."""
    taken = {FAMOUS}
    plans = [
        _plan(spec, position, taken)
        for spec in FUNDS
        for position in range(spec.projects - (1 if spec.code == "UNA00" else 0))
    ]
    plans.sort(key=lambda plan: plan.number)
    _give_traits(plans)
    titles: set[str] = set()
    specs = {spec.code: spec for spec in FUNDS}
    for plan in plans:
        _set_life(plan)
        describe(plan, specs[plan.fund], titles)
        invent_money(plan, specs[plan.fund])
    plans.append(famous_project())
    plans.sort(key=lambda plan: plan.number)
    return plans


def _plan(spec: FundSpec, position: int, taken: set[str]) -> ProjectPlan:
    chance = dice(spec.code, position)
    approved_on = _approval(spec, position)
    start = working_day(approved_on + timedelta(days=chance.randint(18, 70)))
    if chance.random() < 0.4:
        start = pay_day(start)
    months = chance.choice((48, 60, 72, 84)) if spec.monthly else chance.randint(12, 44)
    original_end = add_months(start, months) - timedelta(days=1)
    plan = ProjectPlan(
        _number(approved_on, taken), spec.code, spec.theme, approved_on, start, original_end
    )
    how_many = chance.choices((1, 2, 3, 4), (58, 26, 12, 4))[0]
    plan.organizations = chance.sample(spec.organizations, how_many)
    country = spec.countries[position % len(spec.countries)]
    plan.countries = [(country, None)]
    near = [org.code for org in PARTNERS if org.country == country]
    far = ["NGO-INT-1"] if chance.random() < 0.15 else []
    plan.partners = (near if chance.random() < 0.5 else []) + far
    return plan


def _approval(spec: FundSpec, position: int) -> date:
    first = max(FIRST_DAY, date(spec.first_year, 1 + len(spec.code) % 3, 10))
    last = date(spec.last_year, 6, 30) if spec.last_year else date(2026, 5, 20)
    span = (last - first).days
    jitter = dice(spec.code, position, "approval").randint(-40, 40)
    day = first + timedelta(days=span * position // max(spec.projects - 1, 1) + jitter)
    return working_day(min(max(day, first), last))


def _number(approved_on: date, taken: set[str]) -> str:
    """Numbers grow with time; 00102004 falls into the summer of 2016."""
    number = 62_000 + (approved_on - FIRST_DAY).days * 12_789 // 1000
    while f"{number:08d}" in taken:
        number += 3
    taken.add(f"{number:08d}")
    return f"{number:08d}"


def _give_traits(plans: list[ProjectPlan]) -> None:
    """The odd ones of a real portfolio, each at a fitting project."""
    _first(plans, "PBR00", 2019).trait = "cancelled"
    _first(plans, "SAH00", 2024).trait = "suspended"
    _first(plans, "UKR00", 2024).trait = "overspent"
    joint = _first(plans, "PBR00", 2023)
    joint.trait = "joint"
    joint.organizations = ["UNDP", "UN-WOMEN", "IOM"]
    _first(plans, "NUT00", 2012).organizations = ["UNICEF", "WFP", "WHO"]
    for fund, year in (("PBR00", 2014), ("UNA00", 2018), ("CLM00", 2020)):
        parent = _first(plans, fund, year)
        parent.trait = "programme"
        own = [plan for plan in plans if plan.fund == fund and plan.number > parent.number]
        for child in [plan for plan in own if not plan.trait][:3]:
            child.parent = parent.number
    _spread(plans)
    running = [plan for plan in plans if plan.start.year in (2023, 2024) and not plan.trait]
    for plan in running[::5]:
        plan.missing = {(plan.organizations[0], 2025)}
    joint.missing = {("IOM", year) for year in range(2023, 2026)}


def _first(plans: list[ProjectPlan], fund: str, year: int) -> ProjectPlan:
    return next(
        plan for plan in plans if plan.fund == fund and plan.start.year >= year and not plan.trait
    )


def _spread(plans: list[ProjectPlan]) -> None:
    """Projects in several countries, with and without shares, in regions, everywhere."""
    by_fund = {spec.code: spec for spec in FUNDS}
    several = [plan for plan in plans if len(by_fund[plan.fund].countries) > 4 and not plan.trait]
    for position, plan in enumerate(several[4::11]):
        chance = dice(plan.number, "places")
        shares = SHARES[position % len(SHARES)]
        places = chance.sample(by_fund[plan.fund].countries, len(shares))
        plan.countries = [
            (place, Decimal(share) if position % 4 else None)
            for place, share in zip(places, shares, strict=True)
        ]
    region = {"SAH00": "1030", "CLM00": "889", "PBR00": "GLOBAL", "DIG00": "GLOBAL"}
    for plan in several[9::23]:
        plan.countries = [(region.get(plan.fund, "298"), None)]


def _set_life(plan: ProjectPlan) -> None:
    """Extensions, closures and the log of the status."""
    chance = dice(plan.number, "life")
    log = [("pipeline", plan.approved_on, "Approved by the Steering Committee.")]
    if plan.start > LAST_BOOKED:
        plan.status, plan.status_log = "pipeline", log
        return
    _extend(plan)
    log.append(("on-going", plan.start, "First transfer."))
    if plan.trait == "cancelled":
        stopped = plan.start + timedelta(days=210)
        log.append(("cancelled", stopped, "The partner institution was dissolved."))
    elif plan.trait == "suspended":
        log.append(("suspended", date(2026, 2, 9), "Activities are halted; no access."))
    elif plan.end < PRESENT - timedelta(days=60) and chance.random() < 0.9:
        _close(plan, log)
    plan.status_log = log
    plan.status = log[-1][0]


def _close(plan: ProjectPlan, log: list[tuple[str, date, str]]) -> None:
    chance = dice(plan.number, "closure")
    done = plan.end + timedelta(days=chance.randint(15, 160))
    if done > LAST_BOOKED:
        return
    log.append(("operationally-closed", done, "All activities are done."))
    settled = done + timedelta(days=chance.randint(330, 900))
    if settled <= LAST_BOOKED and chance.random() < 0.88:
        log.append(("financially-closed", settled, "All obligations are settled."))


def _extend(plan: ProjectPlan) -> None:
    chance = dice(plan.number, "extension")
    end = plan.original_end
    for _round in range(chance.choices((0, 1, 2), (62, 29, 9))[0]):
        new_end = add_months(end, chance.choice((3, 4, 6, 6, 9, 12)))
        approved_on = working_day(end - timedelta(days=chance.randint(10, 75)))
        if approved_on > PRESENT:
            break
        plan.extensions.append(ExtensionPlan(end, new_end, approved_on, chance.choice(REASONS)))
        end = new_end
