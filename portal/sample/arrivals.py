"""When reports arrived at the office, by its register: in time, late, never; extended, exempt."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from portal.sample.source_file import REPORTS, SourceFile, moment
from portal.sample.story import PRESENT, ProjectPlan, dice, last_of_year

HEADER = (
    "project", "organization", "type", "period", "received_on", "extended_to", "exempt", "reason",
)  # fmt: skip
FIRST_YEAR = 2016
LAST_YEAR = 2025
EXTENDED_TO = date(2026, 12, 31)

Row = tuple[str, ...]


def arrival_files(plans: list[ProjectPlan]) -> Iterator[SourceFile]:
    """The register of each year, as it stood in the June that followed."""
    rows: dict[int, list[Row]] = defaultdict(list)
    for plan in plans:
        for organization in plan.organizations if plan.payments else ():
            for year in range(max(FIRST_YEAR, plan.start.year), LAST_YEAR + 1):
                rows[year] += _of_year(plan, organization, year)
    for year, lines in rows.items():
        day = min(date(year + 1, 6, 10), PRESENT - timedelta(days=3))
        yield SourceFile(
            f"reports-received-{year}.csv",
            "reports-received",
            REPORTS,
            moment(day, 12),
            moment(day + timedelta(days=1), 9),
            HEADER,
            lines,
            first=date(year, 1, 1),
            last=last_of_year(year),
        )


def _of_year(plan: ProjectPlan, organization: str, year: int) -> Iterator[Row]:
    done = plan.set_on("operationally-closed")
    stopped = plan.set_on("cancelled") or done
    chance = dice(plan.number, organization, year, "arrival")
    if not stopped or year < stopped.year:
        if row := _annual(plan, organization, year, chance):
            yield row
    elif done and done.year == year and chance.random() < 0.8:
        arrived = done + timedelta(days=chance.randint(40, 110))
        if arrived < min(PRESENT, date(year + 1, 6, 1)):
            yield _row(plan, organization, "final-narrative", year, received=arrived)
    if year == LAST_YEAR and (organization, year) in plan.missing and chance.random() < 0.4:
        reason = "Its ledger moves to a new system; agreed with the fund office."
        yield _row(plan, organization, "financial", year, extended=EXTENDED_TO, reason=reason)
    elif plan.trait == "suspended" and year == LAST_YEAR:
        reason = "Activities are halted; nothing was spent."
        yield _row(plan, organization, "financial", year, exempt="yes", reason=reason)


def _annual(plan: ProjectPlan, organization: str, year: int, chance: Random) -> Row | None:
    """The annual narrative report, in nine cases of ten."""
    luck = chance.random()
    if plan.start > date(year, 10, 15):
        reason = "It began in the last weeks of the year; the next report covers them."
        return _row(plan, organization, "narrative", year, exempt="yes", reason=reason)
    if luck < 0.08 or (organization, year) in plan.missing:
        return None
    late = chance.randint(1, 60) if luck > 0.86 else -chance.randint(0, 45)
    arrived = date(year + 1, 3, 31) + timedelta(days=late)
    return _row(plan, organization, "narrative", year, received=arrived)


def _row(
    plan: ProjectPlan,
    organization: str,
    kind: str,
    year: int,
    *,
    received: date | None = None,
    extended: date | None = None,
    exempt: str = "",
    reason: str = "",
) -> Row:
    days = (received.isoformat() if received else "", extended.isoformat() if extended else "")
    return (plan.number, organization, kind, str(year), *days, exempt, reason)
