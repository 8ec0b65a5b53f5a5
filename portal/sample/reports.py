"""What participating organizations reported as spent, as the source files that came in."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from portal.sample.ledger import spoil
from portal.sample.source_file import REPORTS, SourceFile, moment
from portal.sample.story import PRESENT, ProjectPlan, dice, money

HEADER = (
    "year", "state", "project", "organization", "category", "amount", "currency", "period_end",
)  # fmt: skip
CORRECTED = 2019
LATE_ROUNDS = (date(2000, 6, 19), date(2000, 9, 11))

Pair = tuple[str, str]
Row = tuple[str, ...]


def report_files(projects: list[ProjectPlan]) -> Iterator[SourceFile]:
    """All files of reports, in no particular order."""
    rows = _rows(projects)
    for (state, year), by_pair in rows.items():
        if state == "reported":
            yield from _year_end(year, by_pair)
        elif state == "interim":
            day = date(year, 9, 8) if year < PRESENT.year else date(year, 5, 12)
            yield _file(f"interim-{year}.csv", state, year, day, _flat(by_pair))
        else:
            day = min(date(year + 1, 2, 20), PRESENT - timedelta(days=4))
            yield _file(f"certified-{year}.csv", state, year, day, _flat(by_pair))


def _rows(projects: list[ProjectPlan]) -> dict[tuple[str, int], dict[Pair, list[Row]]]:
    rows: dict[tuple[str, int], dict[Pair, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for plan in projects:
        for item in plan.spendings:
            missing = (item.organization, item.year) in plan.missing
            if missing and item.state != "interim":
                continue
            rows[item.state, item.year][plan.number, item.organization].append(
                (
                    str(item.year),
                    item.state,
                    plan.number,
                    item.organization,
                    item.category,
                    money(item.cents),
                    "USD",
                    item.on.isoformat(),
                )
            )
    return rows


def _year_end(year: int, by_pair: dict[Pair, list[Row]]) -> Iterator[SourceFile]:
    """The file of 30 April, and those with reports that came after it."""
    late: dict[int, dict[Pair, list[Row]]] = {0: {}, 1: {}}
    punctual: dict[Pair, list[Row]] = {}
    for pair, lines in by_pair.items():
        chance = dice(*pair, year, "late")
        if chance.random() < 0.05:
            late[chance.randrange(2)][pair] = lines
        else:
            punctual[pair] = lines
    for number, group in late.items():
        day = LATE_ROUNDS[number].replace(year=year + 1)
        if group and day < PRESENT:
            file = _file(
                f"reported-{year}-late-{number + 1}.csv", "reported", year, day, _flat(group)
            )
            file.pairs = sorted(group)
            file.reason = "Reports that came after 30 April."
            yield file
    day = date(year + 1, 4, 29)
    lines = _flat(punctual)
    file = _file(f"reported-{year}.csv", "reported", year, day, lines)
    if year == CORRECTED:
        name = f"reported-{year}-corrected.csv"
        corrected = _file(name, "reported", year, date(year + 1, 5, 26), lines)
        corrected.reason = "Figures as corrected by the organizations."
        yield corrected
        file.rows = spoil(lines, file.name, HEADER.index("amount"), HEADER.index("project"))
    yield file


def _file(name: str, state: str, year: int, day: date, rows: list[Row]) -> SourceFile:
    released = moment(day + timedelta(days=3), 15, 5)
    return SourceFile(
        name, "expenditures", REPORTS, moment(day, 11, 30), released, HEADER, rows,
        year=year, state=state,
    )  # fmt: skip


def _flat(by_pair: dict[Pair, list[Row]]) -> list[Row]:
    return [row for _pair, lines in sorted(by_pair.items()) for row in lines]
