"""The bars: what each thing may cost, in times of its floor, which is taken in the same run.

`times` is CPU as a multiple of the floor, `database` milliseconds of its statements, `statements`
how many there are, `kilobytes` the size of the page.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """The most that something may cost; None where nothing is said."""

    times: float | None = None
    database: float | None = None
    statements: int | None = None
    kilobytes: float | None = None


KEPT = Bar(times=0.5)
LIST = Bar(times=10, database=5, statements=15)
SUMS = Bar(database=50)

# What answers with nothing but "ok" through the same middleware is the floor of these.
PAGES = {
    "factsheet, not changed": KEPT,
    "factsheet, kept": KEPT,
    "projects, kept": KEPT,
    "home, kept": KEPT,
    "factsheet of 20 records": Bar(times=20, statements=12),
    "factsheet of many records": Bar(times=20, statements=12),
    "projects": LIST,
    "projects by spending": LIST,
    "projects filtered": LIST,
    "vouchers": LIST,
    "vouchers by total": LIST,
    "vouchers by payee": LIST,
    "vouchers, far on by key": LIST,
    "home": Bar(times=12, database=10),
    "funds": LIST,
    "organizations": LIST,
    "large organization": Bar(database=50),
    "large fund": Bar(times=30, database=50, kilobytes=150),
    "statement of all funds": SUMS,
    "countries": SUMS,
    "reports due": SUMS,
    "records of all": SUMS,
    "PDF of a factsheet, kept": Bar(times=1),
}
# Floors: a plain template of the same cells, the csv module over a server-side cursor, openpyxl's
# write-only mode, a plain WeasyPrint table, an empty project (as it is made, and with the same
# libraries), and the admin's list of the same rows.
FILES = {
    "25 rows of a table": Bar(times=1),
    "csv": Bar(times=1.5),
    "Excel": Bar(times=0.3),
    "PDF of a list": Bar(times=0.25),
    "start of a worker": Bar(times=1.5),
    "start, beside its libraries": Bar(times=1.5),
    "list, beside the admin's": Bar(times=1),
}
# A report beyond twice a bar fails where it is asked to.
FAILS_BEYOND = 2
