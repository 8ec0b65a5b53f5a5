"""What steering committees decided, and what organizations passed on, as rows of source files."""

from collections import defaultdict
from datetime import date
from random import Random

from portal.sample.names import PARTNERS
from portal.sample.story import LAST_BOOKED, ProjectPlan, add_months, dice, money, working_day

DECISIONS = (
    "date", "fund", "project", "body", "reference", "kind", "amount", "currency", "conditions",
    "description",
)  # fmt: skip
SUB_GRANTS = (
    "date", "project", "organization", "partner", "partner_type", "women_led", "amount",
    "currency", "period_start", "period_end",
)  # fmt: skip
SUB_GRANTS_FROM = 2018
BODY = "Steering Committee"
INTERNATIONAL = frozenset(org.code for org in PARTNERS if org.kind == "ingo")
CONDITIONS = (
    "A gender marker of at least 2 is kept.",
    "The first report is sent before the second transfer.",
    "The office of the Resident Coordinator agrees to the work plan.",
)

Row = tuple[str, ...]


def decision_rows(projects: list[ProjectPlan]) -> list[tuple[date, Row]]:
    """An allocation or revision for each day of budget lines, and an extension for each."""
    found: list[tuple[date, str, str, str, str, int | None]] = []
    for plan in projects:
        sums: dict[date, int] = defaultdict(int)
        for line in plan.budgets:
            sums[line.on] += line.cents
        for number, (on, cents) in enumerate(sorted(sums.items())):
            kind = "revision" if number else "allocation"
            text = "" if cents else "Moved between budget categories"
            found.append((on, plan.fund, plan.number, kind, text, cents or None))
        for extension in plan.extensions:
            text = f"Until {extension.new_end:%-d %b %Y}"
            found.append((extension.approved_on, plan.fund, plan.number, "extension", text, None))
    rows: list[tuple[date, Row]] = []
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for on, fund, project, kind, text, allotted in sorted(found, key=lambda row: row[:4]):
        counts[fund, on.year] += 1
        chance = dice(fund, project, on, kind)
        conditions = chance.choice(CONDITIONS) if chance.random() < 0.2 else ""
        reference = f"SC-{fund}-{on.year}-{counts[fund, on.year]:02d}"
        stated = ("", "") if allotted is None else (money(allotted), "USD")
        row = (on.isoformat(), fund, project, BODY, reference, kind, *stated, conditions, text)
        rows.append((on, row))
    return rows


def _stated_of(partner: str, chance: Random) -> tuple[str, str]:
    """What a row says of a partner: the same each time, where it says it."""
    own = dice(partner, "partner")
    kind = "international" if partner in INTERNATIONAL else own.choice(("local", "national"))
    led = own.choice(("yes", "no"))
    return kind if chance.random() < 0.8 else "", led if chance.random() < 0.7 else ""


def sub_grant_rows(projects: list[ProjectPlan]) -> list[tuple[date, Row]]:
    """A part of an early transfer for each partner of a project."""
    rows: list[tuple[date, Row]] = []
    for plan in projects:
        paid = [payment for payment in plan.payments if payment.cents > 0]
        for number, partner in enumerate(plan.partners if paid else ()):
            payment = paid[number % len(paid)]
            chance = dice(plan.number, partner, "sub-grant")
            on = working_day(add_months(payment.on, 2))
            if on.year < SUB_GRANTS_FROM or on > LAST_BOOKED:
                continue
            kind, led = _stated_of(partner, chance)
            cents = payment.cents * chance.randint(8, 35) // 100
            until = add_months(on, chance.randint(6, 18))
            row = (
                on.isoformat(), plan.number, payment.organization, partner, kind, led,
                money(cents), "USD", on.isoformat(), until.isoformat(),
            )  # fmt: skip
            rows.append((on, row))
    return sorted(rows)
