"""Loads of exchange rates: a spreadsheet of currency, effective date, units per US$.

The form is that of the UN's operational rates. A converted record never changes; a load of
rates restates those records that it is the first to convert.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from finance.formats.reading import open_sheet
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
    """The rates of a spreadsheet. Raises LoadError naming file, row and column."""
    found: dict[tuple[str, date], int] = {}
    for row in open_sheet(path, "rates"):
        if row.faults:
            raise LoadError(
                _("%(file)s, row %(fault)s") % {"file": path.name, "fault": row.faults[0]}
            )
        rate = StatedRate(
            row.line,
            row.values["currency"],
            row.values["effective_on"],
            row.values["units_per_usd"],
        )
        key = (rate.currency, rate.effective_on)
        if key in found:
            raise LoadError(
                _("%(file)s, row %(row)s: row %(other)s states this currency and date too.")
                % {"file": path.name, "row": row.line, "other": found[key]}
            )
        found[key] = row.line
        yield rate
