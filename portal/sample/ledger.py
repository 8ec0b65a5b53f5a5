"""The fund office's ledger as source files: vouchers, budgets, contributions, fund costs.

A file is complete for its kind and period, so a later file of the same period corrects it:
the first version of a few files was wrong.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from portal.sample.approvals import DECISIONS, SUB_GRANTS, decision_rows, sub_grant_rows
from portal.sample.contributions import Contribution, Cost, Rate, invent_funding, invent_rates
from portal.sample.source_file import LEDGER, RATES, SourceFile, moment
from portal.sample.story import LAST_BOOKED, ProjectPlan, dice, last_of_year, money

QUARTERS_FROM = 2020
VOUCHERS = (
    "voucher", "payment_date", "fund", "payee", "project", "kind", "amount", "currency",
    "description",
)  # fmt: skip
BUDGETS = (
    "date", "project", "organization", "category", "amount", "currency", "period_start",
    "period_end", "description",
)  # fmt: skip
CONTRIBUTIONS = (
    "what", "date", "fund", "contributor", "arrangement", "amount", "currency", "due_on",
    "payer_reference",
)  # fmt: skip
COSTS = ("date", "fund", "kind", "amount", "currency", "organization", "other_fund")
RATE = ("effective_on", "currency", "units_per_base")

Row = tuple[str, ...]
WRONG = {
    "vouchers-2014": (
        date(2015, 9, 3),
        "Lines on the wrong project or mistyped; one had been left out.",
    ),
    "vouchers-2018": (
        date(2019, 3, 21),
        "Amounts with two digits exchanged; lines on the wrong project.",
    ),
    "vouchers-2021-q3": (date(2022, 2, 1), "One payment had been left out, two were mistyped."),
    "budgets-2022": (date(2023, 6, 14), "Allocations after review by the secretariats."),
}


def ledger_files(projects: list[ProjectPlan]) -> Iterator[SourceFile]:
    """All files of the ledger and the rates of exchange, in no particular order."""
    rates = invent_rates()
    contributions, costs = invent_funding(projects, rates)
    yield from _rate_files(rates)
    yield from _files("vouchers", VOUCHERS, voucher_rows(projects), quarterly=True)
    yield from _files("budgets", BUDGETS, _budget_rows(projects), minute=10)
    yield from _files("contributions", CONTRIBUTIONS, _contribution_rows(contributions), minute=20)
    yield from _files("fund-costs", COSTS, _cost_rows(costs), minute=30)
    yield from _files("decisions", DECISIONS, decision_rows(projects), minute=40)
    yield from _files("sub-grants", SUB_GRANTS, sub_grant_rows(projects), minute=50)


def voucher_rows(projects: list[ProjectPlan]) -> list[tuple[date, Row]]:
    """Payments put together into vouchers: one per fund, payee, day and direction."""
    payments = [
        (payment.on, plan.fund, payment.organization, payment.kind, plan.number, payment)
        for plan in projects
        for payment in plan.payments
    ]
    payments.sort(key=lambda item: item[:5])
    rows: list[tuple[date, Row]] = []
    count, year = 0, 0
    for (on, fund, payee, kind), lines in groupby(payments, key=lambda item: item[:4]):
        # The ledger begins each year's numbers anew.
        count, year = (count + 1, year) if on.year == year else (1, on.year)
        for line in lines:
            number, payment = line[4:]
            amount = money(payment.cents)
            rows.append(
                (on, (f"{count:06d}", on.isoformat(), fund, payee, number, kind, amount, "USD",
                      payment.note))
            )  # fmt: skip
    return rows


def _budget_rows(projects: list[ProjectPlan]) -> list[tuple[date, Row]]:
    rows = []
    for plan in projects:
        for line in plan.budgets:
            row = (
                line.on.isoformat(),
                plan.number,
                line.organization,
                line.category,
                money(line.cents),
                "USD",
                plan.start.isoformat(),
                plan.original_end.isoformat(),
                line.note,
            )
            rows.append((line.on, row))
    return sorted(rows)


def _contribution_rows(items: list[Contribution]) -> list[tuple[date, Row]]:
    return [
        (
            item.on,
            (
                item.what,
                item.on.isoformat(),
                item.fund,
                item.contributor,
                item.arrangement,
                money(item.cents),
                item.currency,
                item.due_on.isoformat() if item.due_on else "",
                item.reference,
            ),
        )
        for item in items
    ]


def _cost_rows(costs: list[Cost]) -> list[tuple[date, Row]]:
    return [
        (
            cost.on,
            (
                cost.on.isoformat(),
                cost.fund,
                cost.kind,
                money(cost.cents),
                "USD",
                cost.organization,
                cost.other_fund,
            ),
        )
        for cost in costs
    ]


def _rate_files(rates: list[Rate]) -> Iterator[SourceFile]:
    for year, of_year in groupby(rates, key=lambda rate: rate.on.year):
        rows: list[Row] = [
            (rate.on.isoformat(), rate.currency, str(rate.units)) for rate in of_year
        ]
        day = min(last_of_year(year) + timedelta(days=5), LAST_BOOKED)
        yield SourceFile(
            f"rates-{year}.csv", "rates", RATES, moment(day, 8), moment(day, 8, 30), RATE, rows
        )


def _files(
    kind: str,
    header: Row,
    rows: list[tuple[date, Row]],
    *,
    quarterly: bool = False,
    minute: int = 0,
) -> Iterator[SourceFile]:
    """One file for each year, or each quarter of recent years; some of them twice."""
    period = _quarter if quarterly else _year
    for name, group in groupby(rows, key=lambda row: period(row[0])):
        first, last = _bounds(name)
        true = [row for _day, row in group]
        day = min(last, LAST_BOOKED) + timedelta(days=9)
        file = SourceFile(
            f"{kind}-{name}.csv",
            kind,
            LEDGER,
            moment(day, 9, minute),
            moment(day + timedelta(days=1), 10, minute),
            header,
            true,
            first=first,
            last=last,
        )
        if f"{kind}-{name}" in WRONG:
            yield _corrected(file)
            file.rows = spoil(true, file.name, header.index("amount"), header.index("project"))
        yield file


def _corrected(file: SourceFile) -> SourceFile:
    stem = file.name.removesuffix(".csv")
    day, reason = WRONG[stem]
    return SourceFile(
        f"{stem}-corrected.csv",
        file.kind,
        file.source,
        moment(day, 9),
        moment(day, 16, 40),
        file.header,
        file.rows,
        reason=reason,
        first=file.first,
        last=file.last,
    )


def spoil(rows: list[Row], name: str, amount: int, project: int) -> list[Row]:
    """The rows as they were before somebody noticed."""
    chance = dice(name, "spoil")
    wrong = [list(row) for row in rows]
    for position in chance.sample(range(len(wrong)), min(5, len(wrong))):
        row = wrong[position]
        other = wrong[(position + 7) % len(wrong)]
        if chance.random() < 0.4:
            row[project] = other[project]
        else:
            row[amount] = _mistyped(row[amount])
    del wrong[chance.randrange(len(wrong))]
    return [tuple(row) for row in wrong]


def _mistyped(amount: str) -> str:
    """An amount with its first two different neighbouring digits exchanged."""
    for position in range(len(amount) - 1):
        one, two = amount[position], amount[position + 1]
        if one != two and one.isdigit() and two.isdigit() and two != "0":
            return amount[:position] + two + one + amount[position + 2 :]
    return amount


def _year(day: date) -> str:
    return str(day.year)


def _quarter(day: date) -> str:
    if day.year < QUARTERS_FROM:
        return str(day.year)
    return f"{day.year}-q{(day.month + 2) // 3}"


def _bounds(name: str) -> tuple[date, date]:
    year, _dash, quarter = name.partition("-q")
    if not quarter:
        return date(int(year), 1, 1), last_of_year(int(year))
    month = int(quarter) * 3
    after = date(int(year), month + 1, 1) if month < 12 else date(int(year) + 1, 1, 1)
    return date(int(year), month - 2, 1), after - timedelta(days=1)
