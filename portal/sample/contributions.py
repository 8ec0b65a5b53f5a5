"""What funds receive and keep: commitments, deposits, rates, fees, interest, direct cost."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portal.sample.funds import FUNDS, FundSpec
from portal.sample.story import (
    LAST_BOOKED,
    PRESENT,
    ProjectPlan,
    add_months,
    dice,
    split,
    working_day,
)

CURRENCIES = {
    "GOV-SE": "SEK",
    "GOV-NO": "NOK",
    "GOV-GB": "GBP",
    "GOV-DE": "EUR",
    "GOV-NL": "EUR",
    "GOV-IE": "EUR",
}
# Units per US$ in ten-thousandths around which the invented rates move.
RATES_AROUND = {"EUR": 8_700, "GBP": 7_300, "NOK": 84_000, "SEK": 88_000}
FIRST_YEAR = 2008
# What one fund paid to another, as a need of each.
BETWEEN_ON = date(2019, 9, 16)
BETWEEN = {"PBR00": 1_250_000_00, "CIV00": -1_250_000_00}


@dataclass(slots=True)
class Rate:
    """Units of a currency per US$ from a day on."""

    on: date
    currency: str
    units: Decimal


@dataclass(slots=True)
class Contribution:
    """A commitment (with its due date) or a deposit."""

    what: str  # commitment, pledge or deposit
    fund: str
    contributor: str
    arrangement: str
    on: date
    cents: int
    currency: str
    due_on: date | None = None
    reference: str = ""


@dataclass(slots=True)
class Cost:
    """Fund-level money; every amount is positive, its kind says what it is."""

    fund: str
    kind: str
    on: date
    cents: int
    organization: str = ""
    other_fund: str = ""


def invent_rates() -> list[Rate]:
    """Rates of each quarter from 2008 to the present."""
    rates = []
    for currency, around in RATES_AROUND.items():
        level = around
        for year in range(FIRST_YEAR, PRESENT.year + 1):
            for month in (1, 4, 7, 10):
                if (on := date(year, month, 1)) > LAST_BOOKED:
                    break
                chance = dice(currency, on)
                level += around * chance.randint(-30, 30) // 1000 + (around - level) // 6
                rates.append(Rate(on, currency, Decimal(level).scaleb(-4)))
    return sorted(rates, key=lambda rate: (rate.on, rate.currency))


def rate_at(rates: list[Rate], currency: str, day: date) -> Decimal:
    """The rate of a currency on a day; 1 for US$."""
    if currency == "USD":
        return Decimal(1)
    return [rate.units for rate in rates if rate.currency == currency and rate.on <= day][-1]


def invent_funding(
    projects: list[ProjectPlan], rates: list[Rate]
) -> tuple[list[Contribution], list[Cost]]:
    """Contributions that pay for what the projects receive, and the funds' own costs."""
    contributions: list[Contribution] = []
    costs: list[Cost] = []
    for spec in FUNDS:
        needs: dict[int, int] = defaultdict(int)
        if spec.code in BETWEEN:
            needs[BETWEEN_ON.year] += BETWEEN[spec.code]
        for plan in projects:
            if plan.fund == spec.code:
                for payment in plan.payments:
                    needs[payment.on.year] += payment.cents
        _fund(spec, needs, rates, contributions, costs)
    _between_funds(contributions, costs)
    contributions.append(
        Contribution(
            "deposit",
            "UNA00",
            "GOV-DK",
            "SAA-UNA00-DK-2",
            date(2023, 11, 20),
            3_500_000_00,
            "DKK",
            reference="2023-DKK-771",
        )
    )
    contributions.sort(key=lambda item: (item.on, item.fund, item.contributor, item.what))
    costs.sort(key=lambda cost: (cost.on, cost.fund, cost.kind))
    return contributions, costs


def _fund(
    spec: FundSpec,
    needs: dict[int, int],
    rates: list[Rate],
    contributions: list[Contribution],
    costs: list[Cost],
) -> None:
    """Year by year: what is needed and not yet there comes in, and a little more."""
    balance = 0
    for year in range(spec.first_year, PRESENT.year + 1):
        need = needs.get(year, 0) + _own_costs(spec, year, needs.get(year, 0), balance, costs)
        chance = dice(spec.code, year, "deposits")
        wanted = need + max(need, 0) * chance.randint(4, 15) // 100 - balance
        if year == PRESENT.year and spec.last_year is None:
            # What comes in early in the year is for the whole of it.
            wanted += needs.get(year - 1, 0) * chance.randint(10, 60) // 100
        received = 0
        if wanted > 0:
            deposits = _deposits(spec, year, wanted * 100 // 99 + 1_000_00, rates)
            contributions += deposits
            received = _worth(deposits, rates)
            costs.append(Cost(spec.code, "aa-fee", _early(year, spec, 24), received // 100))
        balance += received - received // 100 - need
    if spec.last_year is None:
        contributions += _outlook(spec)


def _own_costs(spec: FundSpec, year: int, need: int, balance: int, costs: list[Cost]) -> int:
    """Bank charges, interest and direct cost of a year; returns what they take on balance."""
    if year == PRESENT.year:
        return 0
    chance = dice(spec.code, year, "costs")
    end = date(year, 12, 31)
    own = [Cost(spec.code, "bank-charges", end, chance.randint(12_00, 900_00))]
    income = []
    if balance > 0:
        interest = balance * chance.randint(2, 22) // 1000
        income.append(Cost(spec.code, "fund-interest", end, interest))
    if chance.random() < 0.2:
        income.append(Cost(spec.code, "po-interest", end, chance.randint(150_00, 24_000_00)))
    spent = []
    if spec.direct_cost and need > 0:
        direct = need * chance.randint(8, 20) // 1000
        on = date(year, 3, 28)
        own.append(Cost(spec.code, "direct-cost", on, direct, spec.direct_cost))
        used = direct * chance.randint(850, 1000) // 1000
        spent.append(Cost(spec.code, "direct-cost-expenditure", end, used, spec.direct_cost))
        if chance.random() < 0.3 and used < direct:
            rest = direct - used
            income.append(Cost(spec.code, "direct-cost-refund", end, rest, spec.direct_cost))
    costs += own + income + spent
    return sum(cost.cents for cost in own) - sum(cost.cents for cost in income)


def _early(year: int, spec: FundSpec, day: int) -> date:
    if year == spec.first_year:
        return working_day(date(year, 1, day))
    return working_day(date(year, 1 + sum(map(ord, spec.code)) % 2, day))


def _deposits(spec: FundSpec, year: int, cents: int, rates: list[Rate]) -> list[Contribution]:
    """Commitments of a year and the deposits that fulfil them."""
    chance = dice(spec.code, year, "contributors")
    count = min(len(spec.contributors), chance.randint(2, 4))
    givers = sorted(chance.sample(spec.contributors, count))
    weights = [1 if giver == "INDIVIDUALS" else chance.randint(8, 40) for giver in givers]
    items = []
    for giver, part in zip(givers, split(cents, weights), strict=True):
        on = _early(year, spec, chance.randint(5, 20))
        currency = CURRENCIES.get(giver, "USD")
        amount = int(part * rate_at(rates, currency, on)) // 100 * 100
        arrangement = f"SAA-{spec.code}-{giver.split('-')[-1]}-{(year - spec.first_year) // 3 + 1}"
        if giver != "INDIVIDUALS":
            signed = add_months(on, -1) if year > spec.first_year else on
            items.append(
                Contribution(
                    "commitment", spec.code, giver, arrangement, signed, amount, currency, on
                )
            )
        reference = f"{year}-{spec.code}-{chance.randint(100, 999)}"
        items.append(
            Contribution(
                "deposit",
                spec.code,
                giver,
                arrangement if giver != "INDIVIDUALS" else "",
                on,
                amount,
                currency,
                reference=reference,
            )
        )
    return items


def _worth(items: list[Contribution], rates: list[Rate]) -> int:
    """Deposits in cents of US$, each rounded as a load rounds it."""
    total = Decimal(0)
    for item in items:
        if item.what == "deposit":
            base_amount = Decimal(item.cents) / rate_at(rates, item.currency, item.on)
            total += base_amount.quantize(Decimal(1), ROUND_HALF_UP)
    return int(total)


def _outlook(spec: FundSpec) -> list[Contribution]:
    """What is signed but not paid: overdue, not yet due; and a mere pledge."""
    chance = dice(spec.code, "outlook")
    giver = spec.contributors[chance.randrange(len(spec.contributors) - 1)]
    currency = CURRENCIES.get(giver, "USD")
    arrangement = f"SAA-{spec.code}-{giver.split('-')[-1]}-9"
    signed = date(2026, 2, 3)
    items = [
        Contribution(
            "commitment",
            spec.code,
            giver,
            arrangement,
            signed,
            chance.randint(5, 40) * 100_000_00,
            currency,
            due,
        )
        for due in (date(2026, 3, 31), date(2026, 11, 30), date(2027, 6, 30))
    ]
    if chance.random() < 0.5:
        other = spec.contributors[-2]
        items.append(
            Contribution("pledge", spec.code, other, "", date(2026, 4, 22), 1_500_000_00, "USD")
        )
    return items


def _between_funds(contributions: list[Contribution], costs: list[Cost]) -> None:
    """The Peace and Recovery Fund once paid into the fund for Côte d’Ivoire."""
    on, cents = BETWEEN_ON, BETWEEN["PBR00"]
    costs.append(Cost("PBR00", "to-fund", on, cents, other_fund="CIV00"))
    reference = "Transfer between funds"
    contributions.append(
        Contribution("deposit", "CIV00", "FUND-PBR00", "", on, cents, "USD", reference=reference)
    )
