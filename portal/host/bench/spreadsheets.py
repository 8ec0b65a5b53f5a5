"""What it costs to read a spreadsheet, against the bare reader of its format.

CPU time of this process, best of several rounds.
"""

import csv
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from finance.formats.rows import open_sheet

HEADINGS = (
    "voucher", "payment_date", "fund", "payee", "project", "kind", "amount", "currency",
    "description",
)  # fmt: skip
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU for reading with types, and for the bare reader."""

    rows: int
    seconds: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times the bare reader's time."""
        return self.seconds / self.bare


def voucher_file(path: Path, rows: int = 100_000) -> Path:
    """A voucher file as ledgers export them, csv or xlsx by its ending; always the same."""
    if path.suffix == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("vouchers")
        sheet.append(HEADINGS)
        for cells in _vouchers(rows):
            sheet.append([*cells[:1], date.fromisoformat(cells[1]), *cells[2:6],
                          float(cells[6]), *cells[7:]])  # fmt: skip
        book.save(path)
        return path
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(_vouchers(rows))
    return path


def _vouchers(rows: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(7)  # noqa: S311 – invented payments, no secret
    first = date(2010, 1, 1)
    for number in range(rows):
        day = first + timedelta(days=number * 5000 // rows)
        yield (
            f"{number // 2:06d}", day.isoformat(), f"PB{number % 30:03d}",
            f"Organization {number % 200}", f"{chance.randrange(5000):08d}", "transfer",
            f"{chance.randrange(1, 10**8) / 100:.2f}", "USD", f"Tranche {number % 4 + 1}",
        )  # fmt: skip


def csv_cost(path: Path) -> Cost:
    """Reading a csv file with types and canonical texts, against csv.reader."""
    return Cost(_read(path), _best(lambda: _read(path)), _best(lambda: _bare_csv(path)))


def xlsx_cost(path: Path) -> Cost:
    """Reading an xlsx file with types and canonical texts, against calamine."""
    return Cost(_read(path), _best(lambda: _read(path)), _best(lambda: _bare_calamine(path)))


def _best(action: Callable[[], int]) -> float:
    seconds = []
    for _round in range(ROUNDS):
        start = _cpu()
        action()
        seconds.append(_cpu() - start)
    return min(seconds)


def _cpu() -> float:
    """Seconds of this process and of those that it ran: a workbook is read by one of its own."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _read(path: Path) -> int:
    return sum(1 for _row in open_sheet(path, "vouchers"))


def _bare_csv(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _cells in csv.reader(file))


def _bare_calamine(path: Path) -> int:
    with path.open("rb") as file:
        book = CalamineWorkbook.from_filelike(file)
    return sum(1 for _cells in book.get_sheet_by_index(0).iter_rows())
