"""Loads of exchange rates: a spreadsheet of currency, effective date, units per US$.

The form is that of the UN's operational rates. A converted record never changes; a load of
rates restates those records that it is the first to convert.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from finance.intake import NO_CURRENCY, Intake, LoadError, Rates, digest
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    Load,
    MoneyRecord,
    OtherFlow,
    Source,
    VoucherLine,
)
from finance.services import received_file, release_load

SOURCE = "exchange-rates"
COLUMNS = {
    "currency": {"currency", "currency code", "code", "iso code"},
    "effective": {"effective date", "effective", "date", "from"},
    "units": {"units per us$", "units per usd", "rate", "exchange rate", "operational rate"},
}
MONEY_MODELS: tuple[type[MoneyRecord], ...] = (
    BudgetLine,
    VoucherLine,
    ExpenditureLine,
    Commitment,
    Deposit,
    FundCost,
    OtherFlow,
)
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class StatedRate:
    """One row of the file."""

    line: int
    currency: str
    effective_on: date
    units_per_usd: Decimal


def load_rates(path: Path, *, by: Any = None, reason: str = "", moment: Any = None) -> Load:
    """Take a file of rates in and release it.

    Raises LoadError naming file, row and column; then the database is as before.
    """
    rates = list(read_rates(path))
    source, _made = Source.objects.get_or_create(code=SOURCE, defaults={"name": "Exchange rates"})
    with received_file(
        source=source, kind=Load.Kind.RATES, path=path, by=by, reason=reason
    ) as load:
        intake = Intake(load)
        _take(intake, rates)
        intake.rates = Rates()
        restated = sum(_restate(intake, model) for model in MONEY_MODELS)
        load.report = {"restated": restated}
        release_load(load=load, intake=intake, by=by, moment=moment)
    return load


def _take(intake: Intake, rates: list[StatedRate]) -> None:
    """Add and replace rates; those of other days and currencies stand."""
    standing = {
        (rate.currency, rate.effective_on): rate
        for rate in ExchangeRate.objects.known_at().filter(
            currency__in={rate.currency for rate in rates}
        )
    }
    new = []
    for rate in rates:
        old = standing.get((rate.currency, rate.effective_on))
        if old is not None and old.units_per_usd == rate.units_per_usd:
            intake.counts["unchanged"] += 1
            continue
        intake.counts["changed" if old else "new"] += 1
        if old is not None:
            ExchangeRate.objects.filter(pk=old.pk).update(retired_by=intake.load)
        values = (rate.currency, rate.effective_on, rate.units_per_usd)
        new.append(
            ExchangeRate(
                load=intake.load,
                source_id=intake.load.source_id,
                line=rate.line,
                fingerprint=digest("rate", *values),
                currency=rate.currency,
                effective_on=rate.effective_on,
                units_per_usd=rate.units_per_usd,
            )
        )
    ExchangeRate.objects.bulk_create(new, batch_size=CHUNK)


def _restate(intake: Intake, model: type[MoneyRecord]) -> int:
    """State again, with their US$ amount, the standing records that now have a rate."""
    waiting = model.objects.known_at().filter(usd__isnull=True).exclude(currency=NO_CURRENCY)
    restated = []
    for record in waiting.order_by("pk"):
        day = record.value_date or record.date
        usd, rate = intake.rates.convert(record.amount, record.currency, day)
        if usd is None:
            continue
        old = record.pk
        record.pk, record._state.adding = None, True
        record.usd, record.rate = usd, rate
        record.load, record.restates_id = intake.load, old
        restated.append(record)
        if project := getattr(record, "project_id", None):
            intake.touched.add(project)
    model.objects.filter(pk__in=[record.restates_id for record in restated]).update(
        retired_by=intake.load
    )
    model.objects.bulk_create(restated, batch_size=CHUNK)
    return len(restated)


def read_rates(path: Path) -> Iterator[StatedRate]:
    """The rates of an xlsx or csv file. Raises LoadError naming file, row and column."""
    rows = _rows(path)
    line, header = next(rows, (1, []))
    columns = _columns(path, line, header)
    found: dict[tuple[str, date], int] = {}
    for line, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        values = {n: cells[i] if i < len(cells) else None for n, i in columns.items()}
        rate = StatedRate(
            line,
            _currency(path, line, values["currency"]),
            _day(path, line, values["effective"]),
            _units(path, line, values["units"]),
        )
        key = (rate.currency, rate.effective_on)
        if key in found:
            raise _fault(
                path, line, _("row %(row)s states this currency and date too") % {"row": found[key]}
            )
        found[key] = line
        yield rate
    if not found:
        raise _fault(path, line, _("there is no rate below the headings"))


def _rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    if path.suffix.lower() == ".xlsx":
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
            raise _fault(path, 1, _("this is no Excel workbook (xlsx)")) from error
        yield from enumerate((list(row) for row in book.worksheets[0].values), 1)
        return
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(path, 1, _("save it as CSV in UTF-8, or as xlsx")) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)


def _columns(path: Path, line: int, header: list[Any]) -> dict[str, int]:
    names = [" ".join(str(cell or "").lower().split()) for cell in header]
    columns = {}
    for column, aliases in COLUMNS.items():
        places = [i for i, name in enumerate(names) if name in aliases]
        if not places:
            raise _fault(
                path,
                line,
                _("the heading “%(heading)s” is missing")
                % {
                    "heading": {"currency": "Currency", "effective": "Effective date"}.get(
                        column, "Units per US$"
                    )
                },
            )
        columns[column] = places[0]
    return columns


def _currency(path: Path, line: int, cell: Any) -> str:
    text = str(cell or "").strip().upper()
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise _fault(path, line, _("“%(cell)s” is no currency code such as EUR") % {"cell": cell})
    return text


def _day(path: Path, line: int, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell or "").strip()
    for form in ("%Y-%m-%d", "%d %b %Y", "%d-%b-%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise _fault(path, line, _("“%(cell)s” is no date such as 2024-01-31") % {"cell": cell})


def _units(path: Path, line: int, cell: Any) -> Decimal:
    try:
        units = Decimal(str(cell).strip())
    except InvalidOperation:
        units = Decimal(0)
    if not units.is_finite() or units <= 0 or units >= 10**12:
        raise _fault(path, line, _("“%(cell)s” is no rate above zero") % {"cell": cell})
    return units


def _fault(path: Path, line: int, what: str) -> LoadError:
    return LoadError(
        _("%(file)s, row %(row)s: %(what)s.") % {"file": path.name, "row": line, "what": what}
    )
