"""One source file of the sample: its rows, and the days on which it came and was released."""

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

LEDGER = "ledger"
REPORTS = "po-reports"
RATES = "exchange-rates"

SOURCES = {
    LEDGER: "Ledger of the fund office",
    REPORTS: "Reports of participating organizations",
    RATES: "Operational rates of exchange",
}


@dataclass(slots=True)
class SourceFile:
    """A CSV file that is complete for its scope.

    `first` and `last` bound the dates of its records; for expenditure, `year` and `state`
    do, and `pairs` (project number, organization) narrows it to reports that came late.
    """

    name: str
    kind: str
    source: str
    received: datetime
    released: datetime
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    reason: str = ""
    first: date | None = None
    last: date | None = None
    year: int = 0
    state: str = ""
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def text(self) -> str:
        """The file's content; the header is row 1."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return out.getvalue()


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time on that day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
